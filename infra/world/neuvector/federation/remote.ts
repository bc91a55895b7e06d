import { type IncomingMessage, STATUS_CODES } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { type Clock, second } from '#time';
import type { RestInfo } from './state.ts';

/** Where a name leads that no name server knows; undefined for one that leads where it says. */
export type Reach = (to: RestInfo) => RestInfo | undefined;

export interface Asked {
  readonly method?: string;
  readonly token?: string;
  readonly body?: unknown;
}

export interface Told {
  readonly status: number;
  readonly body: string;
}

const patience = 10 * second;

/** How controllers talk to each other: over HTTPS whose certificates they do not look at. Fails with Go's words. */
export class Remote {
  readonly #clock: Clock;
  readonly #reach: Reach;
  readonly #closed = new AbortController();

  constructor(clock: Clock, reach: Reach = () => undefined) {
    this.#clock = clock;
    this.#reach = reach;
  }

  /** Whoever waits for an answer waits no longer. */
  close(): void {
    this.#closed.abort();
  }

  async ask(to: RestInfo, path: string, asked: Asked = {}): Promise<Told> {
    const { server, port } = this.#reach(to) ?? to;
    const ends = new AbortController();
    const signal = AbortSignal.any([ends.signal, this.#closed.signal]);
    let isLate = false;
    const watch = new AbortController();
    void this.#clock.sleep(patience, watch.signal).then(() => {
      isLate = !watch.signal.aborted;
      ends.abort();
    });
    const body = asked.body === undefined ? '' : JSON.stringify(asked.body);
    try {
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        httpsRequest(
          {
            host: server,
            port,
            path,
            method: asked.method ?? 'POST',
            rejectUnauthorized: false,
            agent: false,
            signal,
            headers: {
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(body),
              ...(asked.token !== undefined && { 'x-auth-token': asked.token }),
            },
          },
          resolve,
        )
          .once('error', reject)
          .end(body);
      });
      return { status: answer.statusCode!, body: await text(answer) };
    } catch (error) {
      throw new Error(isLate ? tooLate : goWords(to, error), { cause: error });
    } finally {
      watch.abort();
    }
  }
}

/** As Go's http.Response has it. */
export const statusLine = (status: number): string => `${status} ${STATUS_CODES[status] ?? ''}`.trim();

const tooLate = 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';

function goWords({ server, port }: RestInfo, error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED') return `dial tcp ${server}:${port}: connect: connection refused`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `dial tcp: lookup ${server}: no such host`;
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'EOF';
  if (/wrong version number|packet length too long/.test(message))
    return 'tls: first record does not look like a TLS handshake';
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) return 'remote error: tls: handshake failure';
  return message;
}
