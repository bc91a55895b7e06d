import type { Instant } from '#time';
import { type CaEvidence, checkCa } from './checkCa.ts';
import { type ClientCertificateEvidence, checkClientCertificate } from './checkClientCertificate.ts';
import { checkEks, type EksCredential, type EksEvidence } from './checkEks.ts';
import type { Checked } from './checked.ts';
import { checkFingerprint, type FingerprintEvidence } from './checkFingerprint.ts';
import { checkToken, type TokenEvidence } from './checkToken.ts';

/** How a cluster is known and how one proves oneself to it, a kubeconfig having been taken apart. */
export interface LocalParts {
  readonly ca?: string;
  readonly fingerprint?: string;
  readonly credential:
    | { readonly type: 'token'; readonly token: string }
    | { readonly type: 'certificate'; readonly certificate: string; readonly key: string }
    | ({ readonly type: 'eks' } & EksCredential);
}

export interface LocalEvidence {
  readonly ca: CaEvidence | null;
  readonly fingerprint: FingerprintEvidence | null;
  readonly credential: TokenEvidence | ClientCertificateEvidence | EksEvidence | null;
}

/** All that the ladder's first step can say without a packet; its failure is the first, its warnings are all. */
export function checkLocally(
  { ca, fingerprint, credential }: LocalParts,
  now: Instant,
): Checked<LocalEvidence> {
  const trust = ca === undefined ? undefined : checkCa(ca, now);
  const pin = fingerprint === undefined ? undefined : checkFingerprint(fingerprint);
  const own = checkCredential(credential, now);
  const all = [trust, pin, own].filter((checked) => checked !== undefined);
  return {
    failure: all.find(({ failure }) => failure)?.failure ?? null,
    warnings: all.flatMap(({ warnings }) => warnings),
    expiries: all.flatMap(({ expiries }) => expiries),
    evidence: {
      ca: trust?.evidence ?? null,
      fingerprint: pin?.evidence ?? null,
      credential: own.evidence,
    },
  };
}

function checkCredential(credential: LocalParts['credential'], now: Instant) {
  switch (credential.type) {
    case 'token':
      return checkToken(credential.token, now);
    case 'certificate':
      return checkClientCertificate(credential, now);
    case 'eks':
      return checkEks(credential);
  }
}
