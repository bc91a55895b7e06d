import type { Schema } from '../kinds/schema.ts';
import type { KubeObject } from '../objects.ts';
import { blank } from './blank.ts';
import { claims, ownable } from './claims.ts';
import { emptySet, isEmpty, union } from './fieldSet.ts';
import { capped, identityOf, type Manager, type Managers, managersOf, withManagers } from './managers.ts';
import type { ResetFields } from './resetFields.ts';
import { NotOfSchema } from './shape.ts';

/** Who changes an object, and through what. */
export interface Change {
  schema: Schema | undefined;
  isCustom: boolean;
  manager: string;
  /** Of the request. */
  apiVersion: string;
  /** Empty for the resource itself. */
  subresource: string;
  /** To the second, as Kubernetes writes times: `2026-01-02T03:04:05Z`. */
  time: string;
  resetFields: ResetFields | undefined;
  /** Whether the kind is still served in this version: what was owned in another is forgotten. */
  isServed: (apiVersion: string) => boolean;
}

/**
 * The object with the managedFields that a create, update or patch leaves; without `before` it is a create. `after` is
 * decoded and defaulted, but not yet touched by admission or by what the kind's own rules fill in: nobody owns that.
 */
export function trackUpdate<T extends KubeObject>(
  { before, after }: { before: KubeObject | undefined; after: T },
  change: Change,
): T {
  const managers = managersBefore(before, after, change);
  // A server does not start to track what nobody owned.
  if (before && managers.size === 0) return withManagers(after, managers);
  try {
    const was = before ?? blank(change.schema, { ...change, kind: after.kind });
    return withManagers(after, capped(updated(was, withManagers(after, new Map()), managers, change)));
  } catch (error) {
    if (!(error instanceof NotOfSchema)) throw error;
    return withManagers(after, managersOf(before?.metadata.managedFields) ?? new Map());
  }
}

/** Those of the request are taken if they make sense, so that they can be changed by hand; a subresource cannot. */
function managersBefore(before: KubeObject | undefined, after: KubeObject, change: Change): Managers {
  const live = managersOf(before?.metadata.managedFields) ?? new Map();
  if (change.subresource) return live;
  const given: unknown = after.metadata.managedFields;
  if (isReset(given)) return new Map();
  const managers = managersOf(given);
  return managers?.size ? managers : live;
}

/** `[]` and `[{}]`. */
const isReset = (entries: unknown): boolean =>
  Array.isArray(entries) &&
  (entries.length === 0 || (entries.length === 1 && Object.keys(entries[0] ?? {}).length === 0));

export function updated(before: KubeObject, after: KubeObject, managers: Managers, change: Change): Managers {
  const { schema, resetFields } = change;
  const { comparison, others } = claims(before, after, schema, stillServed(managers, change), resetFields);
  const taken = ownable(union(comparison.modified, comparison.added));
  if (isEmpty(taken)) return others;
  const manager: Manager = {
    name: change.manager || 'unknown',
    operation: 'Update',
    apiVersion: change.apiVersion,
    subresource: change.subresource,
    time: change.time,
    set: taken,
  };
  const identity = identityOf(manager);
  const own = others.get(identity)?.set ?? emptySet;
  return new Map(others).set(identity, { ...manager, set: union(taken, own) });
}

export const stillServed = (managers: Managers, { isServed }: Change): Managers =>
  new Map([...managers].filter(([, { apiVersion }]) => isServed(apiVersion)));
