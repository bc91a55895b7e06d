import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * The text of an API token: `drv_`, the part of its record's id after `tok_` (22 letters), a secret (32 letters,
 * 160 bits) and a checksum (7 letters). The id makes sign-in one read by key; the checksum tells a typo or a made-up
 * token without a read; the fixed form lets secret scanners find leaked ones: `drv_[0-9a-hjkmnp-tv-z]{61}`.
 */
const letters = '0123456789abcdefghjkmnpqrstvwxyz';
const form = /^drv_([0-9a-hjkmnp-tv-z]{22})[0-9a-hjkmnp-tv-z]{32}[0-9a-hjkmnp-tv-z]{7}$/;
const checksumLetters = 7;

export const looksLikeToken = (text: string): boolean => text.startsWith('drv_');

export function newTokenText(
  recordId: string,
  random: (bytes: number) => Uint8Array = randomBytes,
): { text: string; sha256: string } {
  let body = `drv_${recordId.slice('tok_'.length)}`;
  for (const byte of random(32)) body += letters[byte % 32];
  const text = body + checksum(body);
  return { text, sha256: sha256(text) };
}

/** The id of the record that a token's text names; undefined where it cannot be a token at all. */
export function recordIdOf(text: string): string | undefined {
  const id = form.exec(text)?.[1];
  if (id === undefined) return undefined;
  const body = text.slice(0, -checksumLetters);
  return text.endsWith(checksum(body)) ? `tok_${id}` : undefined;
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Compares two hashes in hex without telling by its duration where they differ. */
export function isSameHash(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one, 'hex'), Buffer.from(other, 'hex')];
  return a.length === b.length && a.length > 0 && timingSafeEqual(a, b);
}

function checksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let i = 0; i < checksumLetters; i++) {
    text = letters[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
