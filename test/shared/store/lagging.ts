import { type Change, type Item, type Key, MemoryTable, type Query, type Table, type Value } from '#store';

type Due = { duePk?: Value | undefined; dueSk?: Value | undefined };

/**
 * A table whose due index answers as of a while ago, as DynamoDB's may: what was just listed is missing, what
 * moved stands where it was, what is gone is still shown. `lag` is asked at each write; one item's changes arrive
 * in order, those of different items may not. All writes must go through it, from the first on.
 */
export function laggingIndex(table: Table, { now, lag }: { now: () => number; lag: () => number }): Table {
  /** The index as a query sees it. It knows no time: an index lists what has expired. */
  const view = new MemoryTable(() => 0);
  const latest = new Map<string, Due>();
  const arrivals = new Map<string, number>();
  let underWay: { at: number; key: Key; due: Due | undefined }[] = [];

  function changed({ pk, sk }: Key, to: (before: Due) => Due | undefined): void {
    const name = JSON.stringify([pk, sk]);
    const due = to(latest.get(name) ?? {});
    if (due) latest.set(name, due);
    else latest.delete(name);
    const at = Math.max(now() + lag(), arrivals.get(name) ?? 0);
    arrivals.set(name, at);
    underWay.push({ at, key: { pk, sk }, due });
  }

  const withSet =
    (set: Due, remove: string[] = []) =>
    (before: Due): Due => {
      const due = { ...before };
      for (const name of ['duePk', 'dueSk'] as const) {
        if (set[name] !== undefined) due[name] = set[name];
        if (remove.includes(name)) delete due[name];
      }
      return due;
    };

  async function arrive(): Promise<void> {
    const arrived = underWay.filter(({ at }) => at <= now());
    underWay = underWay.filter(({ at }) => at > now());
    for (const { key, due } of arrived) {
      if (due?.duePk !== undefined && due.dueSk !== undefined) await view.put({ ...key, ...due } as Item);
      else await view.delete(key);
    }
  }

  return {
    get: (key, options) => table.get(key, options),
    getMany: (keys, options) => table.getMany(keys, options),
    put: async (item, when) => {
      const outcome = await table.put(item, when);
      if (outcome === 'written') changed(item, () => ({ duePk: item.duePk, dueSk: item.dueSk }));
      return outcome;
    },
    update: async (key, change: Change, when) => {
      const outcome = await table.update(key, change, when);
      if (outcome === 'written') changed(key, withSet(change.set ?? {}, change.remove));
      return outcome;
    },
    delete: async (key, when) => {
      const outcome = await table.delete(key, when);
      if (outcome === 'written') changed(key, () => undefined);
      return outcome;
    },
    add: async (key, numbers, set) => {
      const sums = await table.add(key, numbers, set);
      changed(key, withSet(set ?? {}));
      return sums;
    },
    query: async (query: Query) => {
      if (!query.index) return table.query(query);
      await arrive();
      return view.query(query);
    },
    get units() {
      return { read: table.units.read + view.units.read, write: table.units.write };
    },
  };
}
