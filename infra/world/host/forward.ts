import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { ApiAnswer, ApiRequest } from '../kubernetes/api.ts';
import { StatusError } from '../kubernetes/status.ts';

/** Those that belong to one connection, and what is between the client and the API server alone. */
const notForwarded = new Set([
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade', 'host', 'content-length', 'authorization'],
]);

/**
 * What `services/…/proxy` and `pods/…/proxy` do: the request goes to `target` as it is, without what proves who sent
 * it, and the answer comes back as it flows. As on a real API server, the certificate of an https target is not looked at.
 */
export async function forward(request: ApiRequest, target: string, path: string): Promise<ApiAnswer> {
  const url = new URL(target);
  const isTls = url.protocol === 'https:';
  const query = request.query.size > 0 ? `?${request.query}` : '';
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = (isTls ? httpsRequest : httpRequest)(
        {
          ...(isTls && { rejectUnauthorized: false }),
          host: url.hostname,
          port: url.port,
          path: `${url.pathname.replace(/\/$/, '')}/${path.replace(/^\//, '')}${query}`,
          method: request.method,
          headers: { ...forwarded(request.headers), 'content-length': request.body.length },
          signal: request.signal,
        },
        resolve,
      );
      outgoing.once('error', reject).end(request.body);
    });
    return { status: answer.statusCode!, headers: forwarded(answer.headers), body: answer };
  } catch (error) {
    throw new StatusError(503, 'ServiceUnavailable', `error trying to reach service: ${goWords(url, error)}`);
  }
}

function forwarded(headers: IncomingMessage['headers']): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !notForwarded.has(name)) kept[name] = [value].flat().join(', ');
  }
  return kept;
}

function goWords({ hostname, port }: URL, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ECONNREFUSED' ? `dial tcp ${hostname}:${port}: connect: connection refused` : message;
}
