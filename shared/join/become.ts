import type { NewEvent, Next } from '#reconcile';
import type { Instant } from '#time';
import type { Action, Cause, MembershipData, MembershipState, StageResult } from './model.ts';
import { stages as order } from './model.ts';

/** What a look or an answer made of a membership, and when to come again. */
export interface Judged {
  data: MembershipData;
  events?: NewEvent[];
  actions?: Action[];
  next: Next;
}

/** What is told of each change of state, by what it comes to. */
const told: Record<MembershipState['is'], string> = {
  watching: 'join.watching',
  waiting: 'join.waiting',
  joining: 'join.started',
  joined: 'join.completed',
  degraded: 'join.degraded',
  held: 'join.lost',
  failed: 'join.failed',
  leaving: 'join.leaving',
  left: 'join.left',
  paused: 'join.paused',
};

export const causeIn = (state: MembershipState): Cause | null => ('cause' in state ? state.cause : null);

/** The state stays since when it was, where only its cause changes; `event` where the usual name is not the right one. */
export function become(
  data: MembershipData,
  state: MembershipState,
  event?: string,
): { data: MembershipData; events: NewEvent[] } {
  const from = data.state.is;
  if (from === state.is)
    return { data: { ...data, state: { ...state, since: data.state.since } }, events: [] };
  const cause = causeIn(state);
  const news: NewEvent = {
    type: event ?? told[state.is],
    from,
    to: state.is,
    ...(cause && { cause: cause.code }),
  };
  return { data: { ...data, state }, events: [news] };
}

/** What was found of some stages takes the place of what was known of them; those after a failure wait. */
export function withStages(data: MembershipData, found: readonly StageResult[]): MembershipData {
  if (found.length === 0) return data;
  const byStage = new Map([...data.stages, ...found].map((one) => [one.stage, one]));
  const failed = found.find(({ is }) => is === 'failed');
  const end = failed ? order.indexOf(failed.stage) : order.length;
  return {
    ...data,
    stages: order.map((stage, index) => {
      const known = byStage.get(stage);
      return known === undefined || index > end ? waiting(stage) : plain(known);
    }),
  };
}

const waiting = (stage: StageResult['stage']): StageResult => ({
  stage,
  is: 'waiting',
  cause: null,
  answer: null,
});

/** Only what is kept. */
const plain = ({ stage, is, cause, answer }: StageResult): StageResult => ({ stage, is, cause, answer });

export const done = (...those: StageResult['stage'][]): StageResult[] =>
  those.map((stage) => ({ stage, is: 'done', cause: null, answer: null }));

export const failedAt = (
  stage: StageResult['stage'],
  cause: Cause,
  answer: StageResult['answer'] = null,
): StageResult => ({ stage, is: 'failed', cause, answer });

export const because = (code: string, values: Cause['values'] = {}): Cause => ({ code, values });

/** Nothing of an earlier attempt counts any more. */
export const begunAnew = (data: MembershipData, now: Instant): MembershipData => ({
  ...data,
  attempts: 0,
  nextAt: null,
  sent: null,
  startedAt: now,
  token: null,
  isTokenRenewed: false,
  failing: null,
  outOfSyncSince: null,
});
