import { StoreRefused, type Value } from './table.ts';

/** What may be stored, and what it weighs. A message names the attribute at fault, and never a value. */

export function copyOf(value: Value | undefined, within: string): Value {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return storable(value, within);
    case 'object': {
      if (value === null) return null;
      if (Array.isArray(value)) return value.map((entry) => copyOf(entry, within));
      if (value instanceof Uint8Array) return value.slice();
      if (value instanceof Set) return new Set(value) as unknown as Value;
      if (!isPlain(value)) return refuse(within, 'an object with a class of its own');
      const copy: { [name: string]: Value } = {};
      for (const name of Object.keys(value)) copy[nameable(name, within)] = copyOf(value[name], within);
      return copy;
    }
    default:
      return refuse(within, value === undefined ? 'undefined' : `a ${typeof value}`);
  }
}

/** A whole number beyond 2^53 would come back as another; NaN and Infinity have no spelling at all. */
export function storable(value: number, within: string): number {
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    return refuse(within, 'a number outside ±2^53');
  }
  return value;
}

export function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

export function refuse(within: string, what: string): never {
  throw new StoreRefused('to keep an item', `attribute ${within} holds ${what}`);
}

/** Names of JavaScript's own are fine, but `__proto__` is lost on its way through most code, the SDK's included. */
export function nameable(name: string, within: string): string {
  return name === '__proto__' || name === '' ? refuse(within, `the name "${name}"`) : name;
}

const keyBytes: Record<string, number> = { pk: 2048, sk: 1024, duePk: 2048, dueSk: 1024 };

/** Checked here, because not every store checks it, and what the local one takes must not fail on AWS. */
export function refuseWrongKeys(values: { [attribute: string]: Value }): void {
  for (const name in keyBytes) {
    const value = values[name];
    if (value === undefined) continue;
    if (typeof value !== 'string' || value === '' || Buffer.byteLength(value) > keyBytes[name]!) {
      throw new StoreRefused('to keep an item', `${name} must be text of 1 to ${keyBytes[name]} bytes`);
    }
  }
}

/** Roughly as DynamoDB weighs: names and values in bytes. */
export function weigh(value: Value): number {
  switch (typeof value) {
    case 'string':
      return Buffer.byteLength(value);
    case 'number':
      return 8;
    case 'boolean':
      return 1;
    default: {
      if (value === null) return 1;
      if (value instanceof Uint8Array) return value.byteLength;
      if (value instanceof Set) return weigh([...value] as Value[]);
      let sum = 3;
      if (Array.isArray(value)) for (const entry of value) sum += weigh(entry) + 1;
      else for (const name of Object.keys(value)) sum += Buffer.byteLength(name) + weigh(value[name]!) + 1;
      return sum;
    }
  }
}

export const largestItem = 400 * 1024;
