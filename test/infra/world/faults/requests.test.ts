import { expect, test } from 'vitest';
import type { Clock } from '#time';
import { type Fault, fault as faultSchema, type RequestFault } from '../../../../infra/world/faults/fault.ts';
import { Faults } from '../../../../infra/world/faults/faults.ts';
import { respond } from '../../../../infra/world/faults/respond.ts';
import type { ApiAnswer, ApiRequest } from '../../../../infra/world/kubernetes/api.ts';
import { administrator, ask, exposed, json } from '../aCluster.ts';

const checks = '[+]ping ok\n[+]log ok\n[+]etcd ok\nreadyz check passed\n';
const pods = { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '7' }, items: [] };
const groups = {
  kind: 'APIGroupDiscoveryList',
  items: [{ metadata: { name: 'apps' }, versions: [{ version: 'v1' }] }],
};
const olderGroups = { kind: 'APIGroupList', groups: [{ name: 'apps', versions: [{ version: 'v1' }] }] };

/** As little of a cluster as the faults are about. */
function answer({ path, query, headers, certificateUser, staleAt, signal }: ApiRequest): ApiAnswer {
  if (path === '/readyz' || path === '/livez') {
    const text = query.has('verbose') ? checks : 'ok';
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: text };
  }
  if (path === '/version') return json({ major: '1', minor: '37', gitVersion: 'v1.37.1+simulated' });
  if (path === '/apis')
    return json(headers.accept?.includes('as=APIGroupDiscoveryList') ? groups : olderGroups);
  if (path === '/whoami')
    return json({ token: headers.authorization ?? null, user: certificateUser?.name ?? null });
  if (path.startsWith('/api/v1/namespaces')) {
    const namespace = { kind: 'Namespace', metadata: { name: 'kube-system', uid: 'u' } };
    return json(path.endsWith('/kube-system') ? namespace : { kind: 'NamespaceList', items: [namespace] });
  }
  if (query.has('watch'))
    return { status: 200, headers: { 'content-type': 'application/json' }, body: events(signal) };
  return json({ ...pods, ...(staleAt !== undefined && { staleAt }) });
}

async function* events(signal: AbortSignal): AsyncIterable<string> {
  yield '{"type":"ADDED","object":{}}\n';
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

const list = '/api/v1/pods';
const watch = '/api/v1/pods?watch=1';
const body = JSON.stringify(pods);

const rows: [RequestFault, string, unknown][] = [
  [{ kind: 'hang' }, list, { code: 'UND_ERR_HEADERS_TIMEOUT' }],
  [{ kind: 'reset' }, list, { code: 'ECONNRESET' }],
  [{ kind: 'reset', afterBytes: 0 }, list, { status: 200, code: 'ECONNRESET' }],
  [{ kind: 'reset', afterBytes: 20 }, list, { status: 200, code: 'ECONNRESET' }],
  [{ kind: 'truncated', afterBytes: 20 }, list, { status: 200, text: body.slice(0, 20) }],
  [{ kind: 'slow', bytesPerSecond: 1_000 }, list, { status: 200, text: body }],
  [
    { kind: 'status', code: 401 },
    list,
    { status: 401, text: /"message":"Unauthorized","reason":"Unauthorized"/ },
  ],
  [
    { kind: 'status', code: 403 },
    list,
    {
      status: 403,
      text: /pods is forbidden: User \\"anna\\" cannot list resource \\"pods\\" in API group \\"\\" at the cluster scope/,
    },
  ],
  [
    { kind: 'status', code: 403 },
    '/apis/batch/v1/namespaces/a/jobs/b/status',
    {
      status: 403,
      text: /jobs.batch \\"b\\" is forbidden: User \\"anna\\" cannot get resource \\"jobs\/status\\" in API group \\"batch\\" in the namespace \\"a\\"/,
    },
  ],
  [
    { kind: 'status', code: 403 },
    '/version',
    { status: 403, text: /forbidden: User \\"anna\\" cannot get path \\"\/version\\"/ },
  ],
  [
    { kind: 'status', code: 429, retryAfterSeconds: 7 },
    list,
    { status: 429, headers: { 'retry-after': '7' }, text: 'Too many requests, please try again later.\n' },
  ],
  [{ kind: 'status', code: 500 }, list, { status: 500, text: /etcdserver: request timed out/ }],
  [
    { kind: 'status', code: 503, retryAfterSeconds: 1 },
    list,
    { status: 503, headers: { 'retry-after': '1' } },
  ],
  [{ kind: 'status', code: 504 }, list, { status: 504, text: /"reason":"Timeout"/ }],
  [
    { kind: 'unready', checks: ['etcd'] },
    '/readyz',
    { status: 500, text: '[+]ping ok\n[+]log ok\n[-]etcd failed: reason withheld\nreadyz check failed\n' },
  ],
  [{ kind: 'unready', checks: ['etcd'] }, '/livez', { status: 200, text: 'ok' }],
  [
    { kind: 'unready', checks: ['etcd'], isDead: true },
    '/livez',
    { status: 500, text: /livez check failed\n$/ },
  ],
  [
    { kind: 'html', code: 502 },
    list,
    { status: 502, headers: { 'content-type': 'text/html' }, text: /502 Bad Gateway/ },
  ],
  [
    { kind: 'html', code: 200 },
    list,
    { status: 200, headers: { 'content-type': 'text/html' }, text: /Sign in/ },
  ],
  [
    { kind: 'redirect', to: 'https://login.example/' },
    list,
    { status: 302, headers: { location: 'https://login.example/' } },
  ],
  [
    { kind: 'proxyAuthentication' },
    list,
    { status: 407, headers: { 'proxy-authenticate': 'Basic realm="proxy"' } },
  ],
  [{ kind: 'credentialsLost' }, '/whoami', { status: 200, text: '{"token":null,"user":null}' }],
  [{ kind: 'continueExpired' }, list, { status: 200 }],
  [{ kind: 'continueExpired' }, `${list}?continue=x`, { status: 410, text: /"reason":"Expired"/ }],
  [
    { kind: 'watchDropped', afterMillis: 20, how: 'ended' },
    watch,
    { status: 200, text: '{"type":"ADDED","object":{}}\n' },
  ],
  [{ kind: 'watchDropped', afterMillis: 20, how: 'reset' }, watch, { status: 200, code: 'ECONNRESET' }],
  [
    { kind: 'watchDropped', afterMillis: 20, how: 'halfLine' },
    watch,
    { status: 200, text: /\{"type":"MODIFIED","object":\{"kind":"Po$/ },
  ],
  [
    { kind: 'watchDropped', afterMillis: 20, how: 'expired' },
    watch,
    { status: 200, text: /"type":"ERROR".*"code":410\}\}\n$/ },
  ],
  [{ kind: 'watchDropped', afterMillis: 20, how: 'ended' }, list, { status: 200, text: body }],
  [{ kind: 'stale' }, list, { status: 200, text: /"staleAt":7/ }],
  [{ kind: 'stale' }, '/version', { status: 200 }],
  [
    { kind: 'apiUnavailable', group: 'metrics.k8s.io', version: 'v1beta1' },
    '/apis/metrics.k8s.io/v1beta1/nodes',
    { status: 503, text: 'service unavailable\n' },
  ],
  [
    { kind: 'apiUnavailable', group: 'metrics.k8s.io', version: 'v1beta1' },
    '/apis',
    { status: 200, text: /"name":"metrics.k8s.io","versions":\[\{"groupVersion":"metrics.k8s.io\/v1beta1"/ },
  ],
  [
    { kind: 'apiUnavailable', group: 'metrics.k8s.io', version: 'v1beta1' },
    list,
    { status: 200, text: body },
  ],
  [
    { kind: 'version', minor: 29 },
    '/version',
    { status: 200, text: '{"major":"1","minor":"29","gitVersion":"v1.29.0+simulated"}' },
  ],
  [{ kind: 'otherCluster' }, '/api/v1/namespaces/kube-system', { status: 200, text: /"uid":"0ddc1057-/ }],
  [{ kind: 'otherCluster' }, '/api/v1/namespaces', { status: 200, text: /"uid":"0ddc1057-/ }],
];

test.each(rows)('a client sees what is the matter with the request: %o at %s', async (fault, path, seen) => {
  const { address } = await exposed(answer, fault);
  const found = await ask(`${address}${path}`, { certificate: administrator });
  const { text, ...rest } = seen as { text?: string | RegExp };
  expect(found).toMatchObject(rest);
  if (text !== undefined) {
    expect(found).toEqual(
      expect.objectContaining({ text: typeof text === 'string' ? text : expect.stringMatching(text) }),
    );
  }
});

test('an API that nobody answers for is stale in aggregated discovery', async () => {
  const { address } = await exposed(answer, { kind: 'apiUnavailable', group: 'apps', version: 'v1' });
  const headers = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' };
  const seen = await ask(`${address}/apis`, { headers });
  expect(JSON.parse(seen.text!).items).toEqual([
    { metadata: { name: 'apps' }, versions: [{ version: 'v1', freshness: 'Stale' }] },
  ]);
});

test('the Date header is off by as much as the clock', async () => {
  const { address } = await exposed(answer, { kind: 'clockSkew', millis: -600_000 });
  const seen = await ask(`${address}/version`);
  expect(Math.abs(Date.parse(seen.headers!.date!) - (Date.now() - 600_000))).toBeLessThan(60_000);
});

test('a client loses patience with latency', async () => {
  const { address } = await exposed(answer, { kind: 'latency', millis: 60_000 });
  expect(await ask(`${address}${list}`)).toEqual({ code: 'UND_ERR_HEADERS_TIMEOUT' });
});

test('latency varies within its bounds, alike for the same seed', async () => {
  const waits = async () => {
    const waited: number[] = [];
    const clock: Clock = { now: () => 0, sleep: async (wait) => void waited.push(wait) };
    const faults = new Faults('seed');
    faults.add({ kind: 'latency', millis: 100, jitterMillis: 50 });
    const request = {
      method: 'GET',
      path: list,
      query: new URLSearchParams(),
      headers: {},
      body: new Uint8Array(),
    };
    const cluster = { answer: async (given: ApiRequest) => answer(given) };
    const { signal } = new AbortController();
    for (let i = 0; i < 20; i++) await respond(cluster, faults, { ...request, signal }, clock);
    return waited;
  };
  const waited = await waits();
  expect(Math.min(...waited)).toBeGreaterThanOrEqual(100);
  expect(Math.max(...waited)).toBeLessThanOrEqual(150);
  expect(new Set(waited).size).toBeGreaterThan(5);
  expect(await waits()).toEqual(waited);
});

test('a fault that has met as many requests as it was to meet is over', async () => {
  const { address, list: active } = await exposed(answer, { kind: 'status', code: 500, times: 2 });
  const seen = [];
  for (let i = 0; i < 3; i++) seen.push(await ask(`${address}${list}`));
  expect(seen).toMatchObject([{ status: 500 }, { status: 500 }, { status: 200 }]);
  expect(active()).toEqual([]);
});

test('chance meets the same requests again with the same seed', async () => {
  const fault: Fault = { kind: 'status', code: 500, chance: 0.5 };
  const run = async () => {
    const { address } = await exposed(answer, fault);
    const seen: unknown[] = [];
    for (let i = 0; i < 20; i++) seen.push((await ask(`${address}${list}`)).status);
    return seen;
  };
  const first = await run();
  expect(new Set(first)).toEqual(new Set([200, 500]));
  expect(await run()).toEqual(first);
});

const patterns: [NonNullable<RequestFault['on']>, string, number][] = [
  [{ methods: ['POST'] }, list, 200],
  [{ methods: ['GET'] }, list, 500],
  [{ path: '/api/v1/*' }, list, 500],
  [{ path: '/api/v1/*' }, '/api/v1/namespaces/a/pods', 200],
  [{ path: '/api/**' }, '/api/v1/namespaces/a/pods', 500],
  [{ path: '/api/v1/pod.' }, list, 200],
  [{ verbs: ['list'] }, list, 500],
  [{ verbs: ['list'] }, `${list}/x`, 200],
  [{ verbs: ['watch'] }, watch, 500],
  [{ resources: ['pods'] }, list, 500],
  [{ resources: ['pods'] }, '/apis/x.example/v1/pods', 200],
  [{ resources: ['pods.x.example'] }, '/apis/x.example/v1/pods', 500],
  [{ resources: ['pods/log'] }, '/api/v1/namespaces/a/pods/b/log', 500],
  [{ resources: ['pods'] }, '/version', 200],
  [{ verbs: ['get'], resources: ['pods'] }, list, 200],
];

test.each(patterns)('a fault of %o meets %s or not: %i', async (on, path, status) => {
  const { address } = await exposed(answer, { kind: 'status', code: 500, on });
  expect(await ask(`${address}${path}`)).toMatchObject({ status });
});

test('several faults of one request add up, and the first that answers in the cluster’s place does', async () => {
  const { address } = await exposed(
    answer,
    { kind: 'status', code: 429 },
    { kind: 'status', code: 500 },
    { kind: 'clockSkew', millis: 86_400_000 },
    { kind: 'truncated', afterBytes: 8 },
  );
  const seen = await ask(`${address}${list}`);
  expect(seen).toMatchObject({ status: 429, text: 'Too many' });
  expect(Date.parse(seen.headers!.date!)).toBeGreaterThan(Date.now() + 80_000_000);
});

test.each([
  {},
  { kind: 'flood' },
  { kind: 'status', code: 418 },
  { kind: 'refused', times: 1 },
  { kind: 'latency', millis: -1 },
  { kind: 'latency', millis: 1, milis: 2 },
  { kind: 'html', code: 302 },
  { kind: 'status', code: 500, on: { path: 'api' } },
  { kind: 'status', code: 500, chance: 0 },
])('%o is no fault', (given) => {
  expect(faultSchema.safeParse(given).success).toBe(false);
});
