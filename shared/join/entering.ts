import type { DecideContext } from '#reconcile';
import { second } from '#time';
import { because, become, done, failedAt, type Judged, withStages } from './become.ts';
import type { Member, MembershipData, Sight } from './model.ts';
import { outOfKicked, putOut } from './staying.ts';
import { isSynced, syncedStage } from './synced.ts';
import { isOfWanted } from './wanted.ts';

/** It is a member already: by us, by somebody else, under this name or another. */
export function enter(data: MembershipData, member: Member, sight: Sight, context: DecideContext): Judged {
  const { now } = context;
  if (member.status === 'kicked') {
    // Who was held and retried is to be one again, because a person said so.
    const isRetried = data.state.is === 'joining';
    return isRetried ? outOfKicked({ ...data, member }, now) : putOut({ ...data, member }, context);
  }
  // The primary that is wanted tells its own by their federation, by whichever address it is known.
  if (!sight.listed && !isOfWanted(data, member)) {
    const { server, port, name } = member.primary;
    const cause = because('MEMBER_ELSEWHERE', { primary: name, address: `${server}:${port}` });
    const elsewhere = withStages({ ...data, member, sent: null, nextAt: null }, [
      failedAt('standalone', cause),
    ]);
    return { ...become(elsewhere, { is: 'failed', since: now, cause }), next: { kind: 'rest' } };
  }
  const joined: MembershipData = {
    ...data,
    member,
    sent: null,
    nextAt: null,
    failing: null,
    refused: null,
    mending: null,
    outOfSyncSince: null,
    joinedAt: now,
    startedAt: data.startedAt ?? now,
    isTokenRenewed: false,
  };
  const stages = [
    ...done(
      'settings',
      'controller',
      'session',
      'standalone',
      'token',
      'address',
      'primary',
      'join',
      'listed',
    ),
    ...syncedStage(sight, member),
  ];
  const { data: entered, events } = become(withStages(joined, stages), { is: 'joined', since: now });
  return {
    data: entered,
    events,
    next: isSynced(sight, member) ? { kind: 'rest' } : { kind: 'at', at: now + soon },
  };
}

/** A first synchronisation takes a poll or two. */
const soon = 10 * second;
