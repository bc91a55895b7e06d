import { isEqual } from '../json.ts';
import type { Schema } from '../kinds/schema.ts';
import { fieldElement } from './element.ts';
import { type FieldSet, FieldSetBuilder, type Path } from './fieldSet.ts';
import {
  fieldSchema,
  isAtomicList,
  isAtomicMap,
  itemsByElement,
  listIn,
  mapIn,
  type Shape,
  shapeOf,
} from './shape.ts';

/** A field is in one of them at most. */
export interface Comparison {
  removed: FieldSet;
  modified: FieldSet;
  added: FieldSet;
}

type Builders = Record<keyof Comparison, FieldSetBuilder>;

export function compare(before: unknown, after: unknown, schema: Schema | undefined): Comparison {
  const found = {
    removed: new FieldSetBuilder(),
    modified: new FieldSetBuilder(),
    added: new FieldSetBuilder(),
  };
  compareAt(before, after, schema, [], found);
  return found;
}

function compareAt(
  before: unknown,
  after: unknown,
  schema: Schema | undefined,
  path: Path,
  found: Builders,
): void {
  const [was, is] = [shapeOf(schema, before), shapeOf(schema, after)];
  // A map that became a list: first what is gone of the one, then what is new of the other.
  if (before !== undefined && after !== undefined && was !== is) {
    compareAs(was, before, after, schema, path, found);
  }
  const isLeaf = compareAs(after === undefined ? was : is, before, after, schema, path, found);
  if (isLeaf) return;
  if (before === undefined) found.added.insert(path);
  else if (after === undefined) found.removed.insert(path);
}

/** Whether the two were compared as a whole. */
function compareAs(
  shape: Shape,
  before: unknown,
  after: unknown,
  schema: Schema | undefined,
  path: Path,
  found: Builders,
): boolean {
  if (shape === 'map') {
    const [old, now] = [mapIn(before) ?? {}, mapIn(after) ?? {}];
    const names = new Set([...Object.keys(old), ...Object.keys(now)]);
    if (names.size && !isAtomicMap(schema)) {
      for (const name of names) {
        compareAt(
          Object.hasOwn(old, name) ? old[name] : undefined,
          Object.hasOwn(now, name) ? now[name] : undefined,
          fieldSchema(schema, name),
          [...path, fieldElement(name)],
          found,
        );
      }
      return false;
    }
  } else if (shape === 'list') {
    const [old, now] = [listIn(before) ?? [], listIn(after) ?? []];
    if ((old.length || now.length) && !isAtomicList(schema)) {
      compareItems(old, now, schema, path, found);
      return false;
    }
  }
  if (before === undefined) found.added.insert(path);
  else if (after === undefined) found.removed.insert(path);
  else if (!isEqual(before, after)) found.modified.insert(path);
  return true;
}

/** Items that share a key are one thing: they are compared as a whole. */
function compareItems(
  before: unknown[],
  after: unknown[],
  schema: Schema | undefined,
  path: Path,
  found: Builders,
): void {
  const [olds, nows] = [itemsByElement(schema, before), itemsByElement(schema, after)];
  for (const element of new Set([...olds.keys(), ...nows.keys()])) {
    const [old, now] = [olds.get(element) ?? [], nows.get(element) ?? []];
    const here = [...path, element];
    if (old.length <= 1 && now.length <= 1) compareAt(old[0], now[0], schema?.items, here, found);
    else if (old.length >= 2 && now.length >= 2) {
      if (!isEqual(old, now)) found.modified.insert(here);
    } else if (old.length >= 2) {
      if (now.length) compareAt(undefined, now[0], schema?.items, here, found);
      found.removed.insert(here);
    } else {
      if (old.length) compareAt(old[0], undefined, schema?.items, here, found);
      found.added.insert(here);
    }
  }
}
