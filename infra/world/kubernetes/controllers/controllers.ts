import { aggregateClusterRoles, namespaceDefaults, tokenSecret } from '../auth/index.ts';
import type { SimulatedCluster } from '../cluster.ts';
import type { KubeObject, StoredObject } from '../objects.ts';
import { type Named, qualified } from '../status.ts';
import { type Change, keyOf } from '../store/objects.ts';
import { born } from '../verbs/lifecycle.ts';
import { newUid, seconds } from '../verbs/names.ts';
import { establishDefinition } from './definitions.ts';
import { GarbageCollector } from './garbage.ts';
import { emptyNamespace } from './namespaces.ts';

const named = (group: string, name: string): Named => ({ group, name });
const namespaces = named('', 'namespaces');
const secrets = named('', 'secrets');
const clusterRoles = named('rbac.authorization.k8s.io', 'clusterroles');
const pods = named('', 'pods');

/** What a control plane does by itself after a write. Each part asks the cluster to be called soon, never at once. */
export function startControllers(cluster: SimulatedCluster): GarbageCollector {
  const garbage = new GarbageCollector(cluster);
  cluster.objects.onWrite((resource, change) => {
    garbage.note(resource, change);
    const inNamespace = change.key.includes('/') ? change.key.slice(0, change.key.indexOf('/')) : undefined;
    // What went may have been the last that a namespace waited for, or what it must always have.
    if (inNamespace !== undefined && change.now === undefined)
      cluster.soon(() => tidyNamespace(cluster, inNamespace));
    const work = after[qualified(resource)];
    if (work) cluster.soon(() => work(cluster, change));
  });
  return garbage;
}

const after: Readonly<Record<string, (cluster: SimulatedCluster, change: Change) => void>> = {
  namespaces: (cluster, { key }) => tidyNamespace(cluster, key),
  'customresourcedefinitions.apiextensions.k8s.io': (cluster, { key }) => establishDefinition(cluster, key),
  'clusterroles.rbac.authorization.k8s.io': (cluster) => {
    for (const role of aggregateClusterRoles(cluster)) cluster.objects.put(clusterRoles, role);
  },
  secrets: fillSecret,
  pods: endPod,
};

/** What every namespace has by itself; or, when it is on its way out, nothing. */
export function tidyNamespace(cluster: SimulatedCluster, name: string): void {
  const namespace = cluster.objects.get(namespaces, undefined, name);
  if (!namespace) return;
  if (namespace.metadata.deletionTimestamp !== undefined) {
    emptyNamespace(cluster, name);
    return;
  }
  for (const { resource, object } of namespaceDefaults(cluster, name)) {
    if (cluster.objects.shelf(resource).text(keyOf(name, object.metadata.name!)) === undefined)
      make(cluster, resource, object);
  }
}

function make(
  cluster: SimulatedCluster,
  plural: Named,
  { kind: _kind, apiVersion, ...object }: KubeObject,
): void {
  const resource = cluster.kinds.resource(plural.group, apiVersion.split('/').at(-1)!, plural.name)!;
  const identity = { uid: newUid(cluster.random), creationTimestamp: seconds(cluster.clock.now()) };
  cluster.objects.put(plural, born(resource, object, identity));
}

function fillSecret(cluster: SimulatedCluster, { now }: Change): void {
  if (!now?.includes('service-account-token')) return;
  const { metadata } = JSON.parse(now) as StoredObject;
  const secret = cluster.objects.get(secrets, metadata.namespace, metadata.name!);
  if (!secret) return;
  const next = tokenSecret(cluster, secret);
  if (next === 'remove') cluster.objects.remove(secrets, metadata.namespace, metadata.name!);
  else if (next !== 'leave') cluster.objects.put(secrets, next);
}

/** Nodes are data here: no kubelet ends a pod, so it ends as soon as it is asked to. */
function endPod(cluster: SimulatedCluster, { now }: Change): void {
  if (!now?.includes('"deletionTimestamp"')) return;
  const { metadata } = JSON.parse(now) as StoredObject;
  const pod = cluster.objects.get(pods, metadata.namespace, metadata.name!);
  if (pod?.metadata.deletionTimestamp === undefined || pod.metadata.finalizers?.length) return;
  if (pod.metadata.uid === metadata.uid) cluster.objects.remove(pods, metadata.namespace, metadata.name!);
}
