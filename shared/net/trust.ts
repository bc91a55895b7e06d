import { timingSafeEqual, X509Certificate } from 'node:crypto';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import type { TlsOptions } from './dial.ts';
import { netError } from './errors.ts';
import { faultOf, type Place } from './faults.ts';

/** Throws unless the server at the other end is the one that is trusted. Nothing may be sent before. */
export function verifyServer(socket: TLSSocket, { host, port }: Place, tls: TlsOptions): void {
  if (tls.fingerprint !== undefined) {
    if (!isFingerprintOf(socket, tls.fingerprint)) throw netError('TLS_FINGERPRINT_MISMATCH', { host, port });
    return;
  }
  if (socket.authorized || tls.verify === false) return;
  if (isOfNamesake(socket, tls.ca)) throw netError('TLS_CA_UNKNOWN', { host, port });
  throw faultOf(Object.assign(new Error(), { code: reasonOf(socket) }), 'tls', { host, port });
}

/** OpenSSL's name for what is wrong with the server's certificate. Declared as an Error, it is a string. */
export const reasonOf = (socket: TLSSocket): string | undefined =>
  socket.authorized ? undefined : String(socket.authorizationError);

function isFingerprintOf(socket: TLSSocket, fingerprint: string): boolean {
  const own = bytesOf(chainOf(socket)[0]?.fingerprint256 ?? '');
  const wanted = bytesOf(fingerprint);
  return own.length === 32 && wanted.length === 32 && timingSafeEqual(own, wanted);
}

/** A chain that a hostile server sends is not followed without end. */
const longestChain = 8;

/**
 * The server's own certificate first. Not by `getPeerX509Certificate`, which in Node 24 takes the chain out of the
 * connection: whoever asks second is told that there is none.
 */
export function chainOf(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  // A root names itself as its issuer.
  for (let last: unknown; next?.raw && next !== last && chain.length < longestChain; ) {
    chain.push(new X509Certificate(next.raw));
    last = next;
    next = next.issuerCertificate;
  }
  return chain;
}

const bytesOf = (fingerprint: string) => Buffer.from(fingerprint.replaceAll(':', ''), 'hex');

/**
 * Whether the certificate names a given CA as its issuer and is not signed by it, as after a cluster was made anew.
 * OpenSSL then says no more than that the issuer is not known, as of a chain with a gap.
 */
function isOfNamesake(socket: TLSSocket, ca: string | Buffer | undefined): boolean {
  const issuer = chainOf(socket)[0]?.issuer;
  const isUnknown = /^UNABLE_TO_(?:GET_ISSUER|VERIFY_LEAF)/.test(reasonOf(socket) ?? '');
  if (!isUnknown || ca === undefined || issuer === undefined) return false;
  const given = String(ca).match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return given.some((pem) => subjectOf(pem) === issuer);
}

function subjectOf(pem: string): string | undefined {
  try {
    return new X509Certificate(pem).subject;
  } catch {
    // Node passes over what it cannot read, and so do we.
    return undefined;
  }
}
