import { describe, expect, it } from 'vitest';
import type { ApiRequest } from '../../../../../infra/world/kubernetes/api.ts';
import { issuer } from '../../../../../infra/world/kubernetes/auth/authCluster.ts';
import {
  authenticate,
  credentialWarning,
  tokenSecret,
  virtual,
} from '../../../../../infra/world/kubernetes/auth/index.ts';
import { claimsOf } from '../../../../../infra/world/kubernetes/auth/serviceAccountKey.ts';
import { StatusError } from '../../../../../infra/world/kubernetes/status.ts';
import { aCluster } from './aCluster.ts';

type Cluster = ReturnType<typeof aCluster>;

const robot = { kind: 'ServiceAccount', at: 'shop/robot' };
const admin = { name: 'admin', groups: ['system:masters'] };

const request = (headers: Record<string, string>, more: Partial<ApiRequest> = {}): ApiRequest => ({
  method: 'GET',
  path: '/api',
  query: new URLSearchParams(),
  headers,
  body: new Uint8Array(),
  signal: new AbortController().signal,
  ...more,
});

const bearer = (token: string) => request({ authorization: `Bearer ${token}` });

const asked = (cluster: Cluster, spec: object, metadata = {}) =>
  virtual['/serviceaccounts/token']!({
    cluster,
    user: admin,
    namespace: 'shop',
    name: 'robot',
    body: { kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1', metadata, spec },
  });

const tokenOf = (answer: object) => (answer as { status: { token: string } }).status.token;

const reviewed = (cluster: Cluster, token: string, audiences?: string[]) =>
  virtual['authentication.k8s.io/tokenreviews']!({
    cluster,
    user: admin,
    body: {
      kind: 'TokenReview',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: {},
      spec: { token, ...(audiences ? { audiences } : {}) },
    },
  }).status;

const message = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof StatusError) return error.message;
    throw error;
  }
  return 'nothing was refused';
};

describe('authenticate', () => {
  it('takes a known bearer token for its user, of any case and with anything after it', () => {
    const cluster = aCluster([], { t0k: { name: 'ops', groups: ['team'] } });
    for (const header of ['Bearer t0k', 'bearer t0k', ' BEARER t0k more']) {
      expect(authenticate(cluster, request({ authorization: header }))).toEqual({
        name: 'ops',
        groups: ['team', 'system:authenticated'],
      });
    }
  });

  it('takes whoever shows no credential, or another kind of one, for anonymous', () => {
    for (const headers of [
      {},
      { authorization: 'Basic eA==' },
      { authorization: 'Bearer  t0k' },
      { authorization: 'Bearer' },
    ]) {
      expect(authenticate(aCluster(), request(headers as Record<string, string>))).toEqual({
        name: 'system:anonymous',
        groups: ['system:unauthenticated'],
      });
    }
  });

  it('warns of the space that makes a bearer of a token anonymous', () => {
    const warning = (authorization: string) => credentialWarning(request({ authorization }));
    expect(warning('Bearer  t0k')).toContain('extra space before the bearer token');
    expect(warning('Bearer t0k')).toBeUndefined();
    expect(warning('Bearer  ')).toBeUndefined();
  });

  it('refuses a token that is not good, and a certificate that is not, unless a token is', () => {
    const cluster = aCluster([], { t0k: { name: 'ops', groups: [] } });
    expect(message(() => authenticate(cluster, bearer('other')))).toBe('Unauthorized');
    const foreign = { certificateFault: 'unknown authority' };
    expect(message(() => authenticate(cluster, request({}, foreign)))).toBe('Unauthorized');
    expect(authenticate(cluster, request({ authorization: 'Bearer t0k' }, foreign)).name).toBe('ops');
  });

  it('believes a verified certificate before any token', () => {
    const user = { name: 'root', groups: ['system:masters'] };
    expect(
      authenticate(aCluster(), request({ authorization: 'Bearer bad' }, { certificateUser: user })),
    ).toEqual({
      name: 'root',
      groups: ['system:masters', 'system:authenticated'],
    });
  });
});

describe('a requested token', () => {
  it('is its service account until a minute after its time', async () => {
    const cluster = aCluster([robot]);
    const answer = asked(cluster, { expirationSeconds: 600 });
    expect(answer).toMatchObject({
      metadata: { name: 'robot', namespace: 'shop', uid: 'robot', creationTimestamp: '2026-03-01T10:00:00Z' },
      spec: { audiences: [issuer], expirationSeconds: 600 },
      status: { expirationTimestamp: '2026-03-01T10:10:00Z' },
    });
    const token = tokenOf(answer);
    const { jti } = claimsOf(token)!;
    expect(authenticate(cluster, bearer(token))).toEqual({
      name: 'system:serviceaccount:shop:robot',
      uid: 'robot',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated'],
      extra: { 'authentication.kubernetes.io/credential-id': [`JTI=${jti}`] },
    });
    await cluster.clock.step(660_000);
    expect(reviewed(cluster, token)).toMatchObject({ authenticated: true });
    await cluster.clock.step(1);
    expect(reviewed(cluster, token)).toEqual({
      user: {},
      error: '[invalid bearer token, service account token has expired]',
    });
  });

  it('ends with its service account, also when one of the same name follows', () => {
    const cluster = aCluster([robot]);
    const token = tokenOf(asked(cluster, {}));
    cluster.objects.put(
      { group: '', name: 'serviceaccounts' },
      {
        metadata: { name: 'robot', namespace: 'shop', uid: 'other' },
      },
    );
    expect(reviewed(cluster, token)).toMatchObject({
      error: '[invalid bearer token, service account UID (other) does not match claim (robot)]',
    });
    cluster.objects.remove({ group: '', name: 'serviceaccounts' }, 'shop', 'robot');
    expect(message(() => authenticate(cluster, bearer(token)))).toBe('Unauthorized');
  });

  it('bound to a pod names it and its node, and ends with it', () => {
    const pod = { kind: 'Pod', at: 'shop/web', spec: { serviceAccountName: 'robot', nodeName: 'n1' } };
    const cluster = aCluster([robot, pod, { kind: 'Node', at: 'n1' }]);
    const reference = { apiVersion: 'v1', kind: 'Pod', name: 'web' };
    const token = tokenOf(asked(cluster, { boundObjectRef: reference, expirationSeconds: 3607 }));
    expect(authenticate(cluster, bearer(token)).extra).toMatchObject({
      'authentication.kubernetes.io/node-name': ['n1'],
      'authentication.kubernetes.io/node-uid': ['n1'],
      'authentication.kubernetes.io/pod-name': ['web'],
      'authentication.kubernetes.io/pod-uid': ['web'],
    });
    cluster.objects.remove({ group: '', name: 'nodes' }, undefined, 'n1');
    expect(reviewed(cluster, token)).toMatchObject({ authenticated: true });
    const { exp, iat } = claimsOf(token) as { exp: number; iat: number };
    expect(exp - iat).toBe(365 * 24 * 3600);
    cluster.objects.remove({ group: '', name: 'pods' }, 'shop', 'web');
    expect(reviewed(cluster, token)).toMatchObject({
      error: '[invalid bearer token, service account token has been invalidated]',
    });
  });

  it('bound to a node ends with it', () => {
    const cluster = aCluster([robot, { kind: 'Node', at: 'n1' }]);
    const token = tokenOf(asked(cluster, { boundObjectRef: { apiVersion: 'v1', kind: 'Node', name: 'n1' } }));
    expect(authenticate(cluster, bearer(token)).extra).toMatchObject({
      'authentication.kubernetes.io/node-name': ['n1'],
    });
    cluster.objects.remove({ group: '', name: 'nodes' }, undefined, 'n1');
    expect(reviewed(cluster, token)).toHaveProperty('error');
  });

  it('for another audience is no credential here', () => {
    const cluster = aCluster([robot]);
    const token = tokenOf(asked(cluster, { audiences: ['vault'] }));
    expect(message(() => authenticate(cluster, bearer(token)))).toBe('Unauthorized');
    expect(reviewed(cluster, token)).toMatchObject({
      error: `[invalid bearer token, token audiences ["vault"] is invalid for the target audiences ["${issuer}"]]`,
    });
    expect(reviewed(cluster, token, ['x', 'vault'])).toMatchObject({
      authenticated: true,
      audiences: ['vault'],
    });
  });

  it('is refused when a letter of it was changed', () => {
    const cluster = aCluster([robot]);
    const [header, payload, signature] = tokenOf(asked(cluster, {})).split('.');
    const forged = Buffer.from(
      JSON.stringify({ ...claimsOf(`${header}.${payload}.`), sub: 'system:serviceaccount:shop:other' }),
    ).toString('base64url');
    expect(message(() => authenticate(cluster, bearer(`${header}.${forged}.${signature}`)))).toBe(
      'Unauthorized',
    );
  });

  const refusals: [string, object, object, string][] = [
    [
      'too short',
      { expirationSeconds: 599 },
      {},
      'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes',
    ],
    [
      'too long',
      { expirationSeconds: 2 ** 32 + 1 },
      {},
      'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds',
    ],
    [
      'of another name',
      {},
      { name: 'x' },
      'TokenRequest.authentication.k8s.io "robot" is invalid: metadata.name: Invalid value: "x": must match the service account name if specified',
    ],
    [
      'bound to nothing there is',
      { boundObjectRef: { apiVersion: 'v1', kind: 'Secret', name: 's' } },
      {},
      'secrets "s" not found',
    ],
    [
      'bound to a thing of no use',
      { boundObjectRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 's' } },
      {},
      'cannot bind token to object of type apps/v1, Kind=Deployment',
    ],
  ];
  it.each(refusals)('%s is refused', (_, spec, metadata, words) => {
    expect(message(() => asked(aCluster([robot]), spec, metadata))).toBe(words);
  });
});

describe('a token Secret', () => {
  const secret = {
    metadata: {
      name: 's',
      namespace: 'shop',
      annotations: { 'kubernetes.io/service-account.name': 'robot' },
    },
    type: 'kubernetes.io/service-account-token',
  };

  it('is filled with a token that lasts as long as it does', () => {
    const cluster = aCluster([robot]);
    const filled = tokenSecret(cluster, secret);
    if (typeof filled === 'string') throw new Error(filled);
    expect(filled.metadata.annotations).toMatchObject({ 'kubernetes.io/service-account.uid': 'robot' });
    cluster.objects.put({ group: '', name: 'secrets' }, filled);
    expect(tokenSecret(cluster, filled)).toBe('leave');

    const token = Buffer.from((filled.data as Record<string, string>).token!, 'base64').toString();
    expect(authenticate(cluster, bearer(token))).toMatchObject({ name: 'system:serviceaccount:shop:robot' });
    cluster.objects.remove({ group: '', name: 'secrets' }, 'shop', 's');
    expect(message(() => authenticate(cluster, bearer(token)))).toBe('Unauthorized');
  });

  it('of a service account that is not there is removed', () => {
    expect(tokenSecret(aCluster(), secret)).toBe('remove');
    expect(tokenSecret(aCluster(), { ...secret, type: 'Opaque' })).toBe('leave');
  });
});
