import { hash as digest } from 'node:crypto';
import type { Instant } from '#time';
import { iso } from '#time';
import type { Key } from './table.ts';

/** Constants for ever (ENGINE rule 1): a row's key never moves. */
export const partitions = 16;
export const slices = 64;
export const dueShards = 4;

/** Rows near something, those that wait in a slow back-off, and events on their way to webhooks. */
export type Lane = 'near' | 'slow';
export const lanes: readonly Lane[] = ['near', 'slow'];

function hash(id: string): number {
  return digest('sha256', id, 'buffer').readUInt32BE(0);
}

const two = (n: number) => String(n).padStart(2, '0');

export const sliceOf = (id: string): number => hash(id) % slices;

export const rowPartition = (area: string, partition: number): string => `row#${area}#${two(partition)}`;

/** All rows of one slice lie in one partition, because 16 divides 64. */
export function rowKey(area: string, id: string): Key {
  const h = hash(id);
  return { pk: rowPartition(area, h % partitions), sk: `${two(h % slices)}#${id}` };
}

export const sliceRange = (area: string, slice: number): { partition: string; prefix: string } => ({
  partition: rowPartition(area, slice % partitions),
  prefix: `${two(slice)}#`,
});

export const idOfRowKey = (key: Key): string => key.sk.slice(3);

/** What belongs to one record and is too large or too secret for its row: `side#clu_…` / `credential#…`. */
export const sideKey = (id: string, what: string): Key => ({ pk: `side#${id}`, sk: what });

/** A name is reserved by an item of its own: unique in its kind, across all partitions. */
export const nameKey = (kind: string, name: string): Key => ({ pk: `name#${kind}`, sk: name });

/** Copies of a record's events: its history, and the deliveries' source. Ids sort by time. */
export const historyKey = (id: string, entry: string): Key => ({ pk: `history#${id}`, sk: entry });

export const auditShards = 4;
/** Audit entries by day, so that 90 days can be read newest first without an index. */
export const auditKey = (at: Instant, entry: string): Key => ({
  pk: `audit#${iso(at).slice(0, 10)}#${hash(entry) % auditShards}`,
  sk: entry,
});

export const auditPartitions = (at: Instant): string[] =>
  Array.from({ length: auditShards }, (_, shard) => `audit#${iso(at).slice(0, 10)}#${shard}`);

export const turnKey = (area: string, intervalSeconds: number, slice: number): Key => ({
  pk: `turn#${area}`,
  sk: `${String(intervalSeconds).padStart(5, '0')}#${two(slice)}`,
});

export const pulseKey = (area: string, intervalSeconds: number, slice: number): Key => ({
  pk: `pulse#${area}`,
  sk: `${String(intervalSeconds).padStart(5, '0')}#${two(slice)}`,
});

export const duePartition = (area: string, lane: string, shard: number): string =>
  `due#${area}#${lane}#${shard}`;

/** The attributes that list an item in the due index. */
export const dueAttributes = (area: string, lane: string, id: string, at: Instant) => ({
  duePk: duePartition(area, lane, hash(id) % dueShards),
  dueSk: `${iso(at)}#${id}`,
});

/** What comes due seldom (rounds to start, names to take back) needs no shards: one read shows all of it. */
export const shortListPartition = (area: string, list: string): string => `due#${area}.${list}`;

export const shortListAttributes = (area: string, list: string, id: string, at: Instant) => ({
  duePk: shortListPartition(area, list),
  dueSk: `${iso(at)}#${id}`,
});

/** `2026-03-01T10:00:00.000Z#` stands before the id in a due key. */
export const dueTimeLength = 25;
export const dueTimeOf = (item: Record<string, unknown>): Instant =>
  Date.parse(String(item.dueSk).slice(0, dueTimeLength - 1));

export const dueUpTo = (at: Instant): string => `${iso(at)}~`;

/** Spread over partitions, because counting is the most frequent write of all. */
export const metricShards = 8;
export const metricPartition = (shard: number): string => `metric#${shard}`;

/** When each area's tick last ran. */
export const tickPartition = 'tick';
export const tickKey = (area: string): Key => ({ pk: tickPartition, sk: area });

/** Failed sign-ins of an address or a token id in one window of time. */
export const throttleKey = (subject: string, window: number): Key => ({
  pk: `throttle#${subject}`,
  sk: String(window),
});

/** What a browser holds is kept as its hash. */
export const signInLinkKey = (sha256: string): Key => ({ pk: `signInLink#${sha256}`, sk: 'link' });
export const sessionKey = (sha256: string): Key => ({ pk: `session#${sha256}`, sk: 'session' });

/** The answer to a POST with an Idempotency-Key, by a hash of who asked and the key. */
export const idempotencyKey = (sha256: string): Key => ({ pk: `idempotency#${sha256}`, sk: 'answer' });

/** What is known of a user of a controller, whoever of the records signs in as that: `id` is a hash. */
export const accountPartition = (partition: number): string => `account#${two(partition)}`;
export const accountKey = (id: string): Key => ({ pk: accountPartition(hash(id) % partitions), sk: id });

/** What list cursors are signed with. */
export const cursorKey: Key = { pk: 'cursorKey', sk: 'key' };
