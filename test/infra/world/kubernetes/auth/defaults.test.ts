import { describe, expect, it } from 'vitest';
import {
  admitServiceAccount,
  aggregateClusterRoles,
  namespaceDefaults,
} from '../../../../../infra/world/kubernetes/auth/index.ts';
import type { KubeObject } from '../../../../../infra/world/kubernetes/objects.ts';
import { aCluster } from './aCluster.ts';

const aPod = (spec: object): KubeObject => ({
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: { name: 'web' },
  spec: { containers: [{ name: 'c' }], ...spec },
});

const admitted = (spec: object, account: object = {}) =>
  admitServiceAccount(
    aCluster([{ kind: 'ServiceAccount', at: 'shop/default', ...account }]),
    aPod(spec),
    'shop',
    () => 'x2x2x',
  ).spec as Record<string, unknown>;

const mount = {
  name: 'kube-api-access-x2x2x',
  readOnly: true,
  mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
};

describe('a pod', () => {
  it('gets the default service account and its token in each container', () => {
    const spec = admitted({
      initContainers: [{ name: 'i', volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
    });
    expect(spec).toMatchObject({
      serviceAccountName: 'default',
      serviceAccount: 'default',
      containers: [{ name: 'c', volumeMounts: [mount] }],
      initContainers: [{ name: 'i', volumeMounts: [{ name: 'v', mountPath: '/v' }, mount] }],
      volumes: [{ name: mount.name, projected: { defaultMode: 420 } }],
    });
    expect(spec).not.toHaveProperty('imagePullSecrets');
  });

  it('gets no token where its own word, or else its account’s, is against it', () => {
    const off = { automountServiceAccountToken: false };
    const on = { automountServiceAccountToken: true };
    expect(admitted(off, on)).not.toHaveProperty('volumes');
    expect(admitted({}, off)).not.toHaveProperty('volumes');
    expect(admitted(on, off)).toHaveProperty('volumes');
  });

  it('gets no second token where something else is mounted in its place, or the volume is there', () => {
    const taken = { name: 'c', volumeMounts: [{ name: 'v', mountPath: mount.mountPath }] };
    expect(admitted({ containers: [taken] })).toMatchObject({ containers: [taken] });
    expect(admitted({ containers: [taken] })).not.toHaveProperty('volumes');
    const volumes = [{ name: 'kube-api-access-given' }];
    expect(admitted({ volumes })).toMatchObject({
      volumes,
      containers: [{ volumeMounts: [{ ...mount, name: 'kube-api-access-given' }] }],
    });
  });

  it('gets its account’s pull secrets unless it brings its own', () => {
    const account = { imagePullSecrets: [{ name: 'registry' }] };
    expect(admitted({}, account)).toMatchObject(account);
    expect(admitted({ imagePullSecrets: [{ name: 'own' }] }, account)).toMatchObject({
      imagePullSecrets: [{ name: 'own' }],
    });
  });

  it('of an account that is not there is refused', () => {
    expect(() => admitted({ serviceAccountName: 'none' })).toThrow(
      'pods "web" is forbidden: error looking up service account shop/none: serviceaccount "none" not found',
    );
  });
});

it('gives every namespace a service account and the CA to trust', () => {
  const defaults = namespaceDefaults(aCluster(), 'shop');
  expect(defaults.map(({ object: { kind, metadata } }) => [kind, metadata.namespace, metadata.name])).toEqual(
    [
      ['ConfigMap', 'shop', 'kube-root-ca.crt'],
      ['ServiceAccount', 'shop', 'default'],
    ],
  );
});

describe('a role that gathers others', () => {
  const rule = (verb: string) => ({ verbs: [verb], apiGroups: [''], resources: ['pods'] });
  const gathering = (rules: object[]) => ({
    kind: 'ClusterRole',
    at: 'all',
    metadata: { labels: { team: 'a' } },
    aggregationRule: {
      clusterRoleSelectors: [
        { matchLabels: { team: 'a' } },
        { matchExpressions: [{ key: 'extra', operator: 'Exists' }] },
      ],
    },
    rules,
  });
  const others = [
    { kind: 'ClusterRole', at: 'b', metadata: { labels: { team: 'a' } }, rules: [rule('list'), rule('get')] },
    {
      kind: 'ClusterRole',
      at: 'a',
      metadata: { labels: { extra: '' } },
      rules: [rule('watch'), rule('get')],
    },
    { kind: 'ClusterRole', at: 'c', metadata: { labels: { team: 'c' } }, rules: [rule('delete')] },
  ];

  it('loses what none of them grants any more', () => {
    const [role] = aggregateClusterRoles(aCluster([gathering([rule('patch')]), ...others]));
    expect(role?.rules).not.toContainEqual(rule('patch'));
  });

  it('gets their rules once each, by selector and name', () => {
    const gathered = [rule('list'), rule('get'), rule('watch')];
    expect(aggregateClusterRoles(aCluster([gathering([]), ...others]))).toMatchObject([
      { metadata: { name: 'all' }, rules: gathered },
    ]);
    expect(aggregateClusterRoles(aCluster([gathering(gathered), ...others]))).toEqual([]);
  });
});
