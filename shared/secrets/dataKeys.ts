import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Item, Table } from '#store';
import { type Clock, type Instant, minute } from '#time';
import { secretError } from './errors.ts';
import type { KeyKeeper } from './wrapping.ts';

export interface DataKey {
  scope: string;
  generation: number;
  /** An object that neither logs nor JSON can spell out. */
  key: KeyObject;
}

/** One of a scope's data keys, closed. */
export interface Generation {
  generation: number;
  /** The key that wrapped it. */
  by: string;
  /** The rotation that it was made for. */
  rotation?: string;
}

const keepFor = 5 * minute;

/**
 * The data keys of all scopes: wrapped ones in the table, one item per scope and generation; opened ones here, for
 * five minutes and never more than `atMost`.
 */
export class DataKeys {
  readonly #table: Table;
  readonly #keeper: KeyKeeper;
  readonly #clock: Clock;
  readonly #atMost: number;
  /** By scope and generation. Oldest first. */
  readonly #opened = new Map<string, { until: Instant; key: Promise<DataKey> }>();

  constructor(table: Table, keeper: KeyKeeper, clock: Clock, atMost = 512) {
    this.#table = table;
    this.#keeper = keeper;
    this.#clock = clock;
    this.#atMost = atMost;
  }

  get opened(): number {
    return this.#opened.size;
  }

  /**
   * The one that seals: made where the scope has none yet. Which it is, is asked each time: sealing is seldom, and
   * after a rotation nothing more is to come under the one before.
   */
  async newest(scope: string): Promise<DataKey> {
    const item = await this.#newestItem(scope);
    if (!item) return this.#kept(named(scope, 1), () => this.#make(scope, 1));
    const generation = Number(item.sk);
    return this.#kept(named(scope, generation), () => this.#open(scope, generation, item));
  }

  ofGeneration(scope: string, generation: number): Promise<DataKey> {
    return this.#kept(named(scope, generation), async () => {
      const key = await this.#read(scope, generation);
      if (!key) throw secretError('KEY_UNKNOWN', { key: named(scope, generation), source: 'DROVER_TABLE' });
      return key;
    });
  }

  /**
   * A new generation seals from now on; the older ones go on opening. It opens none, being what is left to do where
   * the key that wrapped them is lost. `rotation` is what it is made for.
   */
  async rotate(scope: string, rotation?: string): Promise<DataKey> {
    const generation = Number((await this.#newestItem(scope))?.sk ?? 0) + 1;
    return this.#make(scope, generation, rotation);
  }

  /** Oldest first. */
  async generations(scope: string): Promise<Generation[]> {
    const { items } = await this.#table.query({ partition: partition(scope) });
    return items.map(({ sk, by, rotation }) => ({
      generation: Number(sk),
      by: String(by),
      ...(typeof rotation === 'string' && { rotation }),
    }));
  }

  /** What was sealed with it is lost. */
  async drop(scope: string, generation: number): Promise<void> {
    await this.#table.delete(place(scope, generation));
    this.#opened.delete(named(scope, generation));
  }

  async #make(scope: string, generation: number, rotation?: string): Promise<DataKey> {
    const { plain, wrapped, by } = await this.#keeper.newDataKey(scope);
    const item = {
      ...place(scope, generation),
      wrapped,
      by,
      createdAt: this.#clock.now(),
      ...(rotation !== undefined && { rotation }),
    };
    // Another process may have been quicker: then its key is the one.
    if ((await this.#table.put(item, 'absent')) === 'refused') {
      const theirs = await this.#read(scope, generation);
      if (theirs) return theirs;
    }
    return { scope, generation, key: createSecretKey(plain) };
  }

  async #newestItem(scope: string): Promise<Item | undefined> {
    const { items } = await this.#table.query({ partition: partition(scope), descending: true, limit: 1 });
    return items[0];
  }

  async #read(scope: string, generation: number): Promise<DataKey | undefined> {
    const item = await this.#table.get(place(scope, generation));
    return item && this.#open(scope, generation, item);
  }

  async #open(scope: string, generation: number, item: Record<string, unknown>): Promise<DataKey> {
    const plain = await this.#keeper.unwrap(item.wrapped as Uint8Array, String(item.by), scope);
    return { scope, generation, key: createSecretKey(plain) };
  }

  #kept(name: string, load: () => Promise<DataKey>): Promise<DataKey> {
    const found = this.#opened.get(name);
    if (found && found.until > this.#clock.now()) return found.key;
    const key = load();
    this.#keep(name, key);
    // A failure is not kept: the next call asks again.
    key.catch(() => {
      if (this.#opened.get(name)?.key === key) this.#opened.delete(name);
    });
    return key;
  }

  #keep(name: string, key: Promise<DataKey>): void {
    const now = this.#clock.now();
    this.#opened.delete(name);
    this.#opened.set(name, { until: now + keepFor, key });
    // All are kept equally long, so the map's order is the order in which they end.
    for (const [oldest, { until }] of this.#opened) {
      if (until > now && this.#opened.size <= this.#atMost) break;
      this.#opened.delete(oldest);
    }
  }
}

const named = (scope: string, generation: number): string => `${scope}.${generation}`;
const partition = (scope: string) => `datakey#${scope}`;
const place = (scope: string, generation: number) => ({
  pk: partition(scope),
  sk: String(generation).padStart(6, '0'),
});
