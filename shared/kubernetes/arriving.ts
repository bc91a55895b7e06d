import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Agent } from 'undici';
import { faultOf, netError, type Place } from '#net';
import type { Head } from './exchange.ts';

/** An answer whose body is still on its way. */
export interface Arriving extends Omit<Head, 'wire'> {
  /** Unpacked. */
  readonly pieces: AsyncIterable<Uint8Array>;
  /** Resolves when the body was read, was left, or broke off. */
  readonly ended: Promise<void>;
}

interface Limits {
  maxBytes: number;
  place: Place;
}

export async function arrivingOver(
  agent: Agent,
  options: Agent.DispatchOptions & { signal: AbortSignal },
  { maxBytes, place }: Limits,
): Promise<Arriving> {
  const answer = await agent.request(options).catch((error: unknown) => {
    throw faultUnlessOurs(error, place);
  });
  const { statusCode: status, headers, body } = answer;
  const source = headers['content-encoding'] === 'gzip' ? unpacked(body) : body;
  const ended = new Promise<void>((resolve) => body.once('close', resolve));
  return { status, headers, pieces: toldOf(held(source, maxBytes, place), place), ended };
}

/** What we asked for cannot be sent: that is ours, not the server’s. */
const faultUnlessOurs = (error: unknown, place: Place): unknown =>
  (error as NodeJS.ErrnoException).code === 'UND_ERR_INVALID_ARG' ? error : faultOf(error, 'http', place);

/** Each piece takes a turn of its own: fewer and larger ones cost less. */
const unpackedPiece = 65_536;

/** Whoever ends one of the two ends both. */
function unpacked(packed: Readable): Readable {
  const plain = createGunzip({ chunkSize: unpackedPiece });
  // What went wrong is told to who reads.
  pipeline(packed, plain, () => {});
  return plain;
}

/** Up to so many bytes. */
export async function* held(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
  place: Place,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const piece of source) {
    size += piece.length;
    if (size > maxBytes) throw netError('RESPONSE_TOO_LARGE', { ...place, bytes: maxBytes });
    yield piece;
  }
}

async function* toldOf(source: AsyncIterable<Uint8Array>, place: Place): AsyncGenerator<Uint8Array> {
  try {
    yield* source;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // What ends too early is cut; what was never gzip is no answer that was asked for.
    if (code === 'Z_BUF_ERROR') throw netError('HTTP_CUT', { ...place }, { cause: error });
    if (code.startsWith('Z_')) throw netError('HTTP_INVALID', { ...place }, { cause: error });
    throw faultOf(error, 'http', place);
  }
}
