import type { SimulatedCluster } from './cluster.ts';
import { tidyNamespace } from './controllers/controllers.ts';
import { kindsData } from './kinds/data.ts';
import type { KubeObject, StoredObject } from './objects.ts';
import { groupVersionOf } from './verbs/body.ts';
import { newUid, seconds } from './verbs/names.ts';

/** What a fresh cluster holds: namespaces, roles and the like, as a real server made them for itself. */
export function bootstrap(cluster: SimulatedCluster): void {
  const creationTimestamp = seconds(cluster.clock.now());
  const byKind = Map.groupBy(kindsData().objects, ({ apiVersion, kind }) => `${apiVersion} ${kind}`);
  for (const [, objects] of byKind) {
    const { apiVersion, kind } = objects[0]!;
    const resource = cluster.kinds.ofKind(...groupVersionOf(apiVersion), kind)!;
    cluster.load(resource, objects.map(fresh));
  }
  for (const { metadata } of cluster.objects.list({ group: '', name: 'namespaces' }))
    tidyNamespace(cluster, metadata.name!);
  // Nobody has seen how it came to be.
  cluster.compact();

  function fresh({ kind: _kind, apiVersion: _version, ...object }: KubeObject): StoredObject {
    const metadata = { ...object.metadata, uid: newUid(cluster.random), creationTimestamp };
    return { ...object, metadata };
  }
}
