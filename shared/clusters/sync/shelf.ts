import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { type Cursor, type Key, keys, type Table } from '#store';
import type { Instant } from '#time';
import type { Cause } from '../cause.ts';
import type { Item, Placed } from './items.ts';
import type { SyncKind } from './kinds.ts';
import { chunkPrefix, headName, syncIdOf } from './model.ts';

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
    return new ChunkWriter(async (first, packed) => {
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
          for (const placed of unpack<Placed[]>(packed)) if (placed[0] >= from) yield placed;
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
  readonly #write: (first: string, packed: Uint8Array) => Promise<void>;
  #items: Placed[] = [];
  #written = 0;

  constructor(write: (first: string, packed: Uint8Array) => Promise<void>) {
    this.#write = write;
  }

  /** Whether there is anything under this attempt's name. */
  get isUsed(): boolean {
    return this.#written > 0;
  }

  /** Awaited only where a chunk is full: most items cost no turn of their own. */
  add(place: string, item: Item): Promise<void> | undefined {
    this.#items.push([place, item]);
    return this.#items.length >= itemsAtOnce ? this.flush() : undefined;
  }

  async flush(): Promise<void> {
    const items = this.#items.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    this.#items = [];
    if (items.length > 0) await this.#put(items);
  }

  async #put(items: Placed[]): Promise<void> {
    const packed = pack(items);
    if (packed.byteLength > packedBytes && items.length > 1) {
      const middle = Math.ceil(items.length / 2);
      await this.#put(items.slice(0, middle));
      await this.#put(items.slice(middle));
      return;
    }
    await this.#write(items[0]![0], packed);
    this.#written++;
  }
}

const pack = (value: unknown): Uint8Array => zstdCompressSync(JSON.stringify(value));

const unpack = <T>(packed: unknown): T =>
  JSON.parse(String(zstdDecompressSync(packed as Uint8Array, { maxOutputLength: unpackedBytes }))) as T;
