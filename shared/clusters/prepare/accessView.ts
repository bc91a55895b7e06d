import type { Instant } from '#time';
import type { CaEvidence } from '../credential/checkCa.ts';
import { checkLocally, type LocalEvidence, type LocalParts } from '../credential/checkLocally.ts';
import type { Finding } from '../finding.ts';
import type { ClusterAccess, CredentialView, Expiry } from '../model.ts';
import type { Connection } from './connection.ts';

export interface AccessView {
  readonly access: ClusterAccess;
  readonly expiries: Expiry[];
  readonly warnings: readonly Finding[];
  /** Why it cannot work, told without asking anybody. */
  readonly failure: Finding | null;
}

/** What may be shown of a connection, and what ends when. */
export function accessView(connection: Connection, version: number, now: Instant): AccessView {
  const { server, fingerprint, tlsServerName, proxy, isVerified, type, warnings } = connection;
  const checked = checkLocally(partsOf(connection), now);
  return {
    access: {
      server,
      ca: caView(checked.evidence?.ca ?? null),
      fingerprint: fingerprint ?? null,
      tlsServerName: tlsServerName ?? null,
      proxy: proxy ?? null,
      isVerified,
      credential: { type, ...shownOf(checked.evidence?.credential ?? null), rotatedAt: now, version },
    },
    expiries: [...checked.expiries],
    warnings: [...warnings, ...checked.warnings],
    failure: checked.failure,
  };
}

export const partsOf = ({ fingerprint, opened: { ca, credential } }: Connection): LocalParts => ({
  ...(ca !== undefined && { ca }),
  ...(fingerprint !== undefined && { fingerprint }),
  credential,
});

function caView(ca: CaEvidence | null): ClusterAccess['ca'] {
  const first = ca?.certificates[0];
  if (!first) return null;
  const { subject, fingerprint, notAfter } = first;
  return { subject, fingerprint, expiresAt: Date.parse(notAfter) };
}

type Shown = Omit<CredentialView, 'type' | 'rotatedAt' | 'version'>;

const nothing: Shown = {
  subject: null,
  issuer: null,
  fingerprint: null,
  issuedAt: null,
  expiresAt: null,
  serviceAccount: null,
};

export function shownOf(own: LocalEvidence['credential']): Shown {
  if (!own) return nothing;
  if ('keyKind' in own) {
    const { subject, issuer, fingerprint, notBefore, notAfter } = own;
    return {
      ...nothing,
      subject,
      issuer,
      fingerprint,
      issuedAt: Date.parse(notBefore),
      expiresAt: Date.parse(notAfter),
    };
  }
  if ('form' in own) {
    const { subject, issuer, fingerprint, issuedAt, expiresAt, serviceAccount } = own;
    return {
      subject,
      issuer,
      fingerprint,
      issuedAt: issuedAt === null ? null : Date.parse(issuedAt),
      expiresAt: expiresAt === null ? null : Date.parse(expiresAt),
      serviceAccount,
    };
  }
  return { ...nothing, subject: own.roleArn };
}
