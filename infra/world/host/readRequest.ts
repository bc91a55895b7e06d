import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { ApiRequest } from '../kubernetes/api.ts';

export type Incoming = IncomingMessage | Http2ServerRequest;

/** As a real API server limits what is sent to it. */
export const bodyLimit = 3 * 1024 * 1024;

/** The request as the API server's own code sees it; undefined when its body is larger than is read. */
export async function readRequest(incoming: Incoming, signal: AbortSignal): Promise<ApiRequest | undefined> {
  const body = await readBody(incoming);
  if (!body) return undefined;
  const [path, query] = splitOnce(incoming.url!, '?');
  return {
    method: incoming.method!,
    path,
    query: new URLSearchParams(query.split('&').filter(isWellEscaped).join('&')),
    headers: plainHeaders(incoming),
    body,
    signal,
  };
}

/** What is not well escaped the server leaves out. */
const isWellEscaped = (pair: string): boolean => !/%(?![0-9a-f]{2})|;/i.test(pair);

async function readBody(incoming: Incoming): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of incoming as AsyncIterable<Uint8Array>) {
    size += piece.length;
    if (size > bodyLimit) return undefined;
    pieces.push(piece);
  }
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
}

/** What came several times is joined with a comma; of `impersonate-…`, whose values may hold one, with a line break. */
function plainHeaders({ rawHeaders }: Incoming): Record<string, string> {
  const found: Record<string, string> = {};
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const given = rawHeaders[i]!.toLowerCase();
    const name = given === ':authority' ? 'host' : given;
    if (name.startsWith(':')) continue;
    const value = rawHeaders[i + 1]!;
    const between = name.startsWith('impersonate-') ? '\n' : ', ';
    found[name] = found[name] === undefined ? value : `${found[name]}${between}${value}`;
  }
  return found;
}

function splitOnce(text: string, by: string): [string, string] {
  const at = text.indexOf(by);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + by.length)];
}
