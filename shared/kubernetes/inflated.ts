import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { netError, type Place } from '#net';
import type { Head } from './exchange.ts';
import { roomFor, unpackedAtOnce } from './unpackedAtOnce.ts';

const unpack = promisify(gunzip);

/** The body as it was before it was packed, never more than `maxBytes` of it. */
export async function inflated({ headers, wire }: Head, maxBytes: number, place: Place): Promise<Uint8Array> {
  if (headers['content-encoding'] !== 'gzip') return wire;
  try {
    const small = unpackedAtOnce(wire);
    if (small && small.length <= maxBytes) return small;
    return await unpack(wire, { maxOutputLength: maxBytes, chunkSize: roomFor(wire, maxBytes) });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw netError('RESPONSE_TOO_LARGE', { ...place, bytes: maxBytes });
    // What ends too early is cut; what was never gzip is no answer that was asked for.
    throw netError(code === 'Z_BUF_ERROR' ? 'HTTP_CUT' : 'HTTP_INVALID', { ...place }, { cause: error });
  }
}
