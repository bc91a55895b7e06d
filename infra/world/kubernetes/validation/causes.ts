import { type Cause, type Named, StatusError } from '../status.ts';

/** Errors about fields, as Go's `field.Error` words them. A path is already written out: `spec.ports[0].name`. */
export const required = (field: string, detail = ''): Cause =>
  cause('FieldValueRequired', 'Required value', field, detail);

export const forbidden = (field: string, detail: string): Cause =>
  cause('FieldValueForbidden', 'Forbidden', field, detail);

export const notValid = (field: string, value: unknown, detail: string): Cause =>
  cause('FieldValueInvalid', `Invalid value: ${shown(value)}`, field, detail);

export const wrongType = (field: string, value: unknown, detail: string): Cause =>
  cause('FieldValueTypeInvalid', `Invalid value: ${shown(value)}`, field, detail);

export const duplicate = (field: string, value: unknown): Cause =>
  cause('FieldValueDuplicate', `Duplicate value: ${shown(value)}`, field, '');

export const notFound = (field: string, value: unknown): Cause =>
  cause('FieldValueNotFound', `Not found: ${shown(value)}`, field, '');

export const notSupported = (field: string, value: unknown, supported: readonly string[]): Cause =>
  cause(
    'FieldValueNotSupported',
    `Unsupported value: ${shown(value)}`,
    field,
    supported.length === 0
      ? ''
      : `supported values: ${supported.map((one) => JSON.stringify(one)).join(', ')}`,
  );

export const tooLong = (field: string, maximum: number): Cause =>
  cause('FieldValueTooLong', 'Too long', field, `may not be more than ${counted(maximum, 'byte')}`);

export const tooMany = (field: string, actual: number, maximum: number): Cause =>
  cause('FieldValueTooMany', `Too many: ${actual}`, field, `must have at most ${counted(maximum, 'item')}`);

const counted = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'}`;

const shown = (value: unknown): string => JSON.stringify(value ?? null);

/** `%q` and JSON of strings agree on all that matters here. */
const cause = (reason: string, what: string, field: string, detail: string): Cause => ({
  reason,
  message: detail ? `${what}: ${detail}` : what,
  field,
});

export interface KindOf extends Pick<Named, 'group'> {
  kind: string;
}

/** The 422 that lists what is wrong with an object. */
export function invalid({ group, kind }: KindOf, name: string, causes: readonly Cause[]): StatusError {
  const words = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))];
  const all = words.length === 1 ? words[0] : `[${words.join(', ')}]`;
  const qualified = group ? `${kind}.${group}` : kind;
  return new StatusError(422, 'Invalid', `${qualified} ${JSON.stringify(name)} is invalid: ${all}`, {
    ...(name ? { name } : {}),
    ...(group ? { group } : {}),
    ...(kind ? { kind } : {}),
    causes: [...causes],
  });
}
