import { type FedCluster, type FedMembers, fedMembers } from '#neuvector';
import type { Row } from '#reconcile';
import type { Clock, Millis } from '#time';
import type { Access, Visit } from '../access/access.ts';
import type { Member, MembershipData, Stage } from '../model.ts';
import type { Reacted } from './answers.ts';
import { reactionToError } from './reactionToError.ts';

export interface Asked {
  latencyMs: Millis | null;
  members?: FedMembers;
  failed?: { stage: Extract<Stage, 'controller' | 'session' | 'standalone'>; failure: Reacted };
  /** It answered at all. */
  isReached: boolean;
}

/** What its own controller says of its federation, or which stage of the way there failed. */
export async function askController(
  { access, clock }: { access: Access; clock: Clock },
  row: Row<MembershipData>,
  visit: Visit,
): Promise<Asked> {
  let [isReached, isSignedIn] = [false, false];
  let latencyMs: Millis | null = null;
  const { signal } = visit;
  const reached = () => {
    isReached = true;
  };
  try {
    const members = await access.controller(
      row,
      visit,
      async (controller) => {
        isSignedIn = true;
        const askedAt = clock.now();
        const said = await fedMembers(controller, signal ? { signal } : {});
        latencyMs = clock.now() - askedAt;
        return said;
      },
      reached,
    );
    return { latencyMs, members, isReached: true };
  } catch (error) {
    if (signal?.aborted) throw error;
    const failure = reactionToError(isSignedIn ? 'member' : 'signIn', error);
    isReached ||= failure.answer !== null;
    return { latencyMs, failed: { stage: stageOf(failure, isSignedIn), failure }, isReached };
  }
}

/** Whatever answered, it was no controller's REST listener. */
const isForeign = new Set([
  'CONTROLLER_WRONG_PORT',
  'CONTROLLER_NOT_ITSELF',
  'CONTROLLER_IS_MANAGER',
  'CONTROLLER_GATEWAY',
]);
/** No trouble on the way: Drover itself does not sign in now. */
const isOfSession = new Set(['SIGN_IN_BUSY', 'SESSIONS_LEFT_OPEN']);

function stageOf(
  { reaction, cause, answer }: Reacted,
  isSignedIn: boolean,
): NonNullable<Asked['failed']>['stage'] {
  if (isForeign.has(cause.code)) return 'controller';
  if (reaction === 'refused' || reaction === 'signIn' || isOfSession.has(cause.code)) return 'session';
  if (answer === null) return 'controller';
  return isSignedIn ? 'standalone' : 'session';
}

/** A member of a federation, as its own controller tells it. */
export function memberIn({ primary, members: [own] }: FedMembers): Member {
  const at = primary?.restInfo ?? { server: '', port: 0 };
  return {
    ...named(own),
    primary: { ...named(primary), ...at },
  };
}

const named = (cluster: FedCluster | null | undefined) => ({
  id: cluster?.id ?? '',
  name: cluster?.name ?? '',
  status: cluster?.status ?? '',
});
