import { describe, expect, it } from 'vitest';
import { type VirtualRequest, virtual } from '../../../../../infra/world/kubernetes/auth/index.ts';
import { StatusError } from '../../../../../infra/world/kubernetes/status.ts';
import { aCluster } from './aCluster.ts';

const jane = { name: 'jane', uid: '7', groups: ['system:authenticated'], extra: { a: ['b'] } };

const cluster = aCluster([
  {
    kind: 'ClusterRole',
    at: 'basics',
    rules: [
      { verbs: ['get'], apiGroups: [''], resources: ['pods'], resourceNames: ['a'] },
      { verbs: ['get'], nonResourceURLs: ['/version'] },
    ],
  },
  {
    kind: 'ClusterRoleBinding',
    at: 'basics',
    roleRef: { kind: 'ClusterRole', name: 'basics' },
    subjects: [{ kind: 'User', name: 'jane' }],
  },
  {
    kind: 'RoleBinding',
    at: 'shop/broken',
    roleRef: { kind: 'Role', name: 'none' },
    subjects: [{ kind: 'User', name: 'jane' }],
  },
]);

const allowed = {
  allowed: true,
  reason: 'RBAC: allowed by ClusterRoleBinding "basics" of ClusterRole "basics" to User "jane"',
};

const answered = (
  kind: string,
  spec: object | undefined,
  more: Partial<VirtualRequest> = {},
  metadata = {},
) => {
  const group = /Access|Rules/.test(kind) ? 'authorization.k8s.io' : 'authentication.k8s.io';
  const body = { kind, apiVersion: `${group}/v1`, metadata, ...(spec ? { spec } : {}) };
  return virtual[`${group}/${kind.toLowerCase()}s`]!({ cluster, user: jane, body, ...more });
};

const refusal = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof StatusError) return error.message;
    throw error;
  }
  return 'nothing was refused';
};

it('tells the requester who he is', () => {
  expect(answered('SelfSubjectReview', undefined)).toEqual({
    kind: 'SelfSubjectReview',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { creationTimestamp: '2026-03-01T10:00:00Z' },
    status: {
      userInfo: { username: 'jane', uid: '7', groups: ['system:authenticated'], extra: { a: ['b'] } },
    },
  });
});

it('tells what a token is when it is nobody’s, and asks for one', () => {
  expect(answered('TokenReview', { token: 'x' }).status).toEqual({
    user: {},
    error: 'invalid bearer token',
  });
  expect(refusal(() => answered('TokenReview', {}))).toBe(
    'token is required for TokenReview in authentication',
  );
});

describe('an access review', () => {
  const pod = { verb: 'get', resource: 'pods', name: 'a' };

  it('says whether the requester may, and why', () => {
    expect(answered('SelfSubjectAccessReview', { resourceAttributes: pod })).toEqual({
      kind: 'SelfSubjectAccessReview',
      apiVersion: 'authorization.k8s.io/v1',
      metadata: {},
      spec: { resourceAttributes: pod },
      status: allowed,
    });
    const path = { nonResourceAttributes: { verb: 'get', path: '/version' } };
    expect(answered('SelfSubjectAccessReview', path).status).toEqual(allowed);
    expect(
      answered('SelfSubjectAccessReview', { resourceAttributes: { ...pod, name: 'b', namespace: 'shop' } })
        .status,
    ).toEqual({ allowed: false, reason: 'rbac: RBAC: role.rbac.authorization.k8s.io "none" not found' });
  });

  it('says whether another may', () => {
    expect(answered('SubjectAccessReview', { user: 'jane', resourceAttributes: pod }).status).toEqual(
      allowed,
    );
    expect(answered('SubjectAccessReview', { user: 'bob', resourceAttributes: pod }).status).toEqual({
      allowed: false,
    });
    const local = { user: 'jane', resourceAttributes: { ...pod, namespace: 'bank' } };
    expect(
      answered('LocalSubjectAccessReview', local, { namespace: 'bank' }, { namespace: 'bank' }).status,
    ).toEqual(allowed);
  });

  const refusals: [string, string, object, string][] = [
    [
      'without a question',
      'SelfSubjectAccessReview',
      {},
      'spec: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
    ],
    [
      'about nobody',
      'SubjectAccessReview',
      { resourceAttributes: pod },
      'spec.user: Invalid value: "": at least one of user or group must be specified',
    ],
    [
      'of a namespace about another',
      'LocalSubjectAccessReview',
      { user: 'jane', resourceAttributes: { ...pod, namespace: 'x' } },
      'spec.resourceAttributes.namespace: Invalid value: "x": must match metadata.namespace',
    ],
  ];
  it.each(refusals)('%s is refused', (_, kind, spec, why) => {
    expect(refusal(() => answered(kind, spec))).toBe(`.authorization.k8s.io "" is invalid: ${why}`);
  });
});

it('lists what the requester may do in a namespace, and what is broken there', () => {
  expect(answered('SelfSubjectRulesReview', { namespace: 'shop' })).toEqual({
    kind: 'SelfSubjectRulesReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec: {},
    status: {
      resourceRules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'], resourceNames: ['a'] }],
      nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/version'] }],
      incomplete: false,
      evaluationError: 'role.rbac.authorization.k8s.io "none" not found',
    },
  });
  expect(refusal(() => answered('SelfSubjectRulesReview', {}))).toBe('no namespace on request');
});
