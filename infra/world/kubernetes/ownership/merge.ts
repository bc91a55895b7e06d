import { own } from '../json.ts';
import type { Schema } from '../kinds/schema.ts';
import { fieldSchema, isAtomicList, isAtomicMap, itemElement, listIn, mapIn, shapeOf } from './shape.ts';

/** The configuration laid over the live value; undefined where nothing is left. */
export function merge(live: unknown, config: unknown, schema: Schema | undefined): unknown {
  const shape = shapeOf(schema, config === undefined ? live : config);
  if (shape === 'map' && !isAtomicMap(schema)) {
    const names = new Set([...Object.keys(mapIn(live) ?? {}), ...Object.keys(mapIn(config) ?? {})]);
    if (names.size) return mergeFields(live, config, schema, names);
  }
  if (shape === 'list' && !isAtomicList(schema)) {
    const [lives, configs] = [listIn(live) ?? [], listIn(config) ?? []];
    if (lives.length || configs.length) return mergeItems(lives, configs, schema);
  }
  return config === undefined ? live : config;
}

function mergeFields(
  live: unknown,
  config: unknown,
  schema: Schema | undefined,
  names: Set<string>,
): unknown {
  const fields = [...names].map((name) => {
    const [one, other] = [live, config].map((value) => own(mapIn(value) ?? {}, name));
    return [name, merge(one, other, fieldSchema(schema, name))] as const;
  });
  const left = fields.filter(([, value]) => value !== undefined);
  return left.length ? Object.fromEntries(left) : undefined;
}

/**
 * Items of the configuration keep its order, others that of the live list. Where both lists have an item, what stands
 * before it in each comes before it: live ones first.
 */
function mergeItems(live: unknown[], config: unknown[], schema: Schema | undefined): unknown {
  const index = (list: unknown[]) => list.map((item) => ({ element: itemElement(schema, item), item }));
  const [lives, configs] = [index(live), index(config)];
  const ofLive = new Map<string, unknown>();
  // Items that share a key are not merged with what is applied.
  for (const { element, item } of lives) ofLive.set(element, ofLive.has(element) ? null : item);
  const ofConfig = new Map(configs.map(({ element, item }) => [element, item]));
  const shared = configs.map(({ element }) => element).filter((element) => ofLive.has(element));
  const done = new Set<string>();
  const merged: unknown[] = [];
  const put = (item: unknown) => {
    if (item !== undefined) merged.push(item);
  };
  const putApplied = (element: string) => {
    done.add(element);
    put(merge(ofLive.get(element), ofConfig.get(element), schema?.items));
  };

  let next = shared.shift();
  let [l, c] = [0, 0];
  while (l < lives.length || c < configs.length) {
    const ours = lives[l];
    const theirs = configs[c];
    if (ours && theirs) {
      if (ours.element === theirs.element) {
        putApplied(ours.element);
        l += 1;
        c += 1;
        next = shared.shift();
        continue;
      }
      if (ofConfig.has(ours.element) && next !== undefined && next !== ours.element) {
        l += 1;
        continue;
      }
    }
    if (ours) {
      if (!ofConfig.has(ours.element)) {
        put(merge(ours.item, undefined, schema?.items));
        l += 1;
        continue;
      }
      if (done.has(ours.element)) l += 1;
    }
    if (theirs) {
      putApplied(theirs.element);
      c += 1;
      if (next === theirs.element) next = shared.shift();
    }
  }
  return merged.length ? merged : undefined;
}
