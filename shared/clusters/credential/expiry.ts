import { day, type Instant, iso } from '#time';
import type { ClusterCode } from '../errors.ts';
import { type Finding, found } from '../finding.ts';

/** Something that ends by itself. */
export interface Expiry {
  readonly of: 'token' | 'certificate' | 'ca' | 'serverCertificate';
  readonly subject: string;
  readonly at: Instant;
}

/** Days ahead on which one is warned. */
const stages = [1, 7, 30] as const;
export type ExpiryStage = (typeof stages)[number];

const codes = {
  token: 'TOKEN_EXPIRES_SOON',
  certificate: 'CERT_EXPIRES_SOON',
  ca: 'CA_EXPIRES_SOON',
  serverCertificate: 'SERVER_CERT_EXPIRES_SOON',
} as const satisfies Record<Expiry['of'], ClusterCode>;

/** The narrowest stage that has been reached; undefined while it is further away, and once it is over. */
export function expiryStage(at: Instant, now: Instant): ExpiryStage | undefined {
  return at <= now ? undefined : stages.find((days) => at - now <= days * day);
}

/** The warning that is due, with `days` as its stage. Who renews by itself does not ask. */
export function expiryWarning(expiry: Expiry, now: Instant): Finding | undefined {
  const days = expiryStage(expiry.at, now);
  return days && expiryFinding(expiry, days);
}

export const expiryFinding = ({ of, subject, at }: Expiry, days: number): Finding =>
  found(codes[of], { subject, when: iso(at), days });

export const expiryWarnings = (expiries: readonly Expiry[], now: Instant): Finding[] =>
  expiries.map((expiry) => expiryWarning(expiry, now)).filter((warning) => warning !== undefined);
