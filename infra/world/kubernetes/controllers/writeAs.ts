import type { SimulatedCluster } from '../cluster.ts';
import { asKind } from '../http/present.ts';
import type { Resource } from '../kinds/kinds.ts';
import type { StoredObject } from '../objects.ts';
import { trackUpdate } from '../ownership/index.ts';
import { change } from '../verbs/write.ts';

export interface Writer {
  manager?: string;
  subresource?: string;
}

/** A controller writes like any other client: what it changed is then its own. */
export function writeAs(
  cluster: SimulatedCluster,
  resource: Resource,
  { before, after }: { before: StoredObject | undefined; after: StoredObject },
  { manager = 'kube-controller-manager', subresource: part }: Writer = {},
): StoredObject {
  const subresource = resource.subresources.find(({ name }) => name === part);
  const written = trackUpdate(
    { before: before && asKind(resource, before), after: asKind(resource, after) },
    change({ cluster, resource, ...(subresource ? { subresource } : {}) }, { manager }),
  );
  return cluster.objects.put(resource, written);
}
