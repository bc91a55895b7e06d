import type { ApiAnswer } from '../api.ts';
import type { SimulatedCluster } from '../cluster.ts';
import { answerObject, answerWith, asKind, listFrame } from '../http/present.ts';
import { isEqual } from '../json.ts';
import { condemn } from '../kinds/establish.ts';
import type { Resource } from '../kinds/kinds.ts';
import type { StoredObject } from '../objects.ts';
import { selectionOf } from '../selectors/selection.ts';
import { badRequest, type Cause, conflict, qualified, type Status } from '../status.ts';
import { mediaType, unknownFormat } from './body.ts';
import type { Call } from './call.ts';
import { existing } from './get.ts';
import { page } from './list.ts';
import { seconds } from './names.ts';
import { checkDryRun, integerIn, invalidOptions, plainBody } from './options.ts';
import { isOver } from './write.ts';

export interface DeleteOptions {
  gracePeriodSeconds?: number;
  propagationPolicy?: string;
  orphanDependents?: boolean;
  preconditions?: { uid?: string; resourceVersion?: string };
  dryRun?: string[];
}

/** Finalizers by which the garbage collector is asked to do its part first. */
export const foreground = 'foregroundDeletion';
export const orphan = 'orphan';

/** These are answered with the object that was deleted, not with a Status. */
const returned = new Set([
  'pods',
  'services',
  'serviceaccounts',
  'persistentvolumeclaims',
  'persistentvolumes',
  'podtemplates',
  'replicationcontrollers',
  'resourcequotas',
]);

export function remove(call: Call): ApiAnswer {
  const options = deleteOptions(call);
  const before = existing(call);
  const { object, isGone } = removeObject(call, before, options);
  if (isGone && !returned.has(qualified(call.resource)))
    return answerWith(success(call.resource, before), call.form);
  const isLeft = qualified(call.resource) === 'jobs.batch' && policyOf(options) === undefined;
  return answerObject(call, object, 200, isLeft ? [podsAreLeft] : []);
}

const podsAreLeft =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning';

export function removeAll(call: Call): ApiAnswer {
  const { resource, form } = call;
  const options = deleteOptions(call);
  const { items, metadata } = page(call, selectionOf(call));
  const before = items.map(({ text }) => JSON.parse(text) as StoredObject);
  for (const one of before) removeObject(call, one, options);
  const list = resource.isCustom ? before.map((one) => asKind(resource, one)) : before;
  return answerWith({ ...listFrame(resource, metadata), items: list }, form);
}

/** Marks an object for its end, or ends it where nothing holds it back. */
export function removeObject(
  call: Pick<Call, 'cluster' | 'resource'>,
  before: StoredObject,
  options: DeleteOptions,
): { object: StoredObject; isGone: boolean } {
  const { cluster, resource } = call;
  checkPreconditions(resource, before, options);
  const isDryRun = (options.dryRun ?? []).length > 0;
  const object = doomed(cluster, resource, before, options);
  if (isOver(resource, object)) {
    const last = isDryRun
      ? before
      : cluster.objects.remove(resource, before.metadata.namespace, before.metadata.name!)!;
    // Only what is given time to end shows that it was ended.
    return { object: isGraceful(resource) ? object : last, isGone: true };
  }
  const isSame = isEqual(object, before);
  if (isDryRun || isSame) return { object, isGone: false };
  return { object: cluster.objects.put(resource, object), isGone: false };
}

/** Takes it out of the store, and answers it as it was last. */
export function finish(
  cluster: SimulatedCluster,
  resource: Resource,
  object: StoredObject,
  isDryRun: boolean,
): StoredObject {
  if (!isDryRun) cluster.objects.remove(resource, object.metadata.namespace, object.metadata.name!);
  return object;
}

function doomed(
  cluster: SimulatedCluster,
  resource: Resource,
  before: StoredObject,
  options: DeleteOptions,
): StoredObject {
  const { metadata } = before;
  if (isDefinition(resource) && metadata.deletionTimestamp === undefined)
    return condemn(before, seconds(cluster.clock.now()));
  const finalizers = new Set(metadata.finalizers);
  const isAsked = finalizers.has(foreground) || finalizers.has(orphan);
  const policy = policyOf(options) ?? (isAsked ? undefined : defaultPolicy.get(qualified(resource)));
  if (policy !== undefined) {
    finalizers.delete(foreground);
    finalizers.delete(orphan);
    if (policy === 'Foreground') finalizers.add(foreground);
    if (policy === 'Orphan') finalizers.add(orphan);
  }
  const grace = graceOf(resource, before, options);
  const next: StoredObject = { ...before, metadata: { ...metadata } };
  if (finalizers.size > 0) next.metadata.finalizers = [...finalizers];
  else delete next.metadata.finalizers;
  if (metadata.deletionTimestamp !== undefined) {
    // A second delete may only shorten the time that is left.
    if (grace < (metadata.deletionGracePeriodSeconds ?? 0)) {
      next.metadata.deletionGracePeriodSeconds = grace;
      next.metadata.deletionTimestamp = seconds(cluster.clock.now() + grace * 1000);
    }
  } else {
    next.metadata.deletionTimestamp = seconds(cluster.clock.now() + grace * 1000);
    // A namespace is not deleted by the common way, and has no such thing.
    if (qualified(resource) !== 'namespaces') next.metadata.deletionGracePeriodSeconds = grace;
    if (metadata.generation !== undefined) next.metadata.generation = metadata.generation + 1;
  }
  if (qualified(resource) === 'namespaces')
    next.status = { ...(before.status as object), phase: 'Terminating' };
  return next;
}

const isDefinition = (resource: Resource): boolean =>
  qualified(resource) === 'customresourcedefinitions.apiextensions.k8s.io';

const isGraceful = (resource: Resource): boolean => qualified(resource) === 'pods';

/** Only a pod that runs on a node is given time to end. */
function graceOf(resource: Resource, object: StoredObject, { gracePeriodSeconds }: DeleteOptions): number {
  if (!isGraceful(resource)) return 0;
  const { spec, status } = object as {
    spec?: { nodeName?: string; terminationGracePeriodSeconds?: number };
    status?: { phase?: string };
  };
  if (!spec?.nodeName || status?.phase === 'Succeeded' || status?.phase === 'Failed') return 0;
  return gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30;
}

/** As these always did, before there was a garbage collector; all others leave their dependents to it. */
const defaultPolicy = new Map([
  ['jobs.batch', 'Orphan'],
  ['replicationcontrollers', 'Orphan'],
]);

function policyOf({ propagationPolicy, orphanDependents }: DeleteOptions): string | undefined {
  if (propagationPolicy !== undefined) return propagationPolicy;
  return orphanDependents === undefined ? undefined : orphanDependents ? 'Orphan' : 'Background';
}

function checkPreconditions(
  resource: Resource,
  { metadata }: StoredObject,
  { preconditions }: DeleteOptions,
): void {
  const wrong =
    preconditions?.uid !== undefined && preconditions.uid !== metadata.uid
      ? `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`
      : preconditions?.resourceVersion !== undefined &&
          preconditions.resourceVersion !== metadata.resourceVersion
        ? `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`
        : undefined;
  if (wrong !== undefined)
    throw conflict({ group: resource.group, name: resource.kind }, metadata.name!, wrong);
}

/** From the body where there is one, else from the query. */
function deleteOptions(call: Call): DeleteOptions {
  const { request } = call;
  const options = request.body.length > 0 ? fromBody(call) : fromQuery(request.query);
  const causes: Cause[] = [];
  const { propagationPolicy, orphanDependents, dryRun } = options;
  if (propagationPolicy !== undefined && orphanDependents !== undefined)
    causes.push({
      reason: 'FieldValueInvalid',
      message: `Invalid value: "${propagationPolicy}": orphanDependents and deletionPropagation cannot be both set`,
      field: 'propagationPolicy',
    });
  if (propagationPolicy !== undefined && !['Foreground', 'Background', 'Orphan'].includes(propagationPolicy))
    causes.push({
      reason: 'FieldValueNotSupported',
      message: `Unsupported value: "${propagationPolicy}": supported values: "Foreground", "Background", "Orphan", "nil"`,
      field: 'propagationPolicy',
    });
  causes.push(...checkDryRun(dryRun ?? []));
  if (causes.length > 0) throw invalidOptions('DeleteOptions', causes);
  return options;
}

function fromBody(call: Call): DeleteOptions {
  const { request } = call;
  const type = mediaType(request.headers['content-type']);
  if (type !== '' && type !== 'application/json') throw unknownFormat();
  const {
    kind = 'DeleteOptions',
    apiVersion,
    ...options
  } = plainBody(call, call.cluster.kinds.schema('', 'v1', 'DeleteOptions'));
  if (kind !== 'DeleteOptions')
    throw badRequest(
      `no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:111"`,
    );
  const dryRun = request.query.getAll('dryRun');
  return { ...options, ...(dryRun.length > 0 ? { dryRun } : {}) };
}

function fromQuery(query: URLSearchParams): DeleteOptions {
  const grace = integerIn(query, 'gracePeriodSeconds');
  const policy = query.get('propagationPolicy');
  const orphans = query.get('orphanDependents');
  const dryRun = query.getAll('dryRun');
  return {
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
    ...(policy ? { propagationPolicy: policy } : {}),
    ...(orphans === null ? {} : { orphanDependents: orphans === 'true' }),
    ...(dryRun.length > 0 ? { dryRun } : {}),
  };
}

const success = (resource: Resource, { metadata }: StoredObject): Omit<Status, 'code'> => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  details: {
    name: metadata.name!,
    ...(resource.group ? { group: resource.group } : {}),
    kind: resource.name,
    uid: metadata.uid!,
  },
});
