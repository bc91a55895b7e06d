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
/** Reads of a request that finds little: past it the page ends short, with a place to go on from. */
const mostRounds = 120;
const afterAll = '~';

/** Newest first over the partitions of each day, at most as far back as entries are kept. */
export async function readAudit(table: Table, query: AuditQuery): Promise<AuditPage> {
  const { from, until, limit, where, after } = query;
  const entries: KeptAudit[] = [];
  let place: AuditPlace = after ?? { day: startOfDay(until), id: afterAll };
  for (let round = 0; round < mostRounds; round++) {
    if (place.day < startOfDay(from)) return { entries, next: undefined };
    const found = await newestBefore(table, place);
    for (const entry of found) {
      if (entries.length === limit) return { entries, next: place };
      place = { day: place.day, id: entry.id };
      if (entry.at >= from && entry.at <= until && where(entry)) entries.push(entry);
    }
    if (found.length < chunk) place = { day: place.day - day, id: afterAll };
  }
  return { entries, next: place };
}

/** The newest of a day's partitions together: each gives as many as are wanted, so none newer is missed. */
async function newestBefore(table: Table, place: AuditPlace): Promise<KeptAudit[]> {
  const pages = await Promise.all(
    keys
      .auditPartitions(place.day)
      .map((partition) =>
        table.query({ partition, to: place.id, descending: true, limit: chunk + 1, eventually: true }),
      ),
  );
  return pages
    .flatMap((page) => page.items)
    .map((item) => ({ ...(item.audit as unknown as AuditEntry), count: Number(item.count ?? 1) }))
    .filter((entry) => entry.id < place.id)
    .sort((a, b) => (a.id < b.id ? 1 : -1))
    .slice(0, chunk);
}

const startOfDay = (at: Instant): Instant => Date.parse(iso(at).slice(0, 10));
