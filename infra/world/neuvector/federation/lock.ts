import { type Clock, second } from '#time';
import { Refusal } from '../codes.ts';

const patience = 20 * second;

/** The one lock that everything about a federation takes, in the order of asking. */
export class FederationLock {
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #isHeld = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  async hold<T>(use: () => Promise<T>): Promise<T> {
    await this.#take();
    try {
      return await use();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#isHeld = false;
    }
  }

  async #take(): Promise<void> {
    if (!this.#isHeld) {
      this.#isHeld = true;
      return;
    }
    const ends = new AbortController();
    const isMine = await new Promise<boolean>((resolve) => {
      const given = () => resolve(true);
      this.#waiting.push(given);
      void this.#clock.sleep(patience, ends.signal).then(() => {
        const at = this.#waiting.indexOf(given);
        if (at < 0) return;
        this.#waiting.splice(at, 1);
        resolve(false);
      });
    });
    ends.abort();
    if (!isMine) throw new Refusal(500, 19);
  }
}
