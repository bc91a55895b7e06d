import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Cursor, Item, Key, Value } from './table.ts';
import { isPlain, nameable, refuse, storable } from './values.ts';

/**
 * Values as the DynamoDB API spells them. Our own, because the SDK's document client cannot store a map with a
 * key named `constructor` (a legal label), drops functions without a word, and answers large numbers as bigint.
 */
type Attributes = Record<string, AttributeValue>;

export function toAttributes(values: { [name: string]: Value }): Attributes {
  const attributes: Attributes = {};
  for (const name of Object.keys(values)) attributes[name] = toAttribute(values[name], name);
  return attributes;
}

export const toKey = ({ pk, sk }: Key): Attributes => ({ pk: { S: pk }, sk: { S: sk } });

export function fromAttributes(attributes: Attributes): Item {
  return fromMap(attributes) as Item;
}

export function fromCursorKey(attributes: Attributes | undefined): Cursor | undefined {
  return attributes && (fromMap(attributes) as Cursor);
}

/** `within` is the attribute that the item knows it by: a message names it, and never a value. */
export function toAttribute(value: Value | undefined, within: string): AttributeValue {
  switch (typeof value) {
    case 'string':
      return { S: value };
    case 'number':
      return { N: String(storable(value, within)) };
    case 'boolean':
      return { BOOL: value };
    case 'object': {
      if (value === null) return { NULL: true };
      if (Array.isArray(value)) return { L: value.map((entry) => toAttribute(entry, within)) };
      if (value instanceof Uint8Array) return { B: value };
      if (value instanceof Set) return toSet(value, within);
      if (!isPlain(value)) return refuse(within, 'an object with a class of its own');
      const map: Attributes = {};
      for (const name of Object.keys(value)) map[nameable(name, within)] = toAttribute(value[name], within);
      return { M: map };
    }
    default:
      return refuse(within, value === undefined ? 'undefined' : `a ${typeof value}`);
  }
}

/** Sets are never written by Drover; one that is found is answered as a Set and can be written back. */
function toSet(set: Set<unknown>, within: string): AttributeValue {
  const entries = [...set].map((entry) => toAttribute(entry as Value, within));
  if (entries.every((entry) => entry.S !== undefined)) return { SS: entries.map((entry) => entry.S!) };
  if (entries.every((entry) => entry.N !== undefined)) return { NS: entries.map((entry) => entry.N!) };
  if (entries.every((entry) => entry.B !== undefined)) return { BS: entries.map((entry) => entry.B!) };
  return refuse(within, 'a mixed set');
}

function fromAttribute(attribute: AttributeValue): Value {
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.N !== undefined) return Number(attribute.N);
  if (attribute.BOOL !== undefined) return attribute.BOOL;
  if (attribute.NULL !== undefined) return null;
  if (attribute.M !== undefined) return fromMap(attribute.M);
  if (attribute.L !== undefined) return attribute.L.map(fromAttribute);
  if (attribute.B !== undefined) return attribute.B;
  const set = attribute.SS ?? attribute.NS?.map(Number) ?? attribute.BS;
  return new Set<unknown>(set) as unknown as Value;
}

function fromMap(attributes: Attributes): { [name: string]: Value } {
  const map: { [name: string]: Value } = {};
  for (const name of Object.keys(attributes)) map[name] = fromAttribute(attributes[name]!);
  return map;
}
