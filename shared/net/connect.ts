import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Agent, buildConnector } from 'undici';
import type { Clock, Millis } from '#time';
import { dial, hangUp, type TlsOptions, type Watch } from './dial.ts';
import { netError } from './errors.ts';
import type { Target } from './target.ts';

/**
 * Connects to the vetted addresses of one target and to nothing else: also a redirect or a wrong `origin` that
 * reaches the dispatcher ends here, and an address literal, which Node dials without asking `lookup`.
 */
export function pinnedConnector(
  clock: Clock,
  target: Target,
  tls: TlsOptions = {},
  watch: Watch & { onSocket?: (socket: TLSSocket) => void } = {},
): buildConnector.connector {
  const dialler =
    tls.cert === undefined ? new Dialler(clock, target, tls) : new ProvingDialler(clock, target, tls);
  return (options, callback) => {
    const isTarget =
      options.protocol === 'https:' &&
      options.hostname === target.host &&
      (Number(options.port) || 443) === target.port;
    if (!isTarget) {
      const error = netError('TARGET_OTHER', { host: options.hostname, expected: target.host });
      queueMicrotask(() => callback(error, null));
      return;
    }
    dialler.dial(watch).then(
      (socket) => {
        watch.onSocket?.(socket);
        callback(null, socket);
      },
      (error: Error) => callback(error, null),
    );
  };
}

/** Keeps the TLS session, so that a further connection costs less; a session belongs to one server and one credential. */
class Dialler {
  readonly clock: Clock;
  readonly tls: TlsOptions;
  readonly target: Target;
  #session: Buffer | undefined;

  constructor(clock: Clock, target: Target, tls: TlsOptions) {
    this.clock = clock;
    this.target = target;
    this.tls = tls;
  }

  dial(watch: Watch): Promise<TLSSocket> {
    return this.dialAt(this.target, watch);
  }

  protected async dialAt(target: Target, watch: Watch): Promise<TLSSocket> {
    const session = this.#session;
    // One that is refused is not offered again.
    this.#session = undefined;
    const socket = await dial(this.clock, target, this.tls, watch, session);
    // A continued session shows no certificate, so there would be nothing to compare a fingerprint with.
    if (this.tls.fingerprint !== undefined) return socket;
    return socket.on('session', (given: Buffer) => {
      this.#session = given;
    });
  }
}

/**
 * Shows its certificate only to the address where the server was verified without it: Node looks at the server's
 * certificate after it has sent its own.
 */
class ProvingDialler extends Dialler {
  #proved: Promise<Target> | undefined;

  override async dial(watch: Watch): Promise<TLSSocket> {
    this.#proved ??= this.#prove(watch);
    const proved = this.#proved;
    try {
      return await this.dialAt(await proved, watch);
    } catch (error) {
      if (this.#proved === proved) this.#proved = undefined;
      throw error;
    }
  }

  async #prove(watch: Watch): Promise<Target> {
    const { cert: _cert, key: _key, ...tls } = this.tls;
    const socket = await dial(this.clock, this.target, tls, watch);
    const { host, port, proxy } = this.target;
    const address = socket.remoteAddress;
    hangUp(socket);
    // It has gone by now.
    if (address === undefined) throw netError('TLS_RESET', { host, port });
    const addresses: Target['addresses'] = [{ address, family: isIP(address) === 6 ? 6 : 4 }];
    return proxy ? { ...this.target, proxy: { ...proxy, addresses } } : { ...this.target, addresses };
  }
}

export interface AgentLimits extends Omit<Watch, 'timeout'> {
  connections?: number;
  connectTimeout?: Millis;
  /** Idle connections are closed after so long. */
  keepAlive?: Millis;
  maxBytes?: number;
  onSocket?: (socket: TLSSocket) => void;
}

/** A dispatcher for clients that keep connections: pinned to the target, no redirects, answers capped. */
export async function agentFor(
  clock: Clock,
  target: Target,
  tls: TlsOptions = {},
  limits: AgentLimits = {},
): Promise<Agent> {
  const { connections = 4, connectTimeout = 8_000, keepAlive, maxBytes, ...watch } = limits;
  // It costs 50 ms and 28 MB, and not everyone who may dial does.
  const { Agent } = await import('./undici.ts');
  return new Agent({
    connect: pinnedConnector(clock, target, tls, { ...watch, timeout: connectTimeout }),
    connections,
    headersTimeout: 0,
    bodyTimeout: 0,
    ...(keepAlive === undefined ? {} : { keepAliveTimeout: keepAlive, keepAliveMaxTimeout: keepAlive }),
    ...(maxBytes === undefined ? {} : { maxResponseSize: maxBytes }),
  });
}
