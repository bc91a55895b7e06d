import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Agent } from 'undici';
import { faultOf, netError, type Place } from '#net';
import type { Head } from './exchange.ts';
import { isSmall, unpackedAtOnce } from './unpackedAtOnce.ts';

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
  const source =
    headers['content-encoding'] === 'gzip' ? unpacked(body, Number(headers['content-length'])) : body;
  const ended = new Promise<void>((resolve) => body.once('close', resolve));
  return { status, headers, pieces: toldOf(held(source, maxBytes, place), place), ended };
}

/** What we asked for cannot be sent: that is ours, not the server’s. */
const faultUnlessOurs = (error: unknown, place: Place): unknown =>
  (error as NodeJS.ErrnoException).code === 'UND_ERR_INVALID_ARG' ? error : faultOf(error, 'http', place);

/** Each piece takes a turn of its own: fewer and larger ones cost less. */
const unpackedPiece = 65_536;

/** `length` is what the server says of it: what keeps to it and is short is unpacked in one go. */
const unpacked = (packed: Readable, length: number): AsyncIterable<Uint8Array> =>
  isSmall(length) ? unpackedShort(packed) : unpackedWhileItArrives(packed);

async function* unpackedShort(packed: Readable): AsyncGenerator<Uint8Array> {
  const wire = Buffer.concat((await packed.toArray()) as Uint8Array[]);
  const plain = unpackedAtOnce(wire);
  if (plain) yield plain;
  else yield* unpackedWhileItArrives(Readable.from([wire]));
}

/** Whoever ends one of the two ends both. */
function unpackedWhileItArrives(packed: Readable): Readable {
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
