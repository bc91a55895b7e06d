import { type Cursor, keys, type Table } from '#store';
import { type Instant, second } from '#time';

/** Notes that an area's tick ran. Written without a condition: a doubled or late one is at most a minute off. */
export async function recordTick(table: Table, area: string, at: Instant): Promise<void> {
  await table.put({ ...keys.tickKey(area), at });
}

/** A tick looks a second time no earlier than this after its start. */
const looksAgainAfter = 5 * second;

/**
 * For a tick that was asked for: false where another began a moment ago, as its second look finds what has come due
 * since. Of many asked for at once, one runs.
 */
export async function takeTick(table: Table, area: string, at: Instant): Promise<boolean> {
  const key = keys.tickKey(area);
  const last = await table.get(key);
  const age = at - Number(last?.at ?? 0);
  if (age >= 0 && age < looksAgainAfter - second) return false;
  return (await table.put({ ...key, at }, last ? { at: Number(last.at) } : 'absent')) === 'written';
}

/** When each area's tick last ran, for /readyz and metrics. An area that never ticked is not in it. */
export async function lastTicks(table: Table): Promise<Record<string, Instant>> {
  const found: Record<string, Instant> = {};
  let after: Cursor | undefined;
  do {
    const page = await table.query({ partition: keys.tickPartition, ...(after && { after }) });
    for (const item of page.items) found[item.sk] = Number(item.at);
    after = page.next;
  } while (after !== undefined);
  return found;
}
