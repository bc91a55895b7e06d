import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { ApiAnswer, ApiRequest } from '../kubernetes/api.ts';
import { StatusError } from '../kubernetes/status.ts';
import type { End } from '../kubernetes/verbs/proxy.ts';

/** Those that belong to one connection, and what is between the client and the API server alone. */
const notForwarded = new Set([
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade', 'content-length', 'authorization'],
]);

/** What stands inside a cluster: from `ADDRESS:PORT` of its network to `HOST:PORT` of this machine. */
export type ClusterNetwork = ReadonlyMap<string, string>;

/**
 * What `services/…/proxy` and `pods/…/proxy` do: the request goes on as it is, without what proves who sent it, and the
 * answer comes back as it flows, redirections too. As on a real API server, the certificate of an https end is not
 * looked at.
 */
export async function forward(
  request: ApiRequest,
  end: End,
  rest: readonly string[],
  network: ClusterNetwork,
): Promise<ApiAnswer> {
  const place = `${end.host}:${end.port}`;
  const unreached = (why: string) =>
    new StatusError(503, 'ServiceUnavailable', `error trying to reach service: ${why}`);
  const target = network.get(place);
  if (target === undefined) throw unreached(`dial tcp ${place}: connect: no route to host`);
  const isTls = end.scheme === 'https';
  const path = pathOf(request, rest);
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const { hostname, port } = new URL(`http://${target}`);
      const outgoing = (isTls ? httpsRequest : httpRequest)(
        {
          ...(isTls && { rejectUnauthorized: false }),
          host: hostname,
          port,
          path: request.query.size > 0 ? `${path}?${request.query}` : path,
          method: request.method,
          headers: { ...forwarded(request.headers), 'content-length': request.body.length },
          signal: request.signal,
        },
        resolve,
      );
      outgoing.once('error', reject).end(request.body);
    });
    const headers = forwarded(answer.headers);
    const { location } = headers;
    if (location !== undefined) headers.location = redirection(location, request, path);
    return { status: answer.statusCode!, headers, body: answer };
  } catch (error) {
    throw unreached(goWords(place, error));
  }
}

/** Read and written anew, so that `%2F` has become a stroke; a last stroke is kept. */
function pathOf({ path }: ApiRequest, rest: readonly string[]): string {
  const parts = rest.map(encodeURIComponent).join('/');
  return `/${parts}${path.endsWith('/') && parts !== '' ? '/' : ''}`;
}

/** What leads to another place at the same end leads there through the proxy; elsewhere it leads as it did. */
function redirection(location: string, { path, headers }: ApiRequest, asked: string): string {
  const base = `http://${headers.host ?? 'end'}`;
  const url = URL.parse(location, `${base}${asked}`);
  if (!url || url.host !== new URL(base).host) return location;
  const prefix = /^(\/[^/]+){6}\/proxy/.exec(path)![0];
  return url.pathname.startsWith(prefix) ? location : `${prefix}${url.pathname}${url.search}${url.hash}`;
}

function forwarded(headers: IncomingMessage['headers']): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || notForwarded.has(name) || name.startsWith('impersonate-')) continue;
    kept[name] = [value].flat().join(name === 'set-cookie' ? '\n' : ', ');
  }
  return kept;
}

function goWords(place: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ECONNREFUSED' ? `dial tcp ${place}: connect: connection refused` : message;
}
