import { type Agent, Dispatcher } from 'undici';
import { createNet, type Net } from '#net';
import type { Clock } from '#time';
import type { ApiAnswer, ApiRequest } from '../../../infra/world/kubernetes/api.ts';

/** What answers at an address; throws what a socket would. */
export type Serve = (at: { host: string; port: number }, request: ApiRequest) => Promise<ApiAnswer>;

/** The way out without sockets: addresses are vetted as ever, and who stands there is asked in this process. */
export function inProcessNet(clock: Clock, serve: Serve): Net {
  const net = createNet({ clock, allowLoopback: true, resolve: async () => ['127.0.0.1'] });
  const nobody = () => Promise.reject(new Error('Nothing is dialled.'));
  return {
    ...net,
    send: nobody,
    probeTcp: nobody,
    probeTls: nobody,
    agentFor: async ({ host, port }) =>
      new InProcess((request) => serve({ host, port }, request)) as unknown as Agent,
  };
}

class InProcess extends Dispatcher {
  readonly #answer: (request: ApiRequest) => Promise<ApiAnswer>;

  constructor(answer: (request: ApiRequest) => Promise<ApiAnswer>) {
    super();
    this.#answer = answer;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const stop = new AbortController();
    let reason: Error | null = null;
    const controller: Dispatcher.DispatchController = {
      get aborted() {
        return stop.signal.aborted;
      },
      paused: false,
      get reason() {
        return reason;
      },
      abort(error) {
        reason = error;
        stop.abort(error);
        handler.onResponseError?.(controller, error);
      },
      pause: () => undefined,
      resume: () => undefined,
    };
    handler.onRequestStart?.(controller, {});
    if (!stop.signal.aborted) void this.#exchange(options, handler, controller, stop.signal);
    return true;
  }

  async #exchange(
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
    controller: Dispatcher.DispatchController,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const { status, headers, body } = await this.#answer(requestIn(options, signal));
      if (signal.aborted) return;
      handler.onResponseStart?.(controller, status, headers, '');
      const bytes = Buffer.from(body as string | Uint8Array);
      if (bytes.length > 0) handler.onResponseData?.(controller, bytes);
      handler.onResponseEnd?.(controller, {});
    } catch (error) {
      if (!signal.aborted) handler.onResponseError?.(controller, error as Error);
    }
  }

  // They answer in two ways, as they are called.
  override close(): never {
    return Promise.resolve() as never;
  }

  override destroy(): never {
    return Promise.resolve() as never;
  }
}

function requestIn(
  { method, path, headers, body }: Dispatcher.DispatchOptions,
  signal: AbortSignal,
): ApiRequest {
  const [plain = '', query = ''] = path.split(/\?(.*)/s);
  return {
    method,
    path: plain,
    query: new URLSearchParams(query),
    headers: headersIn(headers as Record<string, string> | string[] | undefined),
    body: Buffer.from((body ?? '') as string | Uint8Array),
    signal,
  };
}

/** In pairs, or as an object. */
function headersIn(given: Record<string, string> | string[] = {}): Record<string, string> {
  const pairs = Array.isArray(given)
    ? given.flatMap((name, i) => (i % 2 === 0 ? [[name, given[i + 1] ?? '']] : []))
    : Object.entries(given);
  return Object.fromEntries(pairs.map(([name = '', value = '']) => [name.toLowerCase(), value]));
}
