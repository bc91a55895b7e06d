import { expect, test } from 'vitest';
import { aController, ask } from './aController.ts';

const key = 'read:s3cret';
const text = expect.any(String);
const number = expect.any(Number);

/** What exporters read, by path: the fields they look at, with their kinds. */
const reads: [string, string, object][] = [
  [
    '/v1/system/summary',
    'summary',
    {
      ...{ services: 12, policy_rules: number, running_workloads: number, workloads: 40, hosts: 3 },
      ...{ controllers: 3, enforcers: 3, running_pods: number, disconnected_enforcers: 0 },
      cvedb_version: expect.stringMatching(/^\d+\.\d+$/),
      cvedb_create_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    },
  ],
  ['/v1/conversation', 'conversations', { from: text, to: text, bytes: number, ports: [text] }],
  ['/v1/enforcer', 'enforcers', { id: text, host_name: 'node-1', display_name: text }],
  ['/v1/controller', 'controllers', { id: text, host_name: 'node-1', display_name: text }],
  ['/v1/host', 'hosts', { id: text, name: 'node-1', memory: number }],
  ['/v1/debug/admission_stats', 'stats', { k8s_allowed_requests: number, k8s_denied_requests: number }],
  ['/v1/scan/registry', 'summarys', { name: 'store-registry' }],
  [
    '/v1/scan/registry/store-registry/images',
    'images',
    { repository: text, tag: text, image_id: text, high: number, medium: number },
  ],
  ['/v1/scan/platform', 'platforms', { platform: 'Kubernetes', high: number, medium: number }],
  [
    '/v1/workload?brief=true',
    'workloads',
    { service: text, service_mesh_sidecar: false, scan_summary: { high: number, medium: number } },
  ],
  [
    '/v1/log/threat',
    'threats',
    {
      ...{ id: text, name: text, reported_timestamp: number },
      ...{ client_workload_name: text, client_workload_domain: text },
      ...{ server_workload_name: text, server_workload_domain: text },
    },
  ],
  [
    '/v1/log/incident',
    'incidents',
    {
      ...{ id: text, name: text, reported_timestamp: number, cluster_name: text },
      ...{ workload_id: text, workload_name: text, workload_domain: text },
      ...{ proc_name: text, proc_path: text, proc_cmd: text },
    },
  ],
  [
    '/v1/log/violation',
    'violations',
    {
      ...{ id: text, reported_timestamp: number, client_id: text, client_name: text, client_domain: text },
      ...{ server_id: text, server_name: text, server_domain: text },
    },
  ],
];

test.each(reads)('%s tells %s', async (path, name, fields) => {
  const { port } = await aController();
  const { status, body } = await ask(port, 'GET', path, { key });
  expect(status).toBe(200);
  expect([body[name]].flat()[0]).toMatchObject(fields);
  expect((await ask(port, 'GET', path)).status).toBe(401);
  expect((await ask(port, 'POST', path)).status).toBe(405);
});

test.each(['enforcer', 'controller'])('the use of each %s is told by its id', async (kind) => {
  const { port } = await aController();
  const { body } = await ask(port, 'GET', `/v1/${kind}`, { key });
  const { id } = body[`${kind}s`][0];
  const stats = await ask(port, 'GET', `/v1/${kind}/${id}/stats`, { key });
  expect(stats.body).toMatchObject({ id, read_at: text, stats: { span_1: { cpu: number, memory: number } } });
  expect(await ask(port, 'GET', `/v1/${kind}/other/stats`, { key })).toMatchObject({
    status: 404,
    body: { code: 7 },
  });
});

test('what trips exporters up is there: nothing scanned, sidecars, no ports, no bytes, no namespace, no workload', async () => {
  const { port } = await aController();
  const list = async (path: string, name: string) =>
    (await ask(port, 'GET', path, { key })).body[name] as Record<string, unknown>[];
  const workloads = await list('/v1/workload', 'workloads');
  expect(workloads.some((one) => one.scan_summary === null)).toBe(true);
  expect(workloads.some((one) => one.service_mesh_sidecar)).toBe(true);
  const conversations = await list('/v1/conversation', 'conversations');
  expect(conversations.some((one) => !('ports' in one))).toBe(true);
  expect(conversations.some((one) => one.bytes === 0)).toBe(true);
  const series = conversations.map(({ from, to, ports }) => JSON.stringify([from, to, ports]));
  expect(new Set(series).size).toBeLessThan(series.length);
  const threats = await list('/v1/log/threat', 'threats');
  expect(threats.slice(0, 5).some((one) => !('client_workload_domain' in one))).toBe(true);
  const incidents = await list('/v1/log/incident', 'incidents');
  expect(incidents.slice(0, 5).some((one) => !('workload_name' in one))).toBe(true);
  expect(incidents.findIndex((one) => Array.isArray(one.file_name))).toBeGreaterThan(5);
  const images = await list('/v1/scan/registry/mirror-1/images', 'images');
  expect(images.some((one) => one.high === 0 && one.medium === 0)).toBe(true);
});

test('the same seed tells the same, another one something else, and as much as is wanted', async () => {
  const size = { hosts: 20, services: 500, workloads: 2_000, registries: 50 };
  const [one, same, other] = [
    await aController({ size }),
    await aController({ size }),
    await aController({ seed: 'other' }),
  ];
  const read = async ({ port }: typeof one) => (await ask(port, 'GET', '/v1/workload', { key })).text;
  const all = await read(one);
  expect(JSON.parse(all).workloads).toHaveLength(2_000);
  expect(new Set(JSON.parse(all).workloads.map(({ service }: { service: string }) => service)).size).toBe(
    500,
  );
  expect(await read(same)).toBe(all);
  expect(await read(other)).not.toBe(all);
  expect((await ask(one.port, 'GET', '/v1/scan/registry', { key })).body.summarys).toHaveLength(50);
});
