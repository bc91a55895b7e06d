import { createHash } from 'node:crypto';
import type { PeerCertificate } from 'node:tls';
import type { ApiRequest } from '../api.ts';
import type { User } from '../objects.ts';
import { StatusError } from '../status.ts';
import { type AuthCluster, issuer } from './authCluster.ts';
import { tokenUser } from './tokenUser.ts';

export const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

/** Who sends this. A credential that is not good is refused, none at all makes `system:anonymous`. */
export function authenticate(cluster: AuthCluster, request: ApiRequest): User {
  if (request.certificateUser) return authenticated(request.certificateUser);
  const token = bearerToken(request.headers.authorization);
  if (token !== undefined) {
    const holder = tokenUser(cluster, token, [issuer]);
    if ('user' in holder) return authenticated(holder.user);
  }
  if (token !== undefined || request.certificateFault !== undefined) {
    throw new StatusError(401, 'Unauthorized', 'Unauthorized');
  }
  return anonymous;
}

/** What the server tells whoever it takes for anonymous because of a space too many. */
export const credentialWarning = ({ certificateUser, headers }: ApiRequest): string | undefined =>
  !certificateUser && /^bearer {2,}\S/i.test((headers.authorization ?? '').trim())
    ? 'the provided Authorization header contains extra space before the bearer token, and is ignored'
    : undefined;

/** A header of another form is no bearer token: whoever sends `Basic …`, or two spaces, is anonymous. */
export function bearerToken(header: string | undefined): string | undefined {
  const [scheme = '', token] = (header ?? '').trim().split(' ');
  return scheme.toLowerCase() === 'bearer' && token ? token : undefined;
}

export function authenticated(user: User): User {
  const isMarked = user.groups.some(
    (group) => group === 'system:authenticated' || group === 'system:unauthenticated',
  );
  return user.name === anonymous.name || isMarked
    ? user
    : { ...user, groups: [...user.groups, 'system:authenticated'] };
}

/** Whom a verified client certificate names; without a common name it names nobody. */
export function certificateUser({
  subject,
  raw,
}: Pick<PeerCertificate, 'subject' | 'raw'>): User | undefined {
  const [name] = [subject.CN].flat();
  if (!name) return undefined;
  const fingerprint = createHash('sha256').update(raw).digest('hex');
  return {
    name,
    groups: subject.O === undefined ? [] : [subject.O].flat(),
    extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${fingerprint}`] },
  };
}
