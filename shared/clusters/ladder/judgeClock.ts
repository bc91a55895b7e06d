import { type Instant, type Millis, minute, second } from '#time';
import { found } from '../finding.ts';
import type { Judged } from './judged.ts';

/** One answer's Date, and when by our clock its call began and its head came. */
export interface ClockSample {
  readonly date: Instant;
  readonly sentAt: Instant;
  readonly receivedAt: Instant;
}

const worthTelling = 30 * second;
const tooFar = 5 * minute;

/** Theirs less ours, by the answer that came quickest; undefined where none bore a date. */
export function skewOf(samples: readonly ClockSample[]): Millis | undefined {
  const [best] = samples.toSorted((a, b) => a.receivedAt - a.sentAt - (b.receivedAt - b.sentAt));
  if (!best) return undefined;
  // A Date has whole seconds, cut off.
  return best.date + second / 2 - (best.sentAt + best.receivedAt) / 2;
}

export function judgeClock(skew: Millis | undefined): Judged {
  if (skew === undefined) return { evidence: { skewMs: null } };
  const evidence = { skewMs: Math.round(skew) };
  if (Math.abs(skew) <= worthTelling) return { evidence };
  const told = found('CLOCK_SKEW', {
    seconds: Math.round(Math.abs(skew) / second),
    which: skew > 0 ? theirsAhead : theirsBehind,
  });
  return Math.abs(skew) > tooFar ? { failure: told, evidence } : { warnings: [told], evidence };
}

const theirsAhead = { en: 'the cluster’s is ahead', zh: '集群的时钟较快' };
const theirsBehind = { en: 'the cluster’s is behind', zh: '集群的时钟较慢' };
