import { type Cursor, keys, type Table } from '#store';
import type { Instant } from '#time';

/** Notes that an area's tick ran. Written without a condition: a doubled or late one is at most a minute off. */
export async function recordTick(table: Table, area: string, at: Instant): Promise<void> {
  await table.put({ ...keys.tickKey(area), at });
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
