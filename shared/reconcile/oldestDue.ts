import { keys, type Table } from '#store';
import type { Instant } from '#time';
import { turnsList } from './sliceTurn.ts';

/**
 * Since when the area's most overdue record and round have been due; nothing of either, or a time ahead, is undefined.
 * Reads one key per shard.
 */
export async function oldestDue(
  table: Table,
  area: string,
  now: Instant,
): Promise<{ step: Instant | undefined; round: Instant | undefined }> {
  const shards = keys.lanes.flatMap((lane) =>
    Array.from({ length: keys.dueShards }, (_, shard) => keys.duePartition(area, lane, shard)),
  );
  const [step, round] = await Promise.all([
    oldest(table, shards, now),
    oldest(table, [keys.shortListPartition(area, turnsList)], now),
  ]);
  return { step, round };
}

async function oldest(table: Table, partitions: string[], now: Instant): Promise<Instant | undefined> {
  const to = keys.dueUpTo(now);
  const pages = await Promise.all(
    partitions.map((partition) => table.query({ index: 'due', partition, to, limit: 1 })),
  );
  const times = pages.flatMap((page) => page.items.map((item) => keys.dueTimeOf(item)));
  return times.length > 0 ? Math.min(...times) : undefined;
}
