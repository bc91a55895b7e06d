import type { Client } from 'undici';
import type { Clock, Millis } from '#time';
import { pinnedConnector } from './connect.ts';
import type { Stage, TlsOptions } from './dial.ts';
import { netError } from './errors.ts';
import { faultOf, type Place, tooLate } from './faults.ts';
import type { Target } from './target.ts';

export interface Outgoing {
  url: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  tls?: TlsOptions;
  /** For everything: look-up, connection, headers and body. */
  timeout?: Millis;
  /** Of the answer's body, as it comes over the wire: nothing is decompressed. */
  maxBytes?: number;
  signal?: AbortSignal;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Uint8Array;
}

const usualTimeout: Millis = 10_000;
const usualMaxBytes = 1_048_576;

/** One request over a connection of its own, within one deadline; it throws DroverErrors of this catalogue alone. */
export async function sendOnce(
  clock: Clock,
  vetted: (url: string) => Promise<Target>,
  outgoing: Outgoing,
): Promise<Answer> {
  const { timeout = usualTimeout, maxBytes = usualMaxBytes } = outgoing;
  const done = new AbortController();
  const abort = new AbortController();
  let stage: Stage = 'dns';
  let place: Place = { host: URL.parse(outgoing.url)?.hostname ?? '', port: 0 };

  const givenUp = new Promise<never>((_, reject) => {
    const give = (error: Error) => {
      reject(error);
      abort.abort(error);
    };
    const stop = () => give(netError('CALL_ABORTED', { ...place }));
    if (outgoing.signal?.aborted) stop();
    outgoing.signal?.addEventListener('abort', stop, { once: true, signal: done.signal });
    void clock.sleep(timeout, done.signal).then(() => {
      if (!done.signal.aborted) give(tooLate(stage, place, timeout));
    });
  });

  const exchange = async (): Promise<Answer> => {
    const target = await vetted(outgoing.url);
    abort.signal.throwIfAborted();
    place = { host: target.host, port: target.port };
    stage = 'tcp';
    const { Client } = await import('./undici.ts');
    const client = new Client(target.origin, {
      connect: pinnedConnector(clock, target, outgoing.tls, {
        onStage: (reached) => {
          stage = reached;
        },
        signal: abort.signal,
      }),
      // The deadline above is the only clock: it also holds for a server that sends one byte at a time.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: maxBytes,
      maxHeaderSize: 16_384,
    });
    try {
      return await request(client, target, outgoing, abort.signal, place);
    } finally {
      await client.destroy();
    }
  };

  try {
    return await Promise.race([exchange(), givenUp]);
  } catch (error) {
    throw faultOf(error, stage, place, maxBytes);
  } finally {
    done.abort();
    givenUp.catch(() => undefined);
  }
}

async function request(
  client: Client,
  target: Target,
  outgoing: Outgoing,
  signal: AbortSignal,
  place: Place,
): Promise<Answer> {
  const { pathname, search } = new URL(target.url);
  const answer = await client.request({
    path: pathname + search,
    method: (outgoing.method ?? 'GET') as 'GET',
    headers: outgoing.headers ?? {},
    body: outgoing.body ?? null,
    signal,
  });
  if (answer.statusCode >= 300 && answer.statusCode < 400) {
    throw netError('REDIRECTED', { ...place, status: answer.statusCode });
  }
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: new Uint8Array(await answer.body.arrayBuffer()),
  };
}
