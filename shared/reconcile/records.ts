import type { Instant, Millis } from '#time';
import type { Actor, Json, Labels, NewAudit, NewEvent, Row, Secret, Summary } from './area.ts';

/** A record's rows as the HTTP side uses them: rules 2, 3, 4, 12 and 13 are kept in here. */
export interface Records<D> {
  newId(kind: string): string;
  create(draft: Draft<D>, by: By): Promise<Created<D>>;
  /** By id or, with `kind`, by name. Strongly consistent; tombstones and unconfirmed records are not answered. */
  get(idOrName: string, kind: string): Promise<Row<D> | undefined>;
  /**
   * Reads, lets `edit` say what is to be written, writes; again from the row just read where another write came
   * between. `edit` may throw (a DroverError leaves all as it is), and answers undefined where nothing changes.
   */
  change(
    idOrName: string,
    kind: string,
    edit: (row: Row<D>) => Edit<D> | undefined,
    by: By,
  ): Promise<Changed<D>>;
  /**
   * Marks for deletion; a repeated one is no error. `end`: what its data says from then on; may refuse by throwing.
   */
  remove(idOrName: string, kind: string, by: By, end?: (row: Row<D>) => D): Promise<Changed<D>>;
  /** Answers as soon as the record is newer than `version`, or after `wait` seconds as it is. */
  waitNewer(
    idOrName: string,
    kind: string,
    version: number,
    waitSeconds: number,
  ): Promise<Row<D> | undefined>;
  list(query: ListQuery): Promise<ListPage<D>>;
  /** All records of that kind in one slice of the area, whole: for series per record, which are fetched by slice. */
  inSlice(kind: string, slice: number): Promise<Row<D>[]>;
  /** All of that kind as lists know them, read within the last 10 s, or `within` so long: for sums over the whole herd. */
  entries(kind: string, within?: Millis): Promise<Listed[]>;
  /** How many there are by the values of each field asked for: `counts(['state', 'cause'])`. */
  counts(kind: string, fields: string[], where?: (entry: Listed) => boolean): Promise<Counts>;
  history(
    id: string,
    query: { limit: number; after?: string },
  ): Promise<{ events: EventEntry[]; next: string | undefined }>;
}

export interface Draft<D> {
  kind: string;
  name: string;
  labels: Labels;
  everySeconds?: number;
  data: D;
  /** Made beforehand where the data must know it (a credential is bound to it): `records.newId(kind)`. */
  id?: string;
  /** Stored before the row, removed with it: `{ 'credential#1': {...} }` */
  sides?: Record<string, Record<string, Json>>;
}

/** Who writes, and with what If-Match. */
export interface By {
  actor: Actor;
  action: string;
  /** Where it was done to something that the record stands for. */
  target?: NewAudit['target'];
  /** `done`, unless it is told. */
  result?: NewAudit['result'];
  requestId?: string;
  ifMatch?: number | undefined;
  /** What the audit entry shows of the change; without secrets. */
  before?: Json;
  after?: Json;
}

export interface Edit<D> {
  data?: D;
  labels?: Labels;
  everySeconds?: number;
  events?: NewEvent[];
  audits?: NewAudit[];
  /** What the audit entry shows of the change, where only the row that is changed tells it; without secrets. */
  before?: Json;
  after?: Json;
  /** A new secret, and what of the data names its slot. */
  secret?: Secret<D>;
}

export type Created<D> = { outcome: 'created'; row: Row<D> } | { outcome: 'nameTaken'; id: string };
export type Changed<D> =
  | { outcome: 'changed'; row: Row<D> }
  | { outcome: 'unchanged'; row: Row<D> }
  | { outcome: 'notFound' }
  /** Its end has been asked for: it can be read, and no longer changed. */
  | { outcome: 'deleting'; row: Row<D> }
  /** If-Match named another version. */
  | { outcome: 'stale'; row: Row<D> };

/** What lists know of a record without reading all of it. */
export interface Listed {
  id: string;
  kind: string;
  name: string;
  labels: Labels;
  createdAt: Instant;
  updatedAt: Instant;
  version: number;
  summary: Summary;
}

export interface ListQuery {
  kind: string;
  where?: (entry: Listed) => boolean;
  /** What is told of an entry beyond what is stored; it is filtered and sorted by that. */
  told?: (entry: Listed) => Listed;
  /** A field of the summary, or `name`, `createdAt`, `updatedAt`; `-` before it turns the order round. */
  sort?: string;
  limit: number;
  /** `next` of the page before: a place, so that inserts neither repeat nor skip what was there. */
  after?: ListPlace;
}

export interface ListPlace {
  value: string | number | boolean | null;
  id: string;
}

export interface ListPage<D> {
  rows: Row<D>[];
  next: ListPlace | undefined;
  /** Stored records that cannot be read, by key: reported, left alone. */
  unreadable: string[];
}

export type Counts = Record<string, Record<string, number>>;

/** An event as it is kept and delivered. */
export interface EventEntry {
  id: string;
  type: string;
  at: Instant;
  record: { kind: string; id: string; name: string; labels: Labels; version: number };
  from: string | null;
  to: string | null;
  cause: string | null;
  message: string | null;
  data: Json;
}

export interface AuditEntry extends NewAudit {
  id: string;
  at: Instant;
}
