import { inByteOrder } from './byteOrder.ts';
import { Ordered, type Place } from './ordered.ts';
import {
  type Change,
  type Condition,
  type Cursor,
  type Item,
  type Key,
  type Page,
  type Query,
  StoreRefused,
  type Table,
  type Units,
  type Value,
  type Written,
} from './table.ts';
import { copyOf, largestItem, refuseWrongKeys, weigh } from './values.ts';

/** An item as it is kept: never changed, but replaced, so that copies can share what is in it. */
interface Stored extends Place {
  item: Item;
  weight: number;
  /** Its entry in the due index. */
  due: Due | undefined;
}

interface Due extends Place {
  partition: string;
  keys: Item;
}

/**
 * The table in memory, for tests and simulations: the same semantics as `dynamo.ts`, held to them by the
 * contract suite. It is never used by a running Drover.
 */
export class MemoryTable implements Table {
  readonly #items = new Map<string, Map<string, Stored>>();
  readonly #order = new Map<string, Ordered<Stored>>();
  readonly #due = new Map<string, Ordered<Due>>();
  readonly #now: () => number;
  readonly #units: Units = { read: 0, write: 0 };

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  get units(): Readonly<Units> {
    return this.#units;
  }

  async get(key: Key, { eventually = false } = {}): Promise<Item | undefined> {
    const stored = this.#stored(key);
    this.#units.read += blocks(stored?.weight ?? 0, 4096) * (eventually ? 0.5 : 1);
    return stored && !this.#isExpired(stored.item) ? copyOfItem(stored.item) : undefined;
  }

  async getMany(keys: Key[], options: { eventually?: boolean } = {}): Promise<Item[]> {
    const distinct = new Map(keys.map((key) => [JSON.stringify([key.pk, key.sk]), key]));
    const found = await Promise.all([...distinct.values()].map((key) => this.get(key, options)));
    return found.filter((item) => item !== undefined);
  }

  /** The item as it is kept, for a simulation's witness: not a copy, and not to be changed. */
  peek(key: Key): Item | undefined {
    return this.#stored(key)?.item;
  }

  /** Everything that is kept, for a test that searches all of it. */
  *all(): Generator<Item> {
    for (const partition of this.#items.values()) {
      for (const { item } of partition.values()) yield copyOfItem(item);
    }
  }

  async put(item: Item, when?: Condition): Promise<Written> {
    const next = copyOfItem(item);
    const before = this.#stored(item);
    if (!holds(before?.item, when)) return this.#refused();
    this.#replace(before, next);
    return 'written';
  }

  async update(key: Key, change: Change, when?: Condition): Promise<Written> {
    const before = this.#stored(key);
    const next = changed(key, before?.item, change);
    if (!holds(before?.item, when)) return this.#refused();
    this.#replace(before, next);
    return 'written';
  }

  async delete(key: Key, when?: Condition): Promise<Written> {
    const before = this.#stored(key);
    if (!holds(before?.item, when)) return this.#refused();
    if (before) this.#replace(before, undefined);
    else this.#units.write += 1;
    return 'written';
  }

  async add(
    key: Key,
    numbers: Record<string, number>,
    set: Record<string, Value> = {},
  ): Promise<Record<string, number>> {
    const before = this.#stored(key);
    const sums: Record<string, number> = {};
    for (const [name, amount] of Object.entries(numbers)) {
      const sum = before?.item[name] ?? 0;
      if (typeof sum !== 'number') throw new StoreRefused('an addition', `${name} is not a number`);
      sums[name] = sum + amount;
    }
    this.#replace(before, changed(key, before?.item, { set: { ...set, ...sums } }));
    return sums;
  }

  async query(query: Query): Promise<Page> {
    const [list, place] = query.index
      ? [this.#due.get(query.partition), placeInIndex]
      : [this.#order.get(query.partition), placeInTable];
    const half = query.eventually || query.index ? 0.5 : 1;
    if (!list) {
      this.#units.read += half;
      return { items: [], next: undefined };
    }
    let [start, end] = boundsOf(query, list as Ordered<Place>);
    const after = query.after && place(query.after as Item);
    if (after && query.descending) end = Math.min(end, list.firstNotBefore(after));
    if (after && !query.descending) start = Math.max(start, list.firstAfter(after));

    const items: Item[] = [];
    let weight = 0;
    let next: Cursor | undefined;
    for (let read = 0; read < end - start && !next; read++) {
      const entry = list.at(query.descending ? end - 1 - read : start + read);
      const item = 'keys' in entry ? entry.keys : entry.item;
      weight += 'keys' in entry ? weigh(item) : entry.weight;
      if (!this.#isExpired(item)) items.push(copyOfItem(item, query.index ? undefined : query.attributes));
      // The real store ends a page here without looking whether anything follows: a last page may be empty.
      if (read + 1 === query.limit || weight >= largestPage) next = cursorOf(item, query.index);
    }
    this.#units.read += blocks(weight, 4096) * half;
    return { items, next };
  }

  #stored(key: Key): Stored | undefined {
    return this.#items.get(key.pk)?.get(key.sk);
  }

  /** The index knows keys alone: there an expired item is listed until it is removed. */
  #isExpired(item: Item): boolean {
    return typeof item.expiresAt === 'number' && item.expiresAt * 1000 <= this.#now();
  }

  #refused(): Written {
    this.#units.write += 1;
    return 'refused';
  }

  #replace(before: Stored | undefined, item: Item | undefined): void {
    const after = item && storedOf(item);
    const { pk, sk } = (item ?? before?.item)!;
    const items = of(this.#items, pk, () => new Map<string, Stored>());
    const order = of(this.#order, pk, () => new Ordered<Stored>());
    if (after) {
      order.put(after);
      items.set(sk, after);
    } else {
      if (before) order.remove(before);
      items.delete(sk);
      if (items.size === 0) {
        this.#items.delete(pk);
        this.#order.delete(pk);
      }
    }
    this.#units.write += blocks(Math.max(before?.weight ?? 0, after?.weight ?? 0), 1024);
    this.#list(before?.due, after?.due);
  }

  #list(before: Due | undefined, after: Due | undefined): void {
    if (before?.partition === after?.partition && before?.sort === after?.sort) return;
    if (before) this.#due.get(before.partition)!.remove(before);
    if (after) of(this.#due, after.partition, () => new Ordered<Due>()).put(after);
    this.#units.write += (before ? 1 : 0) + (after ? 1 : 0);
  }
}

const largestPage = 1024 * 1024;

function of<T>(map: Map<string, T>, name: string, make: () => T): T {
  const known = map.get(name);
  if (known) return known;
  const made = make();
  map.set(name, made);
  return made;
}

/** Conditions see what is stored, expired or not, as DynamoDB's do. */
function holds(item: Item | undefined, when: Condition | undefined): boolean {
  if (when === undefined) return true;
  if (when === 'absent') return item === undefined;
  for (const name of Object.keys(when)) if (item?.[name] !== when[name]) return false;
  return true;
}

function changed(key: Key, before: Item | undefined, { set = {}, remove = [] }: Change): Item {
  const item: Item = before ? { ...before } : { pk: key.pk, sk: key.sk };
  for (const name of [...Object.keys(set), ...remove]) {
    if (name === 'pk' || name === 'sk') throw new StoreRefused('an update', 'a key never changes');
  }
  for (const name of Object.keys(set)) item[name] = copyOf(set[name], name);
  for (const name of remove) {
    if (Object.hasOwn(set, name)) throw new StoreRefused('an update', `${name} is both set and removed`);
    delete item[name];
  }
  return item;
}

function storedOf(item: Item): Stored {
  const { pk, sk, duePk, dueSk } = item;
  refuseWrongKeys(item);
  const weight = weigh(item);
  if (weight > largestItem) throw new StoreRefused('to keep an item', 'the item is too large');
  const due =
    typeof duePk === 'string' && typeof dueSk === 'string'
      ? { partition: duePk, keys: { pk, sk, duePk, dueSk }, ...placeInIndex(item) }
      : undefined;
  return { item, weight, due, ...placeInTable(item) };
}

const placeInTable = ({ sk }: Item): Place => ({ sort: inByteOrder(sk), tie: '' });
const placeInIndex = ({ pk, sk, dueSk }: Item): Place => ({
  sort: inByteOrder(dueSk as string),
  tie: `${pk}\u0000${sk}`,
});

function boundsOf({ from, to, prefix }: Query, list: Ordered<Place>): [start: number, end: number] {
  const [lower, upper, begin] = [from ?? '', to, prefix ?? ''].map((text) => text && inByteOrder(text)) as [
    string,
    string | undefined,
    string,
  ];
  const start = list.first(({ sort }) => sort >= lower && sort >= begin);
  const end = list.first(
    ({ sort }) => (upper !== undefined && sort > upper) || sort.slice(0, begin.length) > begin,
  );
  return [start, end];
}

function cursorOf({ pk, sk, duePk, dueSk }: Item, index: 'due' | undefined): Cursor {
  return index ? { pk, sk, duePk: String(duePk), dueSk: String(dueSk) } : { pk, sk };
}

function copyOfItem(item: Item, attributes?: string[]): Item {
  const copy: Item = { pk: item.pk, sk: item.sk };
  for (const name of attributes ?? Object.keys(item)) {
    if (!attributes || Object.hasOwn(item, name)) copy[name] = copyOf(item[name], name);
  }
  return copy;
}

const blocks = (weight: number, size: number): number => Math.max(1, Math.ceil(weight / size));
