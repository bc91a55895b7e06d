import { hash } from 'node:crypto';
import { type Trust, type Way, wayTo } from '#neuvector';

type WayPorts = Parameters<typeof wayTo>[0];
type Place = { address: string } & Trust;

interface Kept {
  way: Way;
  users: number;
}

/** Each keeps the sockets of one listener. */
const usuallyAtMost = 500;

/**
 * Ways that are kept, by where they lead and whom they trust there: whoever does so alike shares one. They hold no
 * secret, and make their connections anew by themselves.
 */
export class Ways {
  readonly #ports: WayPorts;
  readonly #atMost: number;
  /** The one that was used last stands last. */
  readonly #kept = new Map<string, Kept>();

  constructor(ports: WayPorts, atMost = usuallyAtMost) {
    this.#ports = ports;
    this.#atMost = atMost;
  }

  async with<T>(place: Place, use: (way: Way) => Promise<T>): Promise<T> {
    const { address, ca, fingerprint, tlsServerName } = place;
    const key = hash('sha256', JSON.stringify([address, ca, fingerprint, tlsServerName]));
    const kept = this.#kept.get(key) ?? { way: wayTo(this.#ports, place), users: 0 };
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    kept.users++;
    try {
      return await use(kept.way);
    } finally {
      kept.users--;
      this.#makeRoom();
    }
  }

  async close(): Promise<void> {
    const all = [...this.#kept.values()];
    this.#kept.clear();
    await Promise.all(all.map(({ way }) => way.close()));
  }

  #makeRoom(): void {
    for (const [key, { way, users }] of this.#kept) {
      if (this.#kept.size <= this.#atMost) break;
      if (users > 0) continue;
      this.#kept.delete(key);
      void way.close();
    }
  }
}
