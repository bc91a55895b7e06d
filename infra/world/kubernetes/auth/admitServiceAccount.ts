import type { KubeObject, StoredObject } from '../objects.ts';
import { forbidden } from '../status.ts';
import { type AuthCluster, pods, serviceAccounts } from './authCluster.ts';

interface Container {
  volumeMounts?: { name: string; mountPath: string; readOnly?: boolean }[];
  [field: string]: unknown;
}

interface PodSpec {
  serviceAccountName?: string;
  automountServiceAccountToken?: boolean;
  containers?: Container[];
  initContainers?: Container[];
  volumes?: { name: string; [field: string]: unknown }[];
  imagePullSecrets?: unknown[];
  [field: string]: unknown;
}

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const volumePrefix = 'kube-api-access-';

/**
 * A pod as its creation stores it: with a service account, that account's pull secrets, and the account's token
 * mounted into each container. `suffix` is what the server adds to generated names.
 */
export function admitServiceAccount(
  cluster: Pick<AuthCluster, 'objects'>,
  pod: KubeObject,
  namespace: string,
  suffix: () => string,
): KubeObject {
  const given = (pod.spec ?? {}) as PodSpec;
  const name = given.serviceAccountName || 'default';
  const account = cluster.objects.get(serviceAccounts, namespace, name);
  if (!account) {
    throw forbidden(
      pods,
      pod.metadata.name || pod.metadata.generateName || 'Unknown',
      `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`,
    );
  }
  const spec: PodSpec = { ...given, serviceAccountName: name, serviceAccount: name };
  const pullSecrets = account.imagePullSecrets as unknown[] | undefined;
  if (!spec.imagePullSecrets?.length && pullSecrets?.length) spec.imagePullSecrets = pullSecrets;
  return { ...pod, spec: isMounted(spec, account) ? mounted(spec, suffix) : spec };
}

const isMounted = (spec: PodSpec, account: StoredObject): boolean =>
  spec.automountServiceAccountToken ?? (account.automountServiceAccountToken as boolean | undefined) ?? true;

function mounted(spec: PodSpec, suffix: () => string): PodSpec {
  const given = spec.volumes?.find((volume) => volume.name.startsWith(volumePrefix));
  const name = given?.name ?? volumePrefix + suffix();
  let isNeeded = false;
  const mount = (container: Container): Container => {
    const mounts = container.volumeMounts ?? [];
    if (mounts.some((each) => each.mountPath === mountPath)) return container;
    isNeeded = true;
    return { ...container, volumeMounts: [...mounts, { name, readOnly: true, mountPath }] };
  };
  const { initContainers, containers } = spec;
  return {
    ...spec,
    ...(initContainers ? { initContainers: initContainers.map(mount) } : {}),
    ...(containers ? { containers: containers.map(mount) } : {}),
    ...(isNeeded && !given ? { volumes: [...(spec.volumes ?? []), tokenVolume(name)] } : {}),
  };
}

const tokenVolume = (name: string) => ({
  name,
  projected: {
    sources: [
      { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      {
        downwardAPI: {
          items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
        },
      },
    ],
    defaultMode: 420,
  },
});
