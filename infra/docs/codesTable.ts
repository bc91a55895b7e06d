import type { Catalogue, ErrorEntry, Language } from '#errors';
import type { FolderCodes } from './catalogues.ts';

/** docs/codes.md: every code with what it says and what to do, in both languages. */
export function codesTable(folders: readonly FolderCodes[]): string {
  return `# Codes

Every error that Drover tells has a code, which never changes. In an answer of the API it is the problem's \`code\`,
and \`{…}\` stands for what the case was about.

Made by \`npm run docs:codes\` from the catalogues in the code; a test holds it to them.

${folders.map(section).join('\n\n')}
`;
}

const section = ({ folder, catalogue }: FolderCodes): string =>
  [
    `## ${folder}`,
    '',
    '| Code | Status | What it says | What to do |',
    '|---|---|---|---|',
    ...rows(catalogue),
  ].join('\n');

const rows = (catalogue: Catalogue): string[] =>
  Object.entries(catalogue)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, entry]) =>
        `| \`${code}\` | ${entry.status} | ${said(entry, 'message')} | ${said(entry, 'remedy')} |`,
    );

const said = (entry: ErrorEntry, what: 'message' | 'remedy'): string =>
  (['en', 'zh'] as Language[]).map((language) => cell(entry[what][language])).join('<br>');

/** Pipes would end the cell, and angle brackets be taken for HTML. */
const cell = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('|', '\\|').replaceAll('\n', ' ');
