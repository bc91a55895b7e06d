import type { Instant } from '#time';
import { because, become, begunAnew } from './become.ts';
import type { MembershipData, MembershipState } from './model.ts';

/**
 * The end of a pause. What was settled before it still is: whoever was put out meanwhile, or had left, does not join
 * again because a pause is over.
 */
export function awake(data: MembershipData, now: Instant): ReturnType<typeof become> {
  const state = stateAfter(data, now);
  const next: MembershipData =
    state.is === 'waiting' || state.is === 'watching'
      ? { ...begunAnew(data, now), sent: data.sent }
      : { ...data, nextAt: null, failing: null };
  return become(next, state, 'join.resumed');
}

function stateAfter({ state, wish, member }: MembershipData, since: Instant): MembershipState {
  if (!wish) return { is: 'watching', since, cause: null };
  const was = state.is === 'paused' ? state.was : undefined;
  switch (was) {
    case 'joined':
    case 'left':
      return { is: was, since };
    case 'leaving':
      return { is: was, since, cause: null };
    case 'held':
      return { is: was, since, cause: because('PUT_OUT', { primary: member?.primary.name ?? '' }) };
    case undefined:
      return { is: 'waiting', since, cause: null };
  }
}

/** What of a state outlives a pause. */
export function outliving({ state }: MembershipData): { was?: 'joined' | 'held' | 'leaving' | 'left' } {
  switch (state.is) {
    case 'joined':
    case 'degraded':
      return { was: 'joined' };
    case 'held':
    case 'leaving':
    case 'left':
      return { was: state.is };
    case 'paused':
      return state.was === undefined ? {} : { was: state.was };
    case 'watching':
    case 'waiting':
    case 'joining':
    case 'failed':
      return {};
  }
}
