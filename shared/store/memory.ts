import type { Condition, Cursor, Item, Key, Page, Query, Table, Units, Value, Written } from './table.ts';

/**
 * The table in memory, for tests and simulations: the same semantics as `dynamo.ts`, held to them by the
 * contract suite. It is never used by a running Drover.
 */
export class MemoryTable implements Table {
  readonly #partitions = new Map<string, Map<string, Item>>();
  readonly #now: () => number;
  readonly #units: Units = { read: 0, write: 0 };

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  get units(): Readonly<Units> {
    return this.#units;
  }

  async get(key: Key, options?: { eventually?: boolean }): Promise<Item | undefined> {
    const item = this.#live(key);
    this.#units.read += units(item, 4096) * (options?.eventually ? 0.5 : 1);
    return item && structuredClone(item);
  }

  async getMany(keys: Key[], options?: { eventually?: boolean }): Promise<Item[]> {
    const found = await Promise.all(keys.map((key) => this.get(key, options)));
    return found.filter((item) => item !== undefined);
  }

  async put(item: Item, when?: Condition): Promise<Written> {
    if (!this.#holds(item, when)) return this.#refused();
    this.#store(structuredClone(item));
    return 'written';
  }

  async update(
    key: Key,
    change: { set?: Record<string, Value>; remove?: string[] },
    when?: Condition,
  ): Promise<Written> {
    if (!this.#holds(key, when)) return this.#refused();
    const item: Item = {
      ...(this.#stored(key) ?? { pk: key.pk, sk: key.sk }),
      ...structuredClone(change.set ?? {}),
    };
    for (const name of change.remove ?? []) delete item[name];
    this.#store(item);
    return 'written';
  }

  async delete(key: Key, when?: Condition): Promise<Written> {
    if (!this.#holds(key, when)) return this.#refused();
    this.#units.write += 1;
    this.#partitions.get(key.pk)?.delete(key.sk);
    return 'written';
  }

  async add(
    key: Key,
    numbers: Record<string, number>,
    set?: Record<string, Value>,
  ): Promise<Record<string, number>> {
    const item: Item = {
      ...(this.#stored(key) ?? { pk: key.pk, sk: key.sk }),
      ...structuredClone(set ?? {}),
    };
    const sums: Record<string, number> = {};
    for (const [name, amount] of Object.entries(numbers)) {
      sums[name] = ((item[name] as number | undefined) ?? 0) + amount;
    }
    this.#store({ ...item, ...sums });
    return sums;
  }

  async query(query: Query): Promise<Page> {
    const [partitionName, sortName] = query.index ? ['duePk', 'dueSk'] : ['pk', 'sk'];
    const found = (
      query.index ? this.#everything() : [...(this.#partitions.get(query.partition)?.values() ?? [])]
    )
      .filter((item) => {
        const sort = item[sortName!] as string | undefined;
        return (
          item[partitionName!] === query.partition &&
          sort !== undefined &&
          (query.from === undefined || sort >= query.from) &&
          (query.to === undefined || sort <= query.to) &&
          (query.prefix === undefined || sort.startsWith(query.prefix))
        );
      })
      .sort((a, b) => compare(place(a, sortName!), place(b, sortName!)) * (query.descending ? -1 : 1));
    const rest = query.after
      ? found.filter(
          (item) =>
            compare(place(item, sortName!), place(query.after as Item, sortName!)) *
              (query.descending ? -1 : 1) >
            0,
        )
      : found;
    const page = rest.slice(0, query.limit ?? 1_000);
    const last = page.at(-1);
    const size = page.reduce((sum, item) => sum + bytes(item), 0);
    this.#units.read += Math.max(1, Math.ceil(size / 4096)) * (query.eventually || query.index ? 0.5 : 1);
    const wanted = query.index ? ['duePk', 'dueSk'] : query.attributes;
    return {
      items: page
        .filter((item) => !this.#isExpired(item))
        .map((item) => structuredClone(wanted ? pick(item, wanted) : item)),
      next: last && page.length < rest.length ? cursorOf(last, query.index) : undefined,
    };
  }

  #stored(key: Key): Item | undefined {
    return this.#partitions.get(key.pk)?.get(key.sk);
  }

  #live(key: Key): Item | undefined {
    const item = this.#stored(key);
    return item && !this.#isExpired(item) ? item : undefined;
  }

  #isExpired(item: Item): boolean {
    return typeof item.expiresAt === 'number' && item.expiresAt * 1000 <= this.#now();
  }

  #everything(): Item[] {
    return [...this.#partitions.values()].flatMap((partition) => [...partition.values()]);
  }

  /** Conditions see what is stored, expired or not, as DynamoDB's do. */
  #holds(key: Key, when: Condition | undefined): boolean {
    if (when === undefined) return true;
    const item = this.#stored(key);
    if (when === 'absent') return item === undefined;
    return Object.entries(when).every(([name, value]) => item?.[name] === value);
  }

  #refused(): Written {
    this.#units.write += 1;
    return 'refused';
  }

  #store(item: Item): void {
    this.#units.write += units(item, 1024);
    const partition = this.#partitions.get(item.pk) ?? new Map<string, Item>();
    this.#partitions.set(item.pk, partition);
    partition.set(item.sk, item);
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The index orders by its sort key, and by the table's own keys where that is equal. */
const place = (item: Item, sortName: string): string =>
  sortName === 'sk' ? item.sk : `${item[sortName]}\u0000${item.pk}\u0000${item.sk}`;

function cursorOf(item: Item, index: 'due' | undefined): Cursor {
  const { pk, sk } = item;
  return index ? { pk, sk, duePk: String(item.duePk), dueSk: String(item.dueSk) } : { pk, sk };
}

function pick(item: Item, attributes: string[]): Item {
  const picked: Item = { pk: item.pk, sk: item.sk };
  for (const name of attributes) if (item[name] !== undefined) picked[name] = item[name]!;
  return picked;
}

/** Roughly as DynamoDB weighs an item: names and values in bytes. */
function bytes(value: Value | undefined): number {
  if (value === undefined || value === null || typeof value === 'boolean') return 1;
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return 8;
  if (value instanceof Uint8Array) return value.byteLength;
  if (Array.isArray(value)) return value.reduce<number>((sum, entry) => sum + bytes(entry) + 1, 3);
  return Object.entries(value).reduce((sum, [name, entry]) => sum + name.length + bytes(entry) + 1, 3);
}

const units = (item: Item | undefined, unit: number): number => Math.max(1, Math.ceil(bytes(item) / unit));
