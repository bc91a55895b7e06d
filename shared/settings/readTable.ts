import type { Text } from '#errors';
import type { Setting } from './table.ts';

type Given = Readonly<Record<string, string | undefined>>;
// biome-ignore lint/suspicious/noExplicitAny: of every type and default
type Table = Readonly<Record<string, Setting<any, any>>>;

/** What is wrong with a setting. Values are not repeated: one of them might be a secret put in the wrong place. */
export interface Fault {
  path: string;
  code: 'invalid' | 'missing' | 'unknown' | 'contradiction';
  text: Text;
}

/** An empty text counts as not set, because a deployment declares all and leaves most empty. */
export function givenOf(environment: Given, table: Table): Record<string, string> {
  const names = Object.values(table).map(({ name }) => name);
  return Object.fromEntries(
    names.flatMap((name) => {
      const text = environment[name]?.trim() ?? '';
      return text === '' ? [] : [[name, text]];
    }),
  );
}

/** Every setting of the table with its value, its default, or undefined; and all that cannot be read. */
export function readTable(
  environment: Given,
  table: Table,
): { found: Record<string, unknown>; faults: Fault[] } {
  const given = givenOf(environment, table);
  const found: Record<string, unknown> = {};
  const faults: Fault[] = [];
  for (const [key, { name, kind, default: standard, isSecret }] of Object.entries(table)) {
    const text = given[name];
    found[key] = text === undefined ? standard : isSecret && isReference(text) ? text : kind.read(text);
    if (text !== undefined && found[key] === undefined) {
      const { en, zh } = kind.shape;
      faults.push({
        path: name,
        code: 'invalid',
        text: { en: `${name} must be ${en}`, zh: `${name} 应为：${zh}` },
      });
    }
  }
  return { found, faults };
}

/** All faults in one sentence. */
export const sayFaults = (faults: readonly Fault[]): Text => ({
  en: faults.map(({ text }) => text.en).join('; '),
  zh: faults.map(({ text }) => text.zh).join('；'),
});

/** `ssm:…`, `secretsmanager:…`, `file:…`: where a secret lies, in place of the secret. */
export const isReference = (text: string): boolean => /^(ssm|secretsmanager|file):/.test(text);
