import { isDeepStrictEqual } from 'node:util';
import type { Schema } from '../kinds/schema.ts';
import type { Cause } from '../status.ts';
import { duplicate, notSupported, notValid, required, tooLong, tooMany, wrongType } from './causes.ts';

/** A custom resource against its definition's schema, in the words of the server's OpenAPI validator. */
export const checkAgainst = (object: unknown, schema: Schema): Cause[] => [
  ...checkNode(object, schema, ''),
  ...checkLists(object, schema, ''),
];

function checkNode(value: unknown, schema: Schema, path: string): Cause[] {
  if (value === null && schema.isNullable) return [];
  const type = typeOf(value);
  const wanted = schema.format === 'int-or-string' ? undefined : schema.type;
  const isFitting =
    schema.format === 'int-or-string'
      ? type === 'integer' || type === 'string'
      : !wanted || wanted === type || (wanted === 'number' && type === 'integer');
  if (!isFitting) {
    const expected = wanted ?? 'integer,string';
    return [wrongType(path, type, `${inBody(path)} must be of type ${expected}: "${type}"`)];
  }
  return [...checkValue(value, schema, path), ...checkParts(value, schema, path)];
}

const typeOf = (value: unknown): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'array'
      : typeof value === 'number'
        ? Number.isInteger(value)
          ? 'integer'
          : 'number'
        : typeof value;

const inBody = (path: string) => `${path || '<nil>'} in body`;

function checkValue(value: unknown, schema: Schema, path: string): Cause[] {
  const causes: Cause[] = [];
  const fail = (why: string) => causes.push(notValid(path, value, `${inBody(path)} ${why}`));
  if (typeof value === 'string') {
    const length = [...value].length;
    // Only the first of these is told.
    if (schema.maxLength !== undefined && length > schema.maxLength)
      causes.push(tooLong(path, schema.maxLength));
    else if (schema.minLength !== undefined && length < schema.minLength) {
      fail(`should be at least ${schema.minLength} chars long`);
    } else if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value)) {
      fail(`should match '${schema.pattern}'`);
    }
  }
  if (typeof value === 'number') {
    const { minimum, maximum, multipleOf } = schema;
    if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) {
      fail(`should be a multiple of ${multipleOf}`);
    }
    if (maximum !== undefined && (schema.exclusiveMaximum ? value >= maximum : value > maximum)) {
      fail(`should be less than ${schema.exclusiveMaximum ? '' : 'or equal to '}${maximum}`);
    }
    if (minimum !== undefined && (schema.exclusiveMinimum ? value <= minimum : value < minimum)) {
      fail(`should be greater than ${schema.exclusiveMinimum ? '' : 'or equal to '}${minimum}`);
    }
  }
  if (schema.enum && !schema.enum.some((one) => isDeepStrictEqual(one, value))) {
    causes.push(
      notSupported(
        path,
        value,
        schema.enum.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))),
      ),
    );
  }
  return causes;
}

function checkParts(value: unknown, schema: Schema, path: string): Cause[] {
  if (Array.isArray(value)) return checkItems(value, schema, path);
  if (typeof value !== 'object' || value === null) return [];
  const fields = value as Record<string, unknown>;
  const names = Object.keys(fields);
  const causes: Cause[] = [];
  if (schema.maxProperties !== undefined && names.length > schema.maxProperties) {
    causes.push(tooMany(path, names.length, schema.maxProperties));
  }
  if (schema.minProperties !== undefined && names.length < schema.minProperties) {
    causes.push(
      notValid(path, value, `${inBody(path)} should have at least ${schema.minProperties} properties`),
    );
  }
  for (const name of schema.required ?? []) {
    if (fields[name] === undefined) causes.push(required(path ? `${path}.${name}` : name));
  }
  for (const name of names) {
    const below = schema.properties?.[name] ?? schema.values;
    // Metadata has rules of its own.
    if (below && !(path === '' && name === 'metadata')) {
      causes.push(...checkNode(fields[name], below, path ? `${path}.${name}` : name));
    }
  }
  return causes;
}

function checkItems(items: readonly unknown[], schema: Schema, path: string): Cause[] {
  const causes = items.flatMap((item, index) => checkNode(item, schema.items ?? {}, `${path}[${index}]`));
  if (schema.maxItems !== undefined && items.length > schema.maxItems) {
    causes.push(tooMany(path, items.length, schema.maxItems));
  }
  if (schema.minItems !== undefined && items.length < schema.minItems) {
    causes.push(
      notValid(path, items.length, `${inBody(path)} should have at least ${schema.minItems} items`),
    );
  }
  return causes;
}

/** Items of sets, and keys of maps, stand once: looked at when all else has been. */
function checkLists(value: unknown, schema: Schema, path: string): Cause[] {
  if (Array.isArray(value)) {
    return [
      ...checkKeys(value, schema, path),
      ...value.flatMap((item, index) => checkLists(item, schema.items ?? {}, `${path}[${index}]`)),
    ];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, below]) => {
    const of = schema.properties?.[name] ?? schema.values;
    return of ? checkLists(below, of, path ? `${path}.${name}` : name) : [];
  });
}

function checkKeys(
  items: readonly unknown[],
  { listType, listKeys = [], items: of }: Schema,
  path: string,
): Cause[] {
  if (listType !== 'set' && listType !== 'map') return [];
  const seen = new Set<string>();
  const causes: Cause[] = [];
  for (const [index, item] of items.entries()) {
    const key =
      listType === 'set'
        ? item
        : Object.fromEntries(
            listKeys.map((name) => [
              name,
              (item as Record<string, unknown> | null)?.[name] ?? of?.properties?.[name]?.default,
            ]),
          );
    const text = JSON.stringify(key);
    if (seen.has(text)) causes.push(duplicate(`${path}[${index}]`, key));
    seen.add(text);
  }
  return causes;
}
