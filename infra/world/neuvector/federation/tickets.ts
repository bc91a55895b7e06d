import { createCipheriv, createDecipheriv, randomBytes, randomInt } from 'node:crypto';
import { type Instant, minute, second } from '#time';
import type { RestInfo } from './state.ts';

const cipher = 'aes-256-cfb';
const ivBytes = 16;
const memberTicketLife = 2 * minute;

/** Nobody but who has the secret can read when it ends. */
export function ticket(secret: string, endsAt: Instant): string {
  const iv = randomBytes(ivBytes);
  const encrypting = createCipheriv(cipher, Buffer.from(secret), iv);
  const text = JSON.stringify({ s: randomInt(2 ** 47), e: Math.floor(endsAt / second) });
  return Buffer.concat([iv, encrypting.update(text), encrypting.final()]).toString('base64');
}

export const memberTicket = (secret: string, now: Instant): string => ticket(secret, now + memberTicketLife);

/** What is wrong with a ticket, in Go's words. */
export function faultOf(given: string, secret: string, now: Instant): string | undefined {
  if (given === '') return 'Invalid data';
  const wrongAt = /[^A-Za-z0-9+/=]/.exec(given)?.index ?? (given.length % 4 === 0 ? -1 : given.length);
  if (wrongAt >= 0) return `illegal base64 data at input byte ${wrongAt}`;
  const bytes = Buffer.from(given, 'base64');
  if (bytes.length <= ivBytes) return 'Invalid data';
  const decrypting = createDecipheriv(cipher, Buffer.from(secret), bytes.subarray(0, ivBytes));
  const text = Buffer.concat([decrypting.update(bytes.subarray(ivBytes)), decrypting.final()]).toString(
    'latin1',
  );
  let endsAt: unknown;
  try {
    endsAt = (JSON.parse(text) as { e?: unknown } | null)?.e;
  } catch {
    return `invalid character '${text[0]}' looking for beginning of value`;
  }
  return typeof endsAt === 'number' && endsAt * second > now ? undefined : 'token expired';
}

/** The address is the federation listener's, or of what stands before it. */
export const joinToken = ({ server, port }: RestInfo, inIt: string): string =>
  Buffer.from(JSON.stringify({ s: server, p: port, t: inIt })).toString('base64');

/** What of a token could be read; nothing of one that is none. */
export function readJoinToken(given: string): { server: string; port: number; ticket: string } {
  try {
    const read = JSON.parse(Buffer.from(given, 'base64').toString('utf8')) as Record<string, unknown> | null;
    const { s, p, t } = read ?? {};
    return {
      server: typeof s === 'string' ? s : '',
      port: typeof p === 'number' ? p : 0,
      ticket: typeof t === 'string' ? t : '',
    };
  } catch {
    return { server: '', port: 0, ticket: '' };
  }
}
