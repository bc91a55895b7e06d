import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import {
  authorize,
  impersonate,
  refuseEscalation,
  requireAccess,
  virtual,
} from '../../infra/world/kubernetes/auth/index.ts';
import type { Attributes, PolicyRule } from '../../infra/world/kubernetes/auth/rules.ts';
import type { KubeObject, User } from '../../infra/world/kubernetes/objects.ts';
import { StatusError } from '../../infra/world/kubernetes/status.ts';
import { aCluster } from '../infra/world/kubernetes/auth/aCluster.ts';
import { type Connection, connect } from './controlPlane/connection.ts';

/**
 * Random roles and bindings on the real server, and the same ones here: every question about them is answered alike.
 * `RBAC_SEED` draws others.
 */
const seed = Number(process.env.RBAC_SEED ?? 3);
const real = inject('real');
const namespace = `fidelity-rbac-${randomUUID().slice(0, 8)}`;
const group = 'rbac.authorization.k8s.io';
const cluster = aCluster();
let admin: Connection;

const name = (text: string) => `${namespace}-${text}`;
const some = <T>(values: T[], maxLength = 3) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength });
const one = <T>(...values: T[]) => fc.constantFrom(...values);

const resourceNames = [
  'pods',
  'pods/log',
  '*/log',
  'deployments',
  'deployments/scale',
  '*/scale',
  'secrets',
  '*',
];
const paths = ['/healthz', '/healthz/etcd', '/metrics', '/x/y'];
const verbs = ['get', 'list', 'create', 'delete', '*'];
const users = ['u0', 'u1', 'u2'].map(name);
const groups = ['g0', 'g1'].map(name);
const accounts = ['sa0', 'sa1'];

const resourceRule: fc.Arbitrary<PolicyRule> = fc
  .record({
    verbs: some(verbs),
    apiGroups: some(['', 'apps', '*'], 2),
    resources: some(resourceNames),
    resourceNames: fc.option(some(['a', 'b'], 2), { nil: undefined, freq: 2 }),
  })
  .map(({ resourceNames, ...rule }) => (resourceNames ? { ...rule, resourceNames } : rule));
const urlRule: fc.Arbitrary<PolicyRule> = fc.record({
  verbs: some(verbs),
  nonResourceURLs: some([...paths, '/healthz/*', '/x*', '*'], 2),
});
const subject = fc.oneof(
  one(...users).map((user) => ({ kind: 'User', apiGroup: group, name: user })),
  one(...groups).map((each) => ({ kind: 'Group', apiGroup: group, name: each })),
  one(...accounts).map((each) => ({ kind: 'ServiceAccount', name: each, namespace })),
);
const clusterRoleNames = ['c0', 'c1', 'c2', 'c3', 'missing'].map(name);
const roleNames = ['r0', 'r1', 'r2', 'missing'].map(name);
const roleRef = (inNamespace: boolean) =>
  fc.oneof(
    one(...clusterRoleNames).map((each) => ({ apiGroup: group, kind: 'ClusterRole', name: each })),
    ...(inNamespace
      ? [one(...roleNames).map((each) => ({ apiGroup: group, kind: 'Role', name: each }))]
      : []),
  );
const binding = (inNamespace: boolean) =>
  fc.record({ roleRef: roleRef(inNamespace), subjects: fc.array(subject, { minLength: 1, maxLength: 3 }) });
const user: fc.Arbitrary<User> = fc.oneof(
  fc.record({ name: one(...users), groups: fc.uniqueArray(one(...groups), { maxLength: 1 }) }),
  one(...accounts).map((each) => ({
    name: `system:serviceaccount:${namespace}:${each}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
  })),
);
const attributes: fc.Arbitrary<Attributes> = fc.oneof(
  fc.record({ verb: one('get', 'list', 'create', 'watch'), path: one(...paths) }),
  fc
    .record({
      verb: one('get', 'list', 'create', 'watch'),
      group: one('', 'apps', 'batch'),
      what: one('pods', 'pods/log', 'deployments', 'deployments/scale', 'secrets'),
      namespace: one(namespace, 'default', ''),
      name: one('a', 'b', 'c', ''),
    })
    .map(({ what, ...asked }) => ({
      ...asked,
      resource: what.split('/')[0]!,
      subresource: what.split('/')[1] ?? '',
    })),
);

const authentication = 'authentication.k8s.io';
const wantedUsers = ['bob', 'eve', 'system:node:n1', 'system:serviceaccount:a:b', 'system:anonymous'];
const modes = ['user-info', 'serviceaccount', 'arbitrary-node', 'associated-node'];
const impersonation = fc.oneof(
  fc.record({
    verbs: some(['impersonate', ...modes.map((mode) => `impersonate:${mode}`)]),
    apiGroups: some(['', authentication], 2),
    resources: some(
      ['users', 'groups', 'uids', 'userextras/example.com/scope', 'serviceaccounts', 'nodes', '*'],
      4,
    ),
  }),
  fc.record({
    verbs: some([...modes.map((mode) => `impersonate-on:${mode}:create`), '*']),
    apiGroups: fc.constant<string[]>([authentication]),
    resources: fc.constant<string[]>(['selfsubjectreviews']),
  }),
);
const extraKeys = ['impersonate-extra-scope', 'impersonate-extra-example.com%2fscope'];
const wanted: fc.Arbitrary<Record<string, string>> = fc
  .record(
    {
      'impersonate-user': one(...wantedUsers),
      'impersonate-group': one('g', 'system:masters', 'system:unauthenticated'),
      'impersonate-uid': fc.constant('7'),
      extra: one(...extraKeys),
    },
    { requiredKeys: ['impersonate-user'] },
  )
  .map(({ extra, ...headers }) => (extra ? { ...headers, [extra]: 'x' } : headers));

let drawn = 0;
const sample = <T>(arbitrary: fc.Arbitrary<T>, numRuns: number): T[] =>
  fc.sample(arbitrary, { seed: seed + drawn++, numRuns });

const base = (resource: string) =>
  `/apis/${group}/v1/${resource.startsWith('cluster') ? '' : `namespaces/${namespace}/`}${resource}`;

beforeAll(async () => {
  admin = connect(real);
  await created('/api/v1/namespaces', { metadata: { name: namespace } });
  const rules = fc.array(fc.oneof(resourceRule, urlRule), { maxLength: 3 });
  const inNamespace = fc.array(resourceRule, { maxLength: 3 });
  const many: [string, object[]][] = [
    ['clusterroles', sample(rules, 4).map((each, i) => aRole(`c${i}`, each))],
    ['roles', sample(inNamespace, 3).map((each, i) => aRole(`r${i}`, each))],
    ['clusterrolebindings', sample(binding(false), 6).map((each, i) => aBinding(`b${i}`, each))],
    ['rolebindings', sample(binding(true), 8).map((each, i) => aBinding(`b${i}`, each))],
  ];
  // All may write roles and bindings, so that what they are refused for is escalation.
  const writes = [{ verbs: ['create'], apiGroups: [group], resources: ['*'] }];
  many[0]![1].push(aRole('writer', writes));
  const subjects = [
    ...users.map((each) => ({ kind: 'User', apiGroup: group, name: each })),
    { kind: 'Group', apiGroup: group, name: `system:serviceaccounts:${namespace}` },
  ];
  const writer = { roleRef: { apiGroup: group, kind: 'ClusterRole', name: name('writer') }, subjects };
  many[2]![1].push(aBinding('writer', writer));
  for (const account of accounts) {
    const [held] = sample(fc.array<PolicyRule>(impersonation, { minLength: 2, maxLength: 6 }), 1);
    many[0]![1].push(aRole(`act-${account}`, held!));
    const actor = {
      roleRef: { apiGroup: group, kind: 'ClusterRole', name: name(`act-${account}`) },
      subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
    };
    many[2]![1].push(aBinding(`act-${account}`, actor));
    await created(`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: account } });
  }
  for (const [resource, objects] of many) {
    for (const object of objects) await created(base(resource), object);
    const all = await admin.send('GET', `/apis/${group}/v1/${resource}`);
    for (const item of all.body.items) cluster.objects.put({ group, name: resource }, item);
  }
});

afterAll(async () => {
  const mine = (resource: string) =>
    cluster.objects
      .list({ group, name: resource })
      .filter((each) => each.metadata.name!.startsWith(namespace));
  for (const resource of ['clusterrolebindings', 'clusterroles']) {
    for (const { metadata } of mine(resource))
      await admin.send('DELETE', `${base(resource)}/${metadata.name}`);
  }
  await admin.send('DELETE', `/api/v1/namespaces/${namespace}`);
  await admin.close();
});

const aRole = (text: string, rules: readonly PolicyRule[]) => ({ metadata: { name: name(text) }, rules });
const aBinding = (text: string, of: object) => ({ metadata: { name: name(text) }, ...of });

async function created(path: string, body: object): Promise<void> {
  const answer = await admin.send('POST', path, { body });
  if (answer.status !== 201) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
}

/** The server keeps bindings in no order: of several that allow, it names any; of faults, each once. */
const inAnyOrder = (reason: string): string[] =>
  reason
    .replace(/^(rbac: RBAC: )?\[?/, '')
    .replace(/\]$/, '')
    .split(', ')
    .sort();

describe(`with seed ${seed}`, () => {
  test('access reviews', async () => {
    const questions = sample(fc.tuple(user, attributes), 400);
    const answers = await Promise.all(questions.map(([who, asked]) => review(who, asked)));
    let allowed = 0;
    for (const [i, [who, asked]] of questions.entries()) {
      const mine = authorize(cluster, who, asked);
      const theirs = answers[i]!;
      expect(mine.allowed, JSON.stringify([who, asked, theirs])).toBe(theirs.allowed);
      if (mine.allowed) allowed++;
      else expect(inAnyOrder(mine.reason)).toEqual(inAnyOrder(theirs.reason ?? ''));
    }
    expect(allowed).toBeGreaterThan(0);
    expect(allowed).toBeLessThan(questions.length);
  });

  test('lists of rules', async () => {
    for (const who of sample(user, 20)) {
      const body: KubeObject = {
        kind: 'SelfSubjectRulesReview',
        apiVersion: 'authorization.k8s.io/v1',
        metadata: {},
        spec: { namespace },
      };
      const path = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
      const theirs = await as(who, path, body);
      const marked = { ...who, groups: [...who.groups, 'system:authenticated'] };
      const mine = virtual['authorization.k8s.io/selfsubjectrulesreviews']!({ cluster, user: marked, body });
      expect(sorted(mine.status)).toEqual(sorted(theirs.body.status));
    }
  });

  test('roles and bindings that grant more than their author has', async () => {
    const rules = fc.array(resourceRule, { minLength: 1, maxLength: 2 });
    const writes = [
      ...sample(fc.tuple(user, rules), 60).map(([who, each]) => [who, 'roles', aRole('new', each)] as const),
      ...sample(fc.tuple(user, fc.array(urlRule, { maxLength: 2 })), 30).map(
        ([who, each]) => [who, 'clusterroles', aRole('new', each)] as const,
      ),
      ...sample(fc.tuple(user, binding(true)), 60).map(
        ([who, each]) => [who, 'rolebindings', aBinding('new', each)] as const,
      ),
      ...sample(fc.tuple(user, binding(false)), 30).map(
        ([who, each]) => [who, 'clusterrolebindings', aBinding('new', each)] as const,
      ),
    ];
    let refused = 0;
    for (const [who, resource, object] of writes) {
      const theirs = await as(who, `${base(resource)}?dryRun=All`, object);
      const mine = escalation(who, resource, object);
      expect(plain(mine ?? 'allowed')).toEqual(
        plain(theirs.status === 201 ? 'allowed' : theirs.body.message),
      );
      if (mine) refused++;
    }
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan(writes.length);
  });
});

test(`acting as others, with seed ${seed}`, async () => {
  const stranger = connect({ server: real.server, caPem: real.caPem });
  const path = `/apis/${authentication}/v1/selfsubjectreviews`;
  const body = { kind: 'SelfSubjectReview', apiVersion: `${authentication}/v1` };
  let allowed = 0;
  for (const account of accounts) {
    const at = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
    const { body: issued } = await admin.send('POST', at, { body: { spec: {} } });
    const authorization = `Bearer ${issued.status.token}`;
    const { body: own } = await stranger.send('POST', path, { body, headers: { authorization } });
    const requester: User = { ...own.status.userInfo, name: own.status.userInfo.username };
    for (const headers of sample(wanted, 60)) {
      const theirs = await stranger.send('POST', path, { body, headers: { ...headers, authorization } });
      const mine = acting(requester, headers);
      const what = JSON.stringify(headers);
      if (theirs.status === 201) allowed += 1;
      expect(plain(mine), what).toEqual(
        plain(theirs.status === 201 ? JSON.stringify(theirs.body.status.userInfo) : theirs.body.message),
      );
    }
  }
  await stranger.close();
  expect(allowed).toBeGreaterThan(0);
});

/** Who it is then, or why not. */
function acting(requester: User, headers: Record<string, string>): string {
  const asked = { verb: 'create', group: authentication, resource: 'selfsubjectreviews' };
  try {
    const who = impersonate(cluster, requester, headers, asked);
    requireAccess(cluster, who, asked);
    const key = `${authentication}/selfsubjectreviews`;
    const body: KubeObject = { kind: 'SelfSubjectReview', apiVersion: `${authentication}/v1`, metadata: {} };
    const { status } = virtual[key]!({ cluster, user: who, body });
    return JSON.stringify((status as { userInfo: object }).userInfo);
  } catch (error) {
    if (error instanceof StatusError) return error.message;
    throw error;
  }
}

async function review(who: User, asked: Attributes): Promise<{ allowed: boolean; reason?: string }> {
  const question = 'path' in asked ? { nonResourceAttributes: asked } : { resourceAttributes: asked };
  const { body } = await admin.send('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
    body: { spec: { user: who.name, groups: who.groups, ...question } },
  });
  return body.status;
}

/** A service account's groups are the server's to know; of others one can be said in a header. */
const as = (who: User, path: string, body: unknown) => {
  const [first] = who.name.startsWith('system:serviceaccount:') ? [] : who.groups;
  const headers = { 'impersonate-user': who.name, ...(first ? { 'impersonate-group': first } : {}) };
  return admin.send('POST', path, { body, headers });
};

function escalation(who: User, resource: string, object: object): string | undefined {
  try {
    const marked = { ...who, groups: [...who.groups, 'system:authenticated'] };
    const inside = resource.startsWith('cluster') ? undefined : namespace;
    refuseEscalation(cluster, marked, {
      resource: { group, name: resource },
      namespace: inside,
      object: object as { metadata: object },
    });
    return undefined;
  } catch (error) {
    if (error instanceof StatusError) return error.message;
    throw error;
  }
}

/** Faults of bindings come in any order. */
const plain = (message: string): string[] => message.split(/; resolution errors: \[+|, |\]+$/).sort();

const sorted = (status: unknown) => {
  const {
    resourceRules,
    nonResourceRules,
    evaluationError = '',
    ...rest
  } = status as {
    resourceRules: object[];
    nonResourceRules: object[];
    evaluationError?: string;
  };
  const inOrder = (rules: object[]) =>
    rules.map((rule) => JSON.stringify(rule, Object.keys(rule).sort())).sort();
  return {
    ...rest,
    resourceRules: inOrder(resourceRules),
    nonResourceRules: inOrder(nonResourceRules),
    faults: inAnyOrder(evaluationError),
  };
};
