import { admit } from '../admission/admit.ts';
import { apiVersionOf, asKind } from '../http/present.ts';
import { isTrue } from '../http/target.ts';
import { isEqual, type JsonObject } from '../json.ts';
import type { KubeObject, ObjectMeta, StoredObject } from '../objects.ts';
import {
  type Apply,
  applyConfiguration,
  type Change,
  resetFieldsOf,
  trackUpdate,
  withSettledTimes,
} from '../ownership/index.ts';
import {
  alreadyExists,
  type Cause,
  conflict,
  modified,
  type Named,
  notFound,
  qualified,
  unforeseen,
} from '../status.ts';
import { asEncoded, check, decodePatched, fillDefaults, invalid, notValid } from '../validation/index.ts';
import { groupVersionOf } from './body.ts';
import type { Call } from './call.ts';
import { finish } from './delete.ts';
import { born, needsVersion, succeeded } from './lifecycle.ts';
import { freshName, newUid, seconds } from './names.ts';
import type { WriteOptions } from './options.ts';
import { placed } from './placed.ts';

/*
 * Every write goes the same way, in the order of a real server:
 *
 *   decoded ─► defaults ─► who owns what ─► admission ─► what the server sets itself ─► the kind's rules ─► store
 */

export function createObject(call: Call, given: KubeObject, options: WriteOptions): StoredObject {
  const { deletionTimestamp: _at, deletionGracePeriodSeconds: _grace, ...metadata } = given.metadata;
  const after = fillDefaults(call.resource, named(call, { ...given, metadata }));
  return storeNew(call, trackUpdate({ before: undefined, after }, change(call, options)), options);
}

/** Replaces an object with what the client, or a patch, made of it. */
export function updateObject(
  call: Call,
  before: StoredObject,
  given: KubeObject,
  options: WriteOptions,
): StoredObject {
  const { resource } = call;
  const after = fillDefaults(resource, given);
  const tracked = trackUpdate({ before: asKind(resource, before), after }, change(call, options));
  return replaceObject(call, before, tracked, options);
}

const noObjectOf = (uid: string) =>
  `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;

/** Server-side apply: the fields named are made so and owned. */
export function applyObject(
  call: Call,
  before: StoredObject | undefined,
  config: JsonObject,
  options: WriteOptions,
): { object: StoredObject; isNew: boolean } {
  const { resource, name, request } = call;
  if (!before && call.subresource) throw notFound(resource, name!);
  const apply: Apply = {
    ...change(call, options),
    kind: resource.kind,
    force: isTrue(request.query.get('force')),
  };
  const live = before && asKind(resource, before);
  const merged = applyConfiguration({ live, config }, apply);
  const { object } = decodePatched(resource, merged, { fieldValidation: 'Ignore', shown: '' });
  const { uid } = (object.metadata ?? {}) as ObjectMeta;
  if (!before && uid) throw conflict(resource, name!, noObjectOf(uid));
  const after = fillDefaults(resource, placed(call, object));
  return before
    ? { object: replaceObject(call, before, after, options), isNew: false }
    : { object: storeNew(call, named(call, unversioned(after)), options), isNew: true };
}

/** Which version an apply was made for does not matter where there is none. */
function unversioned(object: KubeObject): KubeObject {
  const { resourceVersion: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** Whose the fields are that are written now. */
export function change(
  call: Pick<Call, 'cluster' | 'resource' | 'subresource'>,
  { manager }: Pick<WriteOptions, 'manager'>,
): Change {
  const { cluster, resource } = call;
  const subresource = call.subresource?.name ?? '';
  return {
    schema: resource.schema,
    isCustom: resource.isCustom,
    manager,
    apiVersion: apiVersionOf(resource),
    subresource,
    time: seconds(cluster.clock.now()),
    resetFields: resetFieldsOf(resource, subresource),
    isServed: (apiVersion) =>
      cluster.kinds.ofKind(...groupVersionOf(apiVersion), resource.kind)?.group === resource.group,
  };
}

/** With the name and namespace of its path. */
function named({ namespace, name }: Call, object: KubeObject): KubeObject {
  const { metadata } = object;
  const given = metadata.name || name;
  return {
    ...object,
    metadata: { ...metadata, ...(given ? { name: given } : {}), ...(namespace ? { namespace } : {}) },
  };
}

function storeNew(call: Call, given: KubeObject, options: WriteOptions): StoredObject {
  const { cluster, resource, namespace } = call;
  if (given.metadata.resourceVersion)
    throw unforeseen('resourceVersion should not be set on objects to be created');
  const admitted = admit(call, given, undefined);
  // Not before admission: those who refuse call it by the beginning of its name.
  const name = admitted.metadata.name || freshName(admitted.metadata.generateName, cluster.random);
  const identity = { uid: newUid(cluster.random), creationTimestamp: seconds(cluster.clock.now()) };
  const whole = born(resource, admitted, { ...identity, ...(name ? { name } : {}) });
  const object = asEncoded(resource, whole);
  refuse(resource, name, check(resource, asKind(resource, object)));
  const there = cluster.objects.get(resource, namespace, name);
  if (there) throw alreadyExists(resource, name, there.metadata.deletionTimestamp !== undefined);
  return options.isDryRun ? object : cluster.objects.put(resource, bare(object));
}

/** A write that changes nothing is none: the revision stays. */
export function replaceObject(
  call: Call,
  before: StoredObject,
  given: KubeObject,
  options: WriteOptions,
): StoredObject {
  const { cluster, resource, name } = call;
  const version = given.metadata.resourceVersion || '0';
  if (!/^\d+$/.test(version))
    throw unforeseen(`strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`);
  if (!isUnconditional(version) && version !== before.metadata.resourceVersion)
    throw modified(resource, name!);
  const live = asKind(resource, before);
  const next = succeeded(resource, before, admit(call, given, before), call.subresource?.name);
  next.metadata.resourceVersion = before.metadata.resourceVersion!;
  if (isUnconditional(version) && needsVersion(resource)) throw versionRequired(resource, name!);
  refuse(resource, name!, check(resource, asKind(resource, next), live));
  const object = bare(withSettledTimes(live, asKind(resource, asEncoded(resource, next))));
  if (isEqual(object, before)) return before;
  if (isOver(resource, object)) return finish(cluster, resource, object, options.isDryRun);
  return options.isDryRun ? object : cluster.objects.put(resource, object);
}

const isUnconditional = (version: string): boolean => Number(version) === 0;

/** Said by the store, which knows no kinds: hence the plural in their place. */
const versionRequired = (resource: Named, name: string) =>
  invalid({ group: resource.group, kind: resource.name }, name, [
    notValid('metadata.resourceVersion', 0, 'must be specified for an update'),
  ]);

function refuse(resource: Call['resource'], name: string, causes: Cause[]): void {
  if (causes.length > 0) throw invalid(resource, name, causes);
}

/** As the store keeps it. */
export function bare({ kind: _kind, apiVersion: _version, ...object }: StoredObject): StoredObject {
  return object;
}

/** Being deleted, and nobody asks any more that it stay. */
export const isOver = (resource: Named, { metadata, spec }: StoredObject): boolean =>
  metadata.deletionTimestamp !== undefined &&
  (metadata.finalizers ?? []).length === 0 &&
  !(metadata.deletionGracePeriodSeconds ?? 0) &&
  !(
    qualified(resource) === 'namespaces' &&
    ((spec as { finalizers?: string[] } | undefined)?.finalizers ?? []).length > 0
  );
