import { isEqual, isObject, type JsonObject } from '../json.ts';
import type { KubeObject } from '../objects.ts';
import { badRequest, unforeseen } from '../status.ts';
import { blank } from './blank.ts';
import { claims, ownable } from './claims.ts';
import { applyConflict } from './conflicts.ts';
import { difference, emptySet, type FieldSet, isEmpty, union } from './fieldSet.ts';
import { fieldsOf } from './fieldsOf.ts';
import { allowedByLastApplied, withLastApplied } from './lastApplied.ts';
import { capped, identityOf, type Manager, type Managers, managersOf, withManagers } from './managers.ts';
import { merge } from './merge.ts';
import { prune } from './prune.ts';
import { filtered } from './resetFields.ts';
import { NotOfSchema } from './shape.ts';
import { type Change, stillServed, updated } from './trackUpdate.ts';
import { validate } from './validate.ts';

export interface Apply extends Change {
  kind: string;
  force: boolean;
}

/**
 * The live object with the configuration applied, not yet defaulted; without `live` it is a create. Equal to the live
 * object if nothing changes.
 */
export function applyConfiguration(
  { live, config }: { live: KubeObject | undefined; config: JsonObject },
  apply: Apply,
): KubeObject {
  check(config, apply);
  const object = live ?? blank(apply.schema, apply);
  const known = managersOf(object.metadata.managedFields);
  if (!known) throw unforeseen('failed to decode managed fields');
  const managers = stillServed(known.size ? known : beforeFirstApply(object, apply), apply);
  try {
    return withLastApplied(applied(object, config, managers, apply), config, apply);
  } catch (error) {
    if (!(error instanceof NotOfSchema)) throw error;
    throw unforeseen(`failed to create typed patch object (${described(config)}): ${error.message}`);
  }
}

function check(config: JsonObject, apply: Apply): void {
  const { apiVersion, kind, metadata } = config;
  if (apiVersion !== apply.apiVersion || kind !== apply.kind) {
    throw badRequest(`invalid object type: ${kindText(config)}`);
  }
  if (isObject(metadata) && Array.isArray(metadata.managedFields)) {
    throw badRequest('metadata.managedFields must be nil');
  }
}

function kindText({ apiVersion, kind }: JsonObject): string {
  const version = typeof apiVersion === 'string' ? apiVersion : '';
  return `${version.includes('/') ? version : `/${version}`}, Kind=${typeof kind === 'string' ? kind : ''}`;
}

function described(config: JsonObject): string {
  const { namespace, name } = isObject(config.metadata) ? config.metadata : {};
  return `${namespace ?? ''}/${name ?? ''}; ${kindText(config)}`;
}

/** What is there when the first configuration is applied belongs to a manager of its own. */
const beforeFirstApply = (object: KubeObject, apply: Apply): Managers =>
  capped(updated(blank(apply.schema, apply), object, new Map(), { ...apply, manager: 'before-first-apply' }));

function applied(live: KubeObject, config: JsonObject, managers: Managers, apply: Apply): KubeObject {
  const { schema, resetFields } = apply;
  validate(config, schema);
  const manager: Omit<Manager, 'set'> = {
    name: apply.manager,
    operation: 'Apply',
    apiVersion: apply.apiVersion,
    subresource: apply.subresource,
  };
  const identity = identityOf(manager);
  const last = managers.get(identity);
  const set = filtered(fieldsOf(config, schema), resetFields);

  const others = new Map(managers);
  others.delete(identity);
  const owned = [...others.values()].reduce((all, other) => union(all, other.set), set);
  const merged = prune(
    merge(live, config, schema) as JsonObject,
    last?.set ?? emptySet,
    owned,
    schema,
  ) as KubeObject;

  const claimed = claims(live, merged, schema, others, resetFields);
  const conflicts = apply.force ? new Map() : refusedConflicts(claimed.conflicts, live, apply);
  if (conflicts.size) throw applyConflict(conflicts, managers);

  const isSame = isEqual(live, merged);
  const time = isSame ? last?.time : apply.time;
  const mine = { ...manager, ...(time === undefined ? {} : { time }), set: ownable(set) };
  return withManagers(isSame ? live : merged, new Map(claimed.others).set(identity, mine));
}

/** `kubectl apply --server-side` may take over what `kubectl apply` wrote before. */
function refusedConflicts(
  conflicts: Map<string, FieldSet>,
  live: KubeObject,
  apply: Apply,
): Map<string, FieldSet> {
  if (!conflicts.size || apply.manager !== 'kubectl') return conflicts;
  const allowed = allowedByLastApplied(live, apply);
  const left = new Map<string, FieldSet>();
  for (const [identity, set] of conflicts) {
    const refused = difference(set, allowed);
    if (!isEmpty(refused)) left.set(identity, refused);
  }
  return left;
}
