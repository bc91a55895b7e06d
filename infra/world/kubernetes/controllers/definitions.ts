import type { SimulatedCluster } from '../cluster.ts';
import { asKind } from '../http/present.ts';
import { isEqual } from '../json.ts';
import { cleanup, terminate } from '../kinds/establish.ts';
import type { KubeObject, StoredObject } from '../objects.ts';
import type { Named } from '../status.ts';
import type { Change } from '../store/objects.ts';
import { removeObject } from '../verbs/delete.ts';
import { seconds } from '../verbs/names.ts';
import { writeAs } from './writeAs.ts';

const definitions: Named = { group: 'apiextensions.k8s.io', name: 'customresourcedefinitions' };

/** What a definition leaves, others of its group may have waited for. */
export function establishDefinitions(cluster: SimulatedCluster, { key, now }: Change): void {
  establishDefinition(cluster, key);
  if (now !== undefined) return;
  for (const { metadata } of cluster.objects.list(definitions))
    if (groupOf(metadata.name!) === groupOf(key)) establishDefinition(cluster, metadata.name!);
}

/** Definitions are called `plural.group`. */
const groupOf = (name: string): string => name.slice(name.indexOf('.') + 1);

/** A definition is served once it is established, and takes its objects along when it goes. */
function establishDefinition(cluster: SimulatedCluster, name: string): void {
  const { kinds, objects, clock } = cluster;
  const resource = kinds.resource(definitions.group, 'v1', definitions.name)!;
  const stored = objects.get(definitions, undefined, name);
  if (!stored) {
    kinds.withdraw(name);
    return;
  }
  const definition = asKind(resource, stored);
  if (definition.metadata.deletionTimestamp !== undefined) {
    clean(cluster, definition);
    return;
  }
  const established = kinds.establish(definition, seconds(clock.now()));
  // At once, so that the next to be looked at does not get the same names.
  kinds.declare(established);
  if (!isEqual(established, definition)) tell(cluster, definition, established);
}

/** The server's own controllers write statuses as any other client does. */
function tell(cluster: SimulatedCluster, before: KubeObject, after: KubeObject): void {
  const resource = cluster.kinds.stored(definitions.group, definitions.name)!;
  writeAs(cluster, resource, { before, after }, { manager: 'kube-apiserver', subresource: 'status' });
}

/** First its objects are deleted; when the last is gone, so is the definition. */
function clean(cluster: SimulatedCluster, definition: KubeObject): void {
  const { kinds, objects, clock } = cluster;
  const { spec } = definition as KubeObject & { spec: { group: string; names: { plural: string } } };
  const resource = kinds.stored(spec.group, spec.names.plural);
  const shelf = objects.shelf({ group: spec.group, name: spec.names.plural });
  if (resource) {
    for (const { text } of [...shelf.walk('')])
      removeObject({ cluster, resource }, JSON.parse(text) as StoredObject, {
        propagationPolicy: 'Background',
      });
  }
  if (shelf.count > 0) {
    const told = terminate(definition, seconds(clock.now()));
    if (!isEqual(told, definition)) tell(cluster, definition, told);
    return;
  }
  const finalizers = (definition.metadata.finalizers ?? []).filter((one) => one !== cleanup);
  kinds.withdraw(definition.metadata.name!);
  if (finalizers.length === 0) objects.remove(definitions, undefined, definition.metadata.name!);
  else if (finalizers.length !== definition.metadata.finalizers?.length)
    objects.put(definitions, { ...definition, metadata: { ...definition.metadata, finalizers } });
}
