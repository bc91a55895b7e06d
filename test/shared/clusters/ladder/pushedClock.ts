import type { Clock, Instant, Millis } from '#time';

/**
 * Real time that can be pushed ahead: a server that hangs pushes when it has been asked, so that a time-out is neither
 * waited for nor met by anything else on a slow machine.
 */
export class PushedClock implements Clock {
  #ahead: Millis;
  readonly #sleepers = new Set<{ at: Instant; wake: () => void }>();

  constructor(ahead: Millis = 0) {
    this.#ahead = ahead;
  }

  now(): Instant {
    return Date.now() + this.#ahead;
  }

  sleep(wait: Millis, until?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (until?.aborted) return resolve();
      const sleeper = {
        at: this.now() + wait,
        wake: () => {
          clearTimeout(timer);
          this.#sleepers.delete(sleeper);
          until?.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      const timer = setTimeout(sleeper.wake, wait);
      until?.addEventListener('abort', sleeper.wake, { once: true });
      this.#sleepers.add(sleeper);
    });
  }

  push(by: Millis): void {
    this.#ahead += by;
    for (const sleeper of [...this.#sleepers]) if (sleeper.at <= this.now()) sleeper.wake();
  }
}
