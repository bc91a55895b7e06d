import { keys, type Table } from '#store';
import type { Instant } from '#time';
import type { Parts } from './engineParts.ts';
import { reservationFor } from './limits.ts';

/**
 * Names are unique and never change (rule 12). A name is held by an item of its own:
 *
 *   { id, at }  ──(row written)──►  { id, at, confirmed }          a `dead` one is being taken from its id
 *
 * Until it is confirmed it stands in the due index, so that the tick finds those whose creator died.
 */
export interface Reservation {
  id: string;
  at: Instant;
  confirmed: boolean;
  dead: boolean;
}

const dueList = 'names';

const dueId = (kind: string, name: string) => `${kind}/${name}`;

export async function readReservation(
  table: Table,
  kind: string,
  name: string,
): Promise<Reservation | undefined> {
  const item = await table.get(keys.nameKey(kind, name));
  if (!item) return undefined;
  const { id, at, confirmed, dead } = item;
  return { id: String(id), at: Number(at), confirmed: confirmed === true, dead: dead === true };
}

/** `mine` also when an earlier try of the same creation got through. */
export async function reserve<D>(
  parts: Parts<D>,
  kind: string,
  name: string,
  id: string,
): Promise<'mine' | string> {
  const { table, clock, area } = parts;
  const reservation = (now: Instant) => ({
    ...keys.nameKey(kind, name),
    id,
    at: now,
    ...keys.shortListAttributes(area.name, dueList, dueId(kind, name), now + reservationFor),
  });
  if ((await table.put(reservation(clock.now()), 'absent')) === 'written') return 'mine';
  const found = await readReservation(table, kind, name);
  if (!found) return (await table.put(reservation(clock.now()), 'absent')) === 'written' ? 'mine' : 'another';
  if (found.id === id) return 'mine';
  if (!(await clearAbandoned(parts, kind, name, found))) return found.id;
  return (await table.put(reservation(clock.now()), 'absent')) === 'written' ? 'mine' : 'another';
}

/** Refused: the name is another's, and the row must go. */
export async function confirmName(table: Table, kind: string, name: string, id: string): Promise<boolean> {
  const written = await table.update(
    keys.nameKey(kind, name),
    { set: { confirmed: true }, remove: ['duePk', 'dueSk'] },
    { id, dead: undefined },
  );
  return written === 'written';
}

export async function freeName(table: Table, kind: string, name: string, id: string): Promise<void> {
  await table.delete(keys.nameKey(kind, name), { id });
}

/**
 * Takes a name from a creator that died before its row was written. `dead` comes first: a creator that wakes up
 * finds its confirmation refused, so no row can be left with what is removed here.
 */
async function clearAbandoned<D>(
  { table, area, clock }: Parts<D>,
  kind: string,
  name: string,
  seen: Reservation,
): Promise<boolean> {
  if (seen.confirmed || clock.now() - seen.at < reservationFor) return false;
  if (await table.get(keys.rowKey(area.name, seen.id))) return false;
  const asSeen = { id: seen.id, at: seen.at, confirmed: undefined };
  const marked = seen.dead
    ? 'written'
    : await table.update(keys.nameKey(kind, name), { set: { dead: true } }, asSeen);
  if (marked === 'refused') return false;
  await removeSides(table, seen.id);
  return (await table.delete(keys.nameKey(kind, name), { ...asSeen, dead: true })) === 'written';
}

/** The tick's sweep over reservations that nobody confirmed in time. */
export async function sweepNames<D>(parts: Parts<D>): Promise<number> {
  const { table, area, clock } = parts;
  let freed = 0;
  const partition = keys.shortListPartition(area.name, dueList);
  const page = await table.query({ index: 'due', partition, to: keys.dueUpTo(clock.now()), limit: 100 });
  for (const { pk, sk } of page.items) {
    const kind = pk.slice('name#'.length);
    const found = await readReservation(table, kind, sk);
    if (!found || found.confirmed) continue;
    if (await clearAbandoned(parts, kind, sk, found)) freed++;
    else await putOff(parts, kind, sk, found);
  }
  return freed;
}

/** A row is there after all: its own step confirms the name or goes; look again later. */
async function putOff<D>(
  { table, area, clock }: Parts<D>,
  kind: string,
  name: string,
  seen: Reservation,
): Promise<void> {
  const later = keys.shortListAttributes(area.name, dueList, dueId(kind, name), clock.now() + reservationFor);
  await table.update(
    keys.nameKey(kind, name),
    { set: later },
    { id: seen.id, at: seen.at, confirmed: undefined },
  );
}

/** All that belongs to a record beside its row. */
export async function removeSides(table: Table, id: string): Promise<void> {
  let after: Awaited<ReturnType<Table['query']>>['next'];
  do {
    const page = await table.query({
      partition: `side#${id}`,
      attributes: ['pk'],
      ...(after ? { after } : {}),
    });
    await Promise.all(page.items.map(({ pk, sk }) => table.delete({ pk, sk })));
    after = page.next;
  } while (after);
}
