export {
  type Attempt,
  Authenticator,
  type Credentials,
  type StoredToken,
  type TokenShelf,
} from './authenticator.ts';
export { type Caller, isInReach, type Reach, requireReach, requireRole } from './caller.ts';
export { type Denial, Denials } from './denials.ts';
export { authError, authErrors } from './errors.ts';
export { fetchJsonOver } from './fetchJson.ts';
export { noteDone } from './noteDone.ts';
export type { FetchJson, OidcIssuer, OidcSettings } from './oidc.ts';
export { isRole, type Role, roles } from './role.ts';
export { linkLength, type Session, Sessions } from './sessions.ts';
export { addressSubject, allowedFailures, Throttle } from './throttle.ts';
export { isSameHash, newTokenText, recordIdOf, sha256 } from './tokenText.ts';
