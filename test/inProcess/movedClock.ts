import type { Clock, Instant, Millis } from '#time';

interface Sleeper {
  at: Instant;
  timer: NodeJS.Timeout;
  wake(): void;
}

/**
 * The real clock, which can be moved on: whoever sleeps meanwhile wakes as much earlier. What is measured between two
 * moves has taken that long.
 */
export class MovedClock implements Clock {
  #ahead: Millis = 0;
  readonly #sleepers = new Set<Sleeper>();

  now(): Instant {
    return Date.now() + this.#ahead;
  }

  sleep(wait: Millis, until?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (until?.aborted) return resolve();
      const sleeper: Sleeper = {
        at: this.now() + wait,
        timer: setTimeout(() => sleeper.wake(), wait),
        wake: () => {
          clearTimeout(sleeper.timer);
          this.#sleepers.delete(sleeper);
          until?.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      until?.addEventListener('abort', sleeper.wake, { once: true });
    });
  }

  move(by: Millis): void {
    this.#ahead += by;
    for (const sleeper of [...this.#sleepers]) {
      clearTimeout(sleeper.timer);
      sleeper.timer = setTimeout(() => sleeper.wake(), Math.max(0, sleeper.at - this.now()));
    }
  }
}
