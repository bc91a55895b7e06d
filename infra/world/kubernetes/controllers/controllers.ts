import type { SimulatedCluster } from '../cluster.ts';
import type { StoredObject } from '../objects.ts';
import { type Named, qualified } from '../status.ts';
import type { Change } from '../store/objects.ts';
import { aggregateRoles, forgetTokens, giveDefaults, tendTokenSecret } from './access.ts';
import { establishDefinitions } from './definitions.ts';
import { GarbageCollector } from './garbage.ts';
import { emptyNamespace } from './namespaces.ts';

const named = (group: string, name: string): Named => ({ group, name });
const namespaces = named('', 'namespaces');
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
  'customresourcedefinitions.apiextensions.k8s.io': establishDefinitions,
  'clusterroles.rbac.authorization.k8s.io': aggregateRoles,
  serviceaccounts: forgetTokens,
  secrets: tendTokenSecret,
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
  giveDefaults(cluster, name);
}

/** Nodes are data here: no kubelet ends a pod, so it ends as soon as it is asked to. */
function endPod(cluster: SimulatedCluster, { now }: Change): void {
  if (!now?.includes('"deletionTimestamp"')) return;
  const { metadata } = JSON.parse(now) as StoredObject;
  const pod = cluster.objects.get(pods, metadata.namespace, metadata.name!);
  if (pod?.metadata.deletionTimestamp === undefined || pod.metadata.finalizers?.length) return;
  if (pod.metadata.uid === metadata.uid) cluster.objects.remove(pods, metadata.namespace, metadata.name!);
}
