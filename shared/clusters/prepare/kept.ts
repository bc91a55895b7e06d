import type { ConnectionBody } from '../calls.ts';
import type { ClusterAccess } from '../model.ts';
import type { Opened } from '../secret/opened.ts';
import { proxyWith } from './proxy.ts';

/**
 * What a body leaves out is as it is with the record, and null takes it away. The credential is always given, so no
 * kept token meets another server; a kubeconfig says itself where that is and whom to trust there. What is sealed is
 * opened only where it is needed: a lost one can be replaced.
 */
export async function withKept(
  body: ConnectionBody,
  access: ClusterAccess,
  open: () => Promise<Opened>,
): Promise<ConnectionBody> {
  const { credential } = body;
  const proxy = await keptProxy(body, access, open);
  const fingerprint =
    body.fingerprint === undefined && body.ca == null ? access.fingerprint : body.fingerprint;
  const common = { credential, fingerprint, proxy };
  if (credential.type === 'kubeconfig') return common;
  const { server = access.server, tlsServerName = access.tlsServerName } = body;
  const keepsCa = body.ca === undefined && body.fingerprint == null && access.ca !== null;
  return { ...common, server, tlsServerName, ca: keepsCa ? (await open()).ca : body.ca };
}

async function keptProxy(
  { proxy }: ConnectionBody,
  access: ClusterAccess,
  open: () => Promise<Opened>,
): Promise<ConnectionBody['proxy']> {
  if (proxy !== undefined || access.proxy === null) return proxy;
  return proxyWith(access.proxy, (await open()).proxyCredential);
}
