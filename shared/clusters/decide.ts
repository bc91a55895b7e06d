import { unreachable } from '#errors';
import type { DecideContext, NewEvent, Next, Plan, Row } from '#reconcile';
import { type Instant, minute, second } from '#time';
import { expiring, expiringFinding, nextStageAt } from './expiring.ts';
import type { Action, Cause, ClusterData, ClusterSeen, ClusterState, Did, Look, Seen } from './model.ts';
import { renewalDueAt } from './renewal/renewalDue.ts';
import { sayCause } from './texts.ts';

/** A first failure is looked into after 20, 40 and 60 s; three of them and a minute end a good state. */
const failuresToLeave = 3;
const timeToLeave = minute;
const lookAgain = [20 * second, 40 * second, 60 * second];
/** Successes that end trouble, and how soon after the first the second is looked for. */
const successesToReturn = 2;
const lookForSecond = 10 * second;
/** Rule 15: for no longer than this is an outage taken for our own. */
export const ownFaultFor = 5 * minute;

type ClusterPlan = Plan<ClusterData, Action>;

/** (what is known of a cluster, what was seen, what was done) → what becomes of it, and when to come again. */
export function decide(
  row: Row<ClusterData>,
  seen: Seen,
  done: readonly Did[],
  context: DecideContext,
): ClusterPlan {
  const { now } = context;
  const did = done.filter((one) => isOf(row, one));
  if (row.deletedAt !== undefined) {
    // Its sync would find out by itself, but only when its time comes.
    const isTold = did.some((one) => one.did === 'synced');
    return { data: row.data, ...(!isTold && { actions: [{ do: 'sync' }] }), next: { kind: 'gone' } };
  }
  const known = did.reduce((data, one) => afterwards(data, one, now), row.data);
  const renewed = did.find((one) => one.did === 'renewed');
  if (renewed) {
    const { sealed, credential } = renewed;
    const into = (data: ClusterData, slot: string) => withCredential(data, slot, credential);
    return { data: known, secret: { value: { sealed }, into }, next: { kind: 'now' } };
  }
  const { state } = known;
  if (state.is === 'paused' && (state.until === null || state.until > now)) {
    return settle(known, [], now, restUntil(state.until));
  }
  const awake: ClusterData =
    state.is === 'paused' ? { ...known, state: { is: 'pending', since: now } } : known;
  const woken: NewEvent[] =
    state.is === 'paused' ? [{ type: 'cluster.resumed', from: 'paused', to: 'pending' }] : [];
  // Nobody has looked yet, because it was paused until now.
  if (!seen.look) return { data: awake, events: woken, next: { kind: 'now' } };
  const judged = judge(awake, seen.look, seen.ownFault, now);
  return settle(judged.data, [...woken, ...judged.events], now, judged.next, actionsOf(judged.data, now));
}

/**
 * While something was done, a person may have stored another credential, for another server even: a token of the old
 * one must not come beside it. And what its sync was told may no longer be what is wanted.
 */
function isOf({ data, version }: Row<ClusterData>, one: Did): boolean {
  const stored = data.access.credential.version;
  switch (one.did) {
    case 'renewed':
      return one.credential.version === stored + 1;
    case 'renewFailed':
      return one.version === stored;
    case 'synced':
      return one.version === version;
    default:
      return unreachable(one);
  }
}

type Trouble = Extract<Look, { outcome: 'degraded' | 'unreachable' }>;

interface Judged {
  data: ClusterData;
  events: NewEvent[];
  next: Next;
}

function judge(data: ClusterData, look: Look, ownFault: Seen['ownFault'], now: Instant): Judged {
  // Whether a stranger answers well is none of our concern; only who it is.
  if (data.state.is === 'held' && look.outcome !== 'ok') {
    return { data: at(data, now), events: [], next: { kind: 'rest' } };
  }
  switch (look.outcome) {
    case 'ok':
      return answered(data, look, now);
    case 'unauthorized':
      return {
        ...become(at(data, now), { is: 'unauthorized', since: now, cause: look.cause }),
        next: { kind: 'retry' },
      };
    case 'degraded':
    case 'unreachable':
      return failed(data, look, ownFault, now);
    default:
      return unreachable(look);
  }
}

/** All is well: if it is who it was, and, after trouble, for the second time. */
function answered(data: ClusterData, look: Extract<Look, { outcome: 'ok' }>, now: Instant): Judged {
  const { state } = data;
  const seen: ClusterData = {
    ...at(data, now),
    seen: withVersion(look.seen, data.seen),
    uid: data.uid ?? look.uid,
    warnings: look.warnings,
    expiries: [...data.expiries.filter(({ of }) => of !== 'serverCertificate'), ...look.expiries],
  };
  const other = otherUid(data, look.uid);
  if (other !== undefined) return hold(seen, other, now);
  // Who does not say who it is has not shown that it is who it was.
  if (state.is === 'held' && look.uid === null)
    return { data: at(data, now), events: [], next: { kind: 'rest' } };
  if (state.is === 'healthy' || state.is === 'pending') {
    return { ...become(seen, { is: 'healthy', since: now }), next: { kind: 'rest' } };
  }
  const recovering = data.recovering + 1;
  if (recovering < successesToReturn && state.is !== 'held') {
    return { data: { ...seen, recovering }, events: [], next: { kind: 'at', at: now + lookForSecond } };
  }
  return { ...become(seen, { is: 'healthy', since: now }), next: { kind: 'rest' } };
}

function failed(data: ClusterData, look: Trouble, ownFault: Seen['ownFault'], now: Instant): Judged {
  const { state } = data;
  const { outcome, cause } = look;
  const part = look.outcome === 'degraded' ? look.seen : null;
  const looked: ClusterData = {
    ...at(data, now),
    recovering: 0,
    seen: part ? withVersion(part, data.seen) : data.seen,
  };
  const other = look.outcome === 'degraded' ? otherUid(data, look.uid) : undefined;
  if (other !== undefined) return hold(looked, other, now);
  const waits = look.outcome === 'degraded' ? (look.retryAfterSeconds ?? 0) * second : 0;
  // It was unreachable and answers, or what is the matter with it is known: nothing has to be made sure of.
  if (state.is === outcome || (state.is === 'unreachable' && outcome === 'degraded')) {
    const told = become(looked, { is: outcome, since: now, cause });
    return { ...told, next: outcome === 'unreachable' ? { kind: 'retry' } : restAfter(now, waits) };
  }
  const before = data.failing?.outcome === outcome || isWell(state) ? data.failing : null;
  const failing = { outcome, count: (before?.count ?? 0) + 1, since: before?.since ?? now, cause };
  const isSure = failing.count >= failuresToLeave && now - failing.since >= timeToLeave;
  const heldUntil = ownFaultEnd(ownFault, cause, now);
  if (isSure && heldUntil === undefined) {
    const told = become({ ...looked, failing: null }, { is: outcome, since: now, cause });
    return { ...told, next: outcome === 'unreachable' ? { kind: 'retry' } : restAfter(now, waits) };
  }
  const soon = Math.max(nextLook(failing.since, now), now + waits);
  return {
    data: { ...looked, failing },
    events: [],
    next: {
      kind: 'at',
      at: heldUntil === undefined ? soon : Math.min(heldUntil, Math.max(soon, now + timeToLeave)),
    },
  };
}

/** An answer that was lost is no other version; and a simulated cluster is not taken for a real one meanwhile. */
function withVersion(seen: ClusterSeen, before: ClusterSeen | null): ClusterSeen {
  if (seen.kubernetesVersion !== null || before === null) return seen;
  const { kubernetesVersion, isSimulated } = before;
  return { ...seen, kubernetesVersion, isSimulated };
}

const isWell = (state: ClusterState): boolean => state.is === 'healthy' || state.is === 'pending';

/** `since` is the first failed look: 20, 40 and 60 s after it, and where that was too late, soon. */
function nextLook(since: Instant, now: Instant): Instant {
  const next = lookAgain.map((after) => since + after).find((time) => time > now);
  return next ?? now + lookForSecond;
}

/** Where many fail alike because of us, this one's state waits; at most five minutes. */
function ownFaultEnd(ownFault: Seen['ownFault'], cause: Cause, now: Instant): Instant | undefined {
  if (ownFault?.cause !== cause.code) return undefined;
  const end = ownFault.since + ownFaultFor;
  return end > now ? end : undefined;
}

/** The UID that answered, where it is neither the one that is known nor, while held, the one it is held for. */
function otherUid(data: ClusterData, uid: string | null): string | undefined {
  return uid !== null && data.uid !== null && uid !== data.uid ? uid : undefined;
}

function hold(data: ClusterData, uid: string, now: Instant): Judged {
  const { state } = data;
  if (state.is === 'held' && state.uid === uid) return { data, events: [], next: { kind: 'rest' } };
  const event: NewEvent = {
    type: 'cluster.identity-changed',
    from: state.is,
    to: 'held',
    ...telling({ code: 'CLUSTER_IDENTITY_CHANGED', values: { before: data.uid ?? '', uid } }),
  };
  const held: ClusterData = { ...data, state: { is: 'held', since: now, uid }, failing: null, recovering: 0 };
  return { data: held, events: [event], next: { kind: 'rest' } };
}

/** What each change of state is called; webhooks get those that somebody has to know. */
const eventOf = {
  healthy: 'cluster.recovered',
  degraded: 'cluster.degraded',
  unreachable: 'cluster.unreachable',
  unauthorized: 'cluster.unauthorized',
} as const;

type Told = ClusterState & { is: keyof typeof eventOf };

/** The state that was looked at: told where it is another, and only its cause renewed where it is the same. */
function become(data: ClusterData, state: Told): Pick<Judged, 'data' | 'events'> {
  const before = data.state;
  const calm: ClusterData = { ...data, failing: null, recovering: 0 };
  if (before.is === state.is)
    return { data: { ...calm, state: { ...state, since: before.since } }, events: [] };
  const type = before.is === 'pending' && state.is === 'healthy' ? 'cluster.connected' : eventOf[state.is];
  return {
    data: { ...calm, state },
    events: [{ type, from: before.is, to: state.is, ...('cause' in state && telling(state.cause)) }],
  };
}

const telling = (cause: Cause): Pick<NewEvent, 'cause' | 'message'> => ({
  cause: cause.code,
  message: sayCause(cause, 'en').message,
});

const at = (data: ClusterData, now: Instant): ClusterData => ({ ...data, checkedAt: now });

/** What is done beside looking: only where the cluster lets us in. */
function actionsOf(data: ClusterData, now: Instant): Action[] {
  const due = renewalDueAt(data, spreadOf(data));
  const actions: Action[] = [];
  if (data.state.is === 'healthy' && due !== undefined && due <= now) actions.push({ do: 'renew' });
  if (!data.isSyncTold) actions.push({ do: 'sync' });
  return actions;
}

/** The same for a credential whenever it is asked, so that an appointment holds. */
const spreadOf = ({ access: { credential } }: ClusterData): number =>
  (Number.parseInt(credential.fingerprint?.slice(0, 4) ?? '0', 16) || 0) / 0xffff;

function afterwards(data: ClusterData, did: Did, now: Instant): ClusterData {
  switch (did.did) {
    case 'renewed':
      return { ...data, renewal: null };
    case 'renewFailed':
      return {
        ...data,
        renewal: { attempt: (data.renewal?.attempt ?? 0) + 1, failedAt: now, cause: did.cause },
      };
    case 'synced':
      return { ...data, isSyncTold: true };
    default:
      return unreachable(did);
  }
}

/** A new secret in its slot, and what of it is shown. */
export function withCredential(
  data: ClusterData,
  slot: string,
  credential: ClusterData['access']['credential'],
): ClusterData {
  const { subject, expiresAt } = credential;
  const others = data.expiries.filter(({ of }) => of !== 'token' && of !== 'certificate');
  const of = credential.type === 'certificate' ? 'certificate' : 'token';
  const own = expiresAt === null ? [] : [{ of, subject: subject ?? '', at: expiresAt } as const];
  // What was said of the token before is not true of one that was asked for.
  const accessWarnings = data.accessWarnings.filter(({ code }) => !code.startsWith('TOKEN_'));
  return {
    ...data,
    slot,
    access: { ...data.access, credential },
    expiries: [...own, ...others],
    accessWarnings,
  };
}

const restUntil = (until: Instant | null): Next =>
  until === null ? { kind: 'rest' } : { kind: 'rest', wakeAt: until };
/** Rounds come again by themselves; a server that asked for longer is given it. */
const restAfter = (now: Instant, waits: number): Next =>
  waits > minute ? { kind: 'at', at: now + waits } : { kind: 'rest' };

/** The end of every decision: what is about to expire is told, and rest gets its next appointment. */
function settle(
  data: ClusterData,
  events: NewEvent[],
  now: Instant,
  next: Next,
  actions: Action[] = [],
): ClusterPlan {
  const { warned, news } = expiring(data, now);
  const told = news.map(
    ({ expiry, days }): NewEvent => ({
      type: 'cluster.credentials-expiring',
      ...telling(expiringFinding(expiry, days)),
    }),
  );
  const appointments = [
    nextStageAt(data, now),
    data.state.is === 'healthy' ? renewalDueAt(data, spreadOf(data)) : undefined,
    next.kind === 'rest' ? next.wakeAt : undefined,
  ].filter((time) => time !== undefined);
  const wakeAt = appointments.length === 0 ? undefined : Math.max(now + second, Math.min(...appointments));
  return {
    data: { ...data, warned },
    events: [...events, ...told],
    ...(actions.length > 0 && { actions }),
    next: next.kind === 'rest' && wakeAt !== undefined ? { kind: 'rest', wakeAt } : next,
  };
}
