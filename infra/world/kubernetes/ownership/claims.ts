import type { Schema } from '../kinds/schema.ts';
import { type Comparison, compare } from './compare.ts';
import { difference, type FieldSet, intersection, isEmpty, setOf, union } from './fieldSet.ts';
import type { Managers } from './managers.ts';
import type { ResetFields } from './resetFields.ts';
import { filtered } from './resetFields.ts';

/** Nobody owns what the server itself writes. */
const neverOwned = setOf(
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((name) => ['f:metadata', `f:${name}`]),
);

export const ownable = (set: FieldSet): FieldSet => difference(set, neverOwned);

export interface Claims {
  comparison: Comparison;
  /** What others own and the change takes, by their identity. */
  conflicts: Map<string, FieldSet>;
  /** The others with what is left to them. */
  others: Managers;
}

/** What a change of the object means to all managers but the one who changes it. */
export function claims(
  before: unknown,
  after: unknown,
  schema: Schema | undefined,
  managers: Managers,
  resetFields: ResetFields | undefined,
): Claims {
  const all = compare(before, after, schema);
  const comparison = {
    removed: filtered(all.removed, resetFields),
    modified: filtered(all.modified, resetFields),
    added: filtered(all.added, resetFields),
  };
  const taken = union(comparison.modified, comparison.added);
  const conflicts = new Map<string, FieldSet>();
  const others = new Map(managers);
  for (const [identity, manager] of managers) {
    const conflict = intersection(manager.set, taken);
    if (!isEmpty(conflict)) conflicts.set(identity, conflict);
    const set = difference(difference(manager.set, conflict), comparison.removed);
    if (isEmpty(set)) others.delete(identity);
    else others.set(identity, { ...manager, set });
  }
  return { comparison, conflicts, others };
}
