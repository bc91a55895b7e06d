import { type Instant, iso } from '#time';

/** Bytes from the world's seed, so that a run can be repeated. */
export type Random = (bytes: number) => Uint8Array;

/** Vowels and look-alikes are left out, as Kubernetes does. */
const letters = 'bcdfghjklmnpqrstvwxz2456789';
const mostBase = 58;

export function freshName(base: string | undefined, random: Random): string {
  return base ? base.slice(0, mostBase) + suffix(random) : '';
}

export const suffix = (random: Random, length = 5): string =>
  Array.from(random(length), (byte) => letters[byte % letters.length]).join('');

export function newUid(random: Random): string {
  const bytes = random(16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Kubernetes tells time in whole seconds. */
export const seconds = (at: Instant): string => `${iso(at).slice(0, 19)}Z`;
