import type { Ports, Row } from '#reconcile';
import type { MembershipData, Outcome, Sight, StageResult } from '../model.ts';

type Log = Pick<Ports['log'], 'info' | 'warn'>;
type Membership = Pick<Row<MembershipData>, 'id' | 'name' | 'data'>;

/** What a look found of each stage, where the record says otherwise: a log tells the story of a join, and no more. */
export function logSight(log: Log, row: Membership, { stages, fed }: Sight): void {
  for (const one of stages) logStage(log, row, one);
  if (fed?.role === 'joint') logStage(log, row, { ...nothing, stage: 'listed', is: 'done' });
}

/** What a join was answered with. */
export function logJoin(log: Log, row: Membership, outcome: Outcome): void {
  const { cause, answer } = outcome.is === 'failed' ? outcome : nothing;
  // Each is told, also where the last one failed alike.
  write(log, row, { stage: 'join', is: outcome.is, cause, answer });
}

const nothing = { cause: null, answer: null };

function logStage(log: Log, row: Membership, one: StageResult): void {
  const known = row.data.stages.find(({ stage }) => stage === one.stage);
  if (known?.is !== one.is || known.cause?.code !== one.cause?.code) write(log, row, one);
}

/** Codes alone: sentences hold what others said. */
function write(log: Log, { id, name, data }: Membership, { stage, is, cause, answer }: StageResult): void {
  const fields = {
    membership: id,
    name,
    stage,
    is,
    attempt: data.attempts,
    ...(cause && { code: cause.code }),
    ...(answer && { status: answer.status, answered: answer.code }),
  };
  if (is === 'failed') log.warn('stage of a join', fields);
  else log.info('stage of a join', fields);
}
