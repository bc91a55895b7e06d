import { type DecideContext, delayAfter, jittered } from '#reconcile';
import { second } from '#time';
import { because, become, type Judged } from './become.ts';
import { joinBackOff } from './joining.ts';
import type { Cause, Did, MembershipData, Sight } from './model.ts';

/** Leaving goes on in the background for a moment after it was answered. */
const lookEvery = 2 * second;

/** On its way out of the federation, because a person asked for it: by itself, or together with the record's end. */
export function judgeLeaving(
  data: MembershipData,
  sight: Sight,
  did: readonly Did[],
  context: DecideContext,
  why: 'asked' | 'atEnd',
): Judged {
  const { now, random } = context;
  const failed = sight.stages.find(({ is }) => is === 'failed');
  const left = did.find((one) => one.did === 'left');
  const ghost = did.find((one) => one.did === 'clearedGhost');
  if (sight.fed?.role === 'standalone') {
    // A primary that was not told of it keeps an entry that nobody answers for.
    if (left?.force && !ghost) return { data, actions: [{ do: 'clearGhost' }], next: { kind: 'now' } };
    return isOut(data, ghost, why, now);
  }
  if (sight.fed?.role === 'master') return { ...isOut(data, undefined, why, now) };
  const trouble = failed?.cause ?? troubleOf(left);
  if (trouble) {
    const attempts = data.attempts + 1;
    if (left && !left.force) return { data, actions: [{ do: 'leave', force: true }], next: { kind: 'now' } };
    if (attempts >= (data.wish?.maxAttempts ?? 1) || failed?.reaction === 'refused')
      return givenUp(data, trouble, why, now);
    const at = now + jittered(delayAfter(attempts, joinBackOff), random);
    const again: MembershipData = { ...data, attempts, nextAt: at };
    return {
      ...(why === 'asked'
        ? become(again, { is: 'leaving', since: now, cause: trouble })
        : { data: again, events: [] }),
      next: { kind: 'at', at },
    };
  }
  if (left || (data.nextAt !== null && data.nextAt > now)) {
    return { data, next: { kind: 'at', at: now + lookEvery } };
  }
  return { data, actions: [{ do: 'leave', force: false }], next: { kind: 'now' } };
}

const troubleOf = (left: Extract<Did, { did: 'left' }> | undefined): Cause | null =>
  left?.outcome.is === 'failed' ? left.outcome.cause : null;

function isOut(
  data: MembershipData,
  ghost: Extract<Did, { did: 'clearedGhost' }> | undefined,
  why: 'asked' | 'atEnd',
  now: number,
): Judged {
  if (why === 'atEnd') return { data, next: { kind: 'gone' } };
  const stays = ghost && ['unable', 'failed', 'alive'].includes(ghost.found);
  const warnings = stays ? [because('GHOST_LEFT', { name: data.member?.name ?? '' })] : [];
  const out: MembershipData = {
    ...data,
    ...{ attempts: 0, nextAt: null, sent: null, mending: null, failing: null, joinedAt: null },
    ...{ member: null, outOfSyncSince: null, stages: [], warnings },
  };
  return { ...become(out, { is: 'left', since: now }), next: { kind: 'rest' } };
}

/** It cannot be made to leave: said, and left to persons. */
function givenUp(member: MembershipData, cause: Cause, why: 'asked' | 'atEnd', now: number): Judged {
  if (why === 'atEnd') {
    const data: MembershipData = { ...member, leavesAtEnd: false };
    return { data, events: [{ type: 'join.left-behind', cause: cause.code }], next: { kind: 'gone' } };
  }
  return {
    ...become({ ...member, nextAt: null }, { is: 'degraded', since: now, cause }),
    next: { kind: 'rest' },
  };
}
