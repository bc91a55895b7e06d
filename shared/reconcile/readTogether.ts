import { keys } from '#store';
import { type Instant, second } from '#time';
import type { Parts } from './engineParts.ts';
import { rowOf, type Stored, type Unreadable } from './row.ts';

const atOnce = 16;
/** A row read longer ago is read again: its claim would be refused where it has moved on. */
const freshFor = second;

type Found<D> = Stored<D> | Unreadable | undefined;

/** Reads the rows of one hand-over a few at a time, just before their steps begin. */
export function readTogether<D>(parts: Parts<D>, ids: readonly string[]): (id: string) => Promise<Found<D>> {
  const { table, area, clock } = parts;
  const ahead = new Map<string, { at: Instant; row: Promise<Found<D>> }>();
  const order = new Map(ids.map((id, index) => [id, index]));
  return async (id) => {
    const known = ahead.get(id);
    ahead.delete(id);
    if (known && clock.now() - known.at < freshFor) return known.row;
    const index = order.get(id) ?? 0;
    const group = ids.slice(index, index + atOnce);
    const items = table.getMany(group.map((one) => keys.rowKey(area.name, one)));
    const found = items.then((all) => new Map(all.map((item) => [keys.idOfRowKey(item), rowOf(area, item)])));
    const at = clock.now();
    for (const one of group) {
      const row = found.then((rows) => rows.get(one));
      // Each step hears of a failure when it asks; those that never ask need not.
      row.catch(() => undefined);
      ahead.set(one, { at, row });
    }
    const own = ahead.get(id)!.row;
    ahead.delete(id);
    return own;
  };
}
