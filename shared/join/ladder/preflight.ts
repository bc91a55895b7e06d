import type { Row } from '#reconcile';
import type { Visit } from '../access/access.ts';
import type { Preflight } from '../calls.ts';
import { stages as inOrder, type MembershipData, type StageSeen } from '../model.ts';
import { type ClimbParts, climb } from './climb.ts';

/** All that is harmless, from the settings to the primary: nothing is changed, and no session stays open. */
export async function preflight(
  parts: ClimbParts,
  row: Row<MembershipData>,
  visit: Visit,
): Promise<Preflight> {
  const startedAt = parts.clock.now();
  try {
    const { stages, warnings } = await climb(parts, row, visit, { upTo: 'primary', probeAdvertised: true });
    const failed = stages.find(({ is }) => is === 'failed');
    return {
      outcome: failed ? 'failed' : warnings.length > 0 ? 'warning' : 'ok',
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

const waiting = (stage: StageSeen['stage']): StageSeen => ({
  stage,
  is: 'waiting',
  cause: null,
  answer: null,
});
