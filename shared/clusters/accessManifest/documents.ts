import { stringify } from 'yaml';

/** Objects as one YAML text, with what is to be known above them as comments. */
export function documents(comments: readonly string[], objects: readonly object[]): string {
  const above = comments.map((line) => `# ${line}\n`).join('');
  return above + objects.map((object) => stringify(object, { aliasDuplicateObjects: false })).join('---\n');
}
