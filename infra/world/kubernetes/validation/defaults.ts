import type { Resource } from '../kinds/kinds.ts';
import type { Schema } from '../kinds/schema.ts';
import { qualified } from '../status.ts';
import { canonical, isStruct } from './canonical.ts';
import { type Fields, fieldsOf, ofKind, ofType } from './defaultValues.ts';

/**
 * What the server fills in when it reads an object, as Go would then print it. Works with objects that lack kind and
 * apiVersion, and does not change the one it is given.
 */
export function fillDefaults<Kept extends Fields>(resource: Resource, object: Kept): Kept {
  const result = structuredClone(object);
  if (!resource.schema) return result;
  ofKind[qualified(resource)]?.(result);
  fill(result, resource.schema, resource.isCustom);
  if (!resource.isCustom) return canonical(result, resource.schema) as Kept;
  // Of a custom resource only the metadata goes through a Go type.
  return { ...result, metadata: canonical(result.metadata, resource.schema.properties?.metadata ?? {}) };
}

function fill(value: unknown, schema: Schema, isCustom: boolean): void {
  if (Array.isArray(value)) {
    for (const item of value) fill(item, schema.items ?? {}, isCustom);
    return;
  }
  const fields = fieldsOf(value);
  if (!fields) return;
  if (!isCustom && schema.goType) ofType[schema.goType]?.(fields);
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const missing = fields[name] === undefined || (fields[name] === null && !field.isNullable);
    if (missing && field.default !== undefined && (isCustom || field.properties || !isZero(field.default))) {
      fields[name] = structuredClone(field.default);
    }
  }
  if (!isCustom) {
    // What Go holds by value is there, and has its own defaults.
    for (const [name, field] of Object.entries(schema.properties ?? {}))
      if (isStruct(field)) fields[name] ??= {};
  }
  for (const [name, below] of Object.entries(fields)) {
    const of = schema.properties?.[name] ?? schema.values;
    if (of) fill(below, of, isCustom);
  }
}

/** Go's zero value: OpenAPI names it as the default of every field that is no pointer. */
function isZero(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === '' || value === 0 || value === false;
}
