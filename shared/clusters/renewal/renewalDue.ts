import { hour, type Instant, minute } from '#time';
import type { ClusterData, CredentialView } from '../model.ts';

/** Whose token Drover renews: one of a service account that ends by itself. */
export const isRenewed = ({ type, serviceAccount, expiresAt }: CredentialView): boolean =>
  (type === 'token' || type === 'kubeconfig') && serviceAccount !== null && expiresAt !== null;

const startOf = ({ issuedAt, rotatedAt }: CredentialView): Instant => issuedAt ?? rotatedAt;

/**
 * At half of its life, spread by up to a tenth of it, so that clusters registered together do not ask together. After
 * a failure again and again: where a permission is missing for ever that is seldom, but often enough before the end.
 */
export function renewalDueAt(
  { access: { credential }, renewal }: Pick<ClusterData, 'access' | 'renewal'>,
  spread: number,
): Instant | undefined {
  if (!isRenewed(credential)) return undefined;
  const [from, until] = [startOf(credential), credential.expiresAt!];
  const life = until - from;
  if (renewal === null) return from + life / 2 + (spread * life) / 10;
  const wait = 5 * minute * 2 ** Math.min(renewal.attempt - 1, 10);
  const longest = Math.max(5 * minute, Math.min(6 * hour, (until - renewal.failedAt) / 8));
  return renewal.failedAt + Math.min(wait, longest);
}

/** One failure is no news; by this share of its life a token has been renewed, with tries to spare. */
const failuresToTell = 2;
const lateFrom = 0.75;

const lateAt = (credential: CredentialView): Instant =>
  startOf(credential) + (credential.expiresAt! - startOf(credential)) * lateFrom;

/** Whether its end has to be told of: a token whose renewal goes well is none of anybody's concern. */
export function isRenewalLate(
  { access: { credential }, renewal }: Pick<ClusterData, 'access' | 'renewal'>,
  now: Instant,
): boolean {
  return isRenewed(credential) && ((renewal?.attempt ?? 0) >= failuresToTell || now >= lateAt(credential));
}

/** Beside the stages of all that ends: once it has, only a person can help. */
export const lastCall = 6 * hour;

/** When there may next be something to tell of a token that is renewed. */
export function renewalTimes({ credential }: ClusterData['access']): Instant[] {
  return isRenewed(credential) ? [lateAt(credential), credential.expiresAt! - lastCall] : [];
}
