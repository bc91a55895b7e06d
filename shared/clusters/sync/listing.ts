import { type Cause, DroverError } from '#errors';
import type { KubeConnection } from '#kubernetes';
import type { Clock, Instant } from '#time';
import type { Item } from './items.ts';
import type { SyncKind } from './kinds.ts';
import type { Open } from './model.ts';
import { askPage, ListExpired, type ListPage } from './page.ts';
import { type ChunkWriter, inOrder } from './shelf.ts';
import { type Source, sources } from './sources.ts';

/** Rows without objects are some hundred bytes each; objects are read few at a time, so that few lie in memory. */
const rowsAtOnce = 2_500;
const objectsAtOnce = 500;
const fewestAtOnce = 20;
/** From so many items on it is worth a question per namespace to be spared their metadata. */
const manyItems = 2_000;
const itemsPerNamespace = 20;
const mostRestarts = 1;
/** Of a server that always has one more page and nothing in it. */
const mostEmptyPages = 20;

export interface ListingParts {
  connection: KubeConnection;
  clock: Clock;
  signal: AbortSignal;
  /** A page is not begun after it. */
  until: Instant;
  /** What this attempt writes is a segment of its own, and another after a new beginning. */
  newWriter(segment: string): ChunkWriter;
  attempt: string;
}

export const beginning = (now: Instant): Open => ({
  since: now,
  segments: [],
  place: { namespace: null, continue: null },
  items: 0,
  tally: {},
  isInconsistent: false,
  restarts: 0,
});

/** The list of one kind, page by page, from where it stands. */
export class Listing {
  readonly #kind: SyncKind;
  readonly #source: Source;
  readonly #parts: ListingParts;
  readonly #open: Open;
  #writer: ChunkWriter;
  #segment: string;
  #limit: number;
  #isByNamespace: boolean;
  /** Each with a stroke behind it, in order: as `NAMESPACE/NAME` sorts, `a-b/` before `a/`. */
  #namespaces: string[] | undefined;
  #next = 0;
  #emptyPages = 0;
  #gathered: Item[] = [];
  /** Segments of before a list that had to be begun anew. */
  readonly dropped: string[] = [];

  constructor(kind: SyncKind, open: Open, parts: ListingParts) {
    this.#kind = kind;
    this.#source = sources[kind];
    this.#open = structuredClone(open);
    this.#segment = parts.attempt;
    this.#writer = parts.newWriter(this.#segment);
    this.#parts = parts;
    const isDiscreet = this.#source.form === 'table' && this.#source.isDiscreet === true;
    this.#isByNamespace = isDiscreet || open.place.namespace !== null;
    this.#limit = this.#usualLimit();
  }

  /** As it stands once everything that was read is written. */
  async paused(): Promise<Open> {
    await this.#writer.flush();
    const own = this.#writer.isUsed ? [this.#segment] : [];
    return { ...this.#open, segments: [...this.#open.segments, ...own] };
  }

  /** Whatever was written of it, to be let go. */
  get written(): string[] {
    return [...this.dropped, ...this.#open.segments, this.#segment];
  }

  get cause(): Cause | null {
    if (this.#open.items >= this.#source.most) {
      return { code: 'INVENTORY_CAPPED', values: { kind: this.#kind, most: this.#source.most } };
    }
    return this.#open.isInconsistent
      ? { code: 'INVENTORY_INCONSISTENT', values: { kind: this.#kind } }
      : null;
  }

  /** True once all is there; false where the time was not enough. Throws what ended it. */
  async carryOn(): Promise<boolean> {
    while (this.#mayAsk()) {
      if (this.#isByNamespace && this.#open.place.namespace === null && !(await this.#nextNamespace(''))) {
        return this.#end();
      }
      if (await this.#turnPage()) return this.#end();
    }
    return false;
  }

  #mayAsk(): boolean {
    const { clock, until, signal } = this.#parts;
    const isAtomic = this.#source.form === 'objects' && this.#source.newest !== undefined;
    return isAtomic || (clock.now() < until && !signal.aborted);
  }

  /** True after the last. */
  async #turnPage(): Promise<boolean> {
    const page = await this.#ask();
    if (!page) return false;
    if (this.#isBeginning && (await this.#isBetterByNamespace(page))) return false;
    await this.#take(page);
    if (this.#open.items >= this.#source.most) return true;
    this.#emptyPages = isEmpty(page) ? this.#emptyPages + 1 : 0;
    if (this.#emptyPages >= mostEmptyPages) {
      this.#open.isInconsistent = true;
      return true;
    }
    if (page.continue !== null) {
      this.#open.place = { ...this.#open.place, continue: page.continue };
      return false;
    }
    const { namespace } = this.#open.place;
    return namespace === null || !(await this.#nextNamespace(namespace));
  }

  get #isBeginning(): boolean {
    return this.#open.items === 0 && this.#open.place.continue === null && !this.#isByNamespace;
  }

  async #ask(): Promise<ListPage | undefined> {
    const { connection, signal } = this.#parts;
    try {
      return await askPage(connection, this.#source, {
        ...this.#open.place,
        limit: this.#limit,
        withMetadata: !this.#isByNamespace,
        signal,
      });
    } catch (error) {
      if (error instanceof ListExpired) {
        this.#goOnLater(error);
        return undefined;
      }
      if (error instanceof DroverError && error.code === 'RESPONSE_TOO_LARGE' && this.#limit > fewestAtOnce) {
        this.#limit = Math.max(fewestAtOnce, Math.floor(this.#limit / 4));
        return undefined;
      }
      throw error;
    }
  }

  /** What comes is of a later state than what is there; without a place to go on from, all begins anew, once. */
  #goOnLater({ continue: from, problem }: ListExpired): void {
    if (from !== null && from !== this.#open.place.continue) {
      this.#open.place = { ...this.#open.place, continue: from };
      this.#open.isInconsistent = true;
      return;
    }
    if (this.#open.restarts >= mostRestarts) throw problem;
    this.dropped.push(...this.#open.segments, this.#segment);
    const restarts = this.#open.restarts + 1;
    Object.assign(this.#open, beginning(this.#parts.clock.now()), { restarts });
    this.#segment = `${this.#parts.attempt}r${restarts}`;
    this.#writer = this.#parts.newWriter(this.#segment);
    this.#gathered = [];
  }

  async #take({ table, objects }: ListPage): Promise<void> {
    const source = this.#source;
    const add = (name: string, by: number) => {
      this.#open.tally[name] = (this.#open.tally[name] ?? 0) + by;
    };
    const keep = (item: Item): Promise<void> | undefined => {
      if (this.#open.items >= source.most) return undefined;
      this.#open.items++;
      source.tally?.(item, add);
      return this.#writer.add(item);
    };
    if (source.form === 'table') {
      const { namespace } = this.#open.place;
      const read = source.reader(table!, { now: this.#parts.clock.now(), namespace });
      for (const row of table!.rows) {
        const full = keep(read(row));
        if (full) await full;
      }
      return;
    }
    for (const object of objects) {
      const item = source.read(object);
      if (item && source.newest === undefined) await keep(item);
      else if (item) {
        this.#open.items++;
        this.#gathered.push(item);
      }
    }
  }

  async #end(): Promise<true> {
    const source = this.#source;
    if (source.form === 'objects' && source.newest !== undefined) {
      for (const item of inOrder(this.#kind, this.#gathered).slice(0, source.newest)) {
        await this.#writer.add(item);
      }
    }
    return true;
  }

  /** So many that their metadata is worth sparing, and not spread over so many namespaces that asking each costs more. */
  async #isBetterByNamespace(page: ListPage): Promise<boolean> {
    if (this.#source.form !== 'table' || !this.#source.isNamespaced || page.continue === null) return false;
    const items = page.table!.rows.length + (page.remaining ?? 0);
    if (items < manyItems) return false;
    const namespaces = await this.#readNamespaces();
    if (items < namespaces.length * itemsPerNamespace) return false;
    this.#isByNamespace = true;
    this.#limit = this.#usualLimit();
    return true;
  }

  /** False where there is none after it. */
  async #nextNamespace(after: string): Promise<boolean> {
    const namespaces = await this.#readNamespaces();
    const from = after === '' ? '' : `${after}/`;
    if (namespaces[this.#next - 1] !== from) this.#next = namespaces.findIndex((name) => name > from);
    const found = namespaces[this.#next++];
    if (found === undefined) return false;
    this.#open.place = { namespace: found.slice(0, -1), continue: null };
    return true;
  }

  async #readNamespaces(): Promise<string[]> {
    if (this.#namespaces) return this.#namespaces;
    const { connection, signal } = this.#parts;
    const names: string[] = [];
    let empty = 0;
    for (let from: string | null = null; ; ) {
      const page: ListPage = await askPage(connection, sources.namespaces, {
        namespace: null,
        continue: from,
        limit: rowsAtOnce,
        withMetadata: false,
        signal,
      });
      const at = page.table!.columnDefinitions.findIndex(({ name }) => name === 'Name');
      names.push(...page.table!.rows.map(({ cells }) => `${cells[at]}/`));
      empty = isEmpty(page) ? empty + 1 : 0;
      if (page.continue === null || empty >= mostEmptyPages) break;
      if (names.length >= sources.namespaces.most) break;
      from = page.continue;
    }
    this.#namespaces = names.sort();
    return this.#namespaces;
  }

  #usualLimit(): number {
    if (this.#isByNamespace) return rowsAtOnce;
    return this.#source.atOnce ?? objectsAtOnce;
  }
}

const isEmpty = ({ table, objects }: ListPage): boolean => (table?.rows ?? objects).length === 0;
