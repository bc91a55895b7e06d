/** Milliseconds since 1970, UTC. What people see is RFC 3339: `iso(instant)`. */
export type Instant = number;
export type Millis = number;

export const second: Millis = 1_000;
export const minute: Millis = 60_000;
export const hour: Millis = 3_600_000;
export const day: Millis = 86_400_000;

export const iso = (at: Instant): string => new Date(at).toISOString();

/** The only place where time is read or waited for; tests step a clock of their own. */
export interface Clock {
  now(): Instant;
  /** Resolves after `wait`, or at once when `until` is aborted. Never rejects. */
  sleep(wait: Millis, until?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (wait, until) =>
    new Promise((resolve) => {
      if (until?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        until?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, wait);
      until?.addEventListener('abort', done, { once: true });
    }),
};
