import { Chance } from './chance.ts';

const mega = 1_000_000;

export interface Image {
  /** As a pod names it. */
  name: string;
  /** `REPOSITORY@sha256:…` */
  digest: string;
  sizeBytes: number;
}

function image(repository: string, tag: string, megabytes: number): Image {
  const chance = new Chance('image', repository, tag);
  return {
    name: `${repository}:${tag}`,
    digest: `${repository}@sha256:${chance.hex(64)}`,
    sizeBytes: megabytes * mega + chance.below(mega),
  };
}

export interface Agent {
  name: string;
  namespace: string;
  image: Image;
  cpu: string;
  memory: string;
}

/** One pod of each on every node. */
export const agents: readonly Agent[] = [
  {
    name: 'kube-proxy',
    namespace: 'kube-system',
    image: image('registry.k8s.io/kube-proxy', 'v1.37.1', 32),
    cpu: '100m',
    memory: '128Mi',
  },
  {
    name: 'cilium',
    namespace: 'kube-system',
    image: image('quay.io/cilium/cilium', 'v1.19.3', 231),
    cpu: '100m',
    memory: '512Mi',
  },
  {
    name: 'node-exporter',
    namespace: 'monitoring',
    image: image('quay.io/prometheus/node-exporter', 'v1.10.2', 13),
    cpu: '50m',
    memory: '64Mi',
  },
  {
    name: 'fluent-bit',
    namespace: 'logging',
    image: image('cr.fluentbit.io/fluent/fluent-bit', '4.2.1', 40),
    cpu: '100m',
    memory: '128Mi',
  },
];

/** What else a node carries: the sandbox of every pod. */
export const sandbox = image('registry.k8s.io/pause', '3.10.1', 1);

const teams = [
  'shop',
  'payments',
  'search',
  'media',
  'identity',
  'logistics',
  'analytics',
  'platform',
] as const;
const roles = [
  'api',
  'web',
  'worker',
  'consumer',
  'gateway',
  'cache',
  'indexer',
  'scheduler',
  'sync',
  'mailer',
] as const;
const subjects = [
  'orders',
  'carts',
  'catalog',
  'prices',
  'users',
  'sessions',
  'invoices',
  'ledger',
  'stock',
  'routes',
] as const;
const stock: readonly (readonly [repository: string, tag: string, megabytes: number])[] = [
  ['docker.io/library/nginx', '1.29.4', 72],
  ['docker.io/library/redis', '8.4.0', 54],
  ['docker.io/library/postgres', '18.1', 161],
  ['docker.io/bitnami/kafka', '4.1.1', 248],
  ['docker.io/library/memcached', '1.6.39', 34],
];

export interface App {
  index: number;
  name: string;
  namespace: string;
  image: Image;
  hasSidecar: boolean;
  /** Its pods end by themselves. */
  isJob: boolean;
  cpu: string;
  memory: string;
}

export const sidecar = image('docker.io/envoyproxy/envoy', 'v1.37.0', 64);

export const namespaceOf = (team: string): string => `team-${team}`;

/** The same app for the same seed and index. */
export function app(seed: string, index: number): App {
  const chance = new Chance(seed, 'app', index);
  const team = teams[index % teams.length]!;
  const isJob = index % 10 === 4;
  const name = `${subjects[Math.floor(index / teams.length) % subjects.length]}-${isJob ? 'report' : chance.pick(roles)}-${index}`;
  const own = image(
    `registry.example.com/${team}/${name}`,
    `v${1 + chance.below(9)}.${chance.below(30)}.${chance.below(10)}`,
    40 + chance.below(700),
  );
  return {
    index,
    name,
    namespace: namespaceOf(team),
    image: chance.share() < 0.15 && !isJob ? image(...chance.pick(stock)) : own,
    hasSidecar: !isJob && chance.share() < 0.1,
    isJob,
    cpu: chance.pick(['50m', '100m', '250m', '500m', '1']),
    memory: chance.pick(['64Mi', '128Mi', '256Mi', '512Mi', '1Gi']),
  };
}

export const namespaces = (): string[] => [
  'default',
  'kube-node-lease',
  'kube-public',
  'kube-system',
  'logging',
  'monitoring',
  ...teams.map(namespaceOf),
];
