import { createHmac, randomBytes } from 'node:crypto';
import type { Instant } from '#time';

const prefix = 'whsec_';

/** A secret as receivers are given it. */
export const newSecret = (random: (bytes: number) => Uint8Array = randomBytes): string =>
  prefix + Buffer.from(random(32)).toString('base64');

/** The headers of Standard Webhooks 1.0: one signature per secret, so that a receiver may still know only the old one. */
export function signedHeaders(id: string, at: Instant, body: string, secrets: readonly string[]) {
  const timestamp = String(Math.floor(at / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(prefix.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}
