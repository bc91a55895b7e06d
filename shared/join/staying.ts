import type { DecideContext } from '#reconcile';
import { hour, type Instant, minute, second } from '#time';
import { because, become, begunAnew, failedAt, type Judged, withStages } from './become.ts';
import { sourceOf } from './ladder/sourceOf.ts';
import type { Action, Cause, Did, Member, MembershipData, Sight } from './model.ts';
import { withRefusal } from './refused.ts';
import { isSynced, syncedStage } from './synced.ts';
import { isOfWanted } from './wanted.ts';

/** A look that fails is looked into after 20, 40 and 60 s; three of them and a minute end a good state. */
const failuresToLeave = 3;
const timeToLeave = minute;
const looksAgain = [20 * second, 40 * second, 60 * second];
/** Polls come every minute or two: so long it may take until rules have arrived. */
const syncWithin = 15 * minute;
/** What is put right is tried so often, and then left to persons. */
const mostMendings = 5;
const mendAgain = 5 * minute;

/** One that joined: whether it still is what it should be. */
export function judgeMember(
  data: MembershipData,
  sight: Sight,
  did: readonly Did[],
  context: DecideContext,
): Judged {
  const { now } = context;
  // Of one that is alone more may have been looked at than whether it is.
  const failed =
    sight.fed?.role === 'standalone' ? undefined : sight.stages.find(({ is }) => is === 'failed');
  const seen = withStages(
    data,
    sight.stages.filter(({ stage }) => stage !== 'standalone'),
  );
  if (!sight.fed || failed) return unseen(withRefusal(seen, failed ?? nobody, now), failed, now);
  switch (sight.fed.role) {
    case 'standalone':
      return isBeingMended(data) ? rejoin(seen, null, now) : alone(seen, context);
    case 'master':
      return trouble(seen, because('CLUSTER_IS_PRIMARY', { members: sight.fed.members }), now);
    case 'joint':
      return judgeJoint(seen, sight.fed.member, sight, did, context);
  }
}

const nobody = { stage: 'controller', is: 'failed', cause: null, answer: null } as const;

const isBeingMended = ({ mending }: MembershipData): boolean =>
  mending !== null && mending.what !== 'outOfSync';

function judgeJoint(
  before: MembershipData,
  member: Member,
  sight: Sight,
  did: readonly Did[],
  context: DecideContext,
): Judged {
  const { now } = context;
  const data = withStages({ ...before, member }, syncedStage(sight, member));
  if (member.status === 'kicked') return putOut(data, context);
  // The primary that is wanted tells its own by their federation, by whichever address it is known.
  if (!sight.listed && !isOfWanted(before, member)) return elsewhere(data, member, did, now);
  const isOut = sight.listed?.status === 'out_of_sync' || sight.listed?.status === 'syncing';
  const outOfSyncSince = isOut ? (data.outOfSyncSince ?? now) : null;
  const known: MembershipData = { ...data, outOfSyncSince };
  const cause = troubleOf(member, sight, outOfSyncSince, now);
  if (!cause) return well(known, sight, member, now);
  if (cause.code === 'OUT_OF_SYNC') return outOfSync(known, cause, now);
  return trouble(known, cause, now);
}

/** Words of version skew, which a member and its primary use of each other. */
const skewed = new Set([
  'master_upgrade_required',
  'joint_upgrade_required',
  'cluster_upgrade_ongoing',
  'joint_version_too_new',
]);

function troubleOf(member: Member, { listed }: Sight, outSince: Instant | null, now: Instant): Cause | null {
  const word = [member.status, member.primary.status, listed?.status ?? ''].find((one) => skewed.has(one));
  if (word !== undefined) return because('VERSIONS_APART', { status: word, primary: member.primary.name });
  if (member.primary.status === 'disconnected') {
    return because('PRIMARY_OUT_OF_TOUCH', { primary: member.primary.name });
  }
  if (listed?.status === null)
    return because('NOT_LISTED', { name: member.name, primary: member.primary.name });
  if (listed?.status === 'disconnected' || listed?.status === 'left') {
    return because('PRIMARY_CANNOT_REACH', { status: listed.status, primary: member.primary.name });
  }
  if (outSince !== null && now - outSince >= syncWithin) {
    return because('OUT_OF_SYNC', { minutes: Math.floor((now - outSince) / minute) });
  }
  return null;
}

function well(data: MembershipData, sight: Sight, member: Member, now: Instant): Judged {
  const told = become(
    { ...data, failing: null, mending: null },
    { is: 'joined', since: now },
    data.state.is === 'joined' ? undefined : 'join.recovered',
  );
  if (isSynced(sight, member)) return { ...told, next: { kind: 'rest' } };
  const since = data.outOfSyncSince ?? data.joinedAt ?? now;
  // Soon at first; rounds and an appointment see to what takes longer.
  if (now - since < 2 * minute) return { ...told, next: { kind: 'at', at: now + 10 * second } };
  const latest = since + syncWithin;
  return { ...told, next: { kind: 'rest', ...(latest > now && { wakeAt: Math.max(latest, now + minute) }) } };
}

/** Its controller cannot be asked: what was seen of it last still stands, and whether it holds is not known. */
function unseen(data: MembershipData, failed: Sight['stages'][number] | undefined, now: Instant): Judged {
  const cause = failed?.cause ?? because('STAGE_FAILED');
  if (data.state.is === 'held') return { data, next: { kind: 'rest' } };
  if (failed?.reaction === 'refused' || failed?.reaction === 'stop') {
    return { ...become(data, { is: 'degraded', since: now, cause }), next: { kind: 'rest' } };
  }
  return trouble(data, cause, now);
}

/** Three times and a minute; what is degraded already is told anew at once. */
function trouble(data: MembershipData, cause: Cause, now: Instant): Judged {
  if (data.state.is === 'degraded') {
    return {
      ...become({ ...data, failing: null }, { is: 'degraded', since: now, cause }),
      next: { kind: 'rest' },
    };
  }
  if (data.state.is === 'held') return { data, next: { kind: 'rest' } };
  const failing = { count: (data.failing?.count ?? 0) + 1, since: data.failing?.since ?? now, cause };
  if (failing.count >= failuresToLeave && now - failing.since >= timeToLeave) {
    return {
      ...become({ ...data, failing: null }, { is: 'degraded', since: now, cause }),
      next: { kind: 'rest' },
    };
  }
  const at = looksAgain.map((after) => failing.since + after).find((time) => time > now) ?? now + 10 * second;
  return { data: { ...data, failing }, next: { kind: 'at', at } };
}

/** Its own controller says that it is in no federation: seen twice, for one that just starts may not know yet. */
function alone(data: MembershipData, context: DecideContext): Judged {
  const { now } = context;
  const isAlways = data.wish?.stayJoined === 'always';
  if (data.state.is === 'held' && !isAlways) return { data, next: { kind: 'rest' } };
  const cause = because('PUT_OUT', { primary: data.member?.primary.name ?? '' });
  const isSecond = data.failing?.cause.code === cause.code && now - data.failing.since >= 5 * second;
  if (isSecond) return isAlways ? rejoin(data, cause, now) : putOut(data, context);
  const failing = {
    count: 1,
    since: data.failing?.cause.code === cause.code ? data.failing.since : now,
    cause,
  };
  return { data: { ...data, failing }, next: { kind: 'at', at: now + 10 * second } };
}

/** By the primary's administrators: respected, unless it was said that it is to be joined always. */
export function putOut(data: MembershipData, { now }: DecideContext): Judged {
  const cause = because('PUT_OUT', { primary: data.member?.primary.name ?? '' });
  const stages = [failedAt('listed', cause)];
  if (data.wish?.stayJoined !== 'always') {
    return {
      ...become(withStages({ ...data, failing: null, nextAt: null, sent: null }, stages), {
        is: 'held',
        since: now,
        cause,
      }),
      next: { kind: 'rest' },
    };
  }
  return outOfKicked(data, now, lostOnce(data));
}

/** Of one that is held it was told before. */
const lostOnce = ({ state }: MembershipData) => (state.is === 'held' ? undefined : 'join.lost');

/** Its own controller still calls it a member: what it was put out of it must leave before it can join anew. */
export function outOfKicked(data: MembershipData, now: Instant, event?: string): Judged {
  const cause = because('PUT_OUT', { primary: data.member?.primary.name ?? '' });
  const { data: joining, events } = become(begunAnew(data, now), { is: 'joining', since: now, cause }, event);
  return { ...mend(joining, 'kicked', { do: 'leave', force: true }, cause, now), events };
}

/** From the settings on, as if it had never been a member. */
function rejoin(data: MembershipData, cause: Cause | null, now: Instant): Judged {
  const anew = begunAnew({ ...data, member: null, joinedAt: null }, now);
  const told = become(anew, { is: 'joining', since: now, cause: null });
  const lost = cause && lostOnce(data);
  const events = lost
    ? told.events.map((event) => ({ ...event, type: lost, cause: cause.code }))
    : told.events;
  return { data: told.data, events, next: { kind: 'now' } };
}

/** Whoever leaves one federation without a token for the other is in none: a token that was given counts for an hour. */
const hasWayBack = (data: MembershipData, now: Instant): boolean =>
  sourceOf(data, true) !== undefined || now - (data.wish?.tokenGivenAt ?? 0) < hour;

function elsewhere(data: MembershipData, member: Member, did: readonly Did[], now: Instant): Judged {
  const { name, server, port } = member.primary;
  const cause = because('WRONG_PRIMARY', { primary: name, address: `${server}:${port}` });
  const told = become({ ...data, failing: null }, { is: 'degraded', since: now, cause }, 'join.lost');
  if (data.state.is === 'held') return { data, next: { kind: 'rest' } };
  if (data.wish?.stayJoined === 'no' || !hasWayBack(data, now)) return { ...told, next: { kind: 'rest' } };
  const isRefused = did.some(
    (one) =>
      one.did === 'left' && !one.force && one.outcome.is === 'failed' && one.outcome.reaction === 'force',
  );
  // One that does not answer cannot be told, and does not keep us.
  const isTiredOf = data.mending?.what === 'wrongPrimary' && data.mending.count >= 2;
  const leave: Action = { do: 'leave', force: isRefused || isTiredOf };
  const mended = mend(told.data, 'wrongPrimary', leave, cause, now, isRefused);
  return { ...mended, events: told.events };
}

function outOfSync(data: MembershipData, cause: Cause, now: Instant): Judged {
  const told = become({ ...data, failing: null }, { is: 'degraded', since: now, cause });
  if (data.wish?.stayJoined === 'no') return { ...told, next: { kind: 'rest' } };
  const mended = mend(told.data, 'outOfSync', { do: 'deploy' }, cause, now);
  return { ...mended, events: told.events };
}

/**
 * A few times, further and further apart; a member that cannot be put right is left to persons. `isSameTry`: the
 * answer to the last action asks for this one.
 */
function mend(
  data: MembershipData,
  what: NonNullable<MembershipData['mending']>['what'],
  action: Action,
  cause: Cause,
  now: Instant,
  isSameTry = false,
): Judged {
  const before = data.mending?.what === what ? data.mending : { count: 0, at: 0 };
  const nextAt = before.at + mendAgain * 2 ** Math.min(before.count - 1, 6);
  if (before.count >= mostMendings && !isSameTry) {
    return {
      data: { ...data, warnings: [...data.warnings, because('MENDING_GIVEN_UP', { cause: cause.code })] },
      next: { kind: 'rest', wakeAt: now + hour },
    };
  }
  if (before.count > 0 && now < nextAt && !isSameTry) return { data, next: { kind: 'rest', wakeAt: nextAt } };
  return {
    data: { ...data, mending: { what, count: before.count + (isSameTry ? 0 : 1), at: now } },
    actions: [action],
    next: { kind: 'now' },
  };
}
