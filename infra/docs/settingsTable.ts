import { type Setting, settingsTable } from '#settings';

const marks = /(<!-- settings: [^>]* -->\n)[\s\S]*?(<!-- \/settings -->)/;

/** The document with the settings table between its marks. */
export const withSettings = (document: string): string =>
  document.replace(marks, (_, begin: string, end: string) => `${begin}\n${table()}\n${end}`);

function table(): string {
  const rows = Object.values(settingsTable).map((setting: Setting<unknown, unknown>) => [
    `\`${setting.name}\``,
    setting.kind.shape.en,
    standard(setting.default),
    setting.chosen,
    setting.help.en,
  ]);
  return [['Name', 'Value', 'Default', 'Set by', 'What it does'], Array(5).fill('---'), ...rows]
    .map((row) => `| ${row.join(' | ')} |\n`)
    .join('');
}

function standard(value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return '';
  return `\`${String(value)}\``;
}
