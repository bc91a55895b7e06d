import type { Clock, Instant, Millis } from '#time';

interface Sleeper {
  at: Instant;
  wake: () => void;
}

export const at = (time: string): Instant => Date.parse(time);

/** Time that moves when a test says so, or as far as something under way waits for it. */
export class SteppedClock implements Clock {
  #now: Instant;
  #sleepers: Sleeper[] = [];

  constructor(start: string) {
    this.#now = at(start);
  }

  now(): Instant {
    return this.#now;
  }

  sleep(wait: Millis, until?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (until?.aborted) return resolve();
      const sleeper: Sleeper = {
        at: this.#now + wait,
        wake: () => {
          this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
          until?.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      this.#sleepers.push(sleeper);
      until?.addEventListener('abort', sleeper.wake);
    });
  }

  /** Moves time on and wakes those whose time has come, each at its own time. */
  step(by: Millis): void {
    const until = this.#now + by;
    for (let next = this.#first(until); next; next = this.#first(until)) {
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
    this.#now = until;
  }

  /** Lets time pass just as `call` waits for it, until it has ended. */
  async runUntil<T>(call: Promise<T>): Promise<T> {
    let isOver = false;
    const mark = () => {
      isOver = true;
    };
    call.then(mark, mark);
    while (true) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isOver) return call;
      const next = this.#first(Number.POSITIVE_INFINITY);
      if (!next) continue;
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
  }

  #first(until: Instant): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (sleeper.at <= until && (!first || sleeper.at < first.at)) first = sleeper;
    }
    return first;
  }
}
