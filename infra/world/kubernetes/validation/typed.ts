import type { Schema } from '../kinds/schema.ts';
import { canonicalQuantity } from './quantity.ts';
import type { Member, Source } from './source.ts';

/** A value cannot be held by the Go type of its place; the message is that of Go's decoder. */
export class Mismatch extends Error {}

export interface Decoded {
  value: unknown;
  /** What a strict decoder refuses, in the document's order: `unknown field "spec.foo"`. */
  strict: string[];
}

/** No more of them are reported. */
const maxStrict = 100;

/** Decodes into the Go type that a built-in kind's schema tells of: fields it does not have are dropped. */
export function decodeTyped(source: Source, schema: Schema): Decoded {
  const strict = new Set<string>();
  let first: Mismatch | undefined;

  const complain = (problem: string) => {
    if (strict.size < maxStrict) strict.add(problem);
  };
  /** Go goes on after a wrong type, and reports the first. */
  const mismatch = (found: string, wanted: Schema, place: Place): undefined => {
    const into = place.struct ? `struct field ${place.struct}.${place.fields.join('.')}` : 'value';
    first ??= new Mismatch(`json: cannot unmarshal ${found} into Go ${into} of type ${goTypeOf(wanted)}`);
    return undefined;
  };

  const decode = (from: Source, into: Schema, place: Place): unknown => {
    const own = formats[into.format ?? ''];
    if (own) return own(from, into, (found) => mismatch(found, into, place));
    if (into.isOpen || !into.type) return open(from, place);
    if (from.is === 'null') return undefined;
    switch (into.type) {
      case 'object':
        if (from.is !== 'object') return mismatch(from.is, into, place);
        return into.properties ? struct(from.members, into, place) : map(from.members, into, place);
      case 'array':
        if (from.is !== 'array') return mismatch(from.is, into, place);
        return from.items.map((item, index) =>
          decode(item, into.items ?? {}, { ...place, path: `${place.path}[${index}]` }),
        );
      case 'string':
        return from.is === 'string' ? from.value : mismatch(from.is, into, place);
      case 'boolean':
        return from.is === 'bool' ? from.value : mismatch(from.is, into, place);
      case 'number':
        return from.is === 'number' ? Number(from.text) : mismatch(from.is, into, place);
      case 'integer':
        if (from.is !== 'number') return mismatch(from.is, into, place);
        return fits(from.text, into) ? Number(from.text) : mismatch(`number ${from.text}`, into, place);
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
      if (seen.has(key)) complain(`duplicate field ${JSON.stringify(path)}`);
      seen.add(key);
      const value = decode(from, field, {
        path,
        fields: [...place.fields, key],
        struct: nameOf(into) ?? place.struct,
      });
      if (value !== undefined) result[key] = value;
    }
    return result;
  };

  const map = (members: readonly Member[], into: Schema, place: Place): Record<string, unknown> => {
    const result: Record<string, unknown> = {};
    for (const [key, from] of members) {
      const path = below(place.path, key);
      if (Object.hasOwn(result, key)) complain(`duplicate field ${JSON.stringify(path)}`);
      const value = decode(from, into.values ?? {}, { ...place, path });
      result[key] = value === undefined ? zeroOf(into.values) : value;
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

interface Place {
  /** As strict errors name it: with indexes and keys of maps. */
  path: string;
  /** As Go's type errors name it: fields alone. */
  fields: readonly string[];
  /** The struct that the last field belongs to. */
  struct: string | undefined;
}

const below = (path: string, key: string) => (path ? `${path}.${key}` : key);

const nameOf = (schema: Schema) => schema.goType?.split('.').pop();

function zeroOf(schema: Schema | undefined): unknown {
  switch (schema?.type) {
    case 'string':
      return schema.format === 'byte' ? null : '';
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return 0;
    default:
      return null;
  }
}

function fits(text: string, { format }: Schema): boolean {
  if (!/^-?\d+$/.test(text)) return false;
  const bits = format === 'int32' ? 31n : 63n;
  const value = BigInt(text);
  return value >= -(1n << bits) && value < 1n << bits;
}

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

type Format = (from: Source, schema: Schema, mismatch: (found: string) => undefined) => unknown;

const formats: Readonly<Record<string, Format>> = {
  'date-time': (from) => time(from, false),
  'micro-time': (from) => time(from, true),
  quantity: (from) => {
    if (from.is === 'null') return '0';
    const text = from.is === 'string' ? from.value : from.is === 'number' ? from.text : '';
    const quantity = canonicalQuantity(text);
    if (quantity !== undefined) return quantity;
    throw new Mismatch(
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    );
  },
  'int-or-string': (from) => {
    if (from.is === 'string') return from.value;
    if (from.is === 'null') return undefined;
    if (from.is === 'number' && fits(from.text, { format: 'int32' })) return Number(from.text);
    const found = from.is === 'number' ? `number ${from.text}` : from.is;
    throw new Mismatch(
      `json: cannot unmarshal ${found} into Go value of type ${from.is === 'number' ? 'int32' : 'string'}`,
    );
  },
  byte: (from, _schema, mismatch) => {
    if (from.is === 'null') return undefined;
    if (from.is !== 'string') return mismatch(from.is);
    const wrong = /[^A-Za-z0-9+/=\r\n]/.exec(from.value)?.index;
    const text = from.value.replace(/[\r\n]/g, '');
    if (wrong === undefined && text.length % 4 === 0 && /^[^=]*={0,2}$/.test(text)) return text;
    throw new Mismatch(
      `illegal base64 data at input byte ${wrong ?? Math.max(0, text.length - (text.length % 4 || 4))}`,
    );
  },
};

/** Go decodes a time's text as a string of its own, so that its errors have lost the field. */
function time(from: Source, isMicro: boolean): string | undefined {
  if (from.is === 'null') return undefined;
  if (from.is !== 'string')
    throw new Mismatch(`json: cannot unmarshal ${from.is} into Go value of type string`);
  const written = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(from.value);
  const millis = written ? Date.parse(from.value) : Number.NaN;
  if (Number.isNaN(millis)) {
    const text = JSON.stringify(from.value);
    const layout = isMicro ? '2006-01-02T15:04:05.000000Z07:00' : '2006-01-02T15:04:05Z07:00';
    throw new Mismatch(`parsing time ${text} as "${layout}": cannot parse ${text} as "2006"`);
  }
  const seconds = new Date(millis).toISOString().slice(0, 19);
  return isMicro ? `${seconds}.${(written?.[1] ?? '.').slice(1, 7).padEnd(6, '0')}Z` : `${seconds}Z`;
}
