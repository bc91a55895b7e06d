import { type Cursor, keys, type Table } from '#store';
import { numbersOf, readSeriesKey, toMillionths } from './series.ts';

/** One counter or histogram series as the shards add up to it. */
export interface Counted {
  family: string;
  labels: Record<string, string>;
  numbers: Map<string, number>;
}

/**
 * Sums the shards. Reads are consistent and all or nothing: a stale or missing shard would make a counter fall,
 * which Prometheus takes for a restart, adding the whole count to every rate.
 */
export async function readCounted(table: Table): Promise<Counted[]> {
  const series = new Map<string, Counted>();
  await Promise.all(
    Array.from({ length: keys.metricShards }, async (_, shard) => {
      let after: Cursor | undefined;
      do {
        const page = await table.query({ partition: keys.metricPartition(shard), ...(after && { after }) });
        for (const item of page.items) {
          const found = series.get(item.sk) ?? { ...readSeriesKey(item.sk), numbers: new Map() };
          series.set(item.sk, found);
          for (const [name, value] of numbersOf(item)) {
            found.numbers.set(name, toMillionths((found.numbers.get(name) ?? 0) + value));
          }
        }
        after = page.next;
      } while (after !== undefined);
    }),
  );
  return [...series.values()];
}
