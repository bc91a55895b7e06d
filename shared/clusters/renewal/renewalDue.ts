import { hour, type Instant, minute } from '#time';
import type { ClusterData, CredentialView } from '../model.ts';

/** Whose token Drover renews: one of a service account that ends by itself. */
export const isRenewed = ({ type, serviceAccount, expiresAt }: CredentialView): boolean =>
  (type === 'token' || type === 'kubeconfig') && serviceAccount !== null && expiresAt !== null;

/**
 * At half of its life, and after a failure again and again, at most hourly. Spread by up to a tenth of the life, so
 * that clusters registered together do not ask together.
 */
export function renewalDueAt(
  { access: { credential }, renewal }: Pick<ClusterData, 'access' | 'renewal'>,
  spread: number,
): Instant | undefined {
  if (!isRenewed(credential)) return undefined;
  const from = credential.issuedAt ?? credential.rotatedAt;
  const life = credential.expiresAt! - from;
  if (renewal === null) return from + life / 2 + (spread * life) / 10;
  return renewal.failedAt + Math.min(hour, 5 * minute * 2 ** (renewal.attempt - 1));
}
