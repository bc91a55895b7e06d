import { DroverError } from '#errors';
import { type Instant, type Millis, minute } from '#time';
import type {
  KubeAccess,
  KubeAnswer,
  KubeConnection,
  KubeRequest,
  KubeStream,
  ServerCertificate,
} from './access.ts';
import { type ConnectOptions, type KubePorts, open } from './connect.ts';
import type { Connection } from './connection.ts';

/** Whose connection it is, and by which credential: another slot of the same record is another connection. */
export interface ConnectionKey {
  id: string;
  slot: string;
}

interface Kept {
  readonly id: string;
  readonly slot: string;
  readonly opening: Promise<Connection>;
  since: Instant;
  users: number;
}

/** Some 150 kB each. */
const usualMost = 1_000;
/** A connection holds its credential in clear, which no worker may for longer. */
const oldest: Millis = 5 * minute;

/**
 * Keeps the connections of a process, so that a further look costs no handshake. A connection is one cluster's and one
 * credential's. It is made anew, its name looked up and vetted anew, once a socket of it has ended, be it because it
 * was idle for long; when something went wrong on the way; when the cluster refused the credential; and every five
 * minutes.
 */
export class Connections {
  readonly #ports: KubePorts;
  readonly #most: number;
  /** The one that was used last stands last. */
  readonly #kept = new Map<string, Kept>();

  constructor(ports: KubePorts, { most = usualMost }: { most?: number } = {}) {
    this.#ports = ports;
    this.#most = most;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** The connection is `use`'s until it is done. `access` is called only where there is none yet. */
  async with<T>(
    { id, slot }: ConnectionKey,
    access: () => Promise<KubeAccess>,
    use: (connection: KubeConnection) => Promise<T>,
    options: ConnectOptions = {},
  ): Promise<T> {
    const found = this.#kept.get(id);
    const isFresh = found?.slot === slot && this.#ports.clock.now() - found.since < oldest;
    if (found && !isFresh) this.#drop(found);
    const kept = isFresh ? found : this.#make(id, slot, access, options);
    kept.users++;
    try {
      const connection = await kept.opening;
      return await use(new Lent(connection, () => this.#drop(kept)));
    } finally {
      kept.users--;
      this.#used(kept);
    }
  }

  /** After a change of its access: whoever asks next connects anew, and who asks now is not disturbed. */
  drop(id: string): void {
    const kept = this.#kept.get(id);
    if (kept) this.#drop(kept);
  }

  /** Ends everything, also what is under way. */
  async closeAll(): Promise<void> {
    const all = [...this.#kept.values()];
    this.#kept.clear();
    await Promise.all(all.map(close));
  }

  #make(id: string, slot: string, access: () => Promise<KubeAccess>, options: ConnectOptions): Kept {
    const opening = access().then((given) => {
      kept.since = given.openedAt ?? kept.since;
      return open(this.#ports, given, options);
    });
    const kept: Kept = { id, slot, opening, since: this.#ports.clock.now(), users: 0 };
    this.#kept.set(id, kept);
    opening.then(
      (connection) => connection.onSpent(() => this.#drop(kept)),
      () => this.#drop(kept),
    );
    return kept;
  }

  #used(kept: Kept): void {
    if (this.#kept.get(kept.id) !== kept) {
      if (kept.users === 0) void close(kept);
      return;
    }
    this.#kept.delete(kept.id);
    this.#kept.set(kept.id, kept);
    for (const other of this.#kept.values()) {
      if (this.#kept.size <= this.#most) break;
      if (other.users === 0) this.#drop(other);
    }
  }

  #drop(kept: Kept): void {
    if (this.#kept.get(kept.id) === kept) this.#kept.delete(kept.id);
    if (kept.users === 0) void close(kept);
  }
}

/** Where opening failed, whoever asked was told. */
const close = ({ opening }: Kept): Promise<void> =>
  opening.then(
    (connection) => connection.close(),
    () => undefined,
  );

/** A kept connection in the hands of one who asks. */
class Lent implements KubeConnection {
  readonly #connection: Connection;
  readonly #drop: () => void;

  constructor(connection: Connection, drop: () => void) {
    this.#connection = connection;
    this.#drop = drop;
  }

  get address(): string | undefined {
    return this.#connection.address;
  }

  get certificate(): ServerCertificate | undefined {
    return this.#connection.certificate;
  }

  send(request: KubeRequest): Promise<KubeAnswer> {
    return this.#asked(() => this.#connection.send(request));
  }

  stream(request: KubeRequest): Promise<KubeStream> {
    return this.#asked(() => this.#connection.stream(request));
  }

  async #asked<A extends { status: number }>(ask: () => Promise<A>): Promise<A> {
    try {
      const answer = await ask();
      if (answer.status === 401) this.#drop();
      return answer;
    } catch (error) {
      if (error instanceof DroverError) this.#drop();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#drop();
  }
}
