import { describe, expect, it } from 'vitest';
import { errorsOf } from '#errors';
import { netErrors } from '#net/errors';
import { iso, minute } from '#time';
import {
  inventorySummary,
  namespacesOver,
  readInventory,
} from '../../../../shared/clusters/sync/inventory.ts';
import { quantity } from '../../../../shared/clusters/sync/quantity.ts';
import { bornAt } from '../../../../shared/clusters/sync/table.ts';
import { aSyncedCluster, node, pod } from './aSyncedCluster.ts';

const tooLarge = errorsOf(netErrors)('RESPONSE_TOO_LARGE', { host: 'h', port: 1, bytes: 1 });
const now = Date.parse('2026-03-01T10:00:00Z');
const inDefault = (name: string) => ({ namespace: 'default', name });

const template = {
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image: 'nginx:1' }] },
};
const workload = (kind: string, spec: object, status: object) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: inDefault('web'),
  spec: { selector: { matchLabels: { app: 'web' } }, template, ...spec },
  status,
});

async function aFullCluster(meets?: Parameters<typeof aSyncedCluster>[0]) {
  const world = await aSyncedCluster({
    kinds: [
      ...(['namespaces', 'nodes', 'deployments', 'statefulsets', 'daemonsets', 'services'] as const),
      ...(['pods', 'configmaps', 'quotas', 'events'] as const),
    ],
    ...meets,
  });
  const load = (group: string, name: string, objects: object[]) =>
    world.cluster.objects.load({ group, name }, objects as never);
  load('', 'nodes', [node('node-1'), node('node-2', { conditions: [{ type: 'Ready', status: 'False' }] })]);
  load('apps', 'deployments', [
    workload(
      'Deployment',
      { replicas: 3 },
      { replicas: 3, readyReplicas: 2, updatedReplicas: 3, availableReplicas: 2 },
    ),
  ]);
  load('apps', 'statefulsets', [workload('StatefulSet', { replicas: 1 }, { replicas: 1, readyReplicas: 1 })]);
  load('apps', 'daemonsets', [
    workload(
      'DaemonSet',
      {},
      { desiredNumberScheduled: 2, numberReady: 1, updatedNumberScheduled: 2, numberAvailable: 1 },
    ),
  ]);
  load('', 'services', [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: inDefault('web'),
      spec: { type: 'ClusterIP', clusterIPs: ['10.0.0.1'], ports: [{ port: 80, protocol: 'TCP' }] },
    },
  ]);
  load('', 'pods', [pod('default', 'web-1')]);
  load('', 'resourcequotas', [
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: inDefault('small'),
      spec: { hard: { pods: '5' } },
      status: { hard: { pods: '5' }, used: { pods: '1' } },
    },
  ]);
  load('', 'configmaps', [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: inDefault('conf'), data: { a: '1', b: '2' } },
  ]);
  const event = (name: string, type: string, minutes: number) => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: inDefault(name),
    type,
    reason: 'BackOff',
    message: 'Back-off restarting failed container',
    count: 4,
    involvedObject: { kind: 'Pod', ...inDefault('web-1') },
    lastTimestamp: iso(now - minutes * minute),
  });
  load('', 'events', [event('a', 'Warning', 9), event('b', 'Warning', 1), event('c', 'Normal', 2)]);
  await world.deliver();
  const read = async (kind: Parameters<typeof readInventory>[2]) =>
    (await readInventory(world.store, 'clu_1', kind, { limit: 10, namespace: undefined }))!.items;
  return { ...world, read };
}

it('each kind tells what its table or its objects say', async () => {
  const { read } = await aFullCluster();
  const web = { namespace: 'default', name: 'web' };
  expect(await read('nodes')).toMatchObject([
    {
      name: 'node-1',
      ready: true,
      schedulable: true,
      cpuMillis: 3_900,
      memoryBytes: 16 * 2 ** 30,
      pods: 110,
    },
    { name: 'node-2', ready: false },
  ]);
  expect(await read('deployments')).toMatchObject([
    { ...web, ready: 2, wanted: 3, upToDate: 3, available: 2, images: ['nginx:1'] },
  ]);
  expect(await read('statefulsets')).toMatchObject([{ ...web, ready: 1, wanted: 1, images: ['nginx:1'] }]);
  expect(await read('daemonsets')).toMatchObject([
    { ...web, ready: 1, wanted: 2, upToDate: 2, available: 1 },
  ]);
  expect((await read('services')).filter(({ name }) => name === 'web')).toMatchObject([
    { ...web, type: 'ClusterIP', clusterIp: '10.0.0.1', externalIp: null, ports: '80/TCP' },
  ]);
  expect(await read('pods')).toMatchObject([{ name: 'web-1', node: 'node-1', restarts: 0, ip: null }]);
  expect((await read('configmaps')).filter(({ name }) => name === 'conf')).toMatchObject([
    { name: 'conf', keys: 2 },
  ]);
  expect(await read('quotas')).toMatchObject([{ name: 'small', hard: { pods: '5' }, used: { pods: '1' } }]);
});

it('of events there are the warnings, the newest first', async () => {
  const { read } = await aFullCluster();
  expect(await read('events')).toMatchObject([
    { name: 'b', reason: 'BackOff', count: 4, object: { kind: 'Pod', name: 'web-1' }, lastAt: now - minute },
    { name: 'a' },
  ]);
});

it('namespaces come with their labels, those of many clusters in one list', async () => {
  const { send, store, syncAgain } = await aFullCluster();
  await send('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'orders', labels: { team: 'shop' } },
  });
  await syncAgain();
  const ofShop = await namespacesOver(store, ['clu_0', 'clu_1', 'clu_2'], {
    limit: 5,
    where: ({ labels }) => labels.team === 'shop',
  });
  expect(ofShop).toMatchObject({
    items: [{ cluster: 'clu_1', name: 'orders', phase: 'Active' }],
    next: null,
  });
  const names: string[] = [];
  let after: { cluster: string; place: string } | undefined;
  do {
    const page = await namespacesOver(store, ['clu_0', 'clu_1', 'clu_2'], { limit: 2, after });
    expect(page.items.length).toBeLessThanOrEqual(2);
    names.push(...page.items.map(({ name }) => name));
    after = page.next ?? undefined;
  } while (after);
  expect(names).toEqual(['default', 'kube-node-lease', 'kube-public', 'kube-system', 'orders']);
});

it('one namespace is read alone', async () => {
  const { cluster, store, syncAgain } = await aFullCluster();
  cluster.objects.load({ group: '', name: 'pods' }, [
    pod('default', 'web-1'),
    pod('kube-public', 'a'),
    pod('kube-system', 'dns'),
  ] as never);
  await syncAgain();
  const page = await readInventory(store, 'clu_1', 'pods', { limit: 10, namespace: 'kube-public' });
  expect(page).toMatchObject({ items: [{ namespace: 'kube-public', name: 'a' }], next: null });
});

describe('what the nodes use', () => {
  const usage = (answer: object, status = 200) => ({
    meets: ({ path }: { path: string }) =>
      path.startsWith('/apis/metrics.k8s.io') ? { status, body: answer } : undefined,
  });
  it('is summed up where the metrics API answers', async () => {
    const { store } = await aFullCluster(
      usage({
        kind: 'NodeMetricsList',
        items: [
          { usage: { cpu: '1500m', memory: '2Gi' } },
          { usage: { cpu: '250000000n', memory: '1024Ki' } },
        ],
      }),
    );
    expect(await inventorySummary(store, 'clu_1')).toMatchObject({
      usage: { cpuMillis: 1_750, memoryBytes: 2 * 2 ** 30 + 2 ** 20, nodes: 2, at: expect.any(Number) },
      usageCause: null,
    });
  });
  it('is not told where it does not, and why', async () => {
    const status = {
      kind: 'Status',
      status: 'Failure',
      reason: 'ServiceUnavailable',
      code: 503,
      message: 'x',
    };
    const { store } = await aFullCluster(usage(status, 503));
    expect(await inventorySummary(store, 'clu_1')).toMatchObject({
      state: 'synced',
      usage: null,
      usageCause: { code: 'HTTP_5XX' },
    });
  });
});

it('objects that are too large for one answer are asked for in smaller pages', async () => {
  const limits: unknown[] = [];
  const { read } = await aFullCluster({
    meets: ({ path, query }) => {
      if (path !== '/api/v1/nodes') return undefined;
      limits.push(query?.limit);
      return Number(query?.limit) > 50 ? tooLarge : undefined;
    },
  });
  expect(await read('nodes')).toHaveLength(2);
  expect(limits).toEqual([100, 25]);
});
it.each([
  ['250m', 0.25],
  ['4', 4],
  ['16Gi', 16 * 2 ** 30],
  ['1e3', 1_000],
  ['1.5k', 1_500],
  ['123456789n', 0.123456789],
  ['2E', 2e18],
  ['', 0],
  ['many', 0],
  [undefined, 0],
])('%s is a quantity of %d', (text, expected) => {
  expect(quantity(text)).toBeCloseTo(expected, 12);
});

it.each([
  ['45s', 45],
  ['5m30s', 330],
  ['3h20m', 12_000],
  ['5d3h', 5 * 86_400 + 3 * 3_600],
  ['2y10d', 740 * 86_400],
])('an age of %s is one of %d seconds', (age, seconds) => {
  expect(bornAt(age, now)).toBe(now - seconds * 1_000);
});

it('an age that is none is no time', () => {
  expect(bornAt('<unknown>', now)).toBeNull();
});

it('what a cluster calls a name, a label or an age and is none breaks nobody’s list', async () => {
  const row = (name: unknown, labels: unknown, age: string) => ({
    cells: [name, 'Active', age],
    object: { metadata: { name, labels } },
  });
  const world = await aSyncedCluster({
    kinds: ['namespaces'],
    meets: ({ path }) =>
      path === '/api/v1/namespaces'
        ? {
            status: 200,
            body: {
              kind: 'Table',
              columnDefinitions: ['Name', 'Status', 'Age'].map((name) => ({ name })),
              rows: [
                row(5, { a: 1, team: 'web' }, '99999999999999999y'),
                row({ x: 1 }, 'none', '5d'),
                row('x'.repeat(9_000), null, '1'.repeat(400)),
              ],
            },
          }
        : undefined,
  });
  await world.deliver();
  const { items } = await namespacesOver(world.store, ['clu_1'], {
    limit: 10,
    where: ({ name }) => !name.includes('?'),
  });
  expect(items).toHaveLength(3);
  for (const { name, labels, createdAt } of items) {
    expect(name.length).toBeLessThan(254);
    expect(Object.values(labels).every((value) => value === 'web')).toBe(true);
    expect(() => createdAt && iso(createdAt)).not.toThrow();
  }
});
