import type { LocalEvidence } from '../credential/checkLocally.ts';
import type { CredentialView } from './validation.ts';

/** What may be seen of a credential, by its own reading. */
export function credentialOf(
  type: CredentialView['type'],
  credential: LocalEvidence['credential'],
): CredentialView {
  const unkept = { rotatedAt: null, version: null };
  const nothing = { subject: null, issuer: null, fingerprint: null, expiresAt: null };
  if (!credential) return { type, ...nothing, ...unkept };
  if ('clusterName' in credential) return { type, ...nothing, subject: credential.clusterName, ...unkept };
  const { subject, issuer, fingerprint } = credential;
  const expiresAt = 'notAfter' in credential ? credential.notAfter : credential.expiresAt;
  return { type, subject, issuer, fingerprint, expiresAt, ...unkept };
}
