import type { StoredObject } from '../objects.ts';
import { type AuthCluster, serviceAccounts } from './authCluster.ts';
import { userNameOf } from './serviceAccountUser.ts';
import { legacyIssuer } from './tokenUser.ts';

const annotation = 'kubernetes.io/service-account.';

/**
 * What becomes of a Secret of type kubernetes.io/service-account-token: filled with a token that lasts as long as it
 * does, removed when there is no such service account (any more), or left as it is.
 */
export function tokenSecret(cluster: AuthCluster, secret: StoredObject): StoredObject | 'remove' | 'leave' {
  const { name: secretName, namespace = '', annotations = {} } = secret.metadata;
  const name = annotations[`${annotation}name`];
  if (secret.type !== 'kubernetes.io/service-account-token' || !name) return 'leave';
  const account = cluster.objects.get(serviceAccounts, namespace, name);
  const wanted = annotations[`${annotation}uid`];
  const uid = account?.metadata.uid;
  if (!uid || (wanted && wanted !== uid)) return 'remove';

  const data = (secret.data ?? {}) as Record<string, string>;
  const ca = inBase64(cluster.credentials.caCertificate);
  if (data['ca.crt'] === ca && data.namespace && data.token) return 'leave';
  const claim = 'kubernetes.io/serviceaccount/';
  const token = () =>
    cluster.credentials.serviceAccountKey.sign({
      iss: legacyIssuer,
      [`${claim}namespace`]: namespace,
      [`${claim}secret.name`]: secretName,
      [`${claim}service-account.name`]: name,
      [`${claim}service-account.uid`]: uid,
      sub: userNameOf(namespace, name),
    });
  return {
    ...secret,
    metadata: { ...secret.metadata, annotations: { ...annotations, [`${annotation}uid`]: uid } },
    data: {
      ...data,
      'ca.crt': ca,
      namespace: data.namespace || inBase64(namespace),
      token: data.token || inBase64(token()),
    },
  };
}

const inBase64 = (text: string): string => Buffer.from(text).toString('base64');
