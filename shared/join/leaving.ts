import { type DecideContext, delayAfter, jittered } from '#reconcile';
import { because, become, type Judged } from './become.ts';
import { joinBackOff, listEvery, unansweredFor } from './joining.ts';
import type { Cause, Did, MembershipData, Sight } from './model.ts';

type Left = Extract<Did, { did: 'left' }>;

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
    // A join that was sent may come about yet.
    if (isUnderWay(data, now)) return { data, next: { kind: 'at', at: now + listEvery } };
    return isOut(data, ghost, why, now);
  }
  if (sight.fed?.role === 'master') return { ...isOut(data, undefined, why, now) };
  const trouble = failed?.cause ?? (left && troubleOf(left));
  if (trouble) {
    const attempts = data.attempts + 1;
    if (goesWithout(left, attempts))
      return { data, actions: [{ do: 'leave', force: true }], next: { kind: 'now' } };
    const isRefused = failed?.reaction === 'refused';
    if (why === 'atEnd' && (attempts >= (data.wish?.maxAttempts ?? 1) || isRefused)) {
      return leftBehind(data, trouble);
    }
    // Whoever asked for it wants it still: ever less often, and where we are not let in, when that changes.
    const at = isRefused ? null : now + jittered(delayAfter(attempts, joinBackOff), random);
    const again: MembershipData = { ...data, attempts, nextAt: at };
    return {
      ...(why === 'asked'
        ? become(again, { is: 'leaving', since: now, cause: trouble })
        : { data: again, events: [] }),
      next: at === null ? { kind: 'rest' } : { kind: 'at', at },
    };
  }
  return { data: { ...data, sent: null }, actions: [{ do: 'leave', force: false }], next: { kind: 'now' } };
}

const isUnderWay = ({ sent }: MembershipData, now: number): boolean =>
  sent !== null && sent.answer === null && now - sent.at < unansweredFor;

/** So often the primary is tried to be told; whoever asked for it is to get out all the same. */
const triesWithPrimary = 3;

/** Its primary knows nothing of it, or cannot be told. */
const goesWithout = (left: Left | undefined, attempts: number): boolean =>
  left?.outcome.is === 'failed' &&
  !left.force &&
  (left.outcome.reaction === 'force' || (left.outcome.reaction === 'look' && attempts >= triesWithPrimary));

/** It was answered, and this cluster calls itself a member all the same. */
const troubleOf = ({ outcome }: Left): Cause =>
  outcome.is === 'failed' ? outcome.cause : because('STILL_MEMBER');

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

/** It cannot be made to leave, and its record ends all the same: said, and left to persons. */
const leftBehind = (data: MembershipData, { code }: Cause): Judged => ({
  data: { ...data, leavesAtEnd: false },
  events: [{ type: 'join.left-behind', cause: code }],
  next: { kind: 'gone' },
});
