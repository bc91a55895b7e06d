import { z } from 'zod';
import { cause } from '#errors';
import { type SyncKind, syncKinds } from './kinds.ts';

/**
 * The sync of one cluster, as a record of its own: what is wanted, how far the run under way has come, and how the
 * last one ended. What was listed lies beside the row (`shelf.ts`):
 *
 *   row  head: 'k3…' ──► head#k3…          per kind: which segments make it up, how old it is, what went wrong
 *                          └─► list#pods#k1…#PLACE   chunks of items, never changed once written
 *
 * Whatever is written beside the row has the name of the attempt that wrote it, which the row holds before anything is
 * written and names for good only after. So a reader sees the old list of a kind or the new one and never some of both,
 * wherever a worker dies; and what a dead one left is what nothing names.
 */
const instant = z.number();
const kind = z.enum(syncKinds);

/** Where a list goes on: of all namespaces at once, or of this one and those after it. */
const place = z.object({ namespace: z.string().nullable(), continue: z.string().nullable() });
export type Place = z.infer<typeof place>;

/** The kind that is being listed. */
const open = z.object({
  since: instant,
  /** The attempts whose chunks make it up so far, in order. */
  segments: z.array(z.string()),
  place,
  items: z.int(),
  /** Sums over its items: how many are ready, what nodes offer. */
  tally: z.record(z.string(), z.number()),
  /** The server forgot the state that was being read: the rest is of a later one. */
  isInconsistent: z.boolean(),
  restarts: z.int(),
});
export type Open = z.infer<typeof open>;

const run = z.object({
  startedAt: instant,
  /** Of some kinds only, because somebody asked for them: the usual run is due when it was before. */
  isExtra: z.boolean(),
  /** The first of them is the one that is open. */
  left: z.array(kind),
  open: open.nullable(),
  failed: z.array(kind),
  partial: z.array(kind),
  /** How often the cluster asked for patience. */
  waits: z.int(),
});
export type Run = z.infer<typeof run>;

export const syncData = z.object({
  kind: z.literal('sync'),
  /** The cluster's id. */
  cluster: z.string(),
  wanted: z.array(kind),
  /** A person asked for a run, of all kinds or of some: one that began later is the answer. */
  asked: z.object({ at: instant, kinds: z.array(kind).nullable() }).nullable(),
  head: z.string().nullable(),
  /** How many namespaces it lists: what is counted over the whole fleet must stand in rows. */
  namespaces: z.int().nullable().default(null),
  run: run.nullable(),
  /** Under whose name something may be written right now. */
  attempt: z.string().nullable(),
  ran: z
    .object({
      startedAt: instant,
      finishedAt: instant,
      /** Why it was broken off. */
      cause: cause.nullable(),
      failed: z.array(kind),
      partial: z.array(kind),
    })
    .nullable(),
  /** When all that was wanted was last listed. */
  completeAt: instant.nullable().default(null),
  /** Why none is begun, while the cluster is not to be asked. */
  waiting: cause.nullable(),
  /** What nothing names any longer, by the beginning of its key. */
  drop: z.array(z.string()),
  /** Since when something may lie there that no list here names. */
  untidySince: instant.nullable(),
});
export type SyncData = z.infer<typeof syncData>;

/** The record's id follows from its cluster's, so that it is made once however often it is made. */
export const syncIdOf = (clusterId: string): string => `syn_${tailOf(clusterId)}`;
/** Its name, too: nobody asks for it by name, and no two clusters share one. */
export const syncNameOf = (clusterId: string): string => tailOf(clusterId);

const tailOf = (id: string): string => id.slice(id.indexOf('_') + 1);

export const newSync = (cluster: string): SyncData => ({
  kind: 'sync',
  cluster,
  wanted: [],
  asked: null,
  head: null,
  namespaces: null,
  run: null,
  attempt: null,
  ran: null,
  completeAt: null,
  waiting: null,
  drop: [],
  untidySince: null,
});

/** Beside the row: the chunks that one attempt wrote of a kind, each followed by the place of its first item. */
export const chunkPrefix = (kind: SyncKind, attempt: string): string => `list#${kind}#${attempt}#`;
export const headName = (attempt: string): string => `head#${attempt}`;

export type SyncAction =
  /** Goes on with the run, as far as a bounded time reaches. */
  | { do: 'list'; attempt: string }
  /** Takes what is no longer wanted out of the head. */
  | { do: 'keep'; attempt: string; kinds: SyncKind[] }
  | { do: 'drop'; prefixes: string[] }
  /** Removes what nothing names: what lost attempts have left. */
  | { do: 'sweep' };

export type SyncDid =
  | {
      did: 'listed';
      attempt: string;
      left: Run['left'];
      open: Open | null;
      /** Null where no kind came to its end. */
      head: string | null;
      /** Of that head. */
      namespaces: number | null;
      failed: Run['failed'];
      partial: Run['partial'];
      drop: string[];
      trouble: Trouble | null;
    }
  | { did: 'kept'; attempt: string; kinds: SyncKind[]; head: string; drop: string[] }
  | { did: 'dropped'; prefixes: string[] }
  | { did: 'swept' };

/** What ended an attempt before its time. `isOver`: the run with it; else it goes on after a wait. */
export interface Trouble {
  cause: z.infer<typeof cause>;
  isOver: boolean;
  retryAfterSeconds: number;
}
