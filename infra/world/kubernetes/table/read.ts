/** Any part of an object, read without knowing whether it is there. */
export type Part = { readonly [field: string]: unknown };

export const part = (value: unknown): Part =>
  typeof value === 'object' && value !== null ? (value as Part) : {};

export const parts = (value: unknown): readonly Part[] => (Array.isArray(value) ? value.map(part) : []);

export const count = (value: unknown): number => (typeof value === 'number' ? value : 0);

export const text = (value: unknown, otherwise = ''): string =>
  typeof value === 'string' && value !== '' ? value : otherwise;

export const size = (value: unknown): number =>
  Array.isArray(value) ? value.length : Object.keys(part(value)).length;

export function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const field of path) found = part(found)[field];
  return found;
}
