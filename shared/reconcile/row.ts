import { type Item, type Key, keys, type Lane, type Value } from '#store';
import type { Instant } from '#time';
import type { Area, Labels, NewAudit, Row, Summary } from './area.ts';
import type { AuditEntry, EventEntry } from './records.ts';

/** What a commit says beside the row itself, in the same write. Ids are derived from the write's token. */
export type Entry =
  | { is: 'event'; event: EventEntry; toWebhooks: boolean }
  | { is: 'audit'; audit: AuditEntry };

/** A row as it is stored: the area's record and the engine's own fields. See ENGINE, "Terms". */
export interface Stored<D> {
  id: string;
  kind: string;
  name: string;
  labels: Labels;
  version: number;
  createdAt: Instant;
  updatedAt: Instant;
  deletedAt: Instant | undefined;
  everySeconds: number;
  attempt: number;
  trouble: { code: string; at: Instant } | undefined;
  data: D;

  rev: number;
  /** The token of the last write: new for every write. */
  last: string;
  /** The token of the claim that holds the row. */
  owner: string | undefined;
  dueAt: Instant | undefined;
  wakeAt: Instant | undefined;
  lane: Lane;
  /** Its name is confirmed and its `created` event told. */
  confirmed: boolean;
  /** What the first step's audit entry says of the creation. */
  birth: NewAudit | undefined;
  /** Another has the name: the row goes the way of a delete, untold. */
  unwanted: boolean;
  /** All is undone outside; the row stays as a tombstone until late writers are surely done. */
  goneAt: Instant | undefined;
  /** The interval whose turn knows that its slice has a row of it (rule 8). */
  inRound: number | undefined;
  /** A secret was replaced: the slots that are no longer named are to be dropped. */
  hasOldSlots: boolean;
  outbox: Entry[];
}

export interface Unreadable {
  unreadable: true;
  key: Key;
  id: string;
  reason: string;
  item: Item;
}

export const isUnreadable = <D>(row: Stored<D> | Unreadable): row is Unreadable => 'unreadable' in row;

/** Leased: someone works on it. A row in back-off has a `dueAt` ahead too, but no owner. */
export const isLeased = (
  row: { owner: string | undefined; dueAt: Instant | undefined },
  now: Instant,
): boolean => row.owner !== undefined && row.dueAt !== undefined && row.dueAt > now;

export const isAtRest = (row: { dueAt: Instant | undefined }): boolean => row.dueAt === undefined;

/** A row that nobody has touched yet: due at once. */
export function newRow<D>(
  draft: Pick<Stored<D>, 'id' | 'kind' | 'name' | 'labels' | 'data' | 'last'> & Partial<Stored<D>>,
  now: Instant,
): Stored<D> {
  return {
    version: 1,
    createdAt: now,
    updatedAt: now,
    deletedAt: undefined,
    everySeconds: 0,
    attempt: 0,
    trouble: undefined,
    rev: 1,
    owner: undefined,
    dueAt: now,
    wakeAt: undefined,
    lane: 'near',
    confirmed: false,
    birth: undefined,
    unwanted: false,
    goneAt: undefined,
    inRound: undefined,
    hasOldSlots: false,
    outbox: [],
    ...draft,
  };
}

export function viewOf<D>(row: Stored<D>): Row<D> {
  const { id, kind, name, labels, version, createdAt, updatedAt } = row;
  const { deletedAt, everySeconds, attempt, trouble, data } = row;
  const identity = { id, kind, name, labels, version, createdAt, updatedAt };
  return { ...identity, deletedAt, everySeconds, attempt, trouble, data };
}

/** The attributes that lists, rounds and counts need; the rest of the row is not sent over. */
export const listedAttributes = [
  ...['id', 'kind', 'name', 'labels', 'version', 'createdAt', 'updatedAt', 'summary'],
  ...['confirmed', 'goneAt', 'unwanted'],
];

export function itemOf<D>(area: Area<D>, row: Stored<D>): Item {
  const summary: Summary = area.summarise(viewOf(row));
  return {
    ...keys.rowKey(area.name, row.id),
    ...(plain({ ...row, summary }) as Record<string, Value>),
    ...dueOf(area.name, row),
    schema: area.kinds[row.kind]!.schema,
  };
}

/** The engine's fields that place a row in the due index. */
export const dueOf = (area: string, row: { id: string; lane: Lane; dueAt: Instant | undefined }) =>
  row.dueAt === undefined ? {} : keys.dueAttributes(area, row.lane, row.id, row.dueAt);

/** A copy without undefined fields: the store has no such value. */
export function plain(value: unknown): Value {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value as Value;
  const kept: Record<string, Value> = {};
  for (const [name, field] of Object.entries(value)) if (field !== undefined) kept[name] = plain(field);
  return kept;
}

/** Equal as the store would keep them: the order of fields and undefined ones do not count. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((entry, i) => isSame(entry, b[i]))
    );
  }
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((name) =>
    isSame(left[name], right[name]),
  );
}

export function rowOf<D>(area: Area<D>, item: Item): Stored<D> | Unreadable {
  const unreadable = (reason: string): Unreadable => ({
    unreadable: true,
    key: { pk: item.pk, sk: item.sk },
    id: keys.idOfRowKey(item),
    reason,
    item,
  });
  if (typeof item.rev !== 'number' || typeof item.kind !== 'string' || typeof item.schema !== 'number') {
    return unreadable('The engine’s own fields are missing.');
  }
  const known = area.kinds[item.kind]?.schema;
  if (known === undefined) return unreadable(`Its kind, ${item.kind}, is not known here.`);
  if (item.schema > known) {
    return unreadable(`It was written by a newer Drover (schema ${item.schema}; this one knows ${known}).`);
  }
  let data: D;
  try {
    data = area.read(item.data, item.schema, item.kind);
  } catch (error) {
    return unreadable(error instanceof Error ? error.message : String(error));
  }
  const stored = item as unknown as Partial<Stored<D>>;
  return {
    id: keys.idOfRowKey(item),
    kind: item.kind,
    name: stored.name ?? '',
    labels: stored.labels ?? {},
    version: stored.version ?? 1,
    createdAt: stored.createdAt ?? 0,
    updatedAt: stored.updatedAt ?? 0,
    deletedAt: stored.deletedAt,
    everySeconds: stored.everySeconds ?? 0,
    attempt: stored.attempt ?? 0,
    trouble: stored.trouble,
    data,
    rev: item.rev,
    last: stored.last ?? '',
    owner: stored.owner,
    dueAt: stored.dueAt,
    wakeAt: stored.wakeAt,
    lane: stored.lane ?? 'near',
    confirmed: stored.confirmed ?? false,
    birth: stored.birth,
    unwanted: stored.unwanted ?? false,
    goneAt: stored.goneAt,
    inRound: stored.inRound,
    hasOldSlots: stored.hasOldSlots ?? false,
    outbox: stored.outbox ?? [],
  };
}
