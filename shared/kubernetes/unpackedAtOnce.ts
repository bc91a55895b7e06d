import { gunzipSync } from 'node:zlib';

/** A thread's turn for each answer costs more than to unpack a small one here and now. */
const smallPacked = 65_536;
/** A few milliseconds at most, whatever it claims to be. */
const smallPlain = 1_048_576;
const leastRoom = 16_384;

export const isSmall = (packedBytes: number): boolean => packedBytes <= smallPacked;

/** What a small gzip held; undefined where it holds more than should be unpacked in one go. */
export function unpackedAtOnce(packed: Uint8Array): Uint8Array | undefined {
  if (!isSmall(packed.length)) return undefined;
  try {
    return gunzipSync(packed, { maxOutputLength: smallPlain, chunkSize: roomFor(packed, smallPlain) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw error;
  }
}

/**
 * A gzip ends with how long it was. With room for all of it there is one step, where Node's usual pieces of 16 kB take a
 * turn each and are copied together. A length that is not true costs only room.
 */
export function roomFor(packed: Uint8Array, atMost: number): number {
  if (packed.length < 4) return leastRoom;
  const told = new DataView(packed.buffer, packed.byteOffset, packed.byteLength).getUint32(
    packed.length - 4,
    true,
  );
  // One byte more: what is filled to the brim may go on.
  return Math.max(leastRoom, Math.min(told, atMost) + 1);
}
