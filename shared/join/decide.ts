import type { DecideContext, Plan, Row } from '#reconcile';
import { awake } from './awake.ts';
import { because, become, causeIn, type Judged, withStages } from './become.ts';
import { judgeJoining } from './joining.ts';
import { nameOf, primaryOf, valuesOf } from './ladder/derive.ts';
import { judgeLeaving } from './leaving.ts';
import type { Action, Did, Member, MembershipData, Seen, Sight } from './model.ts';
import { isStillRefused, withRefusal } from './refused.ts';
import { judgeMember } from './staying.ts';

/** (what is known of a membership, what was seen, what was done) → what becomes of it, and when to come again. */
export function decide(
  row: Row<MembershipData>,
  { sight: seen }: Seen,
  did: readonly Did[],
  context: DecideContext,
): Plan<MembershipData, Action> {
  const { now } = context;
  const sight = seen && asTold(row.data, seen, did);
  const data = sight ? looked(row.data, sight, now) : row.data;
  if (row.deletedAt !== undefined) {
    if (!data.leavesAtEnd || !sight || data.wish === null) return { data, next: { kind: 'gone' } };
    return judgeLeaving(data, sight, did, context, 'atEnd');
  }
  const { state } = data;
  switch (state.is) {
    case 'paused': {
      const isOver = state.until !== null && state.until <= now;
      if (!isOver) return { data, next: restUntil(state.until) };
      return { ...awake(data, now), next: { kind: 'now' } };
    }
    case 'left':
      return { data, next: { kind: 'rest' } };
    case 'leaving':
      if (sight) return judgeLeaving(data, sight, did, context, 'asked');
      return { data, next: data.nextAt === null ? { kind: 'now' } : { kind: 'at', at: data.nextAt } };
    case 'watching':
      return sight ? judgeWatched(data, sight, now) : { data, next: { kind: 'rest' } };
    case 'waiting':
    case 'joining':
    case 'failed':
      return judgeJoining(data, sight, did, context);
    case 'joined':
    case 'degraded':
    case 'held':
      return sight ? judgeMember(data, sight, did, context) : { data, next: { kind: 'rest' } };
  }
}

const restUntil = (until: number | null): Judged['next'] => ({
  kind: 'rest',
  ...(until !== null && { wakeAt: until }),
});

/** What was joined directly, at its primary, knows nothing of it itself: the primary's word counts. */
function asTold(data: MembershipData, sight: Sight, did: readonly Did[]): Sight {
  const { wish, suffix } = data;
  if (wish?.contract !== 'master' || sight.fed?.role !== 'standalone') return sight;
  const status = sight.listed ? sight.listed.status : statusUnlisted(data, did);
  if (!status) return sight;
  const primary = primaryOf(wish, sight.token);
  const { server, port } = primary ? valuesOf(primary) : { server: '', port: 0 };
  const name = nameOf(wish, suffix)?.value ?? '';
  const member: Member = { id: '', name, status, primary: { id: '', name: '', server, port, status: '' } };
  return { ...sight, fed: { role: 'joint', member } };
}

/** Of a gateway that takes joins and lists nobody: what it answered last. */
function statusUnlisted({ state, member }: MembershipData, did: readonly Did[]): string | null {
  if (did.some((one) => one.did === 'joined' && one.outcome.is === 'done')) return 'joined';
  return ['joined', 'degraded', 'held'].includes(state.is) ? (member?.status ?? null) : null;
}

/** What every look leaves behind, whatever the state. */
function looked(data: MembershipData, sight: Sight, now: number): MembershipData {
  const hasSession = sight.stages.some(({ stage, is }) => stage === 'session' && is !== 'failed');
  const isCleared = !isStillRefused(data) || (data.refused?.of === 'controller' && hasSession);
  return {
    ...data,
    checkedAt: now,
    warnings: sight.warnings,
    token: sight.token ?? data.token,
    refused: isCleared ? null : data.refused,
  };
}

/** For metrics alone: nothing but the controller matters, and trouble with it is told in the record. */
function judgeWatched(data: MembershipData, sight: Sight, now: number): Judged {
  const failed = sight.stages.find(({ is }) => is === 'failed');
  const seen = withStages(data, sight.stages);
  if (!failed) {
    const { data: well, events } = become(
      { ...seen, stages: seen.stages.filter(({ stage }) => ofWatching.has(stage)), failing: null },
      { is: 'watching', since: now, cause: null },
    );
    return { data: well, events, next: { kind: 'rest' } };
  }
  const cause = failed.cause ?? because('STAGE_FAILED');
  const next = become(withRefusal(seen, failed, now), { is: 'watching', since: now, cause });
  const isKnown = causeIn(data.state)?.code === cause.code;
  const isFinal = failed.reaction === 'refused' || failed.reaction === 'stop';
  return { ...next, next: isKnown || isFinal ? { kind: 'rest' } : { kind: 'retry' } };
}

const ofWatching = new Set(['settings', 'controller', 'session']);
