import { type Instant, minute } from '#time';
import type { Checked } from '../credential/checked.ts';
import type { LocalEvidence } from '../credential/checkLocally.ts';
import { expiryWarnings } from '../credential/expiry.ts';
import type { Finding } from '../finding.ts';
import type { Judged, Told } from './judged.ts';
import type { Evidence } from './validation.ts';

/**
 * How far beyond its dates a credential is still tried. Where it is our clock that is off, the cluster takes it, and
 * the clocks are what is told; the cluster's own 401 decides, and is then said in the words of the date.
 */
const doubt = 15 * minute;

const ofDates = [
  'TOKEN_EXPIRED_LOCAL',
  'TOKEN_NOT_YET_VALID',
  'CERT_EXPIRED_LOCAL',
  'CERT_NOT_YET_VALID_LOCAL',
];

export interface JudgedLocal extends Judged {
  /** What a refusal by the cluster will mean. */
  readonly suspected: Told | undefined;
}

/** The first rung: what a credential and a CA tell of themselves. */
export function judgeLocal(local: Checked<LocalEvidence>, renews: boolean, now: Instant): JudgedLocal {
  const { failure, warnings, expiries } = local;
  const expiring = expiryWarnings(
    expiries.filter(({ of }) => !(renews && of === 'token')),
    now,
  );
  const evidence = evidenceOf(local);
  if (failure && !isDoubtful(failure, now)) return { failure, warnings, evidence, suspected: undefined };
  return { warnings: [...warnings, ...expiring], evidence, suspected: failure ?? undefined };
}

function isDoubtful({ code, values }: Finding, now: Instant): boolean {
  return ofDates.includes(code) && Math.abs(Date.parse(String(values.when)) - now) <= doubt;
}

function evidenceOf({ evidence }: Checked<LocalEvidence>): Evidence {
  const { ca = null, fingerprint = null, credential = null } = evidence ?? {};
  return {
    ...(ca && {
      ca: ca.certificates.map(({ subject, notAfter, fingerprint: sha256 }) => ({
        subject,
        notAfter,
        sha256,
      })),
    }),
    ...(fingerprint && { fingerprint: fingerprint.fingerprint }),
    ...(credential && flat(credential)),
  };
}

/** Lists and simple values as they are; of what lies deeper, its parts in one text. */
function flat(credential: object): Evidence {
  return Object.fromEntries(
    Object.entries(credential).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.values(value).join('/')
        : value,
    ]),
  );
}
