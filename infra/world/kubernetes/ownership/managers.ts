import { isObject } from '../json.ts';
import type { KubeObject, ManagedFieldsEntry } from '../objects.ts';
import { type FieldSet, fromFieldsV1, isEmpty, toFieldsV1, union } from './fieldSet.ts';

/** Who owns what: one entry of managedFields. */
export interface Manager {
  name: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  subresource: string;
  time?: string;
  set: FieldSet;
}

/** By identity: the same name applying and updating, or through another subresource, is another manager. */
export type Managers = ReadonlyMap<string, Manager>;

/** Whoever applies is the same in every version of the API. */
export const identityOf = ({ name, operation, apiVersion, subresource }: Omit<Manager, 'set'>): string =>
  JSON.stringify({
    ...(name ? { manager: name } : {}),
    operation,
    ...(operation === 'Apply' ? {} : { apiVersion }),
    ...(subresource ? { subresource } : {}),
  });

/** Undefined if an entry makes no sense: a server then goes by the live object's. */
export function managersOf(entries: unknown): Managers | undefined {
  if (!Array.isArray(entries)) return new Map();
  const managers = new Map<string, Manager>();
  for (const entry of entries) {
    const manager = managerOf(entry);
    if (!manager) return undefined;
    managers.set(identityOf(manager), manager);
  }
  return managers;
}

function managerOf(entry: unknown): Manager | undefined {
  if (!isObject(entry)) return undefined;
  const { manager, operation, apiVersion, fieldsType, fieldsV1, subresource, time } = entry;
  if (operation !== 'Apply' && operation !== 'Update') return undefined;
  if (typeof apiVersion !== 'string' || !apiVersion || fieldsType !== 'FieldsV1') return undefined;
  try {
    return {
      name: typeof manager === 'string' ? manager : '',
      operation,
      apiVersion,
      subresource: typeof subresource === 'string' ? subresource : '',
      ...(typeof time === 'string' ? { time } : {}),
      set: fromFieldsV1(fieldsV1 ?? {}),
    };
  } catch {
    return undefined;
  }
}

/** The object with these managers: those who own nothing vanish. */
export function withManagers<T extends KubeObject>(object: T, managers: Managers): T {
  const entries = [...managers.values()].filter(({ set }) => !isEmpty(set)).sort(inServerOrder);
  const { managedFields, ...metadata } = object.metadata ?? {};
  return {
    ...object,
    metadata: { ...metadata, ...(entries.length ? { managedFields: entries.map(entryOf) } : {}) },
  };
}

const entryOf = ({ name, operation, apiVersion, time, set, subresource }: Manager): ManagedFieldsEntry => ({
  manager: name,
  operation,
  apiVersion,
  ...(time === undefined ? {} : { time }),
  fieldsType: 'FieldsV1',
  fieldsV1: toFieldsV1(set),
  ...(subresource ? { subresource } : {}),
});

function inServerOrder(one: Manager, other: Manager): number {
  for (const key of ['operation', 'time', 'name', 'apiVersion', 'subresource'] as const) {
    const [left, right] = [one[key] ?? '', other[key] ?? ''];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

const maxUpdaters = 10;

/** Of too many who updated the oldest become one, for each version of the API. */
export function capped(managers: Managers): Managers {
  const updaters = [...managers]
    .filter(([, { operation }]) => operation === 'Update')
    .sort(([one, a], [other, b]) => {
      const [left, right] = [a.time ?? '', b.time ?? ''];
      if (left !== right) return left < right ? -1 : 1;
      return one < other ? -1 : 1;
    });
  const left = new Map(managers);
  const first = new Map<string, string>();
  let excess = updaters.length - maxUpdaters;
  for (const [identity, manager] of updaters) {
    if (excess <= 0) break;
    const firstOfVersion = first.get(manager.apiVersion);
    if (firstOfVersion === undefined) {
      first.set(manager.apiVersion, identity);
      continue;
    }
    const bucket: Manager = { ...manager, name: 'ancient-changes', subresource: '' };
    const id = identityOf(bucket);
    const ancient = left.get(id) ?? left.get(firstOfVersion);
    left.delete(firstOfVersion);
    left.delete(identity);
    left.set(id, ancient ? { ...bucket, set: union(manager.set, ancient.set) } : bucket);
    excess -= 1;
  }
  return left;
}
