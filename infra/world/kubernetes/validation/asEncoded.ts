import type { Resource } from '../kinds/kinds.ts';
import type { StoredObject } from '../objects.ts';
import { alwaysPrinted, isListed } from './goTypes.ts';

/** In the encoding of the store an empty list is none at all. Where Go prints it nevertheless, `rules: []` is null then. */
export function asEncoded({ schema, isCustom }: Resource, object: StoredObject): StoredObject {
  if (isCustom || !schema) return object;
  const empty = Object.entries(object).filter(
    ([name, value]) =>
      Array.isArray(value) && value.length === 0 && isListed(alwaysPrinted, schema.goType, name),
  );
  return empty.length === 0
    ? object
    : { ...object, ...Object.fromEntries(empty.map(([name]) => [name, null])) };
}
