import { generateKeyPairSync } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import type { ApiAnswer, ApiRequest } from '../../../../../infra/world/kubernetes/api.ts';
import { ServiceAccountKey } from '../../../../../infra/world/kubernetes/auth/index.ts';
import { type Described, discovery } from '../../../../../infra/world/kubernetes/discovery/discovery.ts';
import { kindsData } from '../../../../../infra/world/kubernetes/kinds/data.ts';
import { Kinds } from '../../../../../infra/world/kubernetes/kinds/kinds.ts';
import { StatusError } from '../../../../../infra/world/kubernetes/status.ts';
import { aDefinition, aVersion } from '../kinds/definitions.ts';

const { privateKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const serviceAccountKey = new ServiceAccountKey(privateKey);
const cluster: Described = {
  version: { gitVersion: 'v1.37.1+simulated' },
  address: '127.0.0.1:6443',
  credentials: { serviceAccountKey },
};
const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

const custom = new Kinds();
for (const definition of [
  aDefinition({ versions: [aVersion({ subresources: { status: {} } })] }),
  aDefinition({
    group: 'another.example.com',
    scope: 'Cluster',
    names: { plural: 'lamps', singular: 'lamp', kind: 'Lamp', listKind: 'LampList', categories: ['all'] },
  }),
])
  custom.declare(custom.establish(definition, '2026-03-01T10:00:00Z'));

function ask(
  target: string,
  headers: Record<string, string> = {},
  { kinds = custom, method = 'GET' }: { kinds?: Kinds; method?: string } = {},
): ApiAnswer {
  const { pathname: path, searchParams: query } = new URL(target, 'https://server');
  const request: ApiRequest = {
    method,
    path,
    query,
    headers,
    body: new Uint8Array(),
    signal: new AbortController().signal,
  };
  const found = discovery(kinds, request, cluster);
  if (!found) throw new Error(`nothing answers ${target}`);
  return found;
}

const read = (target: string, headers?: Record<string, string>) =>
  JSON.parse(ask(target, headers).body as string);

const refusal = (call: () => unknown) => {
  try {
    call();
  } catch (error) {
    if (error instanceof StatusError) return error.status;
    throw error;
  }
  throw new Error('was not refused');
};

describe('lists of groups and resources', () => {
  test('a group version’s list is what the real server answers', () => {
    for (const [name, resources] of Object.entries(kindsData().resources)) {
      const path = name.includes('/') ? `/apis/${name}` : `/api/${name}`;
      expect(read(path)).toEqual({
        kind: 'APIResourceList',
        ...(name === 'v1' ? {} : { apiVersion: 'v1' }),
        groupVersion: name,
        resources,
      });
    }
  });

  test('/api names the address, /version the version', () => {
    expect(read('/api').serverAddressByClientCIDRs).toEqual([
      { clientCIDR: '0.0.0.0/0', serverAddress: '127.0.0.1:6443' },
    ]);
    expect(read('/version')).toEqual(cluster.version);
  });

  test('custom groups come after those that are built in, by name', () => {
    const { groups } = read('/apis');
    expect(groups.slice(-2)).toEqual(
      [read('/apis/another.example.com'), read('/apis/stable.example.com')].map(
        ({ kind: _kind, apiVersion: _version, ...group }) => group,
      ),
    );
    expect(groups.at(-1)).toEqual({
      name: 'stable.example.com',
      versions: [{ groupVersion: 'stable.example.com/v1', version: 'v1' }],
      preferredVersion: { groupVersion: 'stable.example.com/v1', version: 'v1' },
    });
  });

  test('a custom resource is listed with its subresources', () => {
    expect(read('/apis/stable.example.com/v1').resources).toEqual([
      {
        name: 'crontabs',
        singularName: 'crontab',
        namespaced: true,
        kind: 'CronTab',
        verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
        shortNames: ['ct'],
        storageVersionHash: expect.stringMatching(/^[\w+/]{11}=$/),
      },
      {
        name: 'crontabs/status',
        singularName: '',
        namespaced: true,
        kind: 'CronTab',
        verbs: ['get', 'patch', 'update'],
      },
    ]);
  });

  test('what is not there is refused in the words of who would have it', () => {
    expect(ask('/apis/nope')).toMatchObject({ status: 404, body: '404 page not found\n' });
    expect(ask('/apis/nope/v1')).toMatchObject({ status: 404, body: '404 page not found\n' });
    expect(ask('/apis/stable.example.com/v9')).toMatchObject({ status: 404, body: '404 page not found\n' });
    expect(refusal(() => ask('/apis/apps/v9'))).toMatchObject({ code: 404, reason: 'NotFound' });
    expect(refusal(() => ask('/api/v1', {}, { method: 'POST' }))).toMatchObject({ code: 405 });
  });

  test.each([
    [
      '/api',
      'text/html',
      '406: Not Acceptable\n\nAvailable representations: application/json, application/yaml',
    ],
    ['/apis', 'text/html', 'only the following media types are accepted: application/json'],
    ['/apis/apps/v1', aggregated, 'only the following media types are accepted: application/json'],
    ['/version', 'application/yaml', '406: Not Acceptable\n\nAvailable representations: application/json'],
  ])('%s is not to be had as %s', (path, accept, message) => {
    const status = refusal(() => ask(path, { accept }));
    expect(status).toMatchObject({ code: 406, reason: 'NotAcceptable' });
    expect(status.message).toContain(message);
  });

  test('what is wanted first and can be given is given', () => {
    expect(ask('/apis', { accept: `text/html, ${aggregated}` }).headers['content-type']).toBe(aggregated);
    expect(
      ask('/apis', { accept: `${aggregated.replace('v2', 'v2beta1')},application/json` }).headers,
    ).toEqual({
      'content-type': 'application/json',
    });
    expect(ask('/apis', { accept: 'application/json;q=0.5,application/yaml' }).body).toMatch(
      /^apiVersion: v1\n/,
    );
  });
});

describe('aggregated discovery', () => {
  test('says of all groups what their lists say', () => {
    const { kind, apiVersion, items } = read('/apis', { accept: aggregated });
    expect({ kind, apiVersion }).toEqual({
      kind: 'APIGroupDiscoveryList',
      apiVersion: 'apidiscovery.k8s.io/v2',
    });
    const { groups } = read('/apis');
    expect(items.map((item: { metadata: object }) => item.metadata)).toEqual(
      groups.map(({ name }: { name: string }) => ({ name })),
    );
    const apps = items.find((item: { metadata: { name: string } }) => item.metadata.name === 'apps');
    const deployments = apps.versions[0].resources.find(
      ({ resource }: { resource: string }) => resource === 'deployments',
    );
    expect(deployments).toMatchObject({
      responseKind: { group: '', version: '', kind: 'Deployment' },
      scope: 'Namespaced',
      subresources: [
        { subresource: 'scale', responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' } },
        { subresource: 'status', responseKind: { group: '', version: '', kind: 'Deployment' } },
      ],
    });
    expect(items.at(-2).versions[0].resources[0]).toMatchObject({
      resource: 'lamps',
      responseKind: { group: 'another.example.com', version: 'v1', kind: 'Lamp' },
      scope: 'Cluster',
      categories: ['all'],
    });
  });

  test('is not sent again to who has it, until a definition changes it', () => {
    const kinds = new Kinds();
    const first = ask('/apis', { accept: aggregated }, { kinds });
    const again = { accept: aggregated, 'if-none-match': first.headers.etag! };
    expect(ask('/apis', again, { kinds })).toMatchObject({ status: 304, body: '' });
    kinds.declare(kinds.establish(aDefinition(), '2026-03-01T10:00:00Z'));
    expect(ask('/apis', again, { kinds }).status).toBe(200);
  });
});

describe('health', () => {
  test('is ok in one word, and check by check', () => {
    expect(ask('/readyz')).toMatchObject({ status: 200, body: 'ok' });
    const { body } = ask('/readyz?verbose');
    expect(body).toBe(
      `${kindsData()
        .health.readyz!.map((name) => `[+]${name} ok\n`)
        .join('')}readyz check passed\n`,
    );
    expect(ask('/livez/ping')).toMatchObject({ status: 200, body: 'ok' });
  });

  test('can leave checks out, and says which there are not', () => {
    expect(ask('/livez?exclude=etcd')).toMatchObject({ status: 200, body: 'ok' });
    const { body } = ask('/livez?verbose&exclude=b&exclude=a');
    expect(body).toContain('warn: some health checks cannot be excluded: no matches for "a","b"\n');
    const without = ask('/livez?verbose&exclude=etcd').body;
    expect(without).toContain('[+]etcd excluded: ok\n');
    expect(without).not.toContain('warn');
  });

  test.each(['/readyz/', '/readyz/nope'])('%s is no check', (path) => {
    expect(ask(path)).toMatchObject({ status: 404, body: '404 page not found\n' });
  });
});

describe('OpenAPI', () => {
  test('each address of the index leads to its document, which need not be asked for again', () => {
    const { paths } = read('/openapi/v3') as { paths: Record<string, { serverRelativeURL: string }> };
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['api/v1', 'apis/apps/v1', 'apis/stable.example.com/v1']),
    );
    for (const { serverRelativeURL } of Object.values(paths)) {
      const { status, headers } = ask(serverRelativeURL);
      expect({ status, caching: headers['cache-control'] }).toEqual({
        status: 200,
        caching: 'public, immutable',
      });
      expect(ask(serverRelativeURL, { 'if-none-match': headers.etag! }).status).toBe(304);
    }
  });

  test('an outdated address leads to the one of today', () => {
    const { paths } = read('/openapi/v3');
    expect(ask('/openapi/v3/api/v1?hash=OLD')).toMatchObject({
      status: 301,
      headers: { location: paths['api/v1'].serverRelativeURL },
    });
  });

  test('kubectl finds what it validates and applies by', () => {
    const { paths, components } = read('/openapi/v3/api/v1');
    const { patch } = paths['/api/v1/namespaces/{namespace}/configmaps/{name}'];
    expect(patch.parameters.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(['dryRun', 'fieldManager', 'fieldValidation', 'force']),
    );
    expect(patch['x-kubernetes-group-version-kind']).toEqual({ group: '', kind: 'ConfigMap', version: 'v1' });
    expect(components.schemas['io.k8s.api.core.v1.ConfigMap'].properties.data.description).toContain('UTF-8');
  });

  test('custom resources have a document in their own names', () => {
    const text = ask('/openapi/v3/apis/stable.example.com/v1').body as string;
    expect(text).not.toMatch(/template/i);
    const { paths, components } = JSON.parse(text);
    const item = '/apis/stable.example.com/v1/namespaces/{namespace}/crontabs/{name}';
    expect(paths).toHaveProperty([item]);
    expect(paths).toHaveProperty([`${item}/status`]);
    expect(paths).not.toHaveProperty([`${item}/scale`]);
    expect(paths[item].patch).toMatchObject({
      operationId: 'patchStableExampleComV1NamespacedCronTab',
      'x-kubernetes-group-version-kind': { group: 'stable.example.com', version: 'v1', kind: 'CronTab' },
    });
    expect(components.schemas).not.toHaveProperty(['io.k8s.api.autoscaling.v1.Scale']);
    const { properties } = components.schemas['com.example.stable.v1.CronTab'];
    expect(Object.keys(properties)).toEqual(
      expect.arrayContaining(['apiVersion', 'kind', 'metadata', 'spec']),
    );
    expect(properties.spec.properties.replicas).toEqual({ type: 'integer', minimum: 1 });
    expect(JSON.parse(ask('/openapi/v3/apis/another.example.com/v1').body as string).paths).toHaveProperty([
      '/apis/another.example.com/v1/lamps/{name}',
    ]);
  });

  test('protobuf is not to be had', () => {
    const accept = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
    expect(ask('/openapi/v2', { accept })).toMatchObject({ status: 406, body: '' });
    expect(read('/openapi/v2').swagger).toBe('2.0');
  });
});

test('tokens can be checked by what the server says of its key', async () => {
  const { issuer, jwks_uri } = read('/.well-known/openid-configuration');
  const token = serviceAccountKey.sign({ iss: issuer, sub: 'system:serviceaccount:default:default' });
  const { payload } = await jwtVerify(token, createLocalJWKSet(read(new URL(jwks_uri).pathname)), { issuer });
  expect(payload.sub).toBe('system:serviceaccount:default:default');
});

test('each path that the root names has an answer', () => {
  const { paths } = read('/');
  expect(paths).toEqual(expect.arrayContaining(['/apis/stable.example.com/v1', '/readyz/etcd', '/version']));
  for (const path of paths.filter((path: string) => path !== '/openapi/v3/'))
    expect(ask(path).status, path).toBe(200);
});

test.each(['/api/v1/pods', '/apis/apps/v1/deployments', '/metrics'])('%s is another’s business', (path) => {
  expect(() => ask(path)).toThrow('nothing answers');
});
