import type { Schema } from '../kinds/schema.ts';
import { fieldElement } from './element.ts';
import { below, type FieldSet, isEmpty } from './fieldSet.ts';
import { fieldSchema, isAtomicList, isAtomicMap, itemElement, listIn, mapIn, shapeOf } from './shape.ts';

/** The value without the fields and items of the set; null where nothing is left. */
export function remove(value: unknown, gone: FieldSet, schema: Schema | undefined): unknown {
  switch (shapeOf(schema, value)) {
    case 'scalar':
      return value;
    case 'list': {
      if (isAtomicList(schema)) return null;
      const left = (listIn(value) ?? []).flatMap((item) => {
        const element = itemElement(schema, item);
        return gone.members.has(element) ? [] : [within(item, below(gone, element), schema?.items)];
      });
      return left.length ? left : null;
    }
    case 'map': {
      if (isAtomicMap(schema)) return null;
      const left = Object.entries(mapIn(value) ?? {}).flatMap(([name, field]) => {
        const element = fieldElement(name);
        if (gone.members.has(element)) return [];
        return [[name, within(field, below(gone, element), fieldSchema(schema, name))] as const];
      });
      return left.length ? Object.fromEntries(left) : null;
    }
  }
}

const within = (value: unknown, gone: FieldSet, schema: Schema | undefined): unknown =>
  isEmpty(gone) ? value : remove(value, gone, schema);
