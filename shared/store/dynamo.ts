import {
  type AttributeValue,
  BatchGetItemCommand,
  type ConsumedCapacity,
  DeleteItemCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type Clock, type Millis, second, systemClock } from '#time';
import { fromAttributes, fromCursorKey, toAttributes, toKey } from './attributes.ts';
import { isConditionFailure, storeError } from './dynamoErrors.ts';
import { conditionOf, keyConditionOf, Placeholders, updateOf } from './expressions.ts';
import { Gate } from './gate.ts';
import {
  type Change,
  type Condition,
  type Item,
  type Key,
  type Page,
  type Query,
  StoreUnanswered,
  type Table,
  type Units,
  type Value,
  type Written,
} from './table.ts';
import { refuseWrongKeys } from './values.ts';

export interface DynamoOptions {
  tableName: string;
  /** Absent on AWS. */
  endpoint?: string;
  region?: string;
  /** Default: those of the function's role; with an `endpoint`, made-up ones, as local stores check none. */
  credentials?: { accessKeyId: string; secretAccessKey: string };
  /** Tells which items have expired. */
  clock?: Clock;
}

/** `close` ends the connections that are kept open. */
export type DynamoTable = Table & { close(): void };

/**
 * A worker's lease lasts 30 s, so a call must fail long before. A try that gets no answer is given up after
 * `tryFor`, and the call with all its tries after `patience`.
 */
const tryFor: Millis = 2.5 * second;
const patience: Millis = 5 * second;

/**
 * Calls under way at once. The SDK counts the wait for a free socket as time without an answer, so that a burst
 * of calls would fail while the store is well: we let no more in than there are sockets.
 */
const inFlight = 32;

/**
 * Without `info` and `error`, which the SDK looks for before it copies every item that goes over the line for a log
 * that nobody writes: a tenth of a call's processor time.
 */
const quiet = { trace() {}, debug() {}, warn() {} } as unknown as NonNullable<DynamoDBClientConfig['logger']>;

export function dynamoTable(options: DynamoOptions): DynamoTable {
  return new Dynamo(options);
}

class Dynamo implements DynamoTable {
  readonly #tableName: string;
  readonly #clock: Clock;
  /**
   * Tries up to three times. A conditional write whose first try was applied and whose answer was lost is then
   * `refused` by its own success: the engine finds that out by reading again (ENGINE rule 3).
   */
  readonly #client: DynamoDBClient;
  /** Tries once, for `add`. It shares the connections: those of a thawed function are dead until a first call. */
  readonly #once: DynamoDBClient;
  readonly #gate = new Gate(inFlight);
  readonly #units: Units = { read: 0, write: 0 };

  constructor({ tableName, endpoint, region, credentials, clock = systemClock }: DynamoOptions) {
    this.#tableName = tableName;
    this.#clock = clock;
    const config: DynamoDBClientConfig = {
      ...(endpoint !== undefined && {
        endpoint,
        region: region ?? 'local',
        credentials: credentials ?? { accessKeyId: 'local', secretAccessKey: 'local' },
      }),
      ...(region !== undefined && { region }),
      ...(credentials && { credentials }),
      logger: quiet,
      retryMode: 'standard',
      maxAttempts: 3,
      requestHandler: {
        connectionTimeout: tryFor,
        requestTimeout: tryFor,
        throwOnRequestTimeout: true,
        httpAgent: { maxSockets: inFlight },
        httpsAgent: { maxSockets: inFlight },
      },
    };
    this.#client = new DynamoDBClient(config);
    this.#once = new DynamoDBClient({
      ...config,
      maxAttempts: 1,
      requestHandler: this.#client.config.requestHandler,
    });
  }

  get units(): Readonly<Units> {
    return this.#units;
  }

  close(): void {
    this.#client.destroy();
    this.#once.destroy();
  }

  async get(key: Key, { eventually = false } = {}): Promise<Item | undefined> {
    const answer = await this.#ask('a read', (within) =>
      this.#client.send(
        new GetItemCommand({ ...this.#counted, Key: toKey(key), ConsistentRead: !eventually }),
        within,
      ),
    );
    this.#read(answer.ConsumedCapacity);
    return answer.Item && this.#live(fromAttributes(answer.Item));
  }

  async getMany(keys: Key[], { eventually = false } = {}): Promise<Item[]> {
    const distinct = new Map(keys.map((key) => [JSON.stringify([key.pk, key.sk]), toKey(key)]));
    const chunks = chunked([...distinct.values()], 100);
    const found: Item[] = [];
    const lane = async () => {
      for (let chunk = chunks.shift(); chunk; chunk = chunks.shift()) {
        found.push(...(await this.#batch(chunk, eventually)));
      }
    };
    await Promise.all([lane(), lane(), lane(), lane()]);
    return found;
  }

  async put(item: Item, when?: Condition): Promise<Written> {
    refuseWrongKeys(item);
    const p = new Placeholders();
    const input = { ...this.#counted, Item: toAttributes(item), ...conditionOf(when, p), ...p.spelled };
    return this.#write('a put', (within) => this.#client.send(new PutItemCommand(input), within));
  }

  async update(key: Key, change: Change, when?: Condition): Promise<Written> {
    refuseWrongKeys(change.set ?? {});
    const p = new Placeholders();
    const input = {
      ...this.#counted,
      Key: toKey(key),
      ...updateOf(change, p),
      ...conditionOf(when, p),
      ...p.spelled,
    };
    return this.#write('an update', (within) => this.#client.send(new UpdateItemCommand(input), within));
  }

  async delete(key: Key, when?: Condition): Promise<Written> {
    const p = new Placeholders();
    const input = { ...this.#counted, Key: toKey(key), ...conditionOf(when, p), ...p.spelled };
    return this.#write('a delete', (within) => this.#client.send(new DeleteItemCommand(input), within));
  }

  async add(
    key: Key,
    numbers: Record<string, number>,
    set: Record<string, Value> = {},
  ): Promise<Record<string, number>> {
    const p = new Placeholders();
    const input = { ...this.#counted, Key: toKey(key), ...updateOf({ set, add: numbers }, p), ...p.spelled };
    const answer = await this.#ask('an addition', (within) =>
      this.#once.send(new UpdateItemCommand({ ...input, ReturnValues: 'UPDATED_NEW' }), within),
    );
    this.#wrote(answer.ConsumedCapacity);
    const sums = fromAttributes(answer.Attributes ?? {});
    return Object.fromEntries(Object.keys(numbers).map((name) => [name, Number(sums[name])]));
  }

  async query(query: Query): Promise<Page> {
    const p = new Placeholders();
    const condition = keyConditionOf(query, p);
    if (!condition) return { items: [], next: undefined };
    const attributes = query.index ? undefined : query.attributes;
    const input = {
      ...this.#counted,
      ...(query.index && { IndexName: query.index }),
      ...condition,
      ...(attributes && {
        ProjectionExpression: [...new Set(['pk', 'sk', 'expiresAt', ...attributes])]
          .map((name) => p.name(name))
          .join(', '),
      }),
      ...p.spelled,
      ScanIndexForward: !query.descending,
      ConsistentRead: !query.index && !query.eventually,
      ...(query.limit !== undefined && { Limit: query.limit }),
      ...(query.after && { ExclusiveStartKey: toAttributes(query.after) }),
    };
    const answer = await this.#ask('a query', (within) => this.#client.send(new QueryCommand(input), within));
    this.#read(answer.ConsumedCapacity);
    const items: Item[] = [];
    for (const attributesFound of answer.Items ?? []) {
      const item = this.#live(fromAttributes(attributesFound));
      if (!item) continue;
      if (attributes && !attributes.includes('expiresAt')) delete item.expiresAt;
      items.push(item);
    }
    return { items, next: fromCursorKey(answer.LastEvaluatedKey) };
  }

  get #counted() {
    return { TableName: this.#tableName, ReturnConsumedCapacity: 'TOTAL' } as const;
  }

  /** The store removes expired items when it gets to it, within days: until then they are read as gone. */
  #live(item: Item): Item | undefined {
    const { expiresAt } = item;
    return typeof expiresAt === 'number' && expiresAt * second <= this.#clock.now() ? undefined : item;
  }

  /** The API may leave keys unread, when an answer grows over 16 MB or it is throttled: those are asked for again. */
  async #batch(keys: Record<string, AttributeValue>[], eventually: boolean): Promise<Item[]> {
    const found: Item[] = [];
    let rest = keys;
    for (let fruitless = 0; rest.length > 0; ) {
      const answer = await this.#ask('a read of many', (within) =>
        this.#client.send(
          new BatchGetItemCommand({
            ReturnConsumedCapacity: 'TOTAL',
            RequestItems: { [this.#tableName]: { Keys: rest, ConsistentRead: !eventually } },
          }),
          within,
        ),
      );
      for (const capacity of answer.ConsumedCapacity ?? []) this.#read(capacity);
      for (const attributes of answer.Responses?.[this.#tableName] ?? []) {
        const item = this.#live(fromAttributes(attributes));
        if (item) found.push(item);
      }
      const left = answer.UnprocessedKeys?.[this.#tableName]?.Keys ?? [];
      fruitless = left.length < rest.length ? 0 : fruitless + 1;
      if (fruitless > 4) throw new StoreUnanswered('a read of many');
      if (fruitless > 0) await this.#clock.sleep(50 * 2 ** fruitless);
      rest = left;
    }
    return found;
  }

  async #write(
    operation: string,
    call: (within: Within) => Promise<{ ConsumedCapacity?: ConsumedCapacity | undefined }>,
  ): Promise<Written> {
    try {
      const answer = await this.#send(call);
      this.#wrote(answer.ConsumedCapacity);
      return 'written';
    } catch (error) {
      if (!isConditionFailure(error)) throw storeError(operation, error);
      // A refused write is billed like one that happened, yet its answer does not say how much.
      this.#units.write += 1;
      return 'refused';
    }
  }

  async #ask<Answer>(operation: string, call: (within: Within) => Promise<Answer>): Promise<Answer> {
    try {
      return await this.#send(call);
    } catch (error) {
      throw storeError(operation, error);
    }
  }

  #send<Answer>(call: (within: Within) => Promise<Answer>): Promise<Answer> {
    const abortSignal = AbortSignal.timeout(patience);
    return this.#gate.through(() => call({ abortSignal }));
  }

  #read(consumed: ConsumedCapacity | undefined): void {
    this.#units.read += consumed?.CapacityUnits ?? 0;
  }

  #wrote(consumed: ConsumedCapacity | undefined): void {
    this.#units.write += consumed?.CapacityUnits ?? 0;
  }
}

interface Within {
  abortSignal: AbortSignal;
}

function chunked<T>(all: T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let i = 0; i < all.length; i += size) chunks.push(all.slice(i, i + size));
  return chunks;
}
