import { type DecideContext, delayAfter, jittered } from '#reconcile';
import { type Instant, minute, second } from '#time';
import { because, become, done, failedAt, type Judged, withStages } from './become.ts';
import { enter } from './entering.ts';
import type { Cause, Did, MembershipData, Outcome, Reaction, Refusal, Sight, StageSeen } from './model.ts';
import { withRefusal } from './refused.ts';

/** J11: 10 s doubling to 300 s. */
export const joinBackOff = { base: 10 * second, cap: 300 * second, slowFrom: Number.POSITIVE_INFINITY };
/** Where it is somebody else's turn: a lock, a clean-up. What takes longer than a fleet's joins is asked slowly. */
const turnWait = 10 * second;
const turnsWithin = 30 * minute;
/** The manager of NeuVector itself looks every 2 s, for 20 s. */
export const listEvery = 2 * second;
const listedWithin = 30 * second;
/** A join may wait 20 s for its lock and 10 s for the primary: an unanswered one is not over before. */
export const unansweredFor = 45 * second;

/** What hindered it, and what is to be done about it. */
interface Trouble {
  reaction: Reaction;
  cause: Cause;
}

/** Not a member yet: everything up to the join, the join, and whether it came about. */
export function judgeJoining(
  known: MembershipData,
  sight: Sight | null,
  did: readonly Did[],
  context: DecideContext,
): Judged {
  const { now } = context;
  if (!sight) {
    if (known.state.is === 'failed') return { data: known, next: { kind: 'rest' } };
    return { data: known, next: known.nextAt === null ? { kind: 'now' } : { kind: 'at', at: known.nextAt } };
  }
  const folded = did.reduce<{ data: MembershipData; trouble: Trouble | null; stage: StageSeen | null }>(
    ({ data, trouble, stage }, one) => fold(data, one, now) ?? { data, trouble, stage },
    { data: withStages(known, sight.stages), trouble: null, stage: null },
  );
  const { fed } = sight;
  if (fed?.role === 'joint') return enter(folded.data, fed.member, sight, context);
  if (fed?.role === 'master') {
    const cause = because('CLUSTER_IS_PRIMARY', { members: fed.members });
    const data = withStages(folded.data, [failedAt('standalone', cause)]);
    return hindered(data, { reaction: 'stop', cause }, context);
  }
  const data = folded.stage ? withStages(folded.data, [folded.stage]) : folded.data;
  if (known.state.is === 'failed') return { data, next: { kind: 'rest' } };
  if (folded.trouble) return hindered(data, folded.trouble, context);
  if (data.sent) return awaited(data, data.sent, did, context);
  const failed = sight.stages.find(({ is }) => is === 'failed');
  if (failed) {
    const trouble = { reaction: failed.reaction ?? 'retry', cause: failed.cause ?? because('STAGE_FAILED') };
    return hindered(withRefusal(data, failed, now), trouble, context);
  }
  if (data.nextAt !== null && data.nextAt > now) return { data, next: { kind: 'at', at: data.nextAt } };
  return { ...sendJoin(data, now), next: { kind: 'now' } };
}

/** Said before it is done: whoever comes after a crash knows that one may be on its way. */
function sendJoin(data: MembershipData, now: Instant): Pick<Judged, 'data' | 'events' | 'actions'> {
  const { data: joining, events } = become(data, { is: 'joining', since: now, cause: null });
  return {
    data: {
      ...joining,
      nextAt: null,
      sent: { at: now, cause: null, answer: null },
      startedAt: data.startedAt ?? now,
    },
    events,
    actions: [{ do: 'join' }],
  };
}

type Folded = { data: MembershipData; trouble: Trouble | null; stage: StageSeen | null };

/** What was done, as far as it is this ladder's. */
function fold(data: MembershipData, one: Did, now: Instant): Folded | undefined {
  if (one.did === 'joined') return afterJoin({ ...data, token: one.token ?? data.token }, one.outcome, now);
  if (one.did !== 'clearedGhost') return undefined;
  const { found } = one;
  const sent = data.sent;
  const cause = one.cause ?? sent?.cause ?? because('NAME_TAKEN_OR_GHOST');
  switch (found) {
    case 'cleared': {
      // The next join goes out at once; and yet this does not go on for ever.
      const attempts = data.attempts + 1;
      if (attempts >= (data.wish?.maxAttempts ?? 1))
        return afterGhost(data, { reaction: 'stop', cause }, sent?.answer);
      return { data: { ...data, attempts, sent: null, nextAt: null }, trouble: null, stage: null };
    }
    case 'alive':
      return afterGhost(
        data,
        { reaction: 'stop', cause: because('NAME_TAKEN_AT_PRIMARY', cause.values) },
        sent?.answer,
      );
    case 'unable':
      return afterGhost(
        data,
        { reaction: 'stop', cause: because('NAME_TAKEN_OR_GHOST', cause.values) },
        sent?.answer,
      );
    case 'none':
    case 'failed':
      return afterGhost(data, { reaction: 'retry', cause }, sent?.answer);
  }
}

const afterGhost = (data: MembershipData, trouble: Trouble, answer: Refusal | null = null): Folded => ({
  data: { ...data, sent: null },
  trouble,
  stage: failedAt('join', trouble.cause, answer),
});

function afterJoin(data: MembershipData, outcome: Outcome, now: Instant): Folded {
  if (outcome.is === 'done') {
    const sent = { at: now, cause: null, answer: null };
    return { data: withStages({ ...data, sent }, done('join')), trouble: null, stage: null };
  }
  const { reaction, cause, answer } = outcome;
  const stage = failedAt('join', cause, answer);
  // Whether it came about the member list says; what is read there came after this answer.
  if (reaction === 'look' || reaction === 'nameTaken')
    return { data: { ...data, sent: { at: now, cause, answer } }, trouble: null, stage };
  return { data: { ...data, sent: null }, trouble: { reaction, cause }, stage };
}

/** A join was sent, and this cluster is in no federation. */
function awaited(
  data: MembershipData,
  sent: NonNullable<MembershipData['sent']>,
  did: readonly Did[],
  context: DecideContext,
): Judged {
  const { now } = context;
  const age = now - sent.at;
  if (sent.answer?.status === 409) {
    const hasLooked = did.some((one) => one.did === 'clearedGhost');
    return hasLooked ? hindered(data, { reaction: 'retry', cause: sent.cause! }, context) : clearGhost(data);
  }
  // The controller said that it was not done: it is standalone, and stays so.
  if (sent.answer)
    return hindered({ ...data, sent: null }, { reaction: 'retry', cause: sent.cause! }, context);
  const cause = sent.cause ?? because('JOIN_NOT_LISTED', { seconds: listedWithin / second });
  const patience = sent.cause === null ? listedWithin : unansweredFor;
  if (age >= patience) {
    const stage = sent.cause === null ? failedAt('listed', cause) : failedAt('join', cause);
    return hindered(withStages({ ...data, sent: null }, [stage]), { reaction: 'retry', cause }, context);
  }
  return { data, next: { kind: 'at', at: now + listEvery } };
}

const clearGhost = (data: MembershipData): Judged => ({
  data,
  actions: [{ do: 'clearGhost' }],
  next: { kind: 'now' },
});

const canRenewToken = ({ wish }: MembershipData): boolean =>
  wish !== null &&
  (wish.tokenUrl !== null || (wish.primary?.rest != null && wish.primary.credential !== null));

const isTakingLong = ({ startedAt }: MembershipData, now: Instant): boolean =>
  now - (startedAt ?? now) > turnsWithin;

/** Not now: never, later, or in a moment with something new. */
function hindered(
  data: MembershipData,
  { reaction, cause }: Trouble,
  { now, random }: DecideContext,
): Judged {
  const going = data.state.is === 'joining' ? ('joining' as const) : ('waiting' as const);
  const again = (changed: MembershipData, at: Instant): Judged => ({
    ...become({ ...changed, nextAt: at }, { is: going, since: now, cause }),
    next: { kind: 'at', at },
  });
  const end = (changed: MembershipData): Judged => ({
    ...become({ ...changed, nextAt: null, sent: null }, { is: 'failed', since: now, cause }),
    next: { kind: 'rest' },
  });
  switch (reaction) {
    case 'stop':
    case 'refused':
    case 'nameTaken':
      return end(data);
    case 'wait':
      return again(data, now + jittered(isTakingLong(data, now) ? joinBackOff.cap : turnWait, random));
    case 'newToken':
      if (data.isTokenRenewed || !canRenewToken(data)) return end(data);
      return again({ ...data, isTokenRenewed: true }, now);
    case 'signIn':
    case 'look':
    case 'force':
    case 'slowly':
    case 'retry': {
      const attempts = data.attempts + 1;
      if (attempts >= (data.wish?.maxAttempts ?? 1)) return end({ ...data, attempts });
      const delay = reaction === 'slowly' ? joinBackOff.cap : delayAfter(attempts, joinBackOff);
      return again({ ...data, attempts }, now + jittered(delay, random));
    }
  }
}
