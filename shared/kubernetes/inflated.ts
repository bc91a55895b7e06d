import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { netError, type Place } from '#net';
import type { Head } from './exchange.ts';

const unpack = promisify(gunzip);

/** The body as it was before it was packed, never more than `maxBytes` of it. */
export async function inflated({ headers, wire }: Head, maxBytes: number, place: Place): Promise<Uint8Array> {
  if (headers['content-encoding'] !== 'gzip') return wire;
  try {
    return await unpack(wire, { maxOutputLength: maxBytes, chunkSize: roomFor(wire, maxBytes) });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw netError('RESPONSE_TOO_LARGE', { ...place, bytes: maxBytes });
    // What ends too early is cut; what was never gzip is no answer that was asked for.
    throw netError(code === 'Z_BUF_ERROR' ? 'HTTP_CUT' : 'HTTP_INVALID', { ...place }, { cause: error });
  }
}

const leastRoom = 16_384;

/**
 * A gzip ends with how long it was. With room for all of it there is one step, where Node's usual pieces of 16 kB take a
 * turn each and are copied together. A length that is not true costs only room.
 */
function roomFor(wire: Uint8Array, maxBytes: number): number {
  if (wire.length < 4) return leastRoom;
  const told = new DataView(wire.buffer, wire.byteOffset, wire.byteLength).getUint32(wire.length - 4, true);
  // One byte more: what is filled to the brim may go on.
  return Math.max(leastRoom, Math.min(told, maxBytes) + 1);
}
