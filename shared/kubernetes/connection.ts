import type { TLSSocket } from 'node:tls';
import PQueue from 'p-queue';
import type { Agent } from 'undici';
import { DroverError } from '#errors';
import {
  type AgentLimits,
  chainOf,
  faultOf,
  netError,
  type Place,
  type Stage,
  type Target,
  tooLate,
} from '#net';
import type { Clock, Millis } from '#time';
import type { KubeAnswer, KubeConnection, KubeRequest, ServerCertificate } from './access.ts';
import { Answer } from './answer.ts';
import { kubernetesError } from './errors.ts';
import { Exchange, type Head } from './exchange.ts';
import { inflated } from './inflated.ts';
import { unsaid } from './unsaid.ts';

/** More would be felt by small API servers. */
export const socketsPerCluster = 2;
const usualTimeout: Millis = 10_000;
const usualMaxBytes = 1_048_576;

interface Given {
  clock: Clock;
  target: Target;
  /** So that whoever runs the cluster sees in its audit log and flow control who asks. */
  userAgent: string;
  bearer?: () => string;
}

type WatchedAgent = (watch: Pick<AgentLimits, 'onSocket' | 'onStage' | 'signal'>) => Promise<Agent>;

export class Connection implements KubeConnection {
  readonly #clock: Clock;
  readonly #target: Target;
  readonly #userAgent: string;
  readonly #bearer: (() => string) | undefined;
  readonly #closing = new AbortController();
  /** The path of the server's address, which stands before every other. */
  readonly #prefix: string;
  #agent: Agent | undefined;
  #address: string | undefined;
  #certificate: ServerCertificate | undefined;
  /** How far the connecting that is under way has come. */
  #connecting: { stage: Stage; place: Place } | undefined;
  /** What TLS said when it ended a connection: undici tells no more than that it was closed. */
  #alert: Error | undefined;
  /** Who waits here for a connection can give up, and is then never sent; undici's own queue forgets nobody. */
  readonly #lanes = new PQueue({ concurrency: socketsPerCluster });
  #answers = 0;
  #spent = new AbortController();

  static async over(agent: WatchedAgent, given: Given): Promise<Connection> {
    const connection = new Connection(given);
    connection.#agent = await agent({
      signal: connection.#closing.signal,
      onStage: (stage, place) => {
        connection.#connecting = stage === 'http' ? undefined : { stage, place };
      },
      onSocket: (socket) => connection.#connected(socket),
    });
    return connection;
  }

  private constructor({ clock, target, userAgent, bearer }: Given) {
    this.#userAgent = userAgent;
    this.#clock = clock;
    this.#target = target;
    this.#bearer = bearer;
    this.#prefix = new URL(target.url).pathname.replace(/\/+$/, '');
  }

  get address(): string | undefined {
    return this.#address;
  }

  get certificate(): ServerCertificate | undefined {
    return this.#certificate;
  }

  /** When a socket of it has ended: whoever connects again should look the name up again. */
  onSpent(told: () => void): void {
    this.#spent.signal.addEventListener('abort', told, { once: true });
  }

  async send(request: KubeRequest): Promise<KubeAnswer> {
    const { method = 'GET', timeout = usualTimeout, maxBytes = usualMaxBytes } = request;
    const place: Place = { host: this.#target.host, port: this.#target.port };
    const startedAt = this.#clock.now();
    const done = new AbortController();
    /** Aborted with what whoever asked is told. */
    const stop = new AbortController();
    let exchange: Exchange | undefined;

    const abandon = () => stop.abort(netError('CALL_ABORTED', { ...place }));
    for (const signal of [request.signal, this.#closing.signal]) {
      if (signal?.aborted) abandon();
      signal?.addEventListener('abort', abandon, { once: true, signal: done.signal });
    }
    void this.#clock.sleep(timeout, done.signal).then(() => {
      if (!done.signal.aborted) stop.abort(this.#late(exchange, place, timeout));
    });

    let token: string | undefined;
    const exchanged = (): Promise<Head> =>
      this.#lanes.add(
        () => {
          exchange = new Exchange(place, maxBytes);
          token = this.#bearer && checkedToken(this.#bearer());
          return exchange.over(this.#agent!, this.#dispatched(request, method, token), stop.signal);
        },
        { signal: stop.signal },
      );

    try {
      const wasUsed = this.#answers > 0;
      const head = await exchanged().catch((error: unknown) => {
        // A server may close a connection that it kept in the very moment in which it is used again.
        const wasClosed = wasUsed && exchange?.isAnswered === false && isCut(error);
        if (!wasClosed || method !== 'GET') throw error;
        return exchanged();
      });
      this.#answers++;
      const body = await inflated(head, maxBytes, place);
      const ms = this.#clock.now() - startedAt;
      const { status, headers } = head;
      const asked = { ...place, method, path: request.path };
      return new Answer(unsaid({ asked, status, headers, body, ms }, token));
    } catch (error) {
      throw isCut(error) && this.#alert ? faultOf(this.#alert, 'tls', place) : error;
    } finally {
      // With a reason: without one, an exception is made for nobody, with its stack, at every request.
      done.abort('done');
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#agent?.destroy();
  }

  #connected(socket: TLSSocket): void {
    this.#address = socket.remoteAddress;
    const [own] = chainOf(socket);
    // Some carry no subject, only names.
    const subject = own && shortName(own.subject || (own.subjectAltName ?? ''));
    if (own) this.#certificate = { subject: subject ?? '', notAfter: own.validToDate.getTime() };
    this.#alert = undefined;
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code?.startsWith('ERR_SSL_')) this.#alert ??= error;
    });
    socket.once('close', () => this.#spent.abort());
  }

  #late(exchange: Exchange | undefined, place: Place, timeout: Millis): DroverError {
    const connecting = exchange?.isSent ? undefined : this.#connecting;
    return connecting
      ? tooLate(connecting.stage, connecting.place, timeout)
      : tooLate('http', place, timeout);
  }

  #dispatched(
    request: KubeRequest,
    method: NonNullable<KubeRequest['method']>,
    token: string | undefined,
  ): Agent.DispatchOptions {
    const { accept = 'application/json', body } = request;
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) search.set(name, String(value));
    }
    const query = search.size > 0 ? `?${search}` : '';
    return {
      origin: this.#target.origin,
      path: `${this.#prefix}${request.path}${query}`,
      method,
      headers: {
        accept,
        'user-agent': this.#userAgent,
        // Only tables are worth it: whole objects cost more time to pack and unpack than the wire saves.
        ...(accept.includes('as=Table') && { 'accept-encoding': 'gzip' }),
        ...(body !== undefined && { 'content-type': request.contentType ?? 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: bytesOf(body),
    };
  }
}

/** Never in the error: undici's own text for a header that is not valid holds the value. */
function checkedToken(token: string): string {
  if (!/^[\x21-\x7e]+$/.test(token)) throw kubernetesError('BEARER_MALFORMED');
  return token;
}

function bytesOf(body: unknown): string | Uint8Array | null {
  if (body === undefined) return null;
  return typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
}

const isCut = (error: unknown): boolean => error instanceof DroverError && error.code === 'HTTP_CUT';

/** In one line, and no longer than a row has room for. */
const shortName = (name: string): string => name.replace(/\p{Cc}+/gu, ', ').slice(0, 120);
