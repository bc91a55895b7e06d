import type { Schema } from '../kinds/schema.ts';

/**
 * An object as Go prints it once it has been read into its types: what is empty and may be left out is, and structs and
 * required fields that were left out appear with their zero values.
 */
export function canonical(value: unknown, schema: Schema): unknown {
  if (Array.isArray(value)) return value.map((item) => canonical(item, schema.items ?? {}));
  if (typeof value !== 'object' || value === null || schema.isOpen || isLeaf(schema)) return value;
  const fields = value as Record<string, unknown>;
  if (!schema.properties) {
    return Object.fromEntries(
      Object.entries(fields).map(([key, below]) => [key, canonical(below, schema.values ?? {})]),
    );
  }
  const result: Record<string, unknown> = {};
  for (const [name, below] of Object.entries(fields)) {
    const field = schema.properties[name];
    if (!field) result[name] = below;
    else if (isRequired(schema, name) || !isOmitted(below, field)) result[name] = canonical(below, field);
  }
  for (const [name, field] of Object.entries(schema.properties)) {
    if (result[name] !== undefined) continue;
    if (isStruct(field)) result[name] = canonical({}, field);
    else if (isRequired(schema, name)) result[name] = zeroOf(field);
  }
  return result;
}

const isRequired = (schema: Schema, name: string) => schema.required?.includes(name) ?? false;

/** Quantities and times look like structs in some documents. */
const isLeaf = (schema: Schema) => schema.format !== undefined;

/** Held by value, which Go cannot leave out. */
const isStruct = (field: Schema) =>
  field.properties !== undefined && typeof field.default === 'object' && field.default !== null;

function isOmitted(value: unknown, field: Schema): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value !== 'object') return false;
  return field.properties === undefined && !field.isOpen && Object.keys(value).length === 0;
}

function zeroOf(field: Schema): unknown {
  if (field.format === 'date-time') return null;
  if (field.format === 'quantity') return '0';
  switch (field.type) {
    case 'string':
      return field.format === 'byte' ? null : '';
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return 0;
    default:
      return null;
  }
}
