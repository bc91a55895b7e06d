import type { Cause } from '#errors';
import type { DecideContext, NewEvent, Plan, Row } from '#reconcile';
import { hour, type Instant, minute, second } from '#time';
import type { ClusterData } from '../model.ts';
import { type SyncKind, usualSyncKinds } from './kinds.ts';
import {
  chunkPrefix,
  type Run,
  type SyncAction,
  type SyncData,
  type SyncDid,
  type Trouble,
} from './model.ts';
import { syncCauseOf, syncStateOf } from './state.ts';

/** The cluster that it is for; null where it is gone, or going. */
export interface SyncSeen {
  cluster: ClusterData | null;
}

type SyncPlan = Plan<SyncData, SyncAction>;

/** Whether the cluster is still there is looked at this often, whatever the interval. */
const longestRest = 6 * hour;
/** One that nobody wants synced regularly is only looked after. */
const restUnasked = hour;
/** A cluster that cannot be asked now is the concern of its own record; this one looks there. */
const lookAgain = 5 * minute;
const lookAgainSoon = 20 * second;
/** So often it waits when the cluster asks for patience, before it leaves it alone until the next time. */
const mostWaits = 6;
const shortestWait = 5 * second;
/** What a lost attempt wrote may land late; after this it surely has. */
const settledAfter = 15 * minute;

/** (what is known of a sync, its cluster, what was done) → what becomes of it, and when to come again. */
export function decide(
  row: Row<SyncData>,
  { cluster }: SyncSeen,
  did: readonly SyncDid[],
  context: DecideContext,
): SyncPlan {
  const { now } = context;
  if (row.deletedAt !== undefined || cluster === null) return { data: row.data, next: { kind: 'gone' } };
  const known = did.reduce(afterwards, row.data);
  const plan = onwards(withoutLost(known, now), cluster, did.find(isListed)?.trouble ?? null, context);
  return { ...plan, events: [...changeOf(row.data, plan.data)] };
}

const isListed = (did: SyncDid): did is SyncDid & { did: 'listed' } => did.did === 'listed';

function onwards(
  known: SyncData,
  cluster: ClusterData,
  trouble: Trouble | null,
  { now, random }: DecideContext,
): SyncPlan {
  const wanted = cluster.sync?.kinds ?? [...usualSyncKinds];
  const isNarrower = known.head !== null && known.wanted.some((kind) => !wanted.includes(kind));
  const isWider = wanted.some((kind) => !known.wanted.includes(kind));
  const waiting = reasonToWait(cluster);
  const data: SyncData = { ...known, waiting };
  const attempt = attemptOf(now, random);
  const tidying: SyncAction[] = data.drop.length > 0 ? [{ do: 'drop', prefixes: data.drop }] : [];

  if (isNarrower) {
    // First of all, also where the cluster cannot be asked: what is no longer wanted may be the names of secrets.
    return act({ ...(data.run ? abandoned(data) : data), attempt }, [{ do: 'keep', attempt, kinds: wanted }]);
  }
  if (waiting) {
    const stopped = data.run ? abandoned(data) : data;
    if (stopped.drop.length > 0) return act(stopped, [{ do: 'drop', prefixes: stopped.drop }]);
    return rest(stopped, now + (cluster.state.is === 'pending' ? lookAgainSoon : lookAgain));
  }
  if (data.run && trouble && !trouble.isOver && data.run.waits < mostWaits) {
    const wait = Math.max(shortestWait, trouble.retryAfterSeconds * second);
    return rest({ ...data, run: { ...data.run, waits: data.run.waits + 1 } }, now + wait);
  }
  if (data.run && trouble) {
    const ended = finished(abandoned(data), data.run, now, trouble.cause);
    return { data: ended, next: { kind: 'retry' } };
  }
  if (data.run && data.run.left.length > 0) {
    return act({ ...data, attempt }, [...tidying, { do: 'list', attempt }]);
  }
  if (data.run) return { data: finished(data, data.run, now, null), next: { kind: 'now' } };
  if (tidying.length > 0) return act(data, tidying);
  if (data.untidySince !== null && now - data.untidySince >= settledAfter) {
    return act({ ...data, untidySince: null }, [{ do: 'sweep' }]);
  }
  const dueAt = nextRunAt(data, cluster, isWider);
  const extra = dueAt <= now ? undefined : data.asked?.kinds?.filter((kind) => wanted.includes(kind));
  if (dueAt <= now || extra) {
    const run: Run = extra ? { ...newRun(extra, now), isExtra: true } : newRun(wanted, now);
    return act({ ...data, wanted: extra ? data.wanted : wanted, run, attempt }, [{ do: 'list', attempt }]);
  }
  return rest(data, Math.min(dueAt, now + (cluster.sync ? longestRest : restUnasked)));
}

const act = (data: SyncData, actions: SyncAction[]): SyncPlan => ({ data, actions, next: { kind: 'now' } });

/** Not at rest: rounds look at what rests, and a sync has nothing that they could look at. */
const rest = (data: SyncData, at: Instant): SyncPlan => ({ data, next: { kind: 'at', at, lane: 'slow' } });

function nextRunAt({ ran, asked }: SyncData, { sync }: ClusterData, isWider: boolean): Instant {
  // One that was broken off is tried again whenever its back-off is over.
  if ((asked && !asked.kinds) || ran?.cause) return 0;
  if (!sync) return Number.POSITIVE_INFINITY;
  return ran === null || isWider ? 0 : ran.startedAt + sync.everySeconds * second;
}

const newRun = (wanted: SyncKind[], now: Instant): Run => ({
  startedAt: now,
  isExtra: false,
  left: wanted,
  open: null,
  failed: [],
  partial: [],
  waits: 0,
});

function reasonToWait({ state, uid }: ClusterData): Cause | null {
  switch (state.is) {
    case 'paused':
      return { code: 'SYNC_PAUSED', values: {} };
    case 'held':
      return { code: 'CLUSTER_IDENTITY_CHANGED', values: { before: uid ?? '', uid: state.uid } };
    case 'pending':
      return { code: 'SYNC_PENDING', values: {} };
    case 'unauthorized':
    case 'unreachable':
      return state.cause;
    case 'healthy':
    case 'degraded':
      return null;
  }
}

function afterwards(data: SyncData, did: SyncDid): SyncData {
  switch (did.did) {
    case 'listed': {
      if (data.attempt !== did.attempt || !data.run) return data;
      const { left, open } = did;
      const run: Run = {
        ...data.run,
        left,
        open,
        failed: [...data.run.failed, ...did.failed],
        partial: [...data.run.partial, ...did.partial],
        waits: did.trouble ? data.run.waits : 0,
      };
      const drop = [...data.drop, ...did.drop];
      const listed = did.head === null ? {} : { head: did.head, namespaces: did.namespaces };
      return { ...data, ...listed, run, attempt: null, drop };
    }
    case 'kept':
      if (data.attempt !== did.attempt) return data;
      return {
        ...data,
        attempt: null,
        wanted: did.kinds,
        head: did.head,
        namespaces: did.kinds.includes('namespaces') ? data.namespaces : null,
        drop: [...data.drop, ...did.drop],
      };
    case 'dropped':
      return { ...data, drop: data.drop.filter((prefix) => !did.prefixes.includes(prefix)) };
    case 'swept':
      return data;
  }
}

/** An attempt of which nobody tells came to nothing: what it may have written has no name here. */
const withoutLost = (data: SyncData, now: Instant): SyncData =>
  data.attempt === null ? data : { ...data, attempt: null, untidySince: now };

/** What the open kind has so far is let go; the head stays. */
function abandoned(data: SyncData): SyncData {
  const [kind] = data.run?.left ?? [];
  const segments = data.run?.open?.segments ?? [];
  return { ...data, run: null, drop: [...data.drop, ...segments.map((token) => chunkPrefix(kind!, token))] };
}

function finished(data: SyncData, run: Run, now: Instant, cause: Cause | null): SyncData {
  const asked = data.asked && data.asked.at > run.startedAt ? data.asked : null;
  if (run.isExtra) return { ...data, run: null, asked };
  return {
    ...data,
    run: null,
    asked,
    completeAt: cause || run.failed.length > 0 ? data.completeAt : now,
    ran: {
      startedAt: run.startedAt,
      finishedAt: now,
      cause,
      failed: cause ? [...run.failed, ...run.left] : run.failed,
      partial: run.partial,
    },
  };
}

/** New for every attempt: the time, and chance. */
const attemptOf = (now: Instant, random: number): string =>
  `${now.toString(36)}${Math.floor(random * 36 ** 4)
    .toString(36)
    .padStart(4, '0')}`;

function* changeOf(before: SyncData, after: SyncData): Generator<NewEvent> {
  const [from, to] = [syncStateOf(before), syncStateOf(after)];
  const cause = syncCauseOf(after)?.code;
  if (from !== to) yield { type: `sync.${to}`, from, to, ...(cause && { cause }) };
}
