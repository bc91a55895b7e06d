import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Cause } from '#errors';
import { type Cursor, type Key, keys, type Table } from '#store';
import type { Instant } from '#time';
import type { Item, Placed } from './items.ts';
import type { SyncKind } from './kinds.ts';
import { chunkPrefix, headName, syncIdOf } from './model.ts';
import { placeOf } from './sources.ts';

/** How the list of one kind came out. */
export interface Outcome {
  segments: string[];
  items: number;
  /** When it was begun: how old it is. Null where there never was one. */
  at: Instant | null;
  tally: Record<string, number>;
  /** Why it is not all there is. */
  partial: Cause | null;
  /** Why it could not be renewed when that was last tried. */
  trouble: { cause: Cause; at: Instant } | null;
}

export interface Head {
  kinds: Partial<Record<SyncKind, Outcome>>;
  /** What the nodes use, where the metrics API answers. */
  usage: { at: Instant; cpuMillis: number; memoryBytes: number; nodes: number } | null;
  /** Why that could not be had; null also where there is no metrics API. */
  usageTrouble: Cause | null;
}

export const emptyHead: Head = { kinds: {}, usage: null, usageTrouble: null };

/** Beginnings of the keys under which lies what is named here. */
export const chunksOf = ([kind, { segments }]: [string, Outcome]): string[] =>
  segments.map((segment) => chunkPrefix(kind as SyncKind, segment));
export const namedBy = ({ kinds }: Head): string[] => Object.entries(kinds).flatMap(chunksOf);
export const headOf = (attempt: string | null): string[] => (attempt === null ? [] : [headName(attempt)]);

/** Leaves room under an item's 400 kB for keys and names. */
const packedBytes = 380_000;
/** What is packed at once: a page of a list reads and unpacks one of them. */
const itemsAtOnce = 4_000;
const usualPacked = 128 * 1024;
/** No honest chunk comes near. */
const unpackedBytes = 16 * 1024 * 1024;

/** What lies beside a sync's row. */
export class Shelf {
  readonly #table: Table;
  readonly #id: string;

  constructor(table: Table, clusterId: string) {
    this.#table = table;
    this.#id = syncIdOf(clusterId);
  }

  async readHead(attempt: string | null): Promise<Head> {
    if (attempt === null) return emptyHead;
    const item = await this.#table.get(this.#key(headName(attempt)));
    return item ? unpack<Head>(item.packed) : emptyHead;
  }

  async writeHead(attempt: string, head: Head): Promise<void> {
    await this.#table.put({ ...this.#key(headName(attempt)), packed: pack(head) });
  }

  writer(kind: SyncKind, attempt: string): ChunkWriter {
    const prefix = chunkPrefix(kind, attempt);
    return new ChunkWriter(kind, async (first, packed) => {
      await this.#table.put({ ...this.#key(prefix + first), packed });
    });
  }

  /** The items of a kind from a place on, in order. */
  async *items(kind: SyncKind, { segments }: Outcome, from = ''): AsyncGenerator<Placed> {
    const start = await this.#startOf(kind, segments, from);
    for (const [index, segment] of segments.entries()) {
      if (index < start.segment) continue;
      const prefix = chunkPrefix(kind, segment);
      const first = index === start.segment ? start.key : prefix;
      for (let after: Cursor | undefined; ; ) {
        const page = await this.#table.query({
          partition: this.#key('').pk,
          from: first,
          to: `${prefix}\uffff`,
          limit: 1,
          ...(after && { after }),
        });
        for (const { packed } of page.items) {
          for (const item of itemsIn(unpack<Columns>(packed))) {
            const place = placeOf(kind, item);
            if (place >= from) yield [place, item];
          }
        }
        if (!page.next) break;
        after = page.next;
      }
    }
  }

  /** The chunk that a place lies in: the last that begins at it or before. */
  async #startOf(
    kind: SyncKind,
    segments: string[],
    from: string,
  ): Promise<{ segment: number; key: string }> {
    if (from !== '') {
      for (let segment = segments.length - 1; segment >= 0; segment--) {
        const prefix = chunkPrefix(kind, segments[segment]!);
        const page = await this.#table.query({
          partition: this.#key('').pk,
          from: prefix,
          to: prefix + from,
          descending: true,
          limit: 1,
          attributes: [],
        });
        const [found] = page.items;
        if (found) return { segment, key: found.sk };
      }
    }
    return { segment: 0, key: segments.length > 0 ? chunkPrefix(kind, segments[0]!) : '' };
  }

  async drop(prefixes: readonly string[]): Promise<void> {
    for (const prefix of prefixes) {
      for (const key of await this.#keysFrom(prefix)) await this.#table.delete(key);
    }
  }

  /** All that neither the head nor the open list names. */
  async sweep(named: readonly string[]): Promise<void> {
    for (const start of ['head#', 'list#']) {
      for (const key of await this.#keysFrom(start)) {
        if (!named.some((prefix) => key.sk.startsWith(prefix))) await this.#table.delete(key);
      }
    }
  }

  async #keysFrom(prefix: string): Promise<Key[]> {
    const found: Key[] = [];
    for (let after: Cursor | undefined; ; ) {
      const page = await this.#table.query({
        partition: this.#key('').pk,
        prefix,
        attributes: [],
        ...(after && { after }),
      });
      found.push(...page.items.map(({ pk, sk }) => ({ pk, sk })));
      if (!page.next) return found;
      after = page.next;
    }
  }

  #key(what: string): Key {
    return keys.sideKey(this.#id, what);
  }
}

/** Gathers items, in the order of their places, and writes them in chunks that fit into an item of the store. */
export class ChunkWriter {
  readonly #kind: SyncKind;
  readonly #write: (first: string, packed: Uint8Array) => Promise<void>;
  #items: Item[] = [];
  #isInOrder = true;
  #written = 0;

  constructor(kind: SyncKind, write: (first: string, packed: Uint8Array) => Promise<void>) {
    this.#kind = kind;
    this.#write = write;
  }

  /** Whether there is anything under this attempt's name. */
  get isUsed(): boolean {
    return this.#written > 0;
  }

  /** Awaited only where a chunk is full: most items cost no turn of their own. */
  add(item: Item): Promise<void> | undefined {
    const last = this.#items.at(-1);
    this.#isInOrder &&= last === undefined || follows(this.#kind, item, last);
    this.#items.push(item);
    return this.#items.length >= itemsAtOnce ? this.flush() : undefined;
  }

  async flush(): Promise<void> {
    // API servers answer in this order; nothing but this place relies on it.
    const items = this.#isInOrder ? this.#items : inOrder(this.#kind, this.#items);
    this.#items = [];
    this.#isInOrder = true;
    if (items.length > 0) await this.#put(items);
  }

  async #put(items: Item[]): Promise<void> {
    const packed = pack(columnsOf(items));
    if (packed.byteLength > packedBytes && items.length > 1) {
      const middle = Math.ceil(items.length / 2);
      await this.#put(items.slice(0, middle));
      await this.#put(items.slice(middle));
      return;
    }
    await this.#write(placeOf(this.#kind, items[0]!), packed);
    this.#written++;
  }
}

/** Mostly within one namespace, where names are compared without making places of them. */
function follows(kind: SyncKind, item: Item, last: Item): boolean {
  const isNear = kind !== 'events' && 'namespace' in item && 'namespace' in last;
  if (isNear && item.namespace === last.namespace) return item.name >= last.name;
  return placeOf(kind, item) >= placeOf(kind, last);
}

export const inOrder = (kind: SyncKind, items: Item[]): Item[] =>
  items
    .map((item): Placed => [placeOf(kind, item), item])
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, item]) => item);

/** Items of one kind field by field: a third of the text, and what is alike stands side by side. */
interface Columns {
  fields: string[];
  columns: unknown[][];
}

function columnsOf(items: readonly Item[]): Columns {
  const fields = Object.keys(items[0]!);
  return {
    fields,
    columns: fields.map((field) => items.map((item) => (item as unknown as Record<string, unknown>)[field])),
  };
}

function* itemsIn({ fields, columns }: Columns): Generator<Item> {
  for (let row = 0; row < columns[0]!.length; row++) {
    const item: Record<string, unknown> = {};
    for (const [index, field] of fields.entries()) item[field] = columns[index]![row];
    yield item as unknown as Item;
  }
}

/** Room for a usual chunk at once: more is got where it is needed. */
const pack = (value: unknown): Uint8Array =>
  zstdCompressSync(JSON.stringify(value), { chunkSize: usualPacked });

const unpack = <T>(packed: unknown): T =>
  JSON.parse(String(zstdDecompressSync(packed as Uint8Array, { maxOutputLength: unpackedBytes }))) as T;
