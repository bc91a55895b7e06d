import { type Instant, minute, second } from '#time';
import type { ClusterState } from './model.ts';

/** When a cluster was last looked at, and how often it is to be. */
export interface LookedAt {
  state: ClusterState['is'] | 'deleting' | 'unknown';
  /** Its last look, or change: whichever was later. */
  at: Instant;
  everySeconds: number;
}

/** Rounds keep their time to an interval, their limit and a minute: three missed ones and five minutes are no jitter. */
const missedRounds = 3;
const grace = 5 * minute;
/** Those that do not answer are looked at in the slow lane, which comes by this often. */
const slowest = 15 * minute;

const isSlow = (state: LookedAt['state']): boolean => state === 'unreachable' || state === 'unauthorized';
/** What waits for a person, or for its end, is as it is, however long ago that was seen. */
const waits = (state: LookedAt['state']): boolean => ['paused', 'held', 'deleting'].includes(state);

/**
 * Whether Drover itself is late with it. Then nobody knows how the cluster is, and neither the old "healthy" nor a
 * "down" would be true.
 */
export function isLate({ state, at, everySeconds }: LookedAt, now: Instant): boolean {
  if (waits(state)) return false;
  const every = Math.max(everySeconds * second, isSlow(state) ? slowest : 0);
  return now - at > missedRounds * every + grace;
}
