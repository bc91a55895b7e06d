import { isObject, type JsonObject } from '../json.ts';
import type { Schema } from '../kinds/schema.ts';
import { keyElement, valueElement } from './element.ts';

/** A value is not what its schema says: a real server answers so with its library's words. */
export class NotOfSchema extends Error {}

export type Shape = 'map' | 'list' | 'scalar';

/** The schema decides; where anything may stand the value does, and null is an empty map. */
export function shapeOf(schema: Schema | undefined, value: unknown): Shape {
  switch (schema?.type) {
    case 'object':
      return 'map';
    case 'array':
      return 'list';
    case undefined:
      // A quantity, or an integer or string.
      if (schema?.format) return 'scalar';
      if (Array.isArray(value)) return 'list';
      return isObject(value) || value === null || value === undefined ? 'map' : 'scalar';
    default:
      return 'scalar';
  }
}

/** What any JSON may stand in is granular, but for the type that the server does not look into. */
export const isAtomicMap = (schema: Schema | undefined): boolean =>
  schema?.mapType === 'atomic' || schema?.goType === 'runtime.RawExtension';

/** Where the list type is not said the strategic merge patch's strategy stands for it. */
function associativeKeys(schema: Schema | undefined): readonly string[] | undefined {
  switch (schema?.listType) {
    case 'map':
      return schema.listKeys ?? [];
    case 'set':
      return [];
    case 'atomic':
      return undefined;
    default:
      if (!schema?.patchStrategy?.split(',').includes('merge')) return undefined;
      return schema.patchMergeKey ? [schema.patchMergeKey] : [];
  }
}

export const isAtomicList = (schema: Schema | undefined): boolean => associativeKeys(schema) === undefined;

export const isDeclared = (schema: Schema | undefined, name: string): boolean =>
  schema?.properties !== undefined && Object.hasOwn(schema.properties, name);

/** Whether fields that are not declared may stand here. */
export const isClosed = (schema: Schema | undefined): boolean =>
  schema?.properties !== undefined && !schema.values && !schema.isOpen;

/** Undefined where any JSON may stand. */
export const fieldSchema = (schema: Schema | undefined, name: string): Schema | undefined =>
  isDeclared(schema, name) ? schema?.properties?.[name] : schema?.values;

export const mapIn = (value: unknown): JsonObject | undefined => (isObject(value) ? value : undefined);
export const listIn = (value: unknown): unknown[] | undefined => (Array.isArray(value) ? value : undefined);

/** How an item of an associative list is told from the others. */
export function itemElement(schema: Schema | undefined, item: unknown): string {
  const keys = associativeKeys(schema) ?? [];
  return keys.length ? keyed(keys, schema?.items, item) : inSet(item);
}

function keyed(keys: readonly string[], items: Schema | undefined, item: unknown): string {
  if (item === null) throw new NotOfSchema('associative list with keys may not have a null element');
  if (!isObject(item)) throw new NotOfSchema('associative list with keys may not have non-map elements');
  const found: JsonObject = {};
  for (const key of keys) {
    const value = Object.hasOwn(item, key) ? item[key] : fieldSchema(items, key)?.default;
    if (value !== undefined) found[key] = value;
  }
  if (Object.keys(found).length) return keyElement(found);
  throw new NotOfSchema(
    `associative list with keys has an element that omits all key fields [${keys.map((key) => JSON.stringify(key)).join(' ')}] (and doesn't have default values for any key fields)`,
  );
}

function inSet(item: unknown): string {
  if (isObject(item)) {
    throw new NotOfSchema("associative list without keys has an element that's a map type");
  }
  if (Array.isArray(item)) {
    throw new NotOfSchema('not supported: associative list with lists as elements');
  }
  if (item === null) {
    throw new NotOfSchema("associative list without keys has an element that's an explicit null");
  }
  return valueElement(item);
}

/** Of a list: what stands under each element; a real object may hold the same key twice. */
export function itemsByElement(schema: Schema | undefined, list: readonly unknown[]): Map<string, unknown[]> {
  const items = new Map<string, unknown[]>();
  for (const item of list) {
    const element = itemElement(schema, item);
    const same = items.get(element);
    if (same) same.push(item);
    else items.set(element, [item]);
  }
  return items;
}
