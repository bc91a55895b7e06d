import { keys, type Table } from '#store';
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
  const written = await table.update(keys.sideKey(id, what), { set: { [name]: plain(value) } }, { of: id });
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
    const number = /^s(\d+)_/.exec(name)?.[1];
    return number !== undefined && name !== current && Number(number) < rev;
  });
  if (old.length > 0) await table.update(keys.sideKey(id, what), { remove: old }, { of: id });
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
