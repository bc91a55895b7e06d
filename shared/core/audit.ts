import type { AuditEntry } from '#reconcile';
import { keys, type Table } from '#store';
import { day, type Instant, iso } from '#time';

/** An entry as it is kept; equal denials of ten minutes share one, with how many they were. */
export interface KeptAudit extends AuditEntry {
  count: number;
}

export interface AuditQuery {
  from: Instant;
  until: Instant;
  limit: number;
  where: (entry: KeptAudit) => boolean;
  after?: AuditPlace;
}

/** Where a page ended: the day whose partitions it was in, and the last id it looked at. */
export interface AuditPlace {
  day: Instant;
  id: string;
}

export interface AuditPage {
  entries: KeptAudit[];
  next: AuditPlace | undefined;
}

const chunk = 100;
/** A function's answer may have 6 MB: a page of large entries ends short of it, with a place to go on from. */
const fullPage = 3_000_000;
/** Reads of a request that finds little: past it the page ends short, with a place to go on from. */
const mostRounds = 120;
const afterAll = '~';
const widest = 16;

/** Newest first over the partitions of each day, at most as far back as entries are kept. */
export async function readAudit(table: Table, query: AuditQuery): Promise<AuditPage> {
  const { from, until, limit, where, after } = query;
  const entries: KeptAudit[] = [];
  let size = 0;
  let place: AuditPlace = after ?? { day: startOfDay(until), id: afterAll };
  const first = startOfDay(from);
  let width = 1;
  for (let round = 0; round < mostRounds; round++) {
    if (place.day < first) return { entries, next: undefined };
    const starts = daysBack(place, first, width);
    const days = await Promise.all(starts.map((start) => newestBefore(table, start)));
    for (const [index, start] of starts.entries()) {
      const { found, reached } = days[index]!;
      place = start;
      for (const entry of found) {
        if (entries.length === limit || size > fullPage) return { entries, next: place };
        place = { day: start.day, id: entry.id };
        if (entry.at < from || entry.at > until || !where(entry)) continue;
        entries.push(entry);
        size += JSON.stringify(entry).length;
      }
      place =
        reached === undefined ? { day: start.day - day, id: afterAll } : { day: start.day, id: reached };
      if (reached !== undefined) break;
    }
    width = days.some(({ found }) => found.length > 0) ? 1 : Math.min(2 * width, widest);
  }
  return { entries, next: place };
}

/** This place and the days before it, side by side: a quarter in which nothing happened is not walked day by day. */
function daysBack(place: AuditPlace, first: Instant, width: number): AuditPlace[] {
  const earlier = Array.from({ length: width - 1 }, (_, back) => ({
    day: place.day - (back + 1) * day,
    id: afterAll,
  }));
  return [place, ...earlier.filter((one) => one.day >= first)];
}

/**
 * The newest of a day's partitions together: each gives as many as are wanted, so none newer is missed. Where large
 * entries cut a page short, nothing older than its end is answered: that partition may hold something between.
 * `reached` is the id down to which all was seen; undefined at the day's end.
 */
async function newestBefore(
  table: Table,
  place: AuditPlace,
): Promise<{ found: KeptAudit[]; reached: string | undefined }> {
  const pages = await Promise.all(
    keys
      .auditPartitions(place.day)
      .map((partition) =>
        table.query({ partition, to: place.id, descending: true, limit: chunk + 1, eventually: true }),
      ),
  );
  const seenTo = pages.map(({ next }) => next?.sk ?? '').reduce((a, b) => (a > b ? a : b));
  const all = pages
    .flatMap((page) => page.items)
    .map((item) => ({ ...(item.audit as unknown as AuditEntry), count: Number(item.count ?? 1) }))
    .filter((entry) => entry.id < place.id && entry.id >= seenTo)
    .sort((a, b) => (a.id < b.id ? 1 : -1));
  if (all.length > chunk) return { found: all.slice(0, chunk), reached: all[chunk - 1]!.id };
  return { found: all, reached: seenTo === '' ? undefined : seenTo };
}

const startOfDay = (at: Instant): Instant => Date.parse(iso(at).slice(0, 10));
