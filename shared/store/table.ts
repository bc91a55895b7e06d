/**
 * The port to the key-value store: what the DynamoDB API offers everywhere, and no more. Single items,
 * conditional writes; no transactions, no streams. Implementations: `dynamo.ts` and, for tests, `memory.ts`;
 * one contract suite (test/shared/store/contract.ts) holds them to the same behaviour.
 */
export interface Key {
  pk: string;
  sk: string;
}

export type Value = string | number | boolean | null | Uint8Array | Value[] | { [name: string]: Value };

/** `duePk` and `dueSk`, where present, list the item in the due index. `expiresAt` is in seconds, as TTL wants it. */
export type Item = Key & { [attribute: string]: Value };

/**
 * What must hold of the stored item for a write to happen: `'absent'`, or attributes with the values they must
 * have; `undefined` stands for "has no such attribute". An item that does not exist has no attributes.
 */
export type Condition = 'absent' | { [attribute: string]: string | number | boolean | undefined };

/** `refused`: the condition did not hold, and nothing was written. */
export type Written = 'written' | 'refused';

export interface Change {
  set?: { [attribute: string]: Value };
  remove?: string[];
}

export interface Query {
  /** `due` is the sparse index over duePk and dueSk: keys alone, and possibly behind the table. */
  index?: 'due';
  partition: string;
  /** Both ends included. */
  from?: string;
  to?: string;
  prefix?: string;
  limit?: number;
  descending?: boolean;
  /** `next` of the page before. */
  after?: Cursor;
  /** Eventually consistent reads cost half. Default: consistent; an index never is. */
  eventually?: boolean;
  /** Only these attributes are answered (keys always are). */
  attributes?: string[];
}

/** The key a page ended with, as the store names it. Opaque; see `cursor.ts` for what leaves the process. */
export type Cursor = { [attribute: string]: string };

export interface Page {
  items: Item[];
  next: Cursor | undefined;
}

export interface Units {
  read: number;
  write: number;
}

export interface Table {
  /** Strongly consistent unless told otherwise. Items past their `expiresAt` are not answered. */
  get(key: Key, options?: { eventually?: boolean }): Promise<Item | undefined>;
  /** Those that exist, in no particular order. Any number of keys. */
  getMany(keys: Key[], options?: { eventually?: boolean }): Promise<Item[]>;
  put(item: Item, when?: Condition): Promise<Written>;
  /** Without a condition, an item that does not exist comes to be: give one unless that is meant. */
  update(key: Key, change: Change, when?: Condition): Promise<Written>;
  delete(key: Key, when?: Condition): Promise<Written>;
  /**
   * Adds to numbers atomically and answers their new values. Never tried twice: a lost answer may lose the
   * increment and cannot double it. `set` are attributes to put beside them (a label set, an expiry).
   */
  add(
    key: Key,
    numbers: Record<string, number>,
    set?: { [attribute: string]: Value },
  ): Promise<Record<string, number>>;
  /** One page: at most `limit` items or 1 MB. */
  query(query: Query): Promise<Page>;
  /** What this table's calls have cost so far, in the store's own units. */
  readonly units: Readonly<Units>;
}

/** The store did not answer: whether a write happened is not known. Conditions that fail are answers, not this. */
export class StoreUnanswered extends Error {
  constructor(operation: string, cause?: unknown) {
    super(`The store did not answer ${operation}.`, { cause });
    this.name = 'StoreUnanswered';
  }
}

/** The store answered that it cannot do this: access denied, no such table, item too large. Repeating will not help. */
export class StoreRefused extends Error {
  readonly reason: string;
  constructor(operation: string, reason: string, cause?: unknown) {
    super(`The store refused ${operation}: ${reason}`, { cause });
    this.name = 'StoreRefused';
    this.reason = reason;
  }
}
