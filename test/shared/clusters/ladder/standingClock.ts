import type { Clock, Instant, Millis } from '#time';

/**
 * Time that stands until it is pushed. A server that hangs pushes it when it has been asked: the time-out is not waited
 * for, and on a slow machine nothing else meets one.
 */
export class StandingClock implements Clock {
  #now: Instant;
  readonly #sleepers = new Set<{ at: Instant; wake: () => void }>();

  constructor(ahead: Millis = 0) {
    this.#now = Date.now() + ahead;
  }

  now(): Instant {
    return this.#now;
  }

  sleep(wait: Millis, until?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (until?.aborted) return resolve();
      const sleeper = {
        at: this.#now + wait,
        wake: () => {
          this.#sleepers.delete(sleeper);
          until?.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      until?.addEventListener('abort', sleeper.wake, { once: true });
      this.#sleepers.add(sleeper);
    });
  }

  push(by: Millis): void {
    this.#now += by;
    for (const sleeper of [...this.#sleepers]) if (sleeper.at <= this.#now) sleeper.wake();
  }
}
