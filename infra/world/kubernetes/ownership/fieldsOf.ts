import { isObject } from '../json.ts';
import type { Schema } from '../kinds/schema.ts';
import { fieldElement } from './element.ts';
import { type FieldSet, FieldSetBuilder, type Path } from './fieldSet.ts';
import {
  fieldSchema,
  isAtomicList,
  isAtomicMap,
  isDeclared,
  itemsByElement,
  listIn,
  mapIn,
  shapeOf,
} from './shape.ts';

/** Every leaf and every item that is mentioned. */
export function fieldsOf(value: unknown, schema: Schema | undefined): FieldSet {
  const set = new FieldSetBuilder();
  collect(value, schema, [], set);
  return set;
}

function collect(value: unknown, schema: Schema | undefined, path: Path, set: FieldSetBuilder): void {
  const shape = shapeOf(schema, value);
  const isAtomic = shape === 'map' ? isAtomicMap(schema) : shape === 'list' && isAtomicList(schema);
  if (shape === 'scalar' || isAtomic) set.insert(path);
  else if (shape === 'map') collectFields(value, schema, path, set);
  else collectItems(value, schema, path, set);
}

function collectFields(value: unknown, schema: Schema | undefined, path: Path, set: FieldSetBuilder): void {
  for (const [name, field] of Object.entries(mapIn(value) ?? {})) {
    const here = [...path, fieldElement(name)];
    collect(field, fieldSchema(schema, name), here, set);
    const isBare = field === null || (isObject(field) && Object.keys(field).length === 0);
    if (isBare || !isDeclared(schema, name)) set.insert(here);
  }
}

function collectItems(value: unknown, schema: Schema | undefined, path: Path, set: FieldSetBuilder): void {
  for (const [element, [item, ...more]] of itemsByElement(schema, listIn(value) ?? [])) {
    const here = [...path, element];
    if (!more.length) collect(item, schema?.items, here, set);
    set.insert(here);
  }
}
