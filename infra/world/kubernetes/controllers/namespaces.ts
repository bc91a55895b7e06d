import type { SimulatedCluster } from '../cluster.ts';
import { isEqual } from '../json.ts';
import type { StoredObject } from '../objects.ts';
import type { Named } from '../status.ts';
import { finish, removeObject } from '../verbs/delete.ts';
import { seconds } from '../verbs/names.ts';
import { isOver } from '../verbs/write.ts';
import { writeAs } from './writeAs.ts';

const namespaces: Named = { group: '', name: 'namespaces' };

/** A namespace that is being deleted takes everything in it along, and goes when it is empty. */
export function emptyNamespace(cluster: SimulatedCluster, name: string): void {
  const found = cluster.objects.get(namespaces, undefined, name);
  if (found?.metadata.deletionTimestamp === undefined) return;
  const left = empty(cluster, name);
  const namespace = cluster.objects.get(namespaces, undefined, name);
  if (!namespace) return;
  const resource = cluster.kinds.stored('', 'namespaces')!;
  const conditions = conditionsOf(left, namespace, cluster.clock.now());
  const told = { ...namespace, status: { phase: 'Terminating', conditions } };
  const current = isEqual(told.status, namespace.status)
    ? namespace
    : writeAs(cluster, resource, { before: namespace, after: told }, { subresource: 'status' });
  if (left.objects > 0) return;
  const next: StoredObject = { ...current, spec: {} };
  if (isOver(namespaces, next)) finish(cluster, resource, next, false);
  else if (!isEqual(next, current))
    writeAs(cluster, resource, { before: current, after: next }, { subresource: 'finalize' });
}

interface Left {
  objects: number;
  /** How many there are of each resource, and of each finalizer that holds one back. */
  resources: Map<string, number>;
  finalizers: Map<string, number>;
}

function empty(cluster: SimulatedCluster, namespace: string): Left {
  const left: Left = { objects: 0, resources: new Map(), finalizers: new Map() };
  for (const shelf of [...cluster.objects.shelves()]) {
    const resource = cluster.kinds.stored(shelf.resource.group, shelf.resource.name);
    if (!resource?.isNamespaced) continue;
    for (const { text } of [...shelf.walk(`${namespace}/`)]) {
      const object = JSON.parse(text) as StoredObject;
      if (object.metadata.deletionTimestamp === undefined)
        removeObject({ cluster, resource }, object, { propagationPolicy: 'Background' });
    }
    for (const { text } of shelf.walk(`${namespace}/`)) {
      left.objects++;
      add(left.resources, `${resource.name}.${resource.group}`);
      for (const finalizer of (JSON.parse(text) as StoredObject).metadata.finalizers ?? [])
        add(left.finalizers, finalizer);
    }
  }
  return left;
}

const add = (counts: Map<string, number>, name: string): unknown =>
  counts.set(name, (counts.get(name) ?? 0) + 1);

interface Condition {
  type: string;
  status: string;
  lastTransitionTime: string;
  reason: string;
  message: string;
}

function conditionsOf(left: Left, namespace: StoredObject, now: number): Condition[] {
  const old = (namespace.status as { conditions?: Condition[] } | undefined)?.conditions ?? [];
  const condition = (type: string, isTrue: boolean, reason: string, message: string): Condition => {
    const status = isTrue ? 'True' : 'False';
    const before = old.find((one) => one.type === type);
    const lastTransitionTime = before?.status === status ? before.lastTransitionTime : seconds(now);
    return { type, status, lastTransitionTime, reason, message };
  };
  const listed = (counts: Map<string, number>, say: (name: string, count: number) => string): string =>
    [...counts]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, count]) => say(name, count))
      .join(', ');
  const remaining = `Some resources are remaining: ${listed(left.resources, (name, count) => `${name} has ${count} resource instances`)}`;
  const held = `Some content in the namespace has finalizers remaining: ${listed(left.finalizers, (name, count) => `${name} in ${count} resource instances`)}`;
  const hasFinalizers = left.finalizers.size > 0;
  return [
    condition(
      'NamespaceDeletionDiscoveryFailure',
      false,
      'ResourcesDiscovered',
      'All resources successfully discovered',
    ),
    condition(
      'NamespaceDeletionGroupVersionParsingFailure',
      false,
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ),
    condition(
      'NamespaceDeletionContentFailure',
      false,
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
    ),
    left.objects > 0
      ? condition('NamespaceContentRemaining', true, 'SomeResourcesRemain', remaining)
      : condition('NamespaceContentRemaining', false, 'ContentRemoved', 'All content successfully removed'),
    hasFinalizers
      ? condition('NamespaceFinalizersRemaining', true, 'SomeFinalizersRemain', held)
      : condition(
          'NamespaceFinalizersRemaining',
          false,
          'ContentHasNoFinalizers',
          'All content-preserving finalizers finished',
        ),
  ];
}
