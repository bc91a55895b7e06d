import { keys } from '#store';
import { type Parts, readRow, tokenFor } from './engineParts.ts';
import { isUnreadable, itemOf, newRow, type Stored } from './row.ts';

/** Rule 7: sets a row at rest to work where it is exactly as seen. Writes the engine's fields alone. */
export const wake = async <D>(parts: Parts<D>, row: Stored<D>): Promise<boolean> =>
  row.dueAt === undefined && makeDue(parts, row);

async function makeDue<D>(parts: Parts<D>, row: Stored<D>): Promise<boolean> {
  const { table, area, clock } = parts;
  const dueAt = clock.now();
  const written = await table.update(
    keys.rowKey(area.name, row.id),
    {
      set: {
        dueAt,
        lane: 'near',
        ...keys.dueAttributes(area.name, 'near', row.id, dueAt),
        rev: row.rev + 1,
        last: tokenFor(parts, row),
      },
    },
    { rev: row.rev, dueAt: row.dueAt },
  );
  return written === 'written';
}

/**
 * Rule 16: what looked on its own and saw something new lets a step look again and decide, also of a row that waits out
 * its back-off: somebody asked. That may be a worker, which never calls its own kind: a tick hands the row over
 * (rule 11). One that is due or leased is looked at anyway.
 */
export async function wakeById<D>(parts: Parts<D>, id: string): Promise<boolean> {
  const row = await readRow(parts, id);
  if (row === undefined || isUnreadable(row)) return false;
  const isWaiting = row.owner === undefined && (row.dueAt ?? Number.POSITIVE_INFINITY) > parts.clock.now();
  if (!isWaiting || !(await makeDue(parts, row))) return false;
  await parts.couriers.tick(parts.area.name);
  return true;
}

/** Rule 15's row, made when it is first needed. */
export async function wakeFaultRow<D>(parts: Parts<D>): Promise<boolean> {
  const { area, clock, table } = parts;
  const fault = area.faultRow;
  if (!fault) return false;
  const found = await readRow(parts, fault.id);
  if (found) return !isUnreadable(found) && (await wake(parts, found));
  const row = newRow<D>({ ...fault, labels: {}, confirmed: true, last: tokenFor(parts) }, clock.now());
  return (await table.put(itemOf(area, row), 'absent')) === 'written';
}
