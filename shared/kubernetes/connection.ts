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
import type { KubeAnswer, KubeConnection, KubeRequest, KubeStream, ServerCertificate } from './access.ts';
import { Answer } from './answer.ts';
import { type Arriving, arrivingOver, held } from './arriving.ts';
import { kubernetesError } from './errors.ts';
import { Exchange, type Head } from './exchange.ts';
import { inflated } from './inflated.ts';
import { unsaid } from './unsaid.ts';

/** More would be felt by small API servers. */
export const socketsPerCluster = 2;
const usualTimeout: Millis = 10_000;
const usualMaxBytes = 1_048_576;
const nothing = new Uint8Array();

interface Given {
  clock: Clock;
  target: Target;
  sockets: number;
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
  readonly #lanes: PQueue;
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

  private constructor({ clock, target, sockets, userAgent, bearer }: Given) {
    this.#lanes = new PQueue({ concurrency: sockets });
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
    const { method = 'GET', maxBytes = usualMaxBytes } = request;
    const place = this.#place;
    const startedAt = this.#clock.now();
    let exchange: Exchange | undefined;
    const within = this.#within(request, () => exchange?.isSent === true);

    let token: string | undefined;
    const exchanged = (): Promise<Head> =>
      this.#lanes.add(
        () => {
          exchange = new Exchange(place, maxBytes);
          token = this.#bearer && checkedToken(this.#bearer());
          return exchange.over(this.#agent!, this.#dispatched(request, method, token), within.stop);
        },
        { signal: within.stop },
      );

    try {
      const head = await this.#again(method, exchanged, () => exchange?.isAnswered === true);
      const body = await inflated(head, maxBytes, place);
      const ms = this.#clock.now() - startedAt;
      const { status, headers } = head;
      const asked = { ...place, method, path: request.path };
      return new Answer(unsaid({ asked, status, headers, body, ms }, token));
    } catch (error) {
      throw this.#told(error);
    } finally {
      within.end();
    }
  }

  async stream(request: KubeRequest): Promise<KubeStream> {
    const { method = 'GET', maxBytes = usualMaxBytes } = request;
    const place = this.#place;
    const startedAt = this.#clock.now();
    let isAnswered = false;
    const within = this.#within(request, () => isAnswered);
    let token: string | undefined;

    /** Resolves when the answer begins; its lane is taken until it has ended. */
    const begun = () =>
      new Promise<Arriving>((resolve, reject) => {
        const arrive = async () => {
          token = this.#bearer && checkedToken(this.#bearer());
          const arriving = await arrivingOver(
            this.#agent!,
            { ...this.#dispatched(request, method, token), signal: within.stop },
            { maxBytes, place },
          );
          resolve(arriving);
          await arriving.ended;
        };
        this.#lanes.add(arrive, { signal: within.stop }).catch(reject);
      });

    try {
      const arriving = await this.#again(method, begun, () => false);
      isAnswered = true;
      void arriving.ended.then(within.end);
      const { status } = arriving;
      const asked = { ...place, method, path: request.path };
      const { headers } = unsaid({ headers: arriving.headers, body: nothing }, token);
      const body = this.#read(arriving.pieces, within.stop);
      const whole = async (atMost = maxBytes) => {
        const pieces: Uint8Array[] = [];
        for await (const piece of held(body, atMost, place)) pieces.push(piece);
        const ms = this.#clock.now() - startedAt;
        return new Answer(unsaid({ asked, status, headers, body: Buffer.concat(pieces), ms }, token));
      };
      return { asked, status, headers, body, ended: arriving.ended, whole };
    } catch (error) {
      within.end();
      throw within.stop.aborted ? within.stop.reason : this.#told(error);
    }
  }

  async *#read(pieces: AsyncIterable<Uint8Array>, stop: AbortSignal): AsyncGenerator<Uint8Array> {
    try {
      yield* pieces;
    } catch (error) {
      throw stop.aborted ? stop.reason : this.#told(error);
    }
  }

  get #place(): Place {
    return { host: this.#target.host, port: this.#target.port };
  }

  /** `stop` is aborted with what whoever asked is told, when its time is over or it is given up, until it has ended. */
  #within(
    { timeout = usualTimeout, signal }: KubeRequest,
    isSent: () => boolean,
  ): { stop: AbortSignal; end: () => void } {
    const done = new AbortController();
    const stop = new AbortController();
    const abandon = () => stop.abort(netError('CALL_ABORTED', { ...this.#place }));
    for (const given of [signal, this.#closing.signal]) {
      if (given?.aborted) abandon();
      given?.addEventListener('abort', abandon, { once: true, signal: done.signal });
    }
    void this.#clock.sleep(timeout, done.signal).then(() => {
      if (!done.signal.aborted) stop.abort(this.#late(isSent(), timeout));
    });
    // With a reason: without one, an exception is made for nobody, with its stack, at every request.
    return { stop: stop.signal, end: () => done.abort('done') };
  }

  /** A server may close a connection that it kept in the very moment in which it is used again. */
  async #again<T>(method: string, ask: () => Promise<T>, isAnswered: () => boolean): Promise<T> {
    const wasUsed = this.#answers > 0;
    const answer = await ask().catch((error: unknown) => {
      if (!wasUsed || isAnswered() || method !== 'GET' || !isCut(error)) throw error;
      return ask();
    });
    this.#answers++;
    return answer;
  }

  #told(error: unknown): unknown {
    return isCut(error) && this.#alert ? faultOf(this.#alert, 'tls', this.#place) : error;
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

  #late(isSent: boolean, timeout: Millis): DroverError {
    const connecting = isSent ? undefined : this.#connecting;
    return connecting
      ? tooLate(connecting.stage, connecting.place, timeout)
      : tooLate('http', this.#place, timeout);
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
        ...request.headers,
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
