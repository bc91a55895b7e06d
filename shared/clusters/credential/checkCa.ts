import type { X509Certificate } from 'node:crypto';
import { type CertificateView, certificateView, endsAt, readCertificates, startsAt } from '#certificates';
import { type Instant, iso } from '#time';
import { type Finding, found } from '../finding.ts';
import { type Checked, refused } from './checked.ts';

export interface CaEvidence {
  readonly certificates: readonly CertificateView[];
}

/** A bundle works as long as one certificate in it does; what is wrong with the others is told of. */
export function checkCa(pem: string, now: Instant): Checked<CaEvidence> {
  const read = readCertificates(pem);
  if ('reason' in read) return refused(found('CA_INVALID', { at: 'ca', reason: read.reason }));
  const { list } = read.value;
  const dates = list.map((certificate) => outOfDate(certificate, now));
  const isUsable = dates.includes(undefined);
  return {
    failure: isUsable ? null : dates[0]!,
    warnings: [...(isUsable ? dates : []), ...list.map(notOfCa)].filter((finding) => finding !== undefined),
    expiries: list
      .filter((certificate) => endsAt(certificate) > now)
      .map((certificate) => ({ of: 'ca', subject: subjectOf(certificate), at: endsAt(certificate) })),
    evidence: { certificates: list.map(certificateView) },
  };
}

const subjectOf = (certificate: X509Certificate): string => certificateView(certificate).subject;

function outOfDate(certificate: X509Certificate, now: Instant): Finding | undefined {
  const [subject, from, until] = [subjectOf(certificate), startsAt(certificate), endsAt(certificate)];
  if (until <= now) return found('CA_EXPIRED', { subject, when: iso(until) });
  return from > now ? found('CA_NOT_YET_VALID', { subject, when: iso(from) }) : undefined;
}

/** One that signed itself is trusted as what it is, a CA or not. */
function notOfCa(certificate: X509Certificate): Finding | undefined {
  return certificate.ca || certificate.checkIssued(certificate)
    ? undefined
    : found('CA_NOT_CA', { subject: subjectOf(certificate) });
}
