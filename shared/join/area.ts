import type { Area, Look as Beat, Row, WorkContext } from '#reconcile';
import { minute, second } from '#time';
import { decide } from './decide.ts';
import { type Action, type Did, kinds, lookEvery, type MembershipData, read, type Seen } from './model.ts';
import { causeOf, present, secondsToJoin } from './present.ts';
import { told } from './told.ts';

/** What this area needs of the world. */
export interface JoinWorld {
  observe(row: Row<MembershipData>, context: WorkContext): Promise<Seen>;
  look(row: Row<MembershipData>, context: WorkContext): Promise<Beat>;
  act(row: Row<MembershipData>, action: Action, context: WorkContext): Promise<Did>;
}

export type JoinArea = Area<MembershipData, Seen, Action, Did>;

/** The HTTP function's: it reads and writes records, and is never asked to look or act. */
export const joinArea: JoinArea = joinIn({ observe: worldless, look: worldless, act: worldless });

export function joinIn(world: JoinWorld): JoinArea {
  return {
    name: 'join',
    kinds,
    read: (data) => read(data),
    summarise,
    told,
    present: (row) => present(row),
    observe: world.observe,
    decide,
    act: world.act,
    look: world.look,
    webhookEvents: [
      'join.completed',
      'join.failed',
      'join.lost',
      'join.degraded',
      'join.recovered',
      'join.left',
      'join.left-behind',
      'join.deleted',
    ],
    intervals: [lookEvery],
    // What does not answer is asked again ever less often, and from then on waits where it hinders nobody.
    backOff: { base: 10 * second, cap: 5 * minute, slowFrom: 4 },
    slotOf: ({ slot }) => slot,
  };
}

function worldless(): never {
  throw new Error('Only the worker looks at controllers.');
}

/** What lists filter, sort and count by, and what is shown of each in metrics. */
function summarise({ data, deletedAt }: Row<MembershipData>) {
  const { state, wish, stages, token, member } = data;
  return {
    state: deletedAt === undefined ? state.is : 'deleting',
    cause: causeOf(data)?.code ?? null,
    join: wish !== null,
    storeId: wish?.storeId ?? null,
    federationName: member?.name ?? null,
    primary: member?.primary.name ?? null,
    /** The last that is done. */
    stage: stages.findLast(({ is }) => is === 'done' || is === 'warning')?.stage ?? null,
    attempts: data.attempts,
    checkedAt: data.checkedAt,
    joinedAt: data.joinedAt,
    secondsToJoin: secondsToJoin(data),
    tokenAt: token?.at ?? wish?.tokenGivenAt ?? null,
    from: data.from,
  };
}
