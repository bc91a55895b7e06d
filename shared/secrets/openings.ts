import type { Instant } from '#time';
import { minute } from '#time';

const keptFor = 5 * minute;

interface Kept<T> {
  slot: string;
  since: Instant;
  until: Instant;
  opened: Promise<T>;
}

/** What is open in this process: for five minutes and never more than `atMost`, one slot of each record. */
export class Openings<T> {
  readonly #atMost: number;
  /** Oldest first: all are kept equally long. */
  readonly #kept = new Map<string, Kept<T>>();

  constructor(atMost: number) {
    this.#atMost = atMost;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** The one that is open, else what `open` answers. A failure is not kept: the next one tries again. */
  get(id: string, slot: string, now: Instant, open: () => Promise<T>): Promise<T> {
    this.#dropEnded(now);
    const found = this.#kept.get(id);
    if (found?.slot === slot) return found.opened;
    const opened = open();
    this.#kept.delete(id);
    const kept = { slot, since: now, until: now + keptFor, opened };
    this.#kept.set(id, kept);
    // Also where nobody asks for another any more.
    setTimeout(() => this.#kept.get(id) === kept && this.#kept.delete(id), keptFor).unref();
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#atMost) break;
      this.#kept.delete(oldest);
    }
    opened.catch(() => {
      if (this.#kept.get(id)?.opened === opened) this.#kept.delete(id);
    });
    return opened;
  }

  /** When what is open of it was opened. */
  since(id: string): Instant | undefined {
    return this.#kept.get(id)?.since;
  }

  drop(id: string): void {
    this.#kept.delete(id);
  }

  #dropEnded(now: Instant): void {
    for (const [id, { until }] of this.#kept) {
      if (until > now) break;
      this.#kept.delete(id);
    }
  }
}
