import { isDeepStrictEqual } from 'node:util';
import type { Look as Beat, Meter, Row, WorkContext } from '#reconcile';
import type { Clock } from '#time';
import { decide } from './decide.ts';
import type { MembershipData, Seen, Sight, Stage } from './model.ts';
import { told } from './told.ts';

/** How far a look goes: to the member list, or on to everything that a join needs. */
export type HowFar = Extract<Stage, 'session' | 'standalone' | 'primary'>;

export interface Eyes {
  clock: Clock;
  meter: Meter;
  climb(
    row: Row<MembershipData>,
    context: WorkContext,
    visit: 'step' | 'round',
    upTo: HowFar,
  ): Promise<Sight>;
  /** Closes the sessions that nobody uses any more. */
  leave(row: Row<MembershipData>, context: WorkContext, visit: 'step' | 'round'): Promise<void>;
}

/** What a step sees of a membership. */
export async function observe(eyes: Eyes, row: Row<MembershipData>, context: WorkContext): Promise<Seen> {
  if (!isLookedAt(row, eyes.clock.now())) return { sight: null };
  const sight = await eyes.climb(row, context, 'step', howFar(row));
  count(eyes.meter, sight, 'step');
  return { sight };
}

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
  return isOnTheWay && data.sent === null ? 'primary' : 'standalone';
}

/** What a round sees of one at rest, and whether a step should see to it. */
export async function lookFor(eyes: Eyes, row: Row<MembershipData>, context: WorkContext): Promise<Beat> {
  const { data } = row;
  const { is } = data.state;
  // Nobody waits for what is paused or left; what was refused is not asked again.
  if (is === 'paused' || is === 'left' || data.refused !== null) return { ok: true, differs: false };
  const sight = await eyes.climb(row, context, 'round', data.wish ? 'standalone' : 'session');
  await eyes.leave(row, context, 'round');
  count(eyes.meter, sight, 'round');
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

function count(meter: Meter, { stages, fed }: Sight, visit: 'step' | 'round'): void {
  const failed = stages.find(({ is }) => is === 'failed');
  meter.count('drover_join_looks_total', {
    visit,
    outcome: failed === undefined || fed !== null ? 'ok' : failed.stage,
  });
}
