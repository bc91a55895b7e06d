import { isEqual, type JsonObject } from '../json.ts';
import type { Resource } from '../kinds/kinds.ts';
import type { ObjectMeta, StoredObject } from '../objects.ts';
import { resetFieldsOf } from '../ownership/index.ts';
import { type Named, qualified } from '../status.ts';
import { canonical } from '../validation/index.ts';
import { atBirth } from './birth.ts';

/** Kinds that count the changes of what is wanted; the rest have no `metadata.generation`. Custom ones all do. */
const counted = new Set([
  'pods',
  'podtemplates',
  'replicationcontrollers',
  'deployments.apps',
  'daemonsets.apps',
  'endpointslices.discovery.k8s.io',
  'replicasets.apps',
  'statefulsets.apps',
  'jobs.batch',
  'cronjobs.batch',
  'ingresses.networking.k8s.io',
  'networkpolicies.networking.k8s.io',
  'poddisruptionbudgets.policy',
  'priorityclasses.scheduling.k8s.io',
  'runtimeclasses.node.k8s.io',
  'flowschemas.flowcontrol.apiserver.k8s.io',
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
]);

/** Whoever creates them may say their status, too. */
const keepsStatusAtBirth = new Set(['nodes', 'customresourcedefinitions.apiextensions.k8s.io']);

/** May be created by a PUT. */
const bornByUpdate = new Set([
  'endpoints',
  'events',
  'events.events.k8s.io',
  'leases.coordination.k8s.io',
  'limitranges',
  'services',
  'clusterroles.rbac.authorization.k8s.io',
  'clusterrolebindings.rbac.authorization.k8s.io',
  'roles.rbac.authorization.k8s.io',
  'rolebindings.rbac.authorization.k8s.io',
]);

/** Their writers must say what they have seen, as those of all custom resources must. */
const versioned = new Set([
  'leases.coordination.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
  'apiservices.apiregistration.k8s.io',
  'poddisruptionbudgets.policy',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  'runtimeclasses.node.k8s.io',
]);

export const needsVersion = (resource: Resource): boolean =>
  resource.isCustom || versioned.has(qualified(resource));

export const isBornByUpdate = (resource: Named): boolean => bornByUpdate.has(qualified(resource));

const hasGeneration = (resource: Resource): boolean => resource.isCustom || counted.has(qualified(resource));

export const hasStatus = (resource: Resource): boolean =>
  resource.subresources.some(({ name }) => name === 'status');

/** What every new object gets from the server, whatever the client sent. */
export function born(resource: Resource, object: StoredObject, identity: Partial<ObjectMeta>): StoredObject {
  const { deletionTimestamp: _at, deletionGracePeriodSeconds: _grace, ...given } = object.metadata;
  const metadata: ObjectMeta & { selfLink?: string } = {
    ...given,
    ...identity,
    ...(hasGeneration(resource) ? { generation: 1 } : {}),
  };
  delete metadata.selfLink;
  delete metadata.resourceVersion;
  if (!resource.isNamespaced) delete metadata.namespace;
  const next: StoredObject = { ...object, metadata };
  if (hasStatus(resource) && !keepsStatusAtBirth.has(qualified(resource))) {
    const status = resource.isCustom ? undefined : firstStatus(resource);
    if (status === undefined) delete next.status;
    else next.status = status;
  }
  return atBirth[qualified(resource)]?.(next) ?? next;
}

/** What an update may not change is as it was; `generation` rises where what is wanted did. */
export function succeeded(
  resource: Resource,
  before: StoredObject,
  after: StoredObject,
  subresource: string | undefined,
): StoredObject {
  const { metadata: old } = before;
  const metadata: ObjectMeta = { ...after.metadata };
  metadata.uid ??= old.uid!;
  metadata.creationTimestamp = old.creationTimestamp!;
  // Only a delete may set it: whoever changes it is refused.
  if (metadata.deletionTimestamp === undefined) carry(metadata, old, 'deletionTimestamp');
  carry(metadata, old, 'deletionGracePeriodSeconds');
  carry(metadata, old, 'generation');
  if (!resource.isNamespaced) delete metadata.namespace;
  // A namespace's own finalizers change through its `finalize` alone.
  const next: StoredObject = subresource === 'status' ? { ...before, status: after.status } : { ...after };
  if (subresource === 'status') {
    keepQuality(resource, before, next);
    if (after.status === undefined) delete next.status;
    next.metadata = metadataBesideStatus(resource, old, metadata);
    return next;
  }
  next.metadata = metadata;
  if (qualified(resource) === 'namespaces') next.spec = before.spec;
  if (hasStatus(resource)) {
    if (before.status === undefined) delete next.status;
    else next.status = before.status;
  }
  if (hasGeneration(resource) && !isEqual(wishOf(resource, before), wishOf(resource, next)))
    metadata.generation = (old.generation ?? 0) + 1;
  return next;
}

/** What an update of the status resets of the metadata stays as it was: of some kinds nothing, of others all. */
function metadataBesideStatus(resource: Resource, old: ObjectMeta, metadata: ObjectMeta): ObjectMeta {
  const reset = resetFieldsOf(resource, 'status');
  const kept = { ...metadata };
  for (const [field, name] of reset && 'fields' in reset ? reset.fields : []) {
    if (field !== 'f:metadata') continue;
    const names = name === undefined ? Object.keys({ ...old, ...metadata }) : [name.slice('f:'.length)];
    for (const each of names) if (each !== 'managedFields') carry(kept, old, each as keyof ObjectMeta);
  }
  return kept;
}

function carry<K extends keyof ObjectMeta>(to: ObjectMeta, from: ObjectMeta, key: K): void {
  if (from[key] === undefined) delete to[key];
  else to[key] = from[key];
}

/** What is wanted of an object: neither what it is, nor its metadata, nor how it fares. */
function wishOf(
  resource: Resource,
  { kind: _kind, apiVersion: _version, metadata, status, ...wish }: StoredObject,
): JsonObject {
  // Rollouts read what annotations say.
  if (qualified(resource) === 'deployments.apps') return { ...wish, annotations: metadata.annotations };
  return hasStatus(resource) || !resource.isCustom ? wish : { ...wish, status };
}

function firstStatus(resource: Resource): unknown {
  const known = firstStatuses[qualified(resource)];
  if (known) return known;
  const schema = resource.schema?.properties?.status;
  return schema && canonical({}, schema);
}

const firstStatuses: Readonly<Record<string, unknown>> = {
  namespaces: { phase: 'Active' },
  persistentvolumeclaims: { phase: 'Pending' },
  persistentvolumes: { phase: 'Pending' },
  services: { loadBalancer: {} },
  'ingresses.networking.k8s.io': { loadBalancer: {} },
};

/** A pod's class follows from what it asks for, whatever a status says. */
function keepQuality(resource: Resource, before: StoredObject, next: StoredObject): void {
  const { qosClass } = (before.status ?? {}) as { qosClass?: string };
  if (qualified(resource) === 'pods' && qosClass) next.status = { ...(next.status as object), qosClass };
}
