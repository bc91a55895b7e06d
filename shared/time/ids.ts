import { randomBytes } from 'node:crypto';
import type { Instant } from './clock.ts';

/** Crockford's base 32: sortable, and without letters that are mistaken for digits. */
const letters = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * An id that sorts by the time it was made: kind prefix, 9 letters of time, 13 letters (65 bits) of chance.
 * `clu_01jd3k9qz4h8m2v6t0x5r7p1`
 */
export function newId(
  prefix: string,
  at: Instant,
  random: (bytes: number) => Uint8Array = randomBytes,
): string {
  let time = '';
  for (let rest = at, i = 0; i < 9; i++) {
    time = letters[rest % 32] + time;
    rest = Math.floor(rest / 32);
  }
  let chance = '';
  for (const byte of random(13)) chance += letters[byte % 32];
  return `${prefix}_${time}${chance}`;
}

/** When an id was made, from the id itself. */
export function timeOfId(id: string): Instant {
  let time = 0;
  for (const letter of id.slice(id.indexOf('_') + 1).slice(0, 9)) time = time * 32 + letters.indexOf(letter);
  return time;
}
