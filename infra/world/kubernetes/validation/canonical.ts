import type { Schema } from '../kinds/schema.ts';
import { alwaysPrinted, isListed, keptEmpty, omittedZeros } from './goTypes.ts';

/**
 * An object as Go prints it once it has been read into its types: what is empty and may be left out is, and structs and
 * required fields that were left out appear with their zero values.
 */
export function canonical(value: unknown, schema: Schema): unknown {
  if (Array.isArray(value)) return value.map((item) => canonical(item, schema.items ?? {}));
  // Quantities and times look like structs in some documents.
  if (typeof value !== 'object' || value === null || schema.isOpen || schema.format !== undefined)
    return value;
  const fields = value as Record<string, unknown>;
  const { properties } = schema;
  if (!properties) {
    return Object.fromEntries(
      Object.entries(fields).map(([key, below]) => [key, canonical(below, schema.values ?? {})]),
    );
  }
  const result: Record<string, unknown> = {};
  for (const [name, below] of Object.entries(fields)) {
    const field = properties[name];
    if (!field) result[name] = below;
    else if (isPrinted(schema, name) || !isOmitted(below, field, schema, name)) {
      result[name] = canonical(below, field);
    }
  }
  for (const [name, field] of Object.entries(properties)) {
    if (result[name] !== undefined) continue;
    if (isStruct(field)) result[name] = canonical({}, field);
    else if (isPrinted(schema, name)) result[name] = zeroOf(field);
  }
  return result;
}

export const isPrinted = ({ required, goType }: Schema, name: string) =>
  required?.includes(name) || isListed(alwaysPrinted, goType, name);

/** Held by value, which Go cannot leave out. */
export const isStruct = (field: Schema) =>
  field.properties !== undefined && typeof field.default === 'object' && field.default !== null;

function isOmitted(value: unknown, field: Schema, { goType }: Schema, name: string): boolean {
  if (value === undefined || value === null) return true;
  if (value === '') return !isListed(keptEmpty, goType, name);
  if (value === 0 || value === false) return isListed(omittedZeros, goType, name);
  // An empty list of managed fields asks to forget them.
  if (Array.isArray(value)) return value.length === 0 && name !== 'managedFields';
  // An empty map is none; an empty struct that is pointed to is one.
  return typeof value === 'object' && field.values !== undefined && Object.keys(value).length === 0;
}

export function zeroOf({ type, format }: Schema): unknown {
  if (format === 'quantity') return '0';
  if (format === 'date-time' || format === 'micro-time' || format === 'byte') return null;
  switch (type) {
    case 'string':
      return '';
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return 0;
    default:
      return null;
  }
}
