import { isIPv6 } from 'node:net';
import { keys, type Table } from '#store';
import { type Clock, type Millis, minute } from '#time';

/** How many failures an address, or a token id, may have in a window before it is only told to wait. */
export const allowedFailures = 20;
export const windowLength: Millis = 5 * minute;

/** Too many failures in this window. */
export interface Full {
  waitSeconds: number;
  /** This failure filled it: worth an audit entry, which those after it are not. */
  isFirst: boolean;
}

/**
 * Counts failed sign-ins and says when to tell a caller to wait. A credential is always checked before its caller is
 * refused here, so an attacker behind the same address, or one who knows a token's id, cannot lock its holder out;
 * with 160 bits of secret there is nothing to guess. What this bounds is what failures cost: past the limit a failure
 * is neither counted nor audited any more.
 */
export class Throttle {
  readonly #table: Table;
  readonly #clock: Clock;
  /** Windows known to be full; may be lost, then the store tells again. */
  readonly #full = new Map<string, number>();

  constructor(table: Table, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  /** Notes a failure; answers where there have been too many. */
  async fail(subjects: readonly string[]): Promise<Full | undefined> {
    const now = this.#clock.now();
    const window = Math.floor(now / windowLength);
    const ends = (window + 1) * windowLength;
    const waitSeconds = Math.ceil((ends - now) / 1000);
    if (subjects.some((subject) => this.#full.get(subject) === window)) {
      return { waitSeconds, isFirst: false };
    }
    const counts = await Promise.all(
      subjects.map(async (subject) => {
        const sums = await this.#table.add(
          keys.throttleKey(subject, window),
          { failures: 1 },
          { expiresAt: Math.ceil(ends / 1000) + 60 },
        );
        return { subject, failures: sums.failures ?? 0 };
      }),
    );
    const full = counts.filter(({ failures }) => failures > allowedFailures);
    for (const { subject } of full) this.#remember(subject, window);
    const isFirst = full.some(({ failures }) => failures === allowedFailures + 1);
    return full.length > 0 ? { waitSeconds, isFirst } : undefined;
  }

  #remember(subject: string, window: number): void {
    for (const [known, itsWindow] of this.#full) if (itsWindow !== window) this.#full.delete(known);
    if (this.#full.size < 10_000) this.#full.set(subject, window);
  }
}

/** One subject per subscriber: who has an IPv6 network has 2^64 addresses to come from. */
export function addressSubject(address: string): string {
  return `address:${isIPv6(address) ? `${expand(address).slice(0, 4).join(':')}::/64` : address}`;
}

function expand(address: string): string[] {
  const [head = '', tail] = address.split('%')[0]!.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array<string>(gap).fill('0'), ...right].map((group) => group.replace(/^0+(?=.)/, ''));
}
