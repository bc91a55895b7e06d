import { X509Certificate } from 'node:crypto';
import { certificateView, endsAt } from '#certificates';
import { shown } from '#errors';
import type { TlsProbe } from '#net';
import type { Instant } from '#time';
import { type Expiry, expiryWarnings } from '../credential/expiry.ts';
import { found } from '../finding.ts';
import type { Judged, Told } from './judged.ts';
import type { Place } from './judgeWho.ts';
import type { Evidence } from './validation.ts';

/** By what a server is trusted. */
export type Trust = 'fingerprint' | 'ca' | 'publicCas' | 'leave';

/** On what terms it is connected: by what it is trusted, and whether a client certificate follows. */
export interface Terms {
  readonly by: Trust;
  readonly hasCertificate: boolean;
}

export interface JudgedTls extends Judged {
  readonly expiries: readonly Expiry[];
}

/** Whether a credential may be sent to who showed this. */
export function judgeTls(
  probe: TlsProbe,
  { by, hasCertificate }: Terms,
  place: Place,
  now: Instant,
): JudgedTls {
  const chain = probe.chain.map(({ pem }) => new X509Certificate(pem));
  const evidence = evidenceOf(probe, chain);
  const expiries = expiriesOf(chain, now);
  if (probe.fault) return { failure: refined(probe.fault, chain, by), evidence, expiries };
  if (probe.wantsCertificate && !hasCertificate) {
    return { failure: { code: 'TLS_CLIENT_CERT_REQUIRED', values: { ...place } }, evidence, expiries };
  }
  const expiring = expiryWarnings(expiries, now);
  const unverified = by === 'leave' ? [found('SERVER_UNVERIFIED')] : [];
  return { warnings: [...unverified, ...outOfDate(probe, place), ...expiring], evidence, expiries };
}

/** OpenSSL says the same of a certificate whose CA is not known and of one whose issuer's own was not sent. */
function refined(fault: Told, chain: readonly X509Certificate[], trust: Trust): Told {
  const last = chain.at(-1);
  if (fault.code !== 'TLS_CHAIN_INCOMPLETE' || trust !== 'publicCas' || !last) return fault;
  // Certificates of public CAs say where their issuer's is found; those of a cluster's own do not.
  return last.infoAccess?.includes('CA Issuers') ? fault : { ...fault, code: 'TLS_CA_UNKNOWN' };
}

/** Where dates are not enforced, as the one certificate is trusted or all are, they are told. */
function outOfDate({ reason }: TlsProbe, { host, port }: Place): Told[] {
  if (reason === 'CERT_HAS_EXPIRED') return [{ code: 'TLS_CERT_EXPIRED', values: { host, port } }];
  if (reason === 'CERT_NOT_YET_VALID') return [{ code: 'TLS_CERT_NOT_YET_VALID', values: { host, port } }];
  return [];
}

function expiriesOf(chain: readonly X509Certificate[], now: Instant): Expiry[] {
  return (
    chain
      // A root is the CA's own: whoever trusts it has it, and its end is told of there.
      .filter(
        (certificate, i) => endsAt(certificate) > now && (i === 0 || !certificate.checkIssued(certificate)),
      )
      .map((certificate) => ({
        of: 'serverCertificate',
        subject: certificateView(certificate).subject,
        at: endsAt(certificate),
      }))
  );
}

const mostNames = 50;

function evidenceOf(
  { protocol, cipher, reason, chain: [own] }: TlsProbe,
  chain: readonly X509Certificate[],
): Evidence {
  const [leaf, ...issuers] = chain.map(certificateView);
  return {
    protocol,
    cipher,
    verified: reason === undefined,
    ...(reason !== undefined && { reason }),
    ...(leaf && {
      subject: leaf.subject,
      issuer: leaf.issuer,
      notBefore: leaf.notBefore,
      notAfter: leaf.notAfter,
      sha256: leaf.fingerprint,
    }),
    names: (own?.names ?? []).slice(0, mostNames).map(shown),
    ...(issuers.length > 0 && {
      chain: issuers.map(({ subject, issuer, notAfter }) => ({ subject, issuer, notAfter })),
    }),
  };
}
