import {
  type Item,
  type Key,
  type MemoryTable,
  type Page,
  type Query,
  StoreUnanswered,
  type Table,
} from '#store';
import type { Process, Sim } from './sim.ts';

/** Sees every write at the moment it takes effect. */
export interface Witness {
  written(process: Process, before: Item | undefined, after: Item | undefined): void;
}

/** The one store of a simulation. Its index is behind by a random moment, now and then by seconds. */
export class SimStore {
  readonly memory: MemoryTable;
  readonly #sim: Sim;
  readonly #witness: Witness;
  /** The latest state of every item, for checks. */
  readonly items = new Map<string, Item>();
  readonly #index = new Map<string, Map<string, Item>>();
  /** The place in the index that each item last had, or will have when its lag is over. */
  readonly #listed = new Map<string, Item>();
  readonly #indexedIn = new Map<string, string>();
  lagging = true;
  /** How many entries of the index one answer holds. */
  pageSize = 1000;

  constructor(sim: Sim, memory: MemoryTable, witness: Witness) {
    this.#sim = sim;
    this.memory = memory;
    this.#witness = witness;
  }

  /** The table as one process sees it. */
  for(process: Process): Table {
    const { memory } = this;
    const write = <T>(verb: string, key: Key, carryOut: () => Promise<T>, detail?: unknown): Promise<T> =>
      process.operate(
        verb,
        `${key.pk} ${key.sk}`,
        () => {
          const name = `${key.pk} ${key.sk}`;
          const before = this.items.get(name);
          const result = carryOut();
          const after = memory.peek(key);
          if (after !== before) {
            if (after) this.items.set(name, after);
            else this.items.delete(name);
            this.#list(name, after);
            this.#witness.written(process, before, after);
          }
          return result;
        },
        () => new StoreUnanswered(verb),
        detail,
      );
    const read = <T>(verb: string, what: string, carryOut: () => Promise<T>): Promise<T> =>
      process.operate(verb, what, carryOut, () => new StoreUnanswered(verb));
    return {
      get: (key, options) => read('get', `${key.pk} ${key.sk}`, () => memory.get(key, options)),
      getMany: (all, options) => read('getMany', '', () => memory.getMany(all, options)),
      put: (item, when) => write('put', item, () => memory.put(item, when), item),
      update: (key, change, when) => write('update', key, () => memory.update(key, change, when), change),
      delete: (key, when) => write('delete', key, () => memory.delete(key, when)),
      add: (key, numbers, set) => write('add', key, () => memory.add(key, numbers, set)),
      query: (query) =>
        read('query', query.partition, () => (query.index ? this.#due(query) : memory.query(query))),
      units: memory.units,
    };
  }

  #list(name: string, item: Item | undefined): void {
    const entry = item?.duePk === undefined ? undefined : item;
    const previous = this.#listed.get(name);
    if (entry?.dueSk === previous?.dueSk && entry?.duePk === previous?.duePk) return;
    if (entry) this.#listed.set(name, entry);
    else this.#listed.delete(name);
    const random = this.#sim.random();
    const lag = !this.lagging ? 0 : random < 0.05 ? random * 100_000 : random * 50;
    this.#sim.after(lag, () => {
      // What has moved on meanwhile is listed where it went, when that is due.
      if (this.#listed.get(name) !== entry) return;
      this.#index.get(this.#indexedIn.get(name) ?? '')?.delete(name);
      if (!entry) return;
      const partition = String(entry.duePk);
      const names = this.#index.get(partition) ?? new Map<string, Item>();
      this.#index.set(partition, names);
      this.#indexedIn.set(name, partition);
      names.set(name, { pk: entry.pk, sk: entry.sk, duePk: entry.duePk!, dueSk: entry.dueSk! });
    });
  }

  async #due({ partition, to = '~', limit = 1000, after }: Query): Promise<Page> {
    const items = [...(this.#index.get(partition)?.values() ?? [])]
      .filter((item) => String(item.dueSk) <= to && (!after || String(item.dueSk) > String(after.dueSk)))
      .sort((a, b) => (String(a.dueSk) < String(b.dueSk) ? -1 : 1));
    const page = items.slice(0, Math.min(limit, this.pageSize));
    const last = page.at(-1);
    const { pk, sk, dueSk } = last ?? { pk: '', sk: '', dueSk: '' };
    return { items: page, next: page.length < items.length ? { pk, sk, dueSk: String(dueSk) } : undefined };
  }
}
