import type { NewEvent } from '#reconcile';
import type { Instant } from '#time';
import { blockedFor } from './access/accounts/account.ts';
import { awake, outliving } from './awake.ts';
import { become, begunAnew } from './become.ts';
import type { Prepared } from './calls.ts';
import { joinError } from './errors.ts';
import type { Cause, MembershipData } from './model.ts';
import { isStillRefused } from './refused.ts';

/** What persons wish makes of a membership. What it is found to be, `decide` alone says. */

/** What becomes of the data, and what is told of it. */
export interface Wished {
  data: MembershipData;
  events: NewEvent[];
}

export function newMembership(
  { controller, wish }: Prepared,
  slot: string,
  suffix: string,
  now: Instant,
  settingsMark: string | null = null,
): MembershipData {
  return {
    kind: 'join',
    from: settingsMark === null ? 'api' : 'settings',
    settingsMark,
    controller,
    wish,
    slot,
    secretVersion: 1,
    suffix,
    state: { is: wish ? 'waiting' : 'watching', since: now, cause: null },
    stages: [],
    member: null,
    attempts: 0,
    nextAt: null,
    sent: null,
    startedAt: wish ? now : null,
    joinedAt: null,
    token: null,
    isTokenRenewed: false,
    refused: null,
    failing: null,
    outOfSyncSince: null,
    mending: null,
    checkedAt: null,
    warnings: [],
    leavesAtEnd: false,
  };
}

/** Another way there, or another wish: what is not settled begins anew, and a member stays one until somebody has looked. */
export function changed(data: MembershipData, prepared: Prepared, slot: string, now: Instant): Wished {
  const { controller, wish } = prepared;
  const next: MembershipData = {
    ...data,
    controller,
    wish,
    slot,
    secretVersion: data.secretVersion + 1,
    failing: null,
    mending: null,
    // Another primary may be wanted now.
    token: null,
  };
  const { is } = data.state;
  if (is === 'paused' || is === 'leaving') return { data: next, events: [] };
  if (!wish)
    return become(
      { ...next, attempts: 0, nextAt: null, sent: null },
      { is: 'watching', since: now, cause: null },
    );
  const isSettled = data.wish !== null && ['joined', 'degraded', 'held', 'left'].includes(is);
  if (isSettled) return { data: next, events: [] };
  const anew = { ...begunAnew(next, now), sent: underWay(data) };
  return become(anew, { is: 'waiting', since: now, cause: null });
}

/** Of a join that was sent, and may come about yet. */
const underWay = ({ sent }: MembershipData): MembershipData['sent'] => (sent?.answer ? null : sent);

/** Nobody can give the environment's credential again while it stays what it is: a retry does, once that blocks no account. */
function givenAgain(data: MembershipData, now: Instant): MembershipData {
  const { from, refused } = data;
  if (from !== 'settings' || !refused || now < refused.at + blockedFor) return data;
  return { ...data, refused: { ...refused, version: 0 } };
}

/** Tried at once, as often as ever. */
export function retried(before: MembershipData, name: string, now: Instant): Wished {
  const data = givenAgain(before, now);
  if (isStillRefused(data)) throw joinError('SIGN_IN_STILL_REFUSED', { name });
  if (!data.wish) return { data: { ...data, failing: null }, events: [] };
  switch (data.state.is) {
    case 'leaving':
      return { data: { ...data, attempts: 0, nextAt: null }, events: [] };
    case 'paused':
      throw joinError('NOTHING_TO_RETRY', { name, state: data.state.is });
    case 'joined':
    case 'degraded':
      return { data: { ...data, failing: null, mending: null }, events: [] };
    case 'held':
      return become(
        { ...begunAnew(data, now), joinedAt: null, mending: null },
        { is: 'joining', since: now, cause: null },
        'join.started',
      );
    case 'failed':
    case 'left':
    case 'waiting':
    case 'watching':
    case 'joining': {
      const sent = data.state.is === 'joining' ? data.sent : null;
      const anew = { ...begunAnew(data, now), sent, mending: null };
      return become(anew, { is: 'waiting', since: now, cause: null });
    }
  }
}

/** Out of the federation; the record stays. */
export function leaving(data: MembershipData, name: string, now: Instant): Wished {
  if (!data.wish) throw joinError('NOT_JOINING', { name });
  const { is } = data.state;
  if (is === 'leaving' || is === 'left') return { data, events: [] };
  return become(
    { ...data, attempts: 0, nextAt: null, sent: underWay(data), mending: null },
    { is: 'leaving', since: now, cause: null },
  );
}

/** A pause that is there is given the new end and reason. */
export function paused(
  data: MembershipData,
  until: Instant | null,
  reason: string,
  now: Instant,
  cause: Cause | null = null,
): Wished {
  const since = data.state.is === 'paused' ? data.state.since : now;
  const { data: next, events } = become(data, {
    ...{ is: 'paused', since, until, reason, cause },
    ...outliving(data),
  });
  return {
    data: { ...next, nextAt: null, failing: null },
    events: events.map((event) => ({ ...event, message: reason })),
  };
}

export function resumed(data: MembershipData, now: Instant): Wished | undefined {
  return data.state.is === 'paused' ? awake(data, now) : undefined;
}

/** Its end also ends the membership at the primary. */
export const leavingAtEnd = (data: MembershipData): MembershipData => ({
  ...data,
  leavesAtEnd: true,
  attempts: 0,
  nextAt: null,
});
