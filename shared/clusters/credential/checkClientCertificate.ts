import type { X509Certificate } from 'node:crypto';
import { type CertificateView, certificateView, endsAt, readCertificates, startsAt } from '#certificates';
import { shown } from '#errors';
import { type Instant, iso } from '#time';
import { type Finding, found } from '../finding.ts';
import { type Checked, refused } from './checked.ts';
import { readPrivateKey } from './privateKey.ts';

/** Kubernetes takes the common name for the user and the organizations for its groups. */
export interface ClientCertificateEvidence extends Omit<CertificateView, 'subject'> {
  readonly subject: string;
  readonly groups: readonly string[];
  readonly keyKind: string;
}

const clientAuth = ['1.3.6.1.5.5.7.3.2', '2.5.29.37.0'];

/** To the API server an expired or foreign client certificate is a plain 401: only here can it be named. */
export function checkClientCertificate(
  given: { readonly certificate: string; readonly key: string },
  now: Instant,
): Checked<ClientCertificateEvidence> {
  const read = readCertificates(given.certificate);
  if ('reason' in read) return refused(found('CERT_INVALID', { at: 'certificate', reason: read.reason }));
  const keyRead = readPrivateKey(given.key);
  if ('reason' in keyRead) return refused(found('KEY_INVALID', { at: 'key', reason: keyRead.reason }));
  const [own] = read.value.list;
  const { key, kind } = keyRead.value;
  const { subject, groups } = identityOf(own);
  const isForClients = !own.keyUsage || own.keyUsage.some((use) => clientAuth.includes(use));
  return {
    failure: own.checkPrivateKey(key) ? outOfDate(own, subject, now) : found('KEY_MISMATCH', { subject }),
    warnings: isForClients ? [] : [found('CERT_NOT_FOR_CLIENTS', { subject })],
    expiries: [{ of: 'certificate', subject, at: endsAt(own) }],
    evidence: { ...certificateView(own), subject, groups, keyKind: kind },
  };
}

function outOfDate(own: X509Certificate, subject: string, now: Instant): Finding | null {
  if (endsAt(own) <= now) return found('CERT_EXPIRED_LOCAL', { subject, when: iso(endsAt(own)) });
  if (startsAt(own) > now) return found('CERT_NOT_YET_VALID_LOCAL', { subject, when: iso(startsAt(own)) });
  return null;
}

function identityOf(own: X509Certificate): { subject: string; groups: string[] } {
  const { CN = [], O = [] } = own.toLegacyObject().subject ?? {};
  const name = [CN].flat().at(-1);
  return { subject: name ? shown(name) : certificateView(own).subject, groups: [O].flat().map(shown) };
}
