import type { Clock, Instant, Millis } from '#time';

interface Sleeper {
  readonly at: Instant;
  wake(): void;
  timer?: NodeJS.Timeout;
}

/** What a timer can wait for at most. */
const longest = 2 ** 31 - 1;

/** The world's time: the real one, until it is made faster or slower, stopped, or stepped forward. */
export class WorldClock implements Clock {
  #speed: number;
  /** Where the present speed began: in real time, and in the world's. */
  #from: { real: Instant; world: Instant };
  readonly #real: () => Instant;
  readonly #sleepers = new Set<Sleeper>();

  constructor(given: { speed?: number; ahead?: Millis; real?: () => Instant } = {}) {
    const { speed = 1, ahead = 0, real = Date.now } = given;
    this.#real = real;
    this.#speed = speed;
    this.#from = { real: real(), world: real() + ahead };
  }

  now(): Instant {
    return Math.floor(this.#from.world + (this.#real() - this.#from.real) * this.#speed);
  }

  get speed(): number {
    return this.#speed;
  }

  /** Of the real time. */
  get ahead(): Millis {
    return this.now() - this.#real();
  }

  /** 0 stops it. */
  setSpeed(speed: number): void {
    this.#from = { real: this.#real(), world: this.now() };
    this.#speed = speed;
    this.#reschedule();
  }

  step(by: Millis): void {
    this.#from = { real: this.#real(), world: this.now() + by };
    this.#reschedule();
  }

  sleep(wait: Millis, until?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (until?.aborted) return resolve();
      const sleeper: Sleeper = {
        at: this.now() + wait,
        wake: () => {
          clearTimeout(sleeper.timer);
          this.#sleepers.delete(sleeper);
          until?.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      until?.addEventListener('abort', sleeper.wake, { once: true });
      this.#sleepers.add(sleeper);
      this.#schedule(sleeper);
    });
  }

  #reschedule(): void {
    for (const sleeper of [...this.#sleepers]) this.#schedule(sleeper);
  }

  #schedule(sleeper: Sleeper): void {
    clearTimeout(sleeper.timer);
    const left = sleeper.at - this.now();
    if (left <= 0) {
      sleeper.wake();
      return;
    }
    if (this.#speed === 0) return;
    sleeper.timer = setTimeout(
      () => this.#schedule(sleeper),
      Math.min(Math.ceil(left / this.#speed), longest),
    );
  }
}
