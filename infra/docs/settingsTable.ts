import { controllerTable, type Setting, settingsTable } from '#settings';

/** The document with the settings tables between their marks. */
export const withSettings = (document: string): string =>
  within(
    within(document, 'settings', Object.values(settingsTable)),
    'settings of one controller',
    Object.values(controllerTable),
  );

type Row = Setting<unknown, unknown>;

const within = (document: string, mark: string, settings: readonly Row[]): string =>
  document.replace(
    new RegExp(`(<!-- ${mark}: [^>]* -->\\n)[\\s\\S]*?(<!-- /${mark} -->)`),
    (_, begin: string, end: string) => `${begin}\n${table(settings)}\n${end}`,
  );

function table(settings: readonly Row[]): string {
  const rows = settings.map(({ name, kind, default: standard, chosen, help }) => [
    `\`${name}\``,
    kind.shape.en,
    shown(standard),
    chosen,
    help.en,
  ]);
  return [['Name', 'Value', 'Default', 'Set by', 'What it does'], Array(5).fill('---'), ...rows]
    .map((row) => `| ${row.join(' | ')} |\n`)
    .join('');
}

function shown(value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return '';
  return `\`${String(value)}\``;
}
