import { type DroverError, keptCause } from '#errors';
import { type Instant, iso } from '#time';
import type { CredentialView, Look } from './model.ts';

/** It answers and knows us, but not as it should. */
const degrading = new Set([
  'PERMISSION_MISSING',
  'REQUEST_REFUSED',
  'THROTTLED',
  'HTTP_5XX',
  'API_NOT_READY',
  'OBJECT_NOT_FOUND',
  'OBJECT_INVALID',
  'RESPONSE_TOO_LARGE',
]);

const refusing = new Set([
  'AUTH_REJECTED',
  'CREDENTIALS_NOT_PRESENTED',
  'BEARER_MALFORMED',
  'SECRET_MISSING',
  'SECRET_UNREADABLE',
]);

/** What a call to a cluster met, as what it means for its state: all that is not an answer of Kubernetes is no answer. */
export function troubleOf(error: DroverError, now: Instant, credential: CredentialView): Look {
  const { code, retryAfterSeconds } = error;
  const cause = keptCause(error);
  if (degrading.has(code)) {
    const waits = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
    return { outcome: 'degraded', cause, ...waits, uid: null, seen: null };
  }
  if (!refusing.has(code)) return { outcome: 'unreachable', cause };
  // An API server says 401 to whatever it does not take: that ours has ended only we can tell.
  const { type, subject, expiresAt } = credential;
  if (code !== 'AUTH_REJECTED' || expiresAt === null || expiresAt > now)
    return { outcome: 'unauthorized', cause };
  const ended = type === 'certificate' ? 'CERT_EXPIRED_LOCAL' : 'TOKEN_EXPIRED_LOCAL';
  const said = { subject: subject ?? '', when: iso(expiresAt) };
  return { outcome: 'unauthorized', cause: { code: ended, values: said } };
}
