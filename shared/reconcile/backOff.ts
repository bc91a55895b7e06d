import type { Millis } from '#time';
import type { BackOff } from './area.ts';

/** How long to wait after attempt 1, 2, …: doubling, capped. Properties hold of this; jitter comes on top. */
export function delayAfter(attempt: number, { base, cap }: BackOff): Millis {
  return Math.min(cap, base * 2 ** Math.min(Math.max(0, attempt - 1), 40));
}

/** Spreads what failed together: 75 to 125 % of the delay. */
export const jittered = (delay: Millis, random: number): Millis => Math.round(delay * (0.75 + random / 2));
