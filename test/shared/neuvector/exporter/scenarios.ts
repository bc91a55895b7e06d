/** What a controller answers, by path and query. An answer with a status that is no yes stands as a Refused. */
export class Refused {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number) {
    this.status = status;
    this.code = code;
  }
}

export type Answers = Readonly<Record<string, unknown>>;

const stats = (cpu: number, memory: number) => ({
  stats: { interval: 5, span_1: { cpu, memory, interval: 5 }, span_12: { cpu: 0, memory: 0 } },
});

/** One of everything, and of lists what is told and what is passed over. */
export const usual: Answers = {
  '/v1/system/summary': {
    summary: {
      services: 12,
      policy_rules: 36,
      running_workloads: 38,
      workloads: 40,
      hosts: 3,
      controllers: 2,
      enforcers: 4,
      running_pods: 20,
      disconnected_enforcers: 1,
      cvedb_version: '3.931',
      cvedb_create_time: '2026-02-28T06:00:00Z',
    },
  },
  '/v1/conversation': {
    conversations: [
      { from: 'a', to: 'b', bytes: 123, ports: ['tcp/80', 'tcp/443'] },
      { from: 'a', to: 'external', bytes: 0, ports: ['tcp/80'] },
      { from: 'b', to: 'c', bytes: 7 },
      { from: 'c', to: 'a', bytes: 1_234_567, ports: ['udp/53'] },
    ],
    endpoints: [],
  },
  '/v1/enforcer': {
    enforcers: [
      { id: 'e1', host_name: 'node-1', display_name: 'enforcer-1' },
      { id: 'e2', host_name: 'node-2', display_name: 'enforcer-2' },
    ],
  },
  '/v1/enforcer/e1/stats': stats(0.0964, 281_018_368),
  '/v1/enforcer/e2/stats': stats(0, 1_024),
  '/v1/controller': { controllers: [{ id: 'c1', host_name: 'node-1', display_name: 'controller-1' }] },
  '/v1/controller/c1/stats': stats(0.0099, 170_917_888),
  '/v1/host': {
    hosts: [
      { id: 'h1', name: 'node-1', memory: 34_359_738_368 },
      { id: 'h2', name: 'node-2', memory: 17_179_869_184 },
    ],
  },
  '/v1/debug/admission_stats': { stats: { k8s_allowed_requests: 3_576, k8s_denied_requests: 15 } },
  '/v1/scan/registry': { summarys: [{ name: 'one' }, { name: 'two' }] },
  '/v1/scan/registry/one/images': {
    images: [
      { repository: 'shop/api', tag: '1.0', image_id: 'i1', high: 8, medium: 15 },
      { repository: 'shop/web', tag: '1.1', image_id: 'i2', high: 0, medium: 0 },
      { repository: 'shop/db', tag: '1.2', image_id: 'i3', high: 0, medium: 2 },
    ],
  },
  '/v1/scan/registry/two/images': {
    images: [{ repository: 'pay/api', tag: '2', image_id: 'i4', high: 3, medium: 0 }],
  },
  '/v1/scan/platform': {
    platforms: [
      { platform: 'Kubernetes', high: 1, medium: 6 },
      { platform: 'OpenShift', high: 0, medium: 0 },
    ],
  },
  '/v1/workload?brief=true': {
    workloads: [
      { service: 'api.shop', service_mesh_sidecar: true, scan_summary: { high: 9, medium: 9 } },
      { service: 'api.shop', service_mesh_sidecar: false, scan_summary: null },
      { service: 'api.shop', service_mesh_sidecar: false, scan_summary: { high: 0, medium: 0 } },
      { service: 'api.shop', service_mesh_sidecar: false, scan_summary: { high: 0, medium: 5 } },
      { service: 'api.shop', service_mesh_sidecar: false, scan_summary: { high: 7, medium: 7 } },
      { service: 'web.shop', service_mesh_sidecar: false, scan_summary: { high: 19, medium: 39 } },
    ],
  },
  '/v1/log/threat': {
    threats: Array.from({ length: 7 }, (_, i) => ({
      id: `t${i}`,
      name: 'SQL.Injection',
      reported_timestamp: 1_772_344_000 - i,
      client_workload_name: 'browser',
      ...(i !== 1 && { client_workload_domain: 'shop' }),
      server_workload_name: 'database',
      ...(i !== 2 && { server_workload_domain: 'payments' }),
    })),
  },
  '/v1/log/incident': {
    incidents: [
      {
        id: 'n0',
        name: 'Container.Suspicious.Process',
        reported_timestamp: 1_772_344_000,
        cluster_name: 'cluster.local',
        workload_id: 'w0',
        workload_name: 'api-1',
        workload_domain: 'shop',
        proc_name: 'sh',
        proc_path: '/bin/busybox',
        proc_cmd: 'sh -c "id"',
      },
      {
        id: 'n1',
        name: 'Host.Suspicious.Process',
        reported_timestamp: 1_772_343_000,
        cluster_name: 'cluster.local',
        proc_name: 'nc',
      },
      {
        id: 'n2',
        name: 'Container.Package.Updated',
        reported_timestamp: 1_772_342_000,
        cluster_name: 'cluster.local',
        workload_id: 'w2',
        workload_name: 'api-2',
        file_path: '/var/lib/dpkg/status',
      },
    ],
  },
  '/v1/log/violation': {
    violations: [
      {
        id: 'v0',
        reported_timestamp: 1_772_344_500,
        client_id: 'w1',
        client_name: 'web-1',
        client_domain: 'shop',
        server_id: 'w2',
        server_name: 'db-1',
        server_domain: 'payments',
      },
      {
        id: 'v1',
        reported_timestamp: 1_772_344_400,
        client_id: 'w1',
        client_name: 'web-1',
        server_id: 'external',
        server_name: 'external',
      },
    ],
  },
  '/v1/fed/member': { fed_role: '', local_rest_info: { server: '', port: 0 }, joint_clusters: null },
};

const federated = (role: string, members: [name: string, status: string][]) => ({
  fed_role: role,
  local_rest_info: { server: 'here.example.com', port: 443 },
  master_cluster: { name: 'headquarters', id: 'p', status: 'active', disabled: false },
  joint_clusters: members.map(([name, status]) => ({ name, id: name, status, disabled: false })),
});

/** What the official exporter makes of each is recorded in recorded/, by name. */
export const scenarios: Readonly<Record<string, Answers>> = {
  usual,
  primary: {
    ...usual,
    '/v1/fed/member': federated('master', [
      ['store-1', 'synced'],
      ['store-2', 'joined'],
      ['store-3', 'out_of_sync'],
      ['store-4', 'disconnected'],
      ['store-5', ''],
    ]),
  },
  'primary alone': { ...usual, '/v1/fed/member': federated('master', []) },
  member: { ...usual, '/v1/fed/member': federated('joint', [['store-1', 'joined']]) },
  empty: {
    ...Object.fromEntries(
      Object.entries({
        '/v1/conversation': 'conversations',
        '/v1/enforcer': 'enforcers',
        '/v1/controller': 'controllers',
        '/v1/host': 'hosts',
        '/v1/scan/registry': 'summarys',
        '/v1/scan/platform': 'platforms',
        '/v1/workload?brief=true': 'workloads',
        '/v1/log/threat': 'threats',
        '/v1/log/incident': 'incidents',
        '/v1/log/violation': 'violations',
      }).map(([path, field]) => [path, { [field]: [] }]),
    ),
    '/v1/system/summary': {
      summary: {
        ...{ services: 0, policy_rules: 0, running_workloads: 0, workloads: 0, hosts: 0, controllers: 0 },
        ...{ enforcers: 0, running_pods: 0, disconnected_enforcers: 0 },
        ...{ cvedb_version: '', cvedb_create_time: '' },
      },
    },
    '/v1/debug/admission_stats': { stats: { k8s_allowed_requests: 0, k8s_denied_requests: 0 } },
    '/v1/fed/member': usual['/v1/fed/member'],
  },
  'odd names and numbers': {
    ...usual,
    '/v1/conversation': {
      conversations: [
        {
          from: 'a "quoted" name',
          to: 'back\\slash',
          bytes: 1,
          ports: ['line\nfeed', 'tab\t', '门店 🐑', ''],
        },
        { from: '\\n', to: '\r', bytes: 9_007_199_254_740_992, ports: ['}', '{a="b"} 1'] },
      ],
    },
    '/v1/host': {
      hosts: [
        0,
        1,
        -1,
        -12_345_678,
        99_999,
        100_000,
        999_999,
        1_000_000,
        1_000_001,
        123_456.789,
        1_234_567.891,
        0.1,
        0.0001,
        0.000_012_5,
        1e-7,
        5e-324,
        1e15,
        1e16,
        1.5e16,
        1e21,
        1.797_693_134_862_315_7e308,
        0.1 + 0.2,
        1.7e12,
        -0.5,
      ].map((memory, i) => ({ id: `h${i}`, name: 'node', memory })),
    },
    '/v1/controller': { controllers: [{ id: 'c1', host_name: '', display_name: '"' }] },
  },
  'told twice': {
    ...usual,
    '/v1/conversation': {
      conversations: [
        { from: 'a', to: 'b', bytes: 100, ports: ['tcp/80', 'tcp/80'] },
        { from: 'a', to: 'b', bytes: 11, ports: ['tcp/80'] },
        { from: 'b', to: 'a', bytes: 5, ports: ['tcp/80'] },
      ],
    },
    '/v1/scan/registry/two/images': (usual['/v1/scan/registry/one/images'] ?? {}) as object,
  },
  'parts refused': {
    ...usual,
    '/v1/conversation': new Refused(403, 25),
    '/v1/enforcer/e1/stats': new Refused(404, 7),
    '/v1/scan/registry/one/images': new Refused(500, 55),
    '/v1/debug/admission_stats': new Refused(400, 4),
    '/v1/log/threat': new Refused(403, 25),
    '/v1/fed/member': new Refused(403, 25),
  },
  'violations refused': { ...usual, '/v1/log/violation': new Refused(403, 25) },
  'summary and registries refused': {
    ...usual,
    '/v1/system/summary': new Refused(500, 55),
    '/v1/enforcer': new Refused(403, 25),
    '/v1/controller': new Refused(403, 25),
    '/v1/scan/registry': new Refused(403, 25),
    '/v1/log/incident': new Refused(403, 25),
  },
};
