import { describe, expect, it } from 'vitest';
import { accessDenied, authorize } from '../../../../../infra/world/kubernetes/auth/index.ts';
import type { Attributes, PolicyRule } from '../../../../../infra/world/kubernetes/auth/rules.ts';
import { aCluster } from './aCluster.ts';

const jane = { name: 'jane', groups: ['devs', 'system:authenticated'] };
const pods = { group: '', resource: 'pods' };

const clusterWide = (rule: PolicyRule) =>
  aCluster([
    { kind: 'ClusterRole', at: 'r', rules: [rule] },
    {
      kind: 'ClusterRoleBinding',
      at: 'b',
      roleRef: { kind: 'ClusterRole', name: 'r' },
      subjects: [{ kind: 'User', name: 'jane' }],
    },
  ]);

describe('a rule', () => {
  const rows: [string, PolicyRule, Attributes, boolean][] = [
    [
      'allows its verb on its resource',
      { verbs: ['get'], apiGroups: [''], resources: ['pods'] },
      { verb: 'get', ...pods },
      true,
    ],
    [
      'allows no other verb',
      { verbs: ['get'], apiGroups: [''], resources: ['pods'] },
      { verb: 'list', ...pods },
      false,
    ],
    [
      'allows no other group',
      { verbs: ['get'], apiGroups: ['apps'], resources: ['pods'] },
      { verb: 'get', ...pods },
      false,
    ],
    [
      'with stars allows everything',
      { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
      { verb: 'x', group: 'g', resource: 'r', subresource: 's' },
      true,
    ],
    [
      'of a resource does not reach its subresources',
      { verbs: ['get'], apiGroups: [''], resources: ['pods'] },
      { verb: 'get', ...pods, subresource: 'log' },
      false,
    ],
    [
      'of */log reaches the logs of anything',
      { verbs: ['get'], apiGroups: [''], resources: ['*/log'] },
      { verb: 'get', ...pods, subresource: 'log' },
      true,
    ],
    [
      'of */log does not reach the resource',
      { verbs: ['get'], apiGroups: [''], resources: ['*/log'] },
      { verb: 'get', ...pods },
      false,
    ],
    [
      'with names allows these',
      { verbs: ['get'], apiGroups: [''], resources: ['pods'], resourceNames: ['a', 'b'] },
      { verb: 'get', ...pods, name: 'b' },
      true,
    ],
    [
      'with names allows no request without one',
      { verbs: ['list'], apiGroups: [''], resources: ['pods'], resourceNames: ['a'] },
      { verb: 'list', ...pods },
      false,
    ],
    [
      'of a URL allows it',
      { verbs: ['get'], nonResourceURLs: ['/metrics'] },
      { verb: 'get', path: '/metrics' },
      true,
    ],
    [
      'of a URL with a star allows what is below',
      { verbs: ['get'], nonResourceURLs: ['/healthz/*'] },
      { verb: 'get', path: '/healthz/etcd' },
      true,
    ],
    [
      'of a URL with a star does not allow the URL above',
      { verbs: ['get'], nonResourceURLs: ['/healthz/*'] },
      { verb: 'get', path: '/healthz' },
      false,
    ],
    [
      'of resources allows no URL',
      { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
      { verb: 'get', path: '/metrics' },
      false,
    ],
  ];
  it.each(rows)('%s', (_, rule, asked, allowed) => {
    expect(authorize(clusterWide(rule), jane, asked).allowed).toBe(allowed);
  });
});

describe('authorize', () => {
  const reader = {
    kind: 'ClusterRole',
    at: 'reader',
    rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }],
  };
  const binding = (subject: object) => ({
    kind: 'RoleBinding',
    at: 'shop/readers',
    roleRef: { kind: 'ClusterRole', name: 'reader' },
    subjects: [subject],
  });

  it('names the binding that lets a user do it', () => {
    const cluster = aCluster([reader, binding({ kind: 'Group', name: 'devs' })]);
    expect(authorize(cluster, jane, { verb: 'get', ...pods, namespace: 'shop' })).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by RoleBinding "readers/shop" of ClusterRole "reader" to Group "devs"',
    });
  });

  it('keeps a role bound in one namespace out of others', () => {
    const cluster = aCluster([reader, binding({ kind: 'Group', name: 'devs' })]);
    expect(authorize(cluster, jane, { verb: 'get', ...pods, namespace: 'bank' }).allowed).toBe(false);
    expect(authorize(cluster, jane, { verb: 'get', ...pods }).allowed).toBe(false);
  });

  it('takes a service account without a namespace as one of the binding’s', () => {
    const cluster = aCluster([reader, binding({ kind: 'ServiceAccount', name: 'robot' })]);
    const robot = { name: 'system:serviceaccount:shop:robot', groups: [] };
    expect(authorize(cluster, robot, { verb: 'get', ...pods, namespace: 'shop' })).toEqual({
      allowed: true,
      reason:
        'RBAC: allowed by RoleBinding "readers/shop" of ClusterRole "reader" to ServiceAccount "robot/shop"',
    });
  });

  it('tells of a binding whose role is missing, when nothing else allows', () => {
    const cluster = aCluster([binding({ kind: 'User', name: 'jane' })]);
    expect(authorize(cluster, jane, { verb: 'get', ...pods, namespace: 'shop' })).toEqual({
      allowed: false,
      reason: 'rbac: RBAC: clusterrole.rbac.authorization.k8s.io "reader" not found',
    });
  });

  it('sees a role that is written later', () => {
    const cluster = aCluster([binding({ kind: 'User', name: 'jane' })]);
    const asked = { verb: 'get', ...pods, namespace: 'shop' };
    expect(authorize(cluster, jane, asked).allowed).toBe(false);
    cluster.objects.put(
      { group: 'rbac.authorization.k8s.io', name: 'clusterroles' },
      { metadata: { name: 'reader' }, rules: reader.rules },
    );
    expect(authorize(cluster, jane, asked).allowed).toBe(true);
  });

  it('lets system:masters do anything', () => {
    expect(
      authorize(aCluster(), { name: 'root', groups: ['system:masters'] }, { verb: 'x', path: '/' }),
    ).toEqual({
      allowed: true,
      reason: '',
    });
  });
});

describe('a refusal', () => {
  const rows: [Attributes, string, object][] = [
    [
      { verb: 'list', group: '', resource: 'nodes' },
      'nodes is forbidden: User "jane" cannot list resource "nodes" in API group "" at the cluster scope',
      { kind: 'nodes' },
    ],
    [
      {
        verb: 'get',
        group: 'apps',
        resource: 'deployments',
        subresource: 'scale',
        namespace: 'shop',
        name: 'web',
      },
      'deployments.apps "web" is forbidden: User "jane" cannot get resource "deployments/scale" in API group "apps" in the namespace "shop"',
      { name: 'web', group: 'apps', kind: 'deployments' },
    ],
    [{ verb: 'get', path: '/metrics' }, 'forbidden: User "jane" cannot get path "/metrics"', {}],
  ];
  it.each(rows)('of %j is worded as the server words it', (asked, message, details) => {
    const { status, headers } = accessDenied(jane, asked, '');
    expect(headers).toEqual({ 'x-content-type-options': 'nosniff' });
    expect(status).toMatchObject({ code: 403, reason: 'Forbidden', message });
    expect(status.details).toEqual(details);
  });

  it('cannot be read as HTML', () => {
    const { message } = accessDenied({ name: '<b>&', groups: [] }, { verb: 'get', path: '/' }, 'x');
    expect(message).toBe('forbidden: User "&lt;b&gt;&amp;" cannot get path "/": x');
  });
});
