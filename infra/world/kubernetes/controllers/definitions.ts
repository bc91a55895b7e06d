import type { SimulatedCluster } from '../cluster.ts';
import { asKind } from '../http/present.ts';
import type { KubeObject, StoredObject } from '../objects.ts';
import type { Named } from '../status.ts';
import { removeObject } from '../verbs/delete.ts';
import { seconds } from '../verbs/names.ts';

const definitions: Named = { group: 'apiextensions.k8s.io', name: 'customresourcedefinitions' };
const cleanup = 'customresourcecleanup.apiextensions.k8s.io';

/** A definition is served once it is established, and takes its objects along when it goes. */
export function establishDefinition(cluster: SimulatedCluster, name: string): void {
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
  const finalizers = new Set([...(stored.metadata.finalizers ?? []), cleanup]);
  const next = { ...established, metadata: { ...established.metadata, finalizers: [...finalizers] } };
  if (JSON.stringify(next) !== JSON.stringify(definition)) objects.put(definitions, stripped(next));
  else kinds.declare(definition);
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
    const told = kinds.terminate(definition, seconds(clock.now()));
    if (JSON.stringify(told) !== JSON.stringify(definition)) objects.put(definitions, stripped(told));
    return;
  }
  const finalizers = (definition.metadata.finalizers ?? []).filter((one) => one !== cleanup);
  kinds.withdraw(definition.metadata.name!);
  if (finalizers.length === 0) objects.remove(definitions, undefined, definition.metadata.name!);
  else if (finalizers.length !== definition.metadata.finalizers?.length)
    objects.put(definitions, stripped({ ...definition, metadata: { ...definition.metadata, finalizers } }));
}

function stripped({ kind: _kind, apiVersion: _version, ...rest }: KubeObject): StoredObject {
  return rest;
}
