import { keys, type Table } from '#store';
import type { Instant } from '#time';
import { turnsDueArea } from './sliceTurn.ts';

/**
 * Since when the area's most overdue record and round have been due; nothing of either, or a time ahead, is undefined.
 * Reads one key per shard.
 */
export async function oldestDue(
  table: Table,
  area: string,
  now: Instant,
): Promise<{ step: Instant | undefined; round: Instant | undefined }> {
  const [step, round] = await Promise.all([oldest(table, area, now), oldest(table, turnsDueArea(area), now)]);
  return { step, round };
}

async function oldest(table: Table, dueArea: string, now: Instant): Promise<Instant | undefined> {
  const pages = await Promise.all(
    keys.lanes.flatMap((lane) =>
      Array.from({ length: keys.dueShards }, (_, shard) =>
        table.query({
          index: 'due',
          partition: keys.duePartition(dueArea, lane, shard),
          to: keys.dueUpTo(now),
          limit: 1,
        }),
      ),
    ),
  );
  const times = pages.flatMap((page) => page.items.map((item) => keys.dueTimeOf(item)));
  return times.length > 0 ? Math.min(...times) : undefined;
}
