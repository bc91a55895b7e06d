import type { Resource } from '../kinds/kinds.ts';
import type { Schema } from '../kinds/schema.ts';
import type { StoredObject } from '../objects.ts';
import { isPrinted } from './canonical.ts';

/**
 * In the encoding of the store an empty list is none at all: where Go prints it nevertheless, `rules: []` is null from
 * then on. Not before, for whoever wrote it owns it.
 */
export const asEncoded = ({ schema, isCustom }: Resource, object: StoredObject): StoredObject =>
  isCustom || !schema ? object : (encoded(object, schema) as StoredObject);

function encoded(value: unknown, schema: Schema): unknown {
  if (Array.isArray(value)) return value.map((item) => encoded(item, schema.items ?? {}));
  if (typeof value !== 'object' || value === null || schema.isOpen) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, below]) => {
      const field = schema.properties?.[name] ?? schema.values ?? {};
      const isNone = Array.isArray(below) && below.length === 0 && isPrinted(schema, name);
      return [name, isNone ? null : encoded(below, field)];
    }),
  );
}
