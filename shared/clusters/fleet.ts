import type { DecideContext, FaultVerdict, Plan, Row } from '#reconcile';
import { minute, second } from '#time';
import type { FleetData } from './model.ts';

/** What rule 15's row sees: what rounds saw, and whether a well-known address answers, where one is given. */
export interface FleetSeen {
  verdict: FaultVerdict;
  /** Null where none is given. */
  isKnownGoodDown: boolean | null;
}

/** While it may be our own fault, this row looks this often whether it still is. */
const lookAgain = 20 * second;

/** One row, one event: told when it begins, forgotten when it is over. */
export function decideFleet(
  { data }: Row<FleetData>,
  { verdict, isKnownGoodDown }: FleetSeen,
  { now }: DecideContext,
): Plan<FleetData, never> {
  if (data.suspected) {
    if (!verdict.isLasting) return { data: { ...data, suspected: null }, next: { kind: 'rest' } };
    const soon = now - data.suspected.since < 5 * minute ? lookAgain : minute;
    return { data, next: { kind: 'at', at: now + soon } };
  }
  const { isSuspected, cause, failed, looked } = verdict;
  // Where an address that is always there answers, our way out is well.
  if (!isSuspected || cause === null || isKnownGoodDown === false) return { data, next: { kind: 'rest' } };
  const event = {
    type: 'fleet.own-fault-suspected',
    cause,
    message: `${failed} of ${looked} clusters that were well began to fail alike: ${cause}.`,
    data: { failed, looked, cause },
  };
  return {
    data: { ...data, suspected: { since: now, cause } },
    events: [event],
    next: { kind: 'at', at: now + lookAgain },
  };
}
