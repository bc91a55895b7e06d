import { aggregateClusterRoles, namespaceDefaults, tokenSecret } from '../auth/index.ts';
import type { SimulatedCluster } from '../cluster.ts';
import { asKind } from '../http/present.ts';
import type { StoredObject } from '../objects.ts';
import { applyConfiguration } from '../ownership/index.ts';
import type { Named } from '../status.ts';
import { type Change, keyOf } from '../store/objects.ts';
import { born } from '../verbs/lifecycle.ts';
import { newUid, seconds } from '../verbs/names.ts';
import { change } from '../verbs/write.ts';
import { writeAs } from './writeAs.ts';

const secrets: Named = { group: '', name: 'secrets' };
const clusterRoles: Named = { group: 'rbac.authorization.k8s.io', name: 'clusterroles' };

/** The service account and the root certificates that every namespace has. */
export function giveDefaults(cluster: SimulatedCluster, namespace: string): void {
  for (const { resource, object } of namespaceDefaults(cluster, namespace)) {
    if (cluster.objects.shelf(resource).text(keyOf(namespace, object.metadata.name!)) === undefined)
      write(cluster, resource, object);
  }
}

/** A Secret for a service account's token gets one, or goes with its account. */
export function tendTokenSecret(cluster: SimulatedCluster, { now }: Change): void {
  if (!now?.includes('service-account-token')) return;
  const { metadata } = JSON.parse(now) as StoredObject;
  tend(cluster, metadata.namespace!, metadata.name!);
}

/** Tokens of an account that is no more are taken away. */
export function forgetTokens(cluster: SimulatedCluster, { key, now }: Change): void {
  if (now !== undefined) return;
  const [namespace] = key.split('/');
  for (const { text } of [...cluster.objects.shelf(secrets).walk(`${namespace}/`)]) {
    if (text.includes('service-account-token')) tendTokenSecret(cluster, { key, revision: 0, now: text });
  }
}

function tend(cluster: SimulatedCluster, namespace: string, name: string): void {
  const secret = cluster.objects.get(secrets, namespace, name);
  if (!secret) return;
  const next = tokenSecret(cluster, secret);
  if (next === 'remove') cluster.objects.remove(secrets, namespace, name);
  else if (next !== 'leave') write(cluster, secrets, next, secret);
}

export function aggregateRoles(cluster: SimulatedCluster): void {
  const resource = cluster.kinds.stored(clusterRoles.group, clusterRoles.name)!;
  const { kind } = resource;
  for (const role of aggregateClusterRoles(cluster)) {
    const name = role.metadata.name!;
    const live = asKind(resource, cluster.objects.get(clusterRoles, undefined, name)!);
    const config = { apiVersion: live.apiVersion, kind, metadata: { name }, rules: role.rules as [] };
    const by = change({ cluster, resource }, { manager: 'clusterrole-aggregation-controller' });
    cluster.objects.put(clusterRoles, applyConfiguration({ live, config }, { ...by, kind, force: true }));
  }
}

function write(cluster: SimulatedCluster, plural: Named, object: StoredObject, before?: StoredObject): void {
  const resource = cluster.kinds.stored(plural.group, plural.name)!;
  const identity = { uid: newUid(cluster.random), creationTimestamp: seconds(cluster.clock.now()) };
  writeAs(cluster, resource, { before, after: before ? object : born(resource, object, identity) });
}
