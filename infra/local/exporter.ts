import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { DroverError, type Language } from '#errors';
import type { JoinCall, Scraped } from '#join';
import { acceptsGzip } from '#metrics';
import type { Couriers, Json } from '#reconcile';
import { sentenceOf } from './say.ts';

/** The membership that the environment describes, whose controller this is. */
const membership = 'default';

/**
 * What the earlier exporter was to Prometheus: the metrics of one controller at /metrics, of this machine alone and
 * without a token. It asks the worker as the API does; a join in trouble is none of its business.
 */
export async function serveExporter(
  port: number,
  couriers: Pick<Couriers, 'call'>,
  language: Language,
): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const url = URL.parse(request.url ?? '', 'http://exporter');
    if (request.method !== 'GET' || (url?.pathname !== '/metrics' && url?.pathname !== '/health')) {
      return answer(response, 404, 'Not found: here are /metrics and /health.\n');
    }
    if (url.pathname === '/health') return answer(response, 200, 'ok\n');
    const compat = ['1', 'true'].includes(url.searchParams.get('compat') ?? '');
    const isGzipTaken = acceptsGzip(request.headers['accept-encoding']);
    scraped(couriers, compat, isGzipTaken).then(
      ({ body, headers }) => response.writeHead(200, headers).end(body),
      (error: unknown) => answer(response, ...told(error, language)),
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function scraped(couriers: Pick<Couriers, 'call'>, compat: boolean, isGzipTaken: boolean) {
  const call: JoinCall = { do: 'scrape', id: membership, compat };
  const { gzip, contentType } = (await couriers.call('join', call as { [name: string]: Json })) as Json &
    Scraped;
  const packed = Buffer.from(gzip, 'base64');
  const headers = { 'content-type': contentType, vary: 'accept-encoding' };
  return isGzipTaken
    ? { body: packed, headers: { ...headers, 'content-encoding': 'gzip' } }
    : { body: await promisify(gunzip)(packed), headers };
}

/** Prometheus shows the status, a person the sentence. */
function told(error: unknown, language: Language): [number, string] {
  if (!(error instanceof DroverError)) return [500, 'The metrics could not be read.\n'];
  return [error.entry.status, `${error.code}: ${sentenceOf(error, language)}\n`];
}

const answer = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
};
