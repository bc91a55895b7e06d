import { type Instant, minute, second } from '#time';
import type { Pulse } from './pulse.ts';

export interface FaultVerdict {
  /** Records looked at in the last minute or interval, whichever is longer. */
  looked: number;
  /** How many of them failed with the cause that most failed with. */
  failed: number;
  cause: string | null;
  isSuspected: boolean;
}

/**
 * Rule 15: when many records that were well fail alike, the fault may be our own (a route, a name server). Judged by
 * what rounds saw; below `least` records a share says nothing.
 */
export function judgeFault(pulses: readonly Pulse[], now: Instant, share = 0.3, least = 20): FaultVerdict {
  const causes = new Map<string, number>();
  let looked = 0;
  for (const { everySeconds, beats } of pulses) {
    const since = now - Math.max(minute, everySeconds * second);
    for (const { at, ok, cause } of beats) {
      if (at < since) continue;
      looked++;
      if (!ok && cause !== undefined) causes.set(cause, (causes.get(cause) ?? 0) + 1);
    }
  }
  const [cause, failed] = [...causes].sort(([, a], [, b]) => b - a)[0] ?? [null, 0];
  return { looked, failed, cause, isSuspected: looked >= least && failed / looked > share };
}
