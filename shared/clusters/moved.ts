import { certificateView, readCertificates } from '#certificates';
import { clusterError } from './errors.ts';
import { readServer } from './kubeconfig/server.ts';
import type { ClusterAccess } from './model.ts';

/** How a cluster is reached, as a body names it: null takes away, what is left out stays. */
export interface ConnectionWish {
  server?: string | undefined;
  ca?: string | null | undefined;
  fingerprint?: string | null | undefined;
  tlsServerName?: string | null | undefined;
  proxy?: string | null | undefined;
}

/**
 * Whoever may edit a record but never saw its secret could have it sent to a server of their own. So a new address,
 * or another idea of whom to trust there, needs the credential along with it; what is as it was needs none.
 */
export function refuseMoved(access: ClusterAccess, wish: ConnectionWish): void {
  const moved = Object.entries({
    server: wish.server === undefined || isSameServer(access.server, wish.server),
    ca: isSameCa(access, wish.ca),
    fingerprint: isSameText(digits(access.fingerprint), digits(wish.fingerprint)),
    tlsServerName: isSameText(access.tlsServerName, wish.tlsServerName),
    proxy: isSameText(access.proxy, wish.proxy),
  }).flatMap(([field, isSame]) => (isSame ? [] : [field]));
  if (moved.length === 0) return;
  const fields = moved.map((path) => ({ path, code: 'CREDENTIAL_NEEDED', message: needed(path) }));
  throw clusterError('CREDENTIAL_NEEDED', { fields: moved.join(', ') }, { fields });
}

const needed = (path: string) => ({
  en: `${path} is another than the stored credential was given for`,
  zh: `${path} 与所存凭据对应的不同`,
});

const isSameText = (stored: string | null, given: string | null | undefined): boolean =>
  given === undefined || stored === given;

/** Stored as it was read: what is spelt otherwise and read the same is the same. */
function isSameServer(stored: string, given: string): boolean {
  const read = readServer(given);
  return 'value' in read && read.value === stored;
}

const digits = <T extends string | null | undefined>(fingerprint: T) =>
  typeof fingerprint === 'string'
    ? fingerprint.replace(/[^0-9a-f]/gi, '').toLowerCase()
    : (fingerprint as Exclude<T, string>);

/** Of a bundle only the first is known here: it is taken for another. */
function isSameCa({ ca }: ClusterAccess, given: string | null | undefined): boolean {
  if (given === undefined || given === null) return given === undefined || ca === null;
  const read = readCertificates(given);
  if ('reason' in read || ca === null) return false;
  const [first, ...others] = read.value.list;
  return others.length === 0 && digits(certificateView(first).fingerprint) === digits(ca.fingerprint);
}
