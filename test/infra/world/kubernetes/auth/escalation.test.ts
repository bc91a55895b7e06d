import { expect, it } from 'vitest';
import { type RbacWrite, refuseEscalation } from '../../../../../infra/world/kubernetes/auth/index.ts';
import type { PolicyRule } from '../../../../../infra/world/kubernetes/auth/rules.ts';
import { StatusError } from '../../../../../infra/world/kubernetes/status.ts';
import { aCluster } from './aCluster.ts';

const group = 'rbac.authorization.k8s.io';
const jane = { name: 'jane', groups: ['devs', 'system:authenticated'] };

const holding = (...rules: PolicyRule[]) =>
  aCluster([
    { kind: 'ClusterRole', at: 'own', rules },
    {
      kind: 'ClusterRoleBinding',
      at: 'own',
      roleRef: { kind: 'ClusterRole', name: 'own' },
      subjects: [{ kind: 'User', name: 'jane' }],
    },
    {
      kind: 'ClusterRole',
      at: 'secret-reader',
      rules: [{ verbs: ['get'], apiGroups: [''], resources: ['secrets'] }],
    },
  ]);

const role = (...rules: PolicyRule[]): RbacWrite => ({
  resource: { group, name: 'clusterroles' },
  object: { metadata: { name: 'new' }, rules },
});

const binding: RbacWrite = {
  resource: { group, name: 'rolebindings' },
  namespace: 'shop',
  object: {
    metadata: { name: 'new', namespace: 'shop' },
    roleRef: { kind: 'ClusterRole', name: 'secret-reader' },
  },
};

function refused(cluster: ReturnType<typeof aCluster>, write: RbacWrite): string | undefined {
  try {
    refuseEscalation(cluster, jane, write);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(StatusError);
    return (error as StatusError).message;
  }
}

const readPods = { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods'] };

it('lets a role grant what its author has', () => {
  expect(refused(holding(readPods), role({ ...readPods, verbs: ['list'] }))).toBeUndefined();
  expect(refused(holding(readPods), role({ ...readPods, resourceNames: ['a'] }))).toBeUndefined();
});

it('names what a role would grant beyond, verbs of a resource together, sorted', () => {
  const wanted = { verbs: ['get', 'delete', 'watch'], apiGroups: ['', 'apps'], resources: ['pods'] };
  expect(refused(holding(readPods), role(wanted, { verbs: ['get'], nonResourceURLs: ['/x'] }))).toBe(
    [
      'clusterroles.rbac.authorization.k8s.io "new" is forbidden: user "jane" (groups=["devs" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:',
      '{APIGroups:[""], Resources:["pods"], Verbs:["delete" "watch"]}',
      '{APIGroups:["apps"], Resources:["pods"], Verbs:["get" "delete" "watch"]}',
      '{NonResourceURLs:["/x"], Verbs:["get"]}',
    ].join('\n'),
  );
});

it('does not take a right to some names for the right to all', () => {
  expect(refused(holding({ ...readPods, resourceNames: ['a'] }), role(readPods))).toContain(
    '{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}',
  );
});

it('lets those escalate who may', () => {
  const may = { verbs: ['escalate'], apiGroups: [group], resources: ['clusterroles'] };
  expect(refused(holding(may), role(readPods))).toBeUndefined();
});

it('lets only who may do everything gather roles', () => {
  const write = role();
  const gathering = {
    ...write,
    object: { ...write.object, aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] } },
  };
  expect(refused(holding(readPods), gathering)).toBe(
    'clusterroles.rbac.authorization.k8s.io "new" is forbidden: must have cluster-admin privileges to use the aggregationRule',
  );
});

it('refuses to bind a role that holds more, unless one may bind it', () => {
  expect(refused(holding(readPods), binding)).toBe(
    'rolebindings.rbac.authorization.k8s.io "new" is forbidden: user "jane" (groups=["devs" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}',
  );
  const may = {
    verbs: ['bind'],
    apiGroups: [group],
    resources: ['clusterroles'],
    resourceNames: ['secret-reader'],
  };
  expect(refused(holding(may), binding)).toBeUndefined();
});

it('answers a binding to a missing role as not found', () => {
  const object = { ...binding.object, roleRef: { kind: 'Role', name: 'none' } };
  expect(refused(holding(), { ...binding, object })).toBe(
    'rolebindings.rbac.authorization.k8s.io "none" not found',
  );
});

it('lets a change of owners alone pass', () => {
  const before = role(readPods).object;
  const object = { ...before, metadata: { ...before.metadata, finalizers: ['x'] } };
  expect(refused(holding(), { ...role(), object, before })).toBeUndefined();
});
