import { mayJoin } from '#neuvector';
import type { Row } from '#reconcile';
import type { Visit } from '../access/access.ts';
import type { Preflight } from '../calls.ts';
import { stages as inOrder, type MembershipData, type Sight, type StageSeen } from '../model.ts';
import { type ClimbParts, climb } from './climb.ts';
import { reactionToError } from './reactionToError.ts';

/** All that is harmless, from the settings to the primary, or for metrics alone to a session: nothing is changed, and no session stays open. */
export async function preflight(
  parts: ClimbParts,
  row: Row<MembershipData>,
  visit: Visit,
): Promise<Preflight> {
  const startedAt = parts.clock.now();
  try {
    const sight = await climb(parts, row, visit, {
      upTo: row.data.wish ? 'primary' : 'session',
      probeAdvertised: true,
    });
    const stages = [...sight.stages, ...(await probeJoin(parts, row, visit, sight))];
    const failed = stages.find(({ is }) => is === 'failed');
    return {
      outcome: failed ? 'failed' : hasWarnings(sight, stages) ? 'warning' : 'ok',
      code: failed?.cause?.code ?? null,
      failedStage: failed?.stage ?? null,
      startedAt,
      tookMs: parts.clock.now() - startedAt,
      stages: inOrder.map((stage) => stages.find((seen) => seen.stage === stage) ?? waiting(stage)),
    };
  } finally {
    await parts.access.leaveIdle(row, visit);
  }
}

const hasWarnings = ({ warnings }: Sight, stages: StageSeen[]): boolean =>
  warnings.length > 0 || stages.some(({ is }) => is === 'warning');

/** Whether its controller would listen to a join: what comes out of its own checks need not be learnt by one. */
async function probeJoin(
  { access }: ClimbParts,
  row: Row<MembershipData>,
  visit: Visit,
  { stages, fed }: Sight,
): Promise<StageSeen[]> {
  const isNext = fed?.role === 'standalone' && stages.every(({ is }) => is !== 'failed');
  if (!isNext || row.data.wish?.contract !== 'controller') return [];
  const { signal } = visit;
  try {
    await access.controller(row, visit, (controller) => mayJoin(controller, { ...(signal && { signal }) }));
    return [];
  } catch (error) {
    if (signal?.aborted) throw error;
    const { reaction, cause, answer } = reactionToError('join', error);
    // What passes by itself hinders nothing for long.
    return [{ stage: 'join', is: reaction === 'stop' ? 'failed' : 'warning', cause, answer, reaction }];
  }
}

const waiting = (stage: StageSeen['stage']): StageSeen => ({
  stage,
  is: 'waiting',
  cause: null,
  answer: null,
});
