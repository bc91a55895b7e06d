import type { JsonObject } from '../json.ts';
import type { Schema } from '../kinds/schema.ts';
import { fieldNameOf, isKey } from './element.ts';
import { difference, type FieldSet, intersection, isEmpty, union } from './fieldSet.ts';
import { fieldsOf } from './fieldsOf.ts';
import { remove } from './remove.ts';
import { fieldSchema, isDeclared } from './shape.ts';

/**
 * Removes what the manager applied last time, does not apply now, and nobody else owns. `owned` is what all own now,
 * this manager included.
 */
export function prune(
  merged: JsonObject,
  last: FieldSet,
  owned: FieldSet,
  schema: Schema | undefined,
): JsonObject {
  if (isEmpty(last)) return merged;
  const named = (set: FieldSet) => withNamedFields(set, schema);
  const all = named(fieldsOf(merged, schema));
  const applied = named(last);

  const without = named(fieldsOf(remove(merged, applied, schema), schema));
  const owners = union(without, named(owned));
  const ownedStays = named(fieldsOf(remove(merged, difference(all, owners), schema), schema));
  // What this manager never owned stays too.
  const gone = intersection(difference(all, ownedStays), applied);
  return remove(merged, gone, schema) as JsonObject;
}

/** A field that the schema names is a member wherever something below it is. */
function withNamedFields(set: FieldSet, schema: Schema | undefined): FieldSet {
  const members = new Set(set.members);
  const children = new Map<string, FieldSet>();
  for (const [element, child] of set.children) {
    const name = fieldNameOf(element);
    if (name !== undefined && isDeclared(schema, name)) members.add(element);
    const below =
      name === undefined ? (isKey(element) ? schema?.items : undefined) : fieldSchema(schema, name);
    children.set(element, withNamedFields(child, below));
  }
  return { members, children };
}
