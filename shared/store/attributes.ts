import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type Cursor, type Item, type Key, StoreRefused, type Value } from './table.ts';

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
      for (const name of Object.keys(value)) own(map, name, toAttribute(value[name], within));
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
  for (const name of Object.keys(attributes)) own(map, name, fromAttribute(attributes[name]!));
  return map;
}

/** Assigning `__proto__` would change the object's prototype instead. */
function own<T>(map: Record<string, T>, name: string, value: T): void {
  if (name === '__proto__')
    Object.defineProperty(map, name, { value, enumerable: true, configurable: true, writable: true });
  else map[name] = value;
}

export function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A whole number beyond 2^53 would come back as another; NaN and Infinity have no spelling at all. */
export function storable(value: number, within: string): number {
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    return refuse(within, 'a number outside ±2^53');
  }
  return value;
}

export function refuse(within: string, what: string): never {
  throw new StoreRefused('to keep an item', `attribute ${within} holds ${what}`);
}
