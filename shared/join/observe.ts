import { isDeepStrictEqual } from 'node:util';
import { DroverError } from '#errors';
import { fedMembers, NvRefused } from '#neuvector';
import type { Look as Beat, Meter, Row, WorkContext } from '#reconcile';
import type { Clock } from '#time';
import type { Access, Visit } from './access/access.ts';
import { decide } from './decide.ts';
import { reactionToError } from './ladder/reactionToError.ts';
import type { MembershipData, Seen, Sight, Stage } from './model.ts';
import { ownEntry } from './ownEntry.ts';
import { isStillRefused } from './refused.ts';
import { told } from './told.ts';

/** How far a look goes: to the member list, or on to everything that a join needs. */
export type HowFar = Extract<Stage, 'session' | 'standalone' | 'token' | 'primary'>;

export interface Eyes {
  clock: Clock;
  meter: Meter;
  access: Pick<Access, 'primary' | 'forgive'>;
  climb(row: Row<MembershipData>, visit: Visit, upTo: HowFar): Promise<Sight>;
}

/** What a step sees of a membership. */
export async function observe(eyes: Eyes, row: Row<MembershipData>, context: WorkContext): Promise<Seen> {
  if (!isLookedAt(row, eyes.clock.now())) return { sight: null };
  const visit = visitOf('step', context);
  if (row.data.refused && !isStillRefused(row.data)) await forgive(eyes, row, visit);
  return { sight: await see(eyes, row, visit, howFar(row)) };
}

/** A person gave a credential after one was refused. It may be the same, because it was right or has become so. */
async function forgive({ access }: Eyes, row: Row<MembershipData>, visit: Visit): Promise<void> {
  try {
    await access.forgive(row, visit);
  } catch (error) {
    // Not yet, or it cannot be opened: the look tells which.
    if (!(error instanceof DroverError)) throw error;
  }
}

const visitOf = (kind: 'step' | 'round', within: WorkContext): Visit => ({
  kind,
  within,
  signal: within.signal,
});

async function see(eyes: Eyes, row: Row<MembershipData>, visit: Visit, upTo: HowFar): Promise<Sight> {
  const sight = await eyes.climb(row, visit, upTo);
  const failed = sight.stages.find(({ is }) => is === 'failed');
  const outcome = failed === undefined || sight.fed !== null ? 'ok' : failed.stage;
  eyes.meter.count('drover_join_looks_total', { visit: visit.kind, outcome });
  return isJoinedDirectly(row, sight) ? withListed(eyes, row, visit, sight) : sight;
}

/** What was joined directly, at its primary, knows nothing of it itself: the primary tells. */
const isJoinedDirectly = ({ data }: Row<MembershipData>, { fed }: Sight): boolean =>
  data.wish?.contract === 'master' && fed?.role === 'standalone';

async function withListed(
  { access }: Eyes,
  row: Row<MembershipData>,
  visit: Visit,
  sight: Sight,
): Promise<Sight> {
  try {
    const { members } = await access.primary(row, visit, (primary) => fedMembers(primary, signalOf(visit)));
    return { ...sight, listed: { status: ownEntry(members, row.data)?.status ?? null } };
  } catch (error) {
    if (visit.signal?.aborted) throw error;
    const met = reactionToError('member', error);
    // A gateway may have no such list.
    if (error instanceof NvRefused) return { ...sight, warnings: [...sight.warnings, met.cause] };
    const others = sight.stages.filter(({ stage }) => stage !== 'primary');
    return { ...sight, fed: null, stages: [...others, { stage: 'primary', is: 'failed', ...met }] };
  }
}

const signalOf = ({ signal }: Visit) => (signal ? { signal } : {});

function isLookedAt({ data, deletedAt }: Row<MembershipData>, now: number): boolean {
  if (deletedAt !== undefined) return data.leavesAtEnd && data.wish !== null;
  const { state, nextAt } = data;
  switch (state.is) {
    case 'paused':
    case 'left':
      return false;
    case 'waiting':
    case 'joining':
      // What was sent is looked after at once; the next try keeps its time.
      return data.sent !== null || nextAt === null || nextAt <= now;
    case 'leaving':
      return nextAt === null || nextAt <= now;
    default:
      return true;
  }
}

function howFar({ data, deletedAt }: Row<MembershipData>): HowFar {
  if (data.wish === null) return 'session';
  if (deletedAt !== undefined) return 'standalone';
  const isOnTheWay = data.state.is === 'waiting' || data.state.is === 'joining';
  // While one is under way, only whether it came about is of interest.
  if (isOnTheWay && data.sent === null) return 'primary';
  // Which primary is wanted may be for the token alone to say.
  return data.token === null && data.sent === null ? 'token' : 'standalone';
}

/** What a round sees of one at rest, and whether a step should see to it. */
export async function lookFor(eyes: Eyes, row: Row<MembershipData>, context: WorkContext): Promise<Beat> {
  const { data } = row;
  const { is } = data.state;
  // Nobody waits for what is paused or left; where we were refused we do not ask again.
  const isRefused = data.refused?.of === 'controller' && isStillRefused(data);
  if (is === 'paused' || is === 'left' || isRefused) return { ok: true, differs: false };
  const sight = await see(eyes, row, visitOf('round', context), data.wish ? 'standalone' : 'session');
  const failed = sight.stages.find((stage) => stage.is === 'failed');
  const isReached = failed === undefined || failed.stage === 'standalone';
  const cause = failed?.cause?.code;
  return {
    ok: isReached,
    differs: differs(row, sight, eyes.clock.now()),
    ...(!isReached && cause !== undefined && { cause }),
    ...(sight.latencyMs !== null && { latency: sight.latencyMs }),
  };
}

/** Whether `decide` would make something else of it than the record says. */
function differs(row: Row<MembershipData>, sight: Sight, now: number): boolean {
  const {
    data,
    events = [],
    actions = [],
    next,
  } = decide(row, { sight }, [], { now, random: 0.5, isNew: false });
  const isAtRest = next.kind === 'rest' && actions.length + events.length === 0;
  return !isAtRest || !isDeepStrictEqual(told({ ...row, data }), told(row));
}
