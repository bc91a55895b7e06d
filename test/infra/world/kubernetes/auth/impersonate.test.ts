import { describe, expect, it } from 'vitest';
import { impersonate } from '../../../../../infra/world/kubernetes/auth/index.ts';
import { StatusError } from '../../../../../infra/world/kubernetes/status.ts';
import { aCluster } from './aCluster.ts';

const root = { name: 'root', groups: ['system:masters', 'system:authenticated'] };
const jane = { name: 'jane', groups: ['system:authenticated'] };
const listPods = { verb: 'list', group: '', resource: 'pods', namespace: 'shop' };

const holding = (...rules: object[]) =>
  aCluster([
    { kind: 'ClusterRole', at: 'own', rules },
    {
      kind: 'ClusterRoleBinding',
      at: 'own',
      roleRef: { kind: 'ClusterRole', name: 'own' },
      subjects: [{ kind: 'User', name: 'jane' }],
    },
  ]);

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof StatusError) return error.message;
    throw error;
  }
  return 'nothing was refused';
}

describe('whom a request counts as', () => {
  const rows: [string, Record<string, string>, object][] = [
    ['nobody else', {}, root],
    ['a user', { 'impersonate-user': 'bob' }, { name: 'bob', groups: ['system:authenticated'], extra: {} }],
    [
      'a user with groups, uid and extras',
      {
        'impersonate-user': 'bob',
        'impersonate-group': 'a\nb, c',
        'impersonate-uid': '7',
        'impersonate-extra-example.com%2fscope': 'x\ny',
      },
      {
        name: 'bob',
        uid: '7',
        groups: ['a', 'b, c', 'system:authenticated'],
        extra: { 'example.com/scope': ['x', 'y'] },
      },
    ],
    [
      'a service account with its groups',
      { 'impersonate-user': 'system:serviceaccount:shop:robot' },
      {
        name: 'system:serviceaccount:shop:robot',
        groups: ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated'],
        extra: {},
      },
    ],
    [
      'a node with its group',
      { 'impersonate-user': 'system:node:n1' },
      { name: 'system:node:n1', groups: ['system:nodes', 'system:authenticated'], extra: {} },
    ],
    [
      'nobody in particular',
      { 'impersonate-user': 'system:anonymous' },
      { name: 'system:anonymous', groups: ['system:unauthenticated'], extra: {} },
    ],
    [
      'an administrator by the old right alone',
      { 'impersonate-user': 'bob', 'impersonate-group': 'system:masters' },
      { name: 'bob', groups: ['system:masters', 'system:authenticated'], extra: {} },
    ],
  ];
  it.each(rows)('%s', (_, headers, user) => {
    expect(impersonate(aCluster(), root, headers, listPods)).toEqual(user);
  });
});

it('refuses whoever may not, in the words of the first way there is', () => {
  expect(refusal(() => impersonate(aCluster(), jane, { 'impersonate-user': 'bob' }, listPods))).toBe(
    'pods is forbidden: User "jane" cannot impersonate-on:user-info:list resource "pods" in API group "" in the namespace "shop"',
  );
});

it('lets whoever holds the old right act as those it names', () => {
  const cluster = holding({
    verbs: ['impersonate'],
    apiGroups: [''],
    resources: ['users'],
    resourceNames: ['bob'],
  });
  expect(impersonate(cluster, jane, { 'impersonate-user': 'bob' }, listPods).name).toBe('bob');
  expect(refusal(() => impersonate(cluster, jane, { 'impersonate-user': 'eve' }, listPods))).toBe(
    'users "eve" is forbidden: User "jane" cannot impersonate resource "users" in API group "" at the cluster scope',
  );
});

it('lets whoever may act as another on some things do these alone', () => {
  const cluster = holding(
    { verbs: ['impersonate:user-info'], apiGroups: ['authentication.k8s.io'], resources: ['users'] },
    { verbs: ['impersonate-on:user-info:list'], apiGroups: [''], resources: ['pods'] },
  );
  expect(impersonate(cluster, jane, { 'impersonate-user': 'bob' }, listPods).name).toBe('bob');
  expect(
    refusal(() => impersonate(cluster, jane, { 'impersonate-user': 'bob' }, { ...listPods, verb: 'get' })),
  ).toContain('cannot impersonate-on:user-info:get resource "pods"');
});

it('keeps the privileged group from whoever has only the narrower right', () => {
  const cluster = holding(
    { verbs: ['impersonate:user-info'], apiGroups: ['authentication.k8s.io'], resources: ['*'] },
    { verbs: ['impersonate-on:user-info:list'], apiGroups: [''], resources: ['pods'] },
  );
  const headers = { 'impersonate-user': 'bob', 'impersonate-group': 'system:masters' };
  expect(refusal(() => impersonate(cluster, jane, headers, listPods))).toBe(
    'groups.authentication.k8s.io "system:masters" is forbidden: User "jane" cannot impersonate:user-info resource "groups" in API group "authentication.k8s.io" at the cluster scope: impersonating the system:masters group is not allowed',
  );
});

it('asks for a user when only groups are named', () => {
  expect(refusal(() => impersonate(aCluster(), root, { 'impersonate-group': 'a' }, listPods))).toBe(
    'requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string{"a"}, Extra:map[string][]string(nil)} without impersonating a user name',
  );
});
