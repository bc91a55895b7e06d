import type { Schema } from '../kinds/schema.ts';
import { zeroOf } from './canonical.ts';
import { fitsInteger, formats, Mismatch } from './formats.ts';
import type { Member, Source } from './source.ts';

export interface Decoded {
  value: unknown;
  /** What a strict decoder refuses, in the document's order: `unknown field "spec.foo"`. */
  strict: string[];
}

/** No more of them are reported. */
const maxStrict = 100;

/** Decodes into the Go type that a built-in kind's schema tells of: fields it does not have are dropped. */
export function decodeTyped(source: Source, schema: Schema, words: Words = inJson): Decoded {
  const strict = new Set<string>();
  let first: Mismatch | undefined;

  const complain = (problem: string) => {
    if (strict.size < maxStrict) strict.add(problem);
  };
  /** Go goes on after a wrong type, and reports the first. */
  const mismatch = (found: string, type: string, place: Place): undefined => {
    first ??= new Mismatch(words(found, type, place));
    return undefined;
  };

  const decode = (from: Source, into: Schema, place: Place): unknown => {
    const own = formats[into.format ?? ''];
    if (own) return own(from, (found, type) => mismatch(found, type, place));
    if (into.isOpen || !into.type) return open(from, place);
    if (from.is === 'null') return undefined;
    switch (into.type) {
      case 'object':
        if (from.is !== 'object') return mismatch(from.is, goTypeOf(into), place);
        return into.properties ? struct(from.members, into, place) : map(from.members, into, place);
      case 'array':
        if (from.is !== 'array') return mismatch(from.is, goTypeOf(into), place);
        return from.items.map((item, index) =>
          decode(item, into.items ?? {}, { ...place, path: `${place.path}[${index}]` }),
        );
      case 'string':
        return from.is === 'string' ? from.value : mismatch(from.is, stringType(into, place), place);
      case 'boolean':
        return from.is === 'bool' ? from.value : mismatch(from.is, goTypeOf(into), place);
      case 'number':
        return from.is === 'number' ? Number(from.text) : mismatch(from.is, goTypeOf(into), place);
      case 'integer':
        if (from.is !== 'number') return mismatch(from.is, goTypeOf(into), place);
        return fitsInteger(from.text, into.format)
          ? Number(from.text)
          : mismatch(`number ${from.text}`, goTypeOf(into), place);
    }
  };

  const struct = (members: readonly Member[], into: Schema, place: Place): Record<string, unknown> => {
    const result: Record<string, unknown> = {};
    const seen = new Set<string>();
    for (const [key, from] of members) {
      const path = below(place.path, key);
      const field = into.properties?.[key];
      if (!field) {
        complain(`unknown field ${JSON.stringify(path)}`);
        continue;
      }
      const isRepeated = seen.has(key);
      if (isRepeated) complain(`duplicate field ${JSON.stringify(path)}`);
      seen.add(key);
      const value = decode(from, field, {
        path,
        fields: [...place.fields, key],
        struct: nameOf(into) ?? place.struct,
      });
      if (value !== undefined) result[key] = isRepeated ? merged(result[key], value) : value;
    }
    return result;
  };

  const map = (members: readonly Member[], into: Schema, place: Place): Record<string, unknown> => {
    const result: Record<string, unknown> = {};
    for (const [key, from] of members) {
      const path = below(place.path, key);
      if (Object.hasOwn(result, key)) complain(`duplicate field ${JSON.stringify(path)}`);
      const value = decode(from, into.values ?? {}, { ...place, path });
      result[key] = value === undefined ? zeroOf(into.values ?? {}) : value;
    }
    return result;
  };

  const open = (from: Source, place: Place): unknown => {
    switch (from.is) {
      case 'object':
        return map(from.members, {}, place);
      case 'array':
        return from.items.map((item, index) => open(item, { ...place, path: `${place.path}[${index}]` }));
      case 'number':
        return Number(from.text);
      case 'null':
        return null;
      default:
        return from.value;
    }
  };

  const value = decode(source, schema, { path: '', fields: [], struct: undefined });
  if (first) throw first;
  return { value, strict: [...strict] };
}

/** How a wrong type is told. */
export type Words = (found: string, type: string, place: Place) => string;

const inJson: Words = (found, type, { struct, fields }) => {
  const into = struct === undefined ? 'value' : `struct field ${struct}.${fields.join('.')}`;
  return `json: cannot unmarshal ${found} into Go ${into} of type ${type}`;
};

const kinds: Readonly<Record<string, string>> = { number: 'int64', object: 'map', array: 'slice' };

/** Of what was merged as maps, and is read into types without being JSON in between. */
export const inMaps: Words = (found, type) => {
  const kind = kinds[found] ?? found;
  if (type.startsWith('[]')) return `cannot restore slice from ${kind}`;
  if (type.startsWith('map[')) return `cannot restore map from ${kind}`;
  if (type.includes('.') && type !== 'types.UID') return `cannot restore struct from: ${kind}`;
  return kind === 'int64' && type === 'string'
    ? 'cannot convert int64 to string'
    : `unrecognized type: ${type}`;
};

interface Place {
  /** As strict errors name it: with indexes and keys of maps. */
  path: string;
  /** As Go's type errors name it: fields alone. */
  fields: readonly string[];
  /** The struct that the last field belongs to. */
  struct: string | undefined;
}

/** Go decodes the second into what it made of the first. */
const merged = (first: unknown, second: unknown): unknown =>
  isObject(first) && isObject(second) ? { ...first, ...second } : second;

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const below = (path: string, key: string) => (path ? `${path}.${key}` : key);

const nameOf = (schema: Schema) => schema.goType?.split('.').pop();

/** OpenAPI does not tell Go's named strings from others; this one stands in every object. */
const stringType = (schema: Schema, { fields }: Place) =>
  fields.at(-1) === 'uid' ? 'types.UID' : goTypeOf(schema);

export function goTypeOf(schema: Schema): string {
  if (schema.goType) return schema.goType;
  switch (schema.type) {
    case 'array':
      return `[]${goTypeOf(schema.items ?? {})}`;
    case 'object':
      return schema.values ? `map[string]${goTypeOf(schema.values)}` : 'map[string]interface {}';
    case 'boolean':
      return 'bool';
    case 'integer':
      return schema.format ?? 'int64';
    case 'number':
      return 'float64';
    case 'string':
      return schema.format === 'byte' ? '[]uint8' : 'string';
    default:
      return 'interface {}';
  }
}
