import { type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import { pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, createGzip, gzip } from 'node:zlib';
import type { ApiAnswer } from '../kubernetes/api.ts';
import type { Delivery } from './delivery.ts';

export type Outgoing = ServerResponse | Http2ServerResponse;

/** What a real API server compresses, and how hard it tries. */
const apiServerThreshold = 128 * 1024;
const gzipLevel = constants.Z_BEST_SPEED;
const compress = promisify(gzip);

/** How often a slow body moves on. */
const paceMillis = 50;

export interface Wire {
  outgoing: Outgoing;
  headers: OutgoingHttpHeaders;
  acceptsGzip: boolean;
  /** Shorter bodies are not compressed. Without it: as a real API server does. */
  gzipThreshold?: number;
  /** What comes in pieces comes as it happens, and is not held back to be compressed. */
  isFlow: boolean;
  /** Ends the connection with RST. */
  reset(): void;
}

export async function writeAnswer(delivery: Delivery, wire: Wire): Promise<void> {
  const { outgoing, reset } = wire;
  const { resetAfter, endAfter, clockSkew, bytesPerSecond } = delivery;
  if (resetAfter === 'nothing') return reset();
  const { status, headers, body } = await encoded(delivery, wire);
  if (clockSkew !== undefined) outgoing.setHeader('date', new Date(Date.now() + clockSkew).toUTCString());
  // Not by `writeHead`, whose headers Node does not merge with `setHeader`'s over HTTP/2.
  for (const [name, value] of Object.entries({ ...wire.headers, ...headers }))
    outgoing.setHeader(name, typeof value === 'string' && value.includes('\n') ? value.split('\n') : value!);
  // They leave at once: a watch must be seen to have begun before its first event.
  if (outgoing instanceof ServerResponse) outgoing.writeHead(status).flushHeaders();
  else outgoing.writeHead(status);
  if (resetAfter === 0) return resetSoon(reset);
  let left = resetAfter ?? endAfter ?? Number.POSITIVE_INFINITY;
  for await (const piece of piecesOf(body, bytesPerSecond)) {
    if (outgoing.destroyed) return;
    const part = piece.subarray(0, left);
    left -= part.length;
    await written(outgoing, part);
    if (left > 0) continue;
    if (resetAfter !== undefined) return resetSoon(reset);
    break;
  }
  outgoing.end();
}

interface Encoded {
  status: number;
  headers: OutgoingHttpHeaders;
  body: ApiAnswer['body'];
}

async function encoded({ answer, endAfter }: Delivery, wire: Wire): Promise<Encoded> {
  const { acceptsGzip, isFlow, gzipThreshold = apiServerThreshold } = wire;
  const { status, headers, body } = answer;
  // Without a length, a body that ends early looks whole.
  if (endAfter !== undefined) return { status, headers, body };
  const zippedHeaders = { ...headers, 'content-encoding': 'gzip', vary: 'Accept-Encoding' };
  if (!isWhole(body)) {
    return acceptsGzip && !isFlow
      ? { status, headers: zippedHeaders, body: zippedPieces(body) }
      : { status, headers, body };
  }
  const bytes = bytesOf(body);
  if (!acceptsGzip || bytes.length <= gzipThreshold) {
    return { status, headers: { ...headers, 'content-length': bytes.length }, body: bytes };
  }
  const zipped = await compress(bytes, { level: gzipLevel });
  return { status, headers: { ...zippedHeaders, 'content-length': zipped.length }, body: zipped };
}

function zippedPieces(body: AsyncIterable<string | Uint8Array>): AsyncIterable<Uint8Array> {
  const zip = createGzip({ level: gzipLevel });
  // What goes wrong on the way comes out of `zip`.
  pipeline(Readable.from(body), zip, () => {});
  return zip;
}

async function* piecesOf(body: ApiAnswer['body'], bytesPerSecond: number | undefined) {
  for await (const given of isWhole(body) ? [body] : body) {
    const piece = bytesOf(given);
    if (bytesPerSecond === undefined) {
      yield piece;
      continue;
    }
    const step = Math.max(1, Math.round((bytesPerSecond * paceMillis) / 1_000));
    for (let at = 0; at < piece.length; at += step) {
      yield piece.subarray(at, at + step);
      await after(paceMillis);
    }
  }
}

const isWhole = (body: ApiAnswer['body']): body is string | Uint8Array =>
  typeof body === 'string' || body instanceof Uint8Array;

const bytesOf = (piece: string | Uint8Array): Uint8Array =>
  typeof piece === 'string' ? Buffer.from(piece) : piece;

/** Resolves when more may be written: a watch whose client reads slowly is not kept in memory. */
async function written(outgoing: Outgoing, piece: Uint8Array): Promise<void> {
  if ((outgoing as ServerResponse).write(piece)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      outgoing.off('drain', done).off('close', done);
      resolve();
    };
    outgoing.on('drain', done).on('close', done);
  });
}

/** What was written is given time to leave: a reset throws away what is still queued. */
async function resetSoon(reset: () => void): Promise<void> {
  await after(paceMillis);
  reset();
}

const after = (wait: number) => new Promise((resolve) => setTimeout(resolve, wait));
