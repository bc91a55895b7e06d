import { isDeepStrictEqual } from 'node:util';
import type { StoredObject, User } from '../objects.ts';
import { forbidden, type Named, notFound, qualified, type StatusError } from '../status.ts';
import { type AuthCluster, quoted, quotedList } from './authCluster.ts';
import { authorize, isPrivileged } from './authorize.ts';
import { aggregated, clusterRoles, type RoleRef, rbacGroup, resolverOf, rulesAmong } from './ruleResolver.ts';
import { type PolicyRule, uncovered } from './rules.ts';

export interface RbacWrite {
  /** Of the four that RBAC is made of; others are nobody's escalation. */
  resource: Named;
  namespace?: string | undefined;
  /** The object's name in the request's path: absent when it is created with POST. */
  pathName?: string | undefined;
  object: StoredObject;
  /** What it was, when it is changed. */
  before?: StoredObject | undefined;
}

const everything: PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

/** Nobody may grant by a role or a binding what he does not have, unless he may escalate or bind. */
export function refuseEscalation(cluster: AuthCluster, user: User, write: RbacWrite): void {
  const { resource, object, before } = write;
  if (resource.group !== rbacGroup || isPrivileged(user)) return;
  if (before && isOnlyCollected(object, before)) return;
  if (resource.name === 'roles' || resource.name === 'clusterroles') refuseRole(cluster, user, write);
  else refuseBinding(cluster, user, write);
}

function refuseRole(cluster: AuthCluster, user: User, write: RbacWrite): void {
  const { resource, namespace, pathName, object, before } = write;
  const asked = { verb: 'escalate', group: rbacGroup, resource: resource.name, namespace, name: pathName };
  if (authorize(cluster, user, asked).allowed) return;
  refuseMissing(cluster, user, write, (object.rules ?? []) as PolicyRule[]);
  const isAggregated = (role: StoredObject | undefined) =>
    (role?.aggregationRule as { clusterRoleSelectors?: unknown[] } | undefined)?.clusterRoleSelectors?.length;
  if (resource.name !== clusterRoles.name || !(isAggregated(object) || isAggregated(before))) return;
  if (missing(cluster, user, namespace, everything).length > 0) {
    throw refusal(write, 'must have cluster-admin privileges to use the aggregationRule');
  }
}

function refuseBinding(cluster: AuthCluster, user: User, write: RbacWrite): void {
  const roleRef = write.object.roleRef as RoleRef;
  const resource = roleRef.kind === 'Role' ? 'roles' : 'clusterroles';
  const asked = {
    verb: 'bind',
    group: rbacGroup,
    resource,
    namespace: write.namespace,
    name: roleRef.name,
  };
  if (authorize(cluster, user, asked).allowed) return;
  const rules = resolverOf(cluster.objects).rulesOf(roleRef, write.namespace ?? '');
  if (!rules) throw notFound(write.resource, roleRef.name);
  refuseMissing(cluster, user, write, rules);
}

function missing(
  cluster: AuthCluster,
  user: User,
  namespace: string | undefined,
  wanted: readonly PolicyRule[],
): PolicyRule[] {
  return uncovered(rulesAmong(resolverOf(cluster.objects).of(user, namespace)), wanted);
}

function refuseMissing(cluster: AuthCluster, user: User, write: RbacWrite, wanted: readonly PolicyRule[]) {
  const lacking = missing(cluster, user, write.namespace, wanted);
  if (lacking.length === 0) return;
  const faults = [...resolverOf(cluster.objects).of(user, write.namespace)].flatMap((found) =>
    'missing' in found ? [`${qualified(write.resource)} ${quoted(found.missing.name)} not found`] : [],
  );
  const who = `user ${quoted(user.name)} (groups=${quotedList(user.groups)})`;
  const what = [...new Set(compacted(lacking).map(described))].sort().join('\n');
  const why = faults.length > 0 ? `; resolution errors: [${aggregated(faults)}]` : '';
  throw refusal(write, `${who} is attempting to grant RBAC permissions not currently held:\n${what}${why}`);
}

const refusal = ({ resource, object }: RbacWrite, why: string): StatusError =>
  forbidden(resource, object.metadata.name ?? '', why);

/** Rules about the same resource, as one with all verbs. */
function compacted(rules: readonly PolicyRule[]): PolicyRule[] {
  const byWhat = new Map<string, PolicyRule>();
  for (const rule of rules.filter((each) => !each.nonResourceURLs)) {
    const { verbs, ...what } = rule;
    const key = JSON.stringify(what);
    byWhat.set(key, { ...what, verbs: [...(byWhat.get(key)?.verbs ?? []), ...verbs] });
  }
  return [...rules.filter((each) => each.nonResourceURLs), ...byWhat.values()];
}

function described(rule: PolicyRule): string {
  const parts = [
    ['APIGroups', rule.apiGroups],
    ['Resources', rule.resources],
    ['NonResourceURLs', rule.nonResourceURLs],
    ['ResourceNames', rule.resourceNames],
    ['Verbs', rule.verbs],
  ] as const;
  const filled = parts.flatMap(([name, values]) => (values?.length ? `${name}:${quotedList(values)}` : []));
  return `{${filled.join(', ')}}`;
}

/** The garbage collector must be able to end a role whoever may grant it. */
function isOnlyCollected(object: StoredObject, before: StoredObject): boolean {
  const without = ({ metadata, ...rest }: StoredObject) => {
    const { ownerReferences: _owners, finalizers: _finalizers, managedFields: _fields, ...kept } = metadata;
    return { ...rest, metadata: kept };
  };
  return isDeepStrictEqual(without(object), without(before));
}
