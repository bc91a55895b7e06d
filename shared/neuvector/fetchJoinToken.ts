import type { Net } from '#net';
import { second } from '#time';
import type { Trust } from './access.ts';
import { neuvectorError } from './errors.ts';
import { joinTokenIn } from './joinToken.ts';

/** A token is a few hundred bytes, however it is wrapped. */
const maxBytes = 65_536;

/** From an address that hands tokens out: JSON with `context` or `join_token`, or the token alone. */
export async function fetchJoinToken(
  net: Net,
  url: string,
  { trust = {}, signal }: { trust?: Trust; signal?: AbortSignal } = {},
): Promise<string> {
  const { ca, fingerprint, tlsServerName } = trust;
  const { status, body } = await net.send('cluster', {
    url,
    headers: { accept: 'application/json, text/plain;q=0.9' },
    tls: {
      ...(ca !== undefined && { ca }),
      ...(fingerprint !== undefined && { fingerprint }),
      ...(tlsServerName !== undefined && { serverName: tlsServerName }),
    },
    timeout: 20 * second,
    maxBytes,
    ...(signal && { signal }),
  });
  // Of its path and query nothing is told: they may hold a secret.
  const { host } = new URL(url);
  if (status < 200 || status >= 300) throw neuvectorError('JOIN_TOKEN_URL_REFUSED', { host, status });
  const text = Buffer.from(body).toString('utf8');
  if (/^\s*</.test(text)) throw neuvectorError('JOIN_TOKEN_URL_WITHOUT_TOKEN', { host });
  return joinTokenIn(text);
}
