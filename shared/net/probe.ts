import type { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { TLSSocket } from 'node:tls';
import { DroverError } from '#errors';
import type { Clock, Millis } from '#time';
import { hangUp, openTcp, raced, reachTarget, startTls, type TlsOptions, type Watch } from './dial.ts';
import type { Target } from './target.ts';
import { chainOf, reasonOf, verifyServer } from './trust.ts';

export interface TcpProbe {
  readonly address: string;
  readonly ms: Millis;
  /** Why it could not be connected. */
  readonly fault?: DroverError;
}

/** Whether each vetted address takes connections, all asked side by side; of a proxied target, the proxy's. */
export async function probeTcp(clock: Clock, target: Target, watch: Watch = {}): Promise<TcpProbe[]> {
  const place = target.proxy ?? target;
  const stage = target.proxy ? 'proxy' : 'tcp';
  return Promise.all(
    place.addresses.map(async (one): Promise<TcpProbe> => {
      const startedAt = clock.now();
      const took = () => ({ address: one.address, ms: clock.now() - startedAt });
      try {
        const socket = await raced(clock, target, watch, async (reach, opened) => {
          reach(stage, place);
          const dialled = opened(openTcp(place, [one]));
          await once(dialled, 'connect');
          return dialled;
        });
        hangUp(socket);
        return took();
      } catch (error) {
        if (error instanceof DroverError) return { ...took(), fault: error };
        throw error;
      }
    }),
  );
}

export interface ShownCertificate {
  readonly subject: string;
  readonly issuer: string;
  readonly names: readonly string[];
  readonly notBefore: string;
  readonly notAfter: string;
  /** 64 hexadecimal digits in lower case. */
  readonly sha256: string;
  readonly pem: string;
}

export interface TlsProbe {
  /** Who answered; behind a proxy, the proxy. */
  readonly address: string | undefined;
  readonly protocol: string | null;
  readonly cipher: string;
  /** OpenSSL's name for what is wrong, whether or not it counts. */
  readonly reason?: string;
  /** Why the server is not trusted, by these options. */
  readonly fault?: DroverError;
  /** The server's own certificate first. */
  readonly chain: readonly ShownCertificate[];
  /** It ended the connection because no client certificate was shown. */
  readonly wantsCertificate: boolean;
  /** Of the connection or the tunnel, and of the handshake. */
  readonly ms: { readonly reach: Millis; readonly tls: Millis };
}

/** A handshake with whoever answers, trusted or not, and what it showed. No credential is shown, nothing is sent. */
export async function probeTls(
  clock: Clock,
  target: Target,
  tls: TlsOptions = {},
  watch: Watch = {},
): Promise<TlsProbe> {
  const { cert: _cert, key: _key, ...shown } = tls;
  const startedAt = clock.now();
  let reachedAt = startedAt;
  const socket = await raced(clock, target, watch, async (reach, opened) => {
    const wire = await reachTarget(target, reach, opened);
    reachedAt = clock.now();
    reach('tls', target);
    const dialled = opened(startTls(wire, target, shown));
    await once(dialled, 'secureConnect');
    return dialled;
  });
  try {
    const reason = reasonOf(socket);
    const fault = distrust(socket, target, shown);
    const handshake = clock.now() - reachedAt;
    const seen = {
      address: socket.remoteAddress,
      protocol: socket.getProtocol(),
      cipher: socket.getCipher().name,
      ...(reason === undefined ? {} : { reason }),
      ...(fault === undefined ? {} : { fault }),
      chain: chainOf(socket).map(shownCertificate),
      ms: { reach: reachedAt - startedAt, tls: handshake },
    };
    return { ...seen, wantsCertificate: await isAskedForCertificate(clock, socket) };
  } finally {
    hangUp(socket);
  }
}

/** For servers that give no tickets and so say nothing. */
const patience: Millis = 1_000;

/**
 * In TLS 1.3 the client is done first: whether the server takes it without a certificate, the server says after that,
 * by a session ticket or by an alert.
 */
async function isAskedForCertificate(clock: Clock, socket: TLSSocket): Promise<boolean> {
  if (socket.getProtocol() !== 'TLSv1.3') return false;
  const done = new AbortController();
  const said = new Promise<string | undefined>((resolve) => {
    socket.once('session', () => resolve(undefined));
    socket.once('close', () => resolve(undefined));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });
  const silent = clock.sleep(patience, done.signal).then(() => undefined);
  const code = await Promise.race([said, silent]);
  done.abort();
  return code === 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED';
}

function distrust(socket: TLSSocket, target: Target, tls: TlsOptions): DroverError | undefined {
  try {
    verifyServer(socket, target, tls);
    return undefined;
  } catch (error) {
    if (error instanceof DroverError) return error;
    throw error;
  }
}

const shownCertificate = (certificate: X509Certificate): ShownCertificate => ({
  subject: certificate.subject,
  issuer: certificate.issuer,
  names: (certificate.subjectAltName ?? '').split(', ').flatMap((name) => name.replace(/^[^:]+:/, '') || []),
  notBefore: certificate.validFromDate.toISOString(),
  notAfter: certificate.validToDate.toISOString(),
  sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
  pem: certificate.toString(),
});
