import type { KubeObject } from '../objects.ts';
import type { Named } from '../status.ts';
import { type AuthCluster, serviceAccounts } from './authCluster.ts';

const description =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** What the controllers see to in every namespace, and put back when it is deleted. */
export function namespaceDefaults(
  cluster: Pick<AuthCluster, 'credentials'>,
  namespace: string,
): { resource: Named; object: KubeObject }[] {
  return [
    {
      resource: { group: '', name: 'configmaps' },
      object: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: {
          name: 'kube-root-ca.crt',
          namespace,
          annotations: { 'kubernetes.io/description': description },
        },
        data: { 'ca.crt': cluster.credentials.caCertificate },
      },
    },
    {
      resource: serviceAccounts,
      object: { kind: 'ServiceAccount', apiVersion: 'v1', metadata: { name: 'default', namespace } },
    },
  ];
}
