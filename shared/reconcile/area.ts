import type { Lane, Table } from '#store';
import type { Clock, Instant, Millis } from '#time';

export type Labels = Record<string, string>;
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/**
 * One record as an area sees it. The engine's own fields (rev, owner, outbox, …) stay in the engine.
 * `data` is the area's: what is wanted, what was last seen, the state as a discriminated union.
 */
export interface Row<D> {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly labels: Labels;
  /** The ETag: rises when what a user wants or is told changes. */
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** A person asked for its end: `decide` undoes what is outside, then answers `next: gone`. */
  readonly deletedAt: Instant | undefined;
  /** How often rounds look at it while it rests. */
  readonly everySeconds: number;
  /** Steps in a row that ended in `retry` or with an error. */
  readonly attempt: number;
  /** The engine's own trouble with this record (its step threw), for `cause` and `message`. */
  readonly trouble: { code: string; at: Instant } | undefined;
  readonly data: D;
}

/** What happened, as the API, the history and webhooks tell it. The engine adds id, time and record. */
export interface NewEvent {
  /** `<kind>.<what happened>` */
  type: string;
  from?: string;
  to?: string;
  cause?: string;
  message?: string;
  /** Where it is left out and the event goes to webhooks, the whole record stands here. */
  data?: Json;
}

export interface Actor {
  kind: 'token' | 'oidc' | 'session' | 'system' | 'anonymous';
  id: string;
  name: string;
  address?: string;
}

/** Who did what. The engine adds id and time; for a write to a record also the target. */
export interface NewAudit {
  actor: Actor;
  /** `cluster.create`, `token.rotate` */
  action: string;
  target?: { kind: string; id: string; name: string };
  result: 'done' | 'denied' | 'failed';
  /** What changed, without secrets. */
  before?: Json | undefined;
  after?: Json | undefined;
  requestId?: string;
  /** When it was done, where that is not now: a creation is told by its record's first step. */
  at?: Instant;
}

export type Next =
  /** Decide again at once, with what the actions did. */
  | { kind: 'now' }
  /** Come again then; the worker stays with the record if that is near. */
  | { kind: 'at'; at: Instant; lane?: Lane }
  /** Something failed: come again after a back-off that grows with each attempt. */
  | { kind: 'retry' }
  /** Nothing is near: rounds look at it. `wakeAt` is an appointment. */
  | { kind: 'rest'; wakeAt?: Instant }
  /** Only for a deleted record: nothing of it is left outside (or what is, was named in an event). */
  | { kind: 'gone' };

export interface Plan<D, Action> {
  data: D;
  events?: NewEvent[];
  audits?: NewAudit[];
  /**
   * Carried out after `data` is committed; each may be carried out more than once. Where there are some, `next` is
   * not read: the engine observes and decides again at once, with what they did.
   */
  actions?: Action[];
  everySeconds?: number;
  /** A secret that goes with this change (rule 14): `data` as it is once the secret lies in the slot of that name. */
  secret?: Secret<D>;
  next: Next;
}

export interface Secret<D> {
  /** Sealed: the engine keeps it as it is. */
  value: { [name: string]: Json };
  /** The slot must be named in the data, beside what the secret is for. */
  into(data: D, slot: string): D;
}

export interface DecideContext {
  readonly now: Instant;
  /** 0 ≤ random < 1, the same for a replay. */
  readonly random: number;
  /** The first decision of a record's life: its `created` event is being committed with it. */
  readonly isNew: boolean;
}

export interface WorkContext {
  readonly clock: Clock;
  /** The store, for what lies beside the row; refuses once the deadline has passed. */
  readonly table: Table;
  /** Throws once the deadline has passed. To be called before each call outside but the first. */
  requireTime(): void;
  /** Aborted when the worker must stop: no call may start after it. */
  readonly signal: AbortSignal;
  readonly deadline: Instant;
}

/** What a round saw of a record at rest. `differs` wakes it; a step then looks again and decides. */
export interface Look {
  ok: boolean;
  differs: boolean;
  /** A short code where it failed: counted in the pulse, and by the own-fault row. */
  cause?: string;
  latency?: Millis;
  /** Small numbers for gauges: nodes, pods. */
  counts?: Record<string, number>;
}

export type Summary = Record<string, string | number | boolean | null>;

/** How long after a failure to come again: base × 2^(attempt−1), capped, then jittered. */
export interface BackOff {
  base: Millis;
  cap: Millis;
  /** From this attempt on the record waits in the slow lane. */
  slowFrom: number;
}

export interface Kind {
  /** Of its ids. */
  readonly prefix: string;
  /** The version of `data` that this code writes. A record of a newer one is reported and left alone. */
  readonly schema: number;
}

/**
 * An area: everything the engine needs to know about its records. `read`, `summarise`, `told`, `present`,
 * `decide` and `giveUp` are pure.
 */
export interface Area<D, Seen = unknown, Action = unknown, Did = unknown> {
  /** `clusters`: part of every key, for ever. */
  readonly name: string;
  /** The kinds of record in it: `{ cluster: { prefix: 'clu', schema: 1 } }` */
  readonly kinds: Readonly<Record<string, Kind>>;
  /** What is stored → what this code works with. Upgrades older schemas; throws on what it cannot read. */
  read(data: unknown, schema: number, kind: string): D;
  /** What lists filter, sort and count by. `state` and `cause` are always there. */
  summarise(row: Row<D>): Summary & { state: string; cause: string | null };
  /** What a user wants or is told: where it changes, `version` rises. Progress and looks stay out of it. */
  told(row: Row<D>): Json;
  /**
   * The record as the API answers it and as webhooks get it, without secrets: `state`, `cause`, `message`, `remedy`,
   * `since` and `checkedAt`, which every record has and which are null where they are left out, and its own members.
   * Id, name, labels, version and times are added to it.
   */
  present(row: Row<D>): Record<string, Json>;
  /** As webhooks get it, where that is less: those who receive events are not those who may read the record. */
  sent?(row: Row<D>): Record<string, Json>;
  observe(row: Row<D>, context: WorkContext): Promise<Seen>;
  decide(row: Row<D>, seen: Seen, did: Did[], context: DecideContext): Plan<D, Action>;
  act(row: Row<D>, action: Action, context: WorkContext): Promise<Did>;
  /** Absent where records at rest need no looking at. */
  look?(row: Row<D>, context: WorkContext): Promise<Look>;
  /**
   * The types of event that also go to subscribed webhooks. `<kind>.created` and `<kind>.deleted`, which the engine
   * makes, go to them only where they are named here.
   */
  readonly webhookEvents: readonly string[];
  /** The round intervals its records may have, in seconds. Empty without `look`. */
  readonly intervals: readonly number[];
  readonly backOff: BackOff;
  /** After so many attempts `giveUp` decides instead: a state with a name that a person can reset. */
  readonly giveUpAfter?: number;
  giveUp?(row: Row<D>, context: DecideContext): Plan<D, Action>;
  /** The slot that the record's secret lies in, where it has one: the others are dropped. */
  slotOf?(data: D): string | undefined;
  /** The row that judges whether failures are our own fault (rule 15). Made when first needed, woken by rounds. */
  readonly faultRow?: { id: string; kind: string; name: string; data: D };
}
