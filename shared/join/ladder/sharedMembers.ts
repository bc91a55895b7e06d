import { type FedMembers, fedMembers, type SignedIn } from '#neuvector';
import { type Clock, type Instant, second } from '#time';

/**
 * A primary lists all its members at once, and pings them all when it is asked: the many members that are looked at side
 * by side share an answer for this long.
 */
const sharedFor = 10 * second;

/** Member lists of primaries, each shared by those who could have it themselves: who is signed in by the same pass. */
export class SharedMembers {
  readonly #clock: Clock;
  readonly #kept = new Map<string, { at: Instant; list: Promise<FedMembers> }>();

  constructor({ clock }: { clock: Clock }) {
    this.#clock = clock;
  }

  of({ way, pass }: SignedIn): Promise<FedMembers> {
    const now = this.#clock.now();
    for (const [key, { at }] of this.#kept) if (now - at >= sharedFor) this.#kept.delete(key);
    const key = JSON.stringify([way.place, pass]);
    const found = this.#kept.get(key);
    if (found) return found.list;
    const list = fedMembers({ way, pass });
    this.#kept.set(key, { at: now, list });
    list.catch(() => this.#kept.get(key)?.list === list && this.#kept.delete(key));
    return list;
  }
}
