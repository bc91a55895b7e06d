import { type Cursor, type Item, keys } from '#store';
import { type Instant, type Millis, second } from '#time';
import type { Row } from './area.ts';
import type { Parts } from './engineParts.ts';
import { readReservation } from './names.ts';
import type { Counts, EventEntry, Listed, ListPage, ListPlace, ListQuery } from './records.ts';
import { isUnreadable, listedAttributes, rowOf, type Stored, viewOf } from './row.ts';

const freshFor = 10 * second;
/** A function's answer may have 6 MB: a page of large records ends short of it. */
const fullPage = 3_000_000;

/** What lists, filters and counts read: every row of the area, in short, kept for 10 s by a warm process. */
export class Listing<D> {
  readonly #parts: Parts<D>;
  #read: { at: Instant; entries: Promise<Map<string, Listed>> } | undefined;
  #wroteAt: Instant = 0;

  constructor(parts: Parts<D>) {
    this.#parts = parts;
  }

  async entries(kind: string, within: Millis = freshFor): Promise<Listed[]> {
    return [...(await this.#entries(within)).values()].filter((entry) => entry.kind === kind);
  }

  async list({ kind, where, told, sort = 'name', limit, after }: ListQuery): Promise<ListPage<D>> {
    const field = sort.replace(/^-/, '');
    const turn = sort.startsWith('-') ? -1 : 1;
    const found: Placed[] = [];
    for (const stored of (await this.#entries()).values()) {
      if (stored.kind !== kind) continue;
      const entry = told ? told(stored) : stored;
      if (!where || where(entry)) found.push({ entry, value: fieldOf(entry, field), id: entry.id });
    }
    found.sort((a, b) => turn * comparePlaces(a, b));
    const start = after ? found.findIndex((placed) => turn * comparePlaces(placed, after) > 0) : 0;
    const page = start < 0 ? [] : found.slice(start, start + limit).map(({ entry }) => entry);
    const { rows, unreadable } = await this.#readRows(page);
    const fitting = rows.slice(0, countFitting(rows));
    const isCut = fitting.length < rows.length;
    const last = isCut ? page.find(({ id }) => id === fitting.at(-1)!.id) : page.at(-1);
    const isMore = isCut || (start >= 0 && start + limit < found.length);
    return {
      rows: fitting,
      unreadable,
      next: isMore && last ? { value: fieldOf(last, field), id: last.id } : undefined,
    };
  }

  async counts(kind: string, fields: string[], where?: (entry: Listed) => boolean): Promise<Counts> {
    // Maps, because values may be names of JavaScript's own: a record called `constructor`.
    const counts = new Map(fields.map((field) => [field, new Map<string, number>()]));
    for (const entry of (await this.#entries()).values()) {
      if (entry.kind !== kind || (where && !where(entry))) continue;
      for (const field of fields) {
        const value = String(fieldOf(entry, field));
        const sums = counts.get(field)!;
        sums.set(value, (sums.get(value) ?? 0) + 1);
      }
    }
    return Object.fromEntries([...counts].map(([field, sums]) => [field, Object.fromEntries(sums)]));
  }

  /** After a write of this process's own, so that it shows at once; those of others show within 10 s. */
  async note(row: Row<D>): Promise<void> {
    this.#wroteAt = this.#parts.clock.now();
    const { id, kind, name, labels, createdAt, updatedAt, version } = row;
    const summary = this.#parts.area.summarise(row);
    const entries = await this.#read?.entries;
    entries?.set(id, { id, kind, name, labels, createdAt, updatedAt, version, summary });
  }

  async #entries(within: Millis = freshFor): Promise<Map<string, Listed>> {
    const now = this.#parts.clock.now();
    if (!this.#read || now - this.#read.at >= within) {
      const read = { at: now, entries: this.#readAll() };
      this.#read = read;
      read.entries.catch(() => {
        if (this.#read === read) this.#read = undefined;
      });
    }
    return this.#read.entries;
  }

  async #readAll(): Promise<Map<string, Listed>> {
    const entries = new Map<string, Listed>();
    const partitions = Array.from({ length: keys.partitions }, (_, index) => index);
    await Promise.all(
      partitions.map(async (index) => {
        for await (const item of this.#pages(keys.rowPartition(this.#parts.area.name, index))) {
          const entry = listedOf(item);
          if (entry && (item.confirmed === true || (await this.#hasItsName(entry))))
            entries.set(entry.id, entry);
        }
      }),
    );
    return entries;
  }

  async *#pages(partition: string): AsyncGenerator<Item> {
    let after: Cursor | undefined;
    do {
      const page = await this.#parts.table.query({
        partition,
        attributes: listedAttributes,
        // Half the price; but what this process has just written must be in it.
        eventually: this.#parts.clock.now() - this.#wroteAt > freshFor,
        ...(after ? { after } : {}),
      });
      yield* page.items;
      after = page.next;
    } while (after);
  }

  /** A row whose first step has not come yet: listed if the name is its own. */
  async #hasItsName({ kind, name, id }: Listed): Promise<boolean> {
    const reservation = await readReservation(this.#parts.table, kind, name);
    return reservation?.id === id && reservation.confirmed;
  }

  async #readRows(page: Listed[]): Promise<Pick<ListPage<D>, 'rows' | 'unreadable'>> {
    const { area, table } = this.#parts;
    const items = await table.getMany(
      page.map(({ id }) => keys.rowKey(area.name, id)),
      { eventually: true },
    );
    const byId = new Map(items.map((item) => [keys.idOfRowKey(item), rowOf(area, item)]));
    const rows: ListPage<D>['rows'] = [];
    const unreadable: string[] = [];
    for (const { id } of page) {
      const row = byId.get(id);
      if (!row) continue;
      if (isUnreadable(row)) unreadable.push(`${row.key.pk} ${row.key.sk}`);
      else rows.push(viewOf(row));
    }
    return { rows, unreadable };
  }
}

/** At least one, or a list would not go on. */
function countFitting(rows: readonly { data: unknown }[]): number {
  let size = 0;
  const full = rows.findIndex(({ data }) => {
    size += JSON.stringify(data).length;
    return size > fullPage;
  });
  return full < 0 ? rows.length : Math.max(1, full);
}

function listedOf(item: Item): Listed | undefined {
  const { id, kind, name, labels, createdAt, updatedAt, version, summary } = item as unknown as Listed;
  if (item.goneAt !== undefined || item.unwanted === true || typeof kind !== 'string') return undefined;
  return { id, kind, name, labels: labels ?? {}, createdAt, updatedAt, version, summary: summary ?? {} };
}

/** An entry with its place in a list: 10,000 are sorted without making one anew at each comparison. */
type Placed = ListPlace & { entry: Listed };

function fieldOf(entry: Listed, field: string): ListPlace['value'] {
  if (field === 'name') return entry.name;
  if (field === 'createdAt') return entry.createdAt;
  if (field === 'updatedAt') return entry.updatedAt;
  return entry.summary[field] ?? null;
}

/** Nothing before numbers before words; equal values by id, so that every record has one place. */
function comparePlaces(a: ListPlace, b: ListPlace): number {
  const [left, right] = [rank(a.value), rank(b.value)];
  if (left !== right) return left - right;
  if (a.value !== b.value && a.value !== null && b.value !== null) return a.value < b.value ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

const rank = (value: ListPlace['value']): number => (value === null ? 0 : typeof value === 'string' ? 2 : 1);

/** Newest first: what is still in the row's outbox, then the copies. */
export async function history<D>(
  { table }: Parts<D>,
  id: string,
  outbox: Stored<D>['outbox'],
  { limit, after }: { limit: number; after?: string },
): Promise<{ events: EventEntry[]; next: string | undefined }> {
  const page = await table.query({
    partition: keys.historyKey(id, '').pk,
    descending: true,
    limit: limit + 1,
    ...(after ? { after: keys.historyKey(id, after) as unknown as Cursor } : {}),
  });
  const copies = page.items.map((item) => item.event as unknown as EventEntry);
  const known = new Set(copies.map((event) => event.id));
  const pending = outbox
    .flatMap((entry) => (entry.is === 'event' ? [entry.event] : []))
    .filter((event) => !known.has(event.id) && (after === undefined || event.id < after));
  const all = [...pending, ...copies].sort((a, b) => (a.id < b.id ? 1 : -1));
  const events = all.slice(0, limit);
  return { events, next: all.length > limit || page.next ? events.at(-1)?.id : undefined };
}
