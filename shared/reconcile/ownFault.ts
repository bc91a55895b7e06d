import { type Instant, minute, second } from '#time';
import type { Pulse } from './pulse.ts';

export interface FaultVerdict {
  /** Records looked at in the last minute or interval, whichever is longer. */
  looked: number;
  /** How many of them, well before, failed with the cause that most failed with. */
  failed: number;
  cause: string | null;
  /** Begins: many that were well fail alike. */
  isSuspected: boolean;
  /** Goes on: those that failed are at work now, out of sight of rounds, and no better. */
  isLasting: boolean;
}

/**
 * Rule 15: when many records that were well fail alike, the fault may be our own (a route, a name server). Judged by
 * what rounds saw; below `least` records a share says nothing.
 */
export function judgeFault(pulses: readonly Pulse[], now: Instant, share = 0.3, least = 20): FaultVerdict {
  const fresh = new Map<string, number>();
  const all = new Map<string, number>();
  let looked = 0;
  let atWork = 0;
  const add = (counts: Map<string, number>, cause: string) => counts.set(cause, (counts.get(cause) ?? 0) + 1);
  for (const { everySeconds, at: pulseAt, beats, failing } of pulses) {
    const since = now - Math.max(minute, everySeconds * second);
    for (const { at, ok, cause } of beats) {
      if (at < since) continue;
      looked++;
      if (ok || cause === undefined) continue;
      add(fresh, cause);
      add(all, cause);
    }
    if (pulseAt < since) continue;
    atWork += failing.length;
    for (const { cause } of failing) add(all, cause);
  }
  const [cause, failed] = mostOf(fresh);
  const [, failedInAll] = mostOf(all);
  const isOver = (part: number, whole: number) => whole >= least && part / whole > share;
  return {
    looked,
    failed,
    cause,
    isSuspected: isOver(failed, looked),
    isLasting: isOver(failedInAll, looked + atWork),
  };
}

const mostOf = (counts: Map<string, number>): [string | null, number] =>
  [...counts].sort(([, a], [, b]) => b - a)[0] ?? [null, 0];
