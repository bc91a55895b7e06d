/** What an answer has in a field, when it is of the kind that is looked for. Answers are not trusted to be as documented. */

export type Fields = Readonly<Record<string, unknown>>;

export const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;

/** As a label's value: nothing for what is absent, and several names as one. */
export function textOf(value: unknown): string {
  return Array.isArray(value) ? value.map(nameOf).join(',') : nameOf(value);
}

function nameOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** Some numbers come as text: the version of the vulnerability database is "3.931". */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
