import type { KubeAccess } from '#kubernetes';
import type { EksBearers } from '../eks/eksBearer.ts';
import type { ClusterAccess } from '../model.ts';
import { proxyWith } from '../prepare/proxy.ts';
import type { Opened } from './opened.ts';

/** The way to a cluster: what its row says of it, and what was sealed. */
export async function accessOf(
  { server, fingerprint, tlsServerName, proxy, isVerified }: Omit<ClusterAccess, 'credential'>,
  { ca, proxyCredential, credential }: Opened,
  eks: EksBearers,
): Promise<KubeAccess> {
  const way = {
    server,
    ...(ca !== undefined && { ca }),
    ...(fingerprint !== null && { fingerprint }),
    ...(tlsServerName !== null && { tlsServerName }),
    ...(proxy !== null && { proxy: proxyWith(proxy, proxyCredential) }),
    ...(!isVerified && { verify: false }),
  };
  switch (credential.type) {
    case 'token': {
      const { token } = credential;
      return { ...way, bearer: () => token };
    }
    case 'certificate': {
      const { certificate, key } = credential;
      return { ...way, certificate: { certificate, key } };
    }
    case 'eks':
      return { ...way, bearer: await eks.bearerOf(credential, { server, proxy: proxy ?? undefined }) };
  }
}
