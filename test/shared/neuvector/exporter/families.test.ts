import { describe, expect, test } from 'vitest';
import { collected } from './collected.ts';
import { readExposition } from './readExposition.ts';
import { scenarios, usual } from './scenarios.ts';

type Row = [sample: string, labels: Record<string, string>, value: number];

const target = '127.0.0.1';
const c1 = { id: 'c1', host: 'node-1', display: 'controller-1', target };
const [e1, e2] = [1, 2].map((i) => ({ id: `e${i}`, host: `node-${i}`, display: `enforcer-${i}`, target }));

const threat = (i: number): Row => [
  'nv_log_events',
  {
    log: 'threat',
    fromname: 'browser',
    fromns: i === 1 ? '' : 'shop',
    toname: 'database',
    tons: i === 2 ? '' : 'payments',
    id: `t${i}`,
    name: 'SQL.Injection',
    target,
  },
  (1_772_344_000 - i) * 1_000,
];

const incident = (more: Record<string, string>, value: number): Row => [
  'nv_log_events',
  {
    log: 'incident',
    ...{ fromname: '', fromns: '', fromid: '', toname: ' ', tons: ' ', cluster: 'cluster.local' },
    ...{ procname: '', procpath: '', proccmd: '', filepath: '', filename: '', target },
    ...more,
  },
  value,
];

/** Section by section what is told of the usual controller. */
const families: Record<string, Row[]> = {
  nv_summary: [
    ['nv_summary_services', { target }, 12],
    ['nv_summary_policy', { target }, 36],
    ['nv_summary_runningWorkloads', { target }, 38],
    ['nv_summary_totalWorkloads', { target }, 40],
    ['nv_summary_hosts', { target }, 3],
    ['nv_summary_controllers', { target }, 2],
    ['nv_summary_enforcers', { target }, 4],
    ['nv_summary_pods', { target }, 20],
    ['nv_summary_disconnectedEnforcers', { target }, 1],
    ['nv_summary_cvedbVersion', { target }, 3.931],
    ['nv_summary_cvedbTime', { target }, Date.parse('2026-02-28T06:00:00Z')],
  ],
  nv_conversation: [
    ['nv_conversation_bytes', { port: 'tcp/80', from: 'a', to: 'b', target }, 123],
    ['nv_conversation_bytes', { port: 'tcp/443', from: 'a', to: 'b', target }, 123],
    ['nv_conversation_bytes', { port: 'udp/53', from: 'c', to: 'a', target }, 1_234_567],
  ],
  nv_enforcer: [
    ['nv_enforcer_cpu', e1!, 0.0964],
    ['nv_enforcer_cpu', e2!, 0],
    ['nv_enforcer_memory', e1!, 281_018_368],
    ['nv_enforcer_memory', e2!, 1_024],
  ],
  nv_controller: [
    ['nv_controller_cpu', c1, 0.0099],
    ['nv_controller_memory', c1, 170_917_888],
  ],
  nv_host: [
    ['nv_host_memory', { name: 'node-1', id: 'h1', target }, 34_359_738_368],
    ['nv_host_memory', { name: 'node-2', id: 'h2', target }, 17_179_869_184],
  ],
  nv_admission: [
    ['nv_admission_allowed', { target }, 3_576],
    ['nv_admission_denied', { target }, 15],
  ],
  nv_image_vulnerability: [
    ['nv_image_vulnerabilityHigh', { name: 'shop/api:1.0', imageid: 'i1', target }, 8],
    ['nv_image_vulnerabilityHigh', { name: 'shop/db:1.2', imageid: 'i3', target }, 0],
    ['nv_image_vulnerabilityHigh', { name: 'pay/api:2', imageid: 'i4', target }, 3],
    ['nv_image_vulnerabilityMedium', { name: 'shop/api:1.0', imageid: 'i1', target }, 15],
    ['nv_image_vulnerabilityMedium', { name: 'shop/db:1.2', imageid: 'i3', target }, 2],
    ['nv_image_vulnerabilityMedium', { name: 'pay/api:2', imageid: 'i4', target }, 0],
  ],
  nv_platform_vulnerability: [
    ['nv_platform_vulnerabilityHigh', { name: 'Kubernetes', target }, 1],
    ['nv_platform_vulnerabilityMedium', { name: 'Kubernetes', target }, 6],
  ],
  nv_container_vulnerability: [
    ['nv_container_vulnerabilityHigh', { service: 'api.shop', target }, 0],
    ['nv_container_vulnerabilityHigh', { service: 'web.shop', target }, 19],
    ['nv_container_vulnerabilityMedium', { service: 'api.shop', target }, 5],
    ['nv_container_vulnerabilityMedium', { service: 'web.shop', target }, 39],
  ],
  nv_log: [
    ...[0, 1, 2, 3, 4].map(threat),
    incident(
      {
        ...{
          fromname: 'api-1',
          fromns: 'shop',
          fromid: 'w0',
          id: 'n0',
          name: 'Container.Suspicious.Process',
        },
        ...{ procname: 'sh', procpath: '/bin/busybox', proccmd: 'sh -c "id"' },
      },
      1_772_344_000_000,
    ),
    incident({ id: 'n1', name: 'Host.Suspicious.Process', procname: 'nc' }, 1_772_343_000_000),
    incident(
      {
        ...{ fromname: 'api-2', fromid: 'w2', id: 'n2', name: 'Container.Package.Updated' },
        filepath: '/var/lib/dpkg/status',
      },
      1_772_342_000_000,
    ),
    [
      'nv_log_events',
      {
        ...{ log: 'violation', id: 'v0', name: 'Network Violation', target },
        ...{ fromname: 'web-1', fromns: 'shop', fromid: 'w1', toname: 'db-1', tons: 'payments' },
      },
      1_772_344_500_000,
    ],
    [
      'nv_log_events',
      {
        ...{ log: 'violation', id: 'v1', name: 'Network Violation', target },
        ...{ fromname: 'web-1', fromns: '', fromid: 'w1', toname: 'external', tons: '' },
      },
      1_772_344_400_000,
    ],
  ],
  nv_fed: [['nv_fed_worker', { status: '', master: '', target }, 0]],
};

const all = await collected(usual);
const told = readExposition(all.written);

describe.each(Object.entries(families))('%s', (name, rows) => {
  test('has these samples, labels and values', () => {
    const ofFamily = told.samples.filter(({ name: sample }) => sample.startsWith(name));
    expect(ofFamily.map(({ name, labels, value }) => [name, labels, value])).toEqual(rows);
  });

  test('has a head of its own for each name of a sample', () => {
    const heads = told.families.filter(({ name: head }) => head.startsWith(name));
    expect(heads.map(({ name }) => name)).toEqual([...new Set(rows.map(([sample]) => sample))]);
    expect(heads.every(({ type, help }) => type === 'gauge' && /^[A-Z0-9].*[.;,].*|\.$/.test(help))).toBe(
      true,
    );
  });
});

test.each(Object.keys(scenarios))('%s: labels stand in alphabetical order', async (name) => {
  const { samples } = readExposition((await collected(scenarios[name]!)).written);
  for (const { labels } of samples) expect(Object.keys(labels)).toEqual(Object.keys(labels).toSorted());
});

test('there is nothing else, in the order of the official exporter, and nothing is missing', () => {
  const expected = Object.values(families).flat();
  expect(told.samples).toHaveLength(expected.length);
  expect([...new Set(told.samples.map(({ name }) => name))]).toEqual([
    ...new Set(expected.map(([name]) => name)),
  ]);
  expect(all.families.map(({ name }) => name)).toEqual(Object.keys(families));
  expect(all.failures).toEqual({});
});

const statuses: [status: string, well: number, number: number][] = [
  ['synced', 1, 203],
  ['joined', 1, 201],
  ['connected', 1, 200],
  ['out_of_sync', 0, 202],
  ['disconnected', 0, 204],
  ['kicked', 0, 205],
  ['left', 0, 206],
  ['joint_upgrade_required', 0, 102],
  ['', 0, -1],
  ['something new', 0, -1],
  ['toString', 0, -1],
];

test.each(statuses)(
  'a primary tells of a member that is "%s": %d, and its number %d',
  async (status, well, number) => {
    const member = {
      ...usual,
      '/v1/fed/member': {
        fed_role: 'master',
        master_cluster: { name: 'hq' },
        joint_clusters: [{ name: 'store-1', status }],
      },
    };
    const ofFederation = readExposition((await collected(member)).written).samples.filter(({ name }) =>
      name.startsWith('nv_fed'),
    );
    const labels = { master: 'hq', worker: 'store-1', target };
    expect(ofFederation.map(({ name, labels, value }) => [name, labels, value])).toEqual([
      ['nv_fed_master', labels, well],
      ['nv_fed_master_status', labels, number],
    ]);
  },
);

test('a member tells of its primary', async () => {
  const { written } = await collected(scenarios.member!);
  expect(written).toContain(`nv_fed_worker{master="headquarters",status="joint",target="${target}"} 1.0\n`);
});

test('enforcers are asked only where that is wanted', async () => {
  const { controller, written, requests } = await collected(usual, { enforcerStats: false });
  expect(controller.asked.filter((path) => path.includes('enforcer'))).toEqual([]);
  expect(written).not.toContain('nv_enforcer');
  expect(requests).toBe(controller.asked.length);
});

test('each list is asked for once, and never many of them at once', async () => {
  const registries = Array.from({ length: 30 }, (_, i) => `registry ${i}/ü`);
  const many = {
    ...usual,
    '/v1/scan/registry': { summarys: registries.map((name) => ({ name })) },
    ...Object.fromEntries(
      registries.map((name) => [`/v1/scan/registry/${encodeURIComponent(name)}/images`, { images: [] }]),
    ),
  };
  const { controller, failures, requests } = await collected(many);
  expect(new Set(controller.asked).size).toBe(controller.asked.length);
  expect(requests).toBe(controller.asked.length);
  expect(requests).toBe(13 + 2 + 1 + 30);
  expect(controller.widest).toBe(4);
  expect(failures).toEqual({});
});
