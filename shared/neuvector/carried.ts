import type { DroverError } from '#errors';
import type { KubeAnswer, KubeConnection, KubeRequest } from '#kubernetes';
import { netError } from '#net';
import type { NvAnswer, NvRequest, NvStream, Pass, Way } from './access.ts';
import { headersOf, secretsOf } from './pass.ts';
import { unsaid } from './unsaid.ts';

/** What tells one way from another. */
export interface Carrier {
  readonly place: string;
  /** Stands before every path. */
  readonly prefix: string;
  /** The connection is `use`'s until it is done. */
  lend<T>(use: (connection: KubeConnection) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Whoever is not known is shown no pass. */
  readonly isKnown: boolean;
  /** What whoever carries it says in place of the controller. */
  problemOf(answer: KubeAnswer): DroverError | undefined;
  close(): Promise<void>;
}

const usualMaxBytes = 8_388_608;
const usualTimeout = 10_000;
/** Lists are never held as a whole: this only ends what would not end. */
const longestStream = 536_870_912;
const usualStreamTimeout = 60_000;

/** A way whose requests a kept connection carries. */
export class Carried implements Way {
  readonly place: string;
  readonly #carrier: Carrier;

  constructor(carrier: Carrier) {
    this.place = carrier.place;
    this.#carrier = carrier;
  }

  async send(request: NvRequest, pass?: Pass): Promise<NvAnswer> {
    const { maxBytes = usualMaxBytes, timeout = usualTimeout } = request;
    const wanted = { ...this.#asked(request, pass), maxBytes, timeout };
    const answer = await this.#carrier.lend((connection) => connection.send(wanted), request.signal);
    return this.#checked(answer, pass);
  }

  async stream(request: NvRequest, pass?: Pass): Promise<NvStream> {
    const { maxBytes = longestStream, timeout = usualStreamTimeout } = request;
    const wanted = { ...this.#asked(request, pass), maxBytes, timeout };
    return new Promise((resolve, reject) => {
      const begin = async (connection: KubeConnection) => {
        const { status, headers, body, ended, whole } = await connection.stream(wanted);
        if (status < 300) resolve({ status, headers, body });
        else {
          const { body: all, ...head } = this.#checked(await whole(usualMaxBytes), pass);
          resolve({ ...head, body: once(all) });
        }
        // The connection is lent until then.
        await ended;
      };
      this.#carrier.lend(begin, request.signal).catch(reject);
    });
  }

  close(): Promise<void> {
    return this.#carrier.close();
  }

  #asked(
    { method, path, query, body, signal, isPacked = true }: NvRequest,
    pass: Pass | undefined,
  ): KubeRequest {
    if (pass && !this.#carrier.isKnown) throw new Error('A pass is not shown to who is not known');
    return {
      ...(method && { method }),
      path: `${this.#carrier.prefix}${path}`,
      ...(query && { query }),
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
      headers: { ...(isPacked && { 'accept-encoding': 'gzip' }), ...headersOf(pass) },
    };
  }

  #checked(answer: KubeAnswer, pass: Pass | undefined): NvAnswer {
    const problem = this.#carrier.problemOf(answer);
    if (problem) throw problem;
    const { status, headers, body, asked } = answer;
    if (status >= 300 && status < 400) {
      throw netError('REDIRECTED', { host: asked.host, port: asked.port, status });
    }
    return unsaid({ status, headers, body }, secretsOf(pass));
  }
}

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}
