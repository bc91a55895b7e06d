import type { Instant } from '#time';

export type Claims = Readonly<Record<string, unknown>>;

/** What a token says of itself, which is believed for warnings and nothing else: no signature is looked at. */
export type Said = { form: 'jwt'; claims: Claims } | { form: 'opaque' } | { form: 'damaged' };

export function readClaims(token: string): Said {
  const [head = '', body = '', ...rest] = token.split('.');
  const header = jsonOf(head);
  // Whatever does not begin like a JWT may be anything: cloud and Rancher tokens have dots as well.
  if (typeof header?.alg !== 'string') return { form: 'opaque' };
  // Encrypted to the server: five parts, and nothing to be read.
  if (typeof header.enc === 'string') return { form: 'opaque' };
  const claims = jsonOf(body);
  const isWhole = rest.length === 1 && /^[\w-]+$/.test(rest[0]!);
  return claims && isWhole ? { form: 'jwt', claims } : { form: 'damaged' };
}

function jsonOf(part: string): Claims | undefined {
  if (!/^[\w-]+$/.test(part)) return undefined;
  try {
    return objectOf(JSON.parse(Buffer.from(part, 'base64url').toString('utf8')));
  } catch {
    // Not JSON, so no part of a JWT; the parser's message would repeat the token.
    return undefined;
  }
}

export const objectOf = (value: unknown): Claims | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : undefined;

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Seconds since 1970. What lies beyond the year 9999 is no time. */
export const instantOf = (value: unknown): Instant | undefined =>
  typeof value === 'number' && Math.abs(value) < 253_402_300_800 ? Math.floor(value * 1000) : undefined;
