import { keys, type Table, type Value } from '#store';
import type { Json, Secret } from './area.ts';
import { plain, type Stored } from './row.ts';

/**
 * Where a record's secrets lie (rule 14): beside the row, in slots of one item. A slot is written first, under a
 * name that no other write will use; then one write of the row names it, together with the server it is for.
 *
 *   slot s7_token ◄── row at rev 8: { server, slot: 's7_token' }
 *
 * So a secret never meets a server it was not given for, wherever a writer dies.
 */
const what = 'slots';

export type SlotValue = { [name: string]: Json };

/** Named by the revision that the row's write will be conditional on, and by that write's token. */
export const slotName = (rev: number, token: string): string => `s${rev}_${token}`;

/** The side item of a new record: `sides: slotsOf(id, name, value)`. */
export const slotsOf = (id: string, name: string, value: SlotValue) => ({
  [what]: { of: id, [name]: value },
});

/** Only to an item that exists: what comes after the record's end finds nothing to write to. */
export async function addSlot(table: Table, id: string, name: string, value: SlotValue): Promise<boolean> {
  const set = { [name]: plain(value), last: name };
  const written = await table.update(keys.sideKey(id, what), { set }, { of: id });
  return written === 'written';
}

export async function readSlot(table: Table, id: string, name: string): Promise<SlotValue | undefined> {
  const item = await table.get(keys.sideKey(id, what));
  return item?.[name] as SlotValue | undefined;
}

/** Slots of a later revision may belong to a write that is just being made, so they stay. */
export async function dropSlots(
  table: Table,
  id: string,
  rev: number,
  current: string | undefined,
): Promise<void> {
  const item = await table.get(keys.sideKey(id, what));
  if (!item) return;
  const old = Object.keys(item).filter((name) => {
    const number = numberOf(name);
    return number !== undefined && name !== current && Number(number) < rev;
  });
  if (old.length === 0) return;
  const set = { last: `d${rev}_${current ?? ''}` };
  await table.update(keys.sideKey(id, what), { remove: old, set }, { of: id });
}

const numberOf = (slot: string): string | undefined => /^s(\d+)_/.exec(slot)?.[1];

/**
 * Replaces what lies in a record's slots by what `reseal` makes of it; undefined leaves one as it is. Every write to
 * the item leaves its mark in `last`, so that one which came between is not undone: then all is read again.
 */
export async function resealSlots(
  table: Table,
  id: string,
  reseal: (value: SlotValue) => Promise<SlotValue | undefined>,
): Promise<number> {
  for (;;) {
    const item = await table.get(keys.sideKey(id, what));
    if (!item) return 0;
    const set: Record<string, Value> = {};
    for (const [name, value] of Object.entries(item)) {
      const resealed = numberOf(name) === undefined ? undefined : await reseal(value as SlotValue);
      if (resealed) set[name] = plain(resealed);
    }
    const count = Object.keys(set).length;
    if (count === 0) return 0;
    const last = typeof item.last === 'string' ? item.last : undefined;
    const written = await table.update(keys.sideKey(id, what), { set }, { of: id, last });
    if (written === 'written') return count;
  }
}

/** Before the row's write: the slot first, then `next` names it. False where the record is no more. */
export async function putSecret<D>(
  table: Table,
  rev: number,
  next: Stored<D>,
  secret: Secret<D>,
): Promise<boolean> {
  const name = slotName(rev, next.last);
  if (!(await addSlot(table, next.id, name, secret.value))) return false;
  next.data = secret.into(next.data, name);
  next.hasOldSlots = true;
  return true;
}
