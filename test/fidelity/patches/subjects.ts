import type { JsonObject } from '../../../infra/world/kubernetes/json.ts';
import type { Random } from './random.ts';

/** A kind to try patches on. */
export interface Subject {
  group: string;
  version: string;
  plural: string;
  kind: string;
  /** What it takes to be created. */
  whole(random: Random): JsonObject;
  /** Anything that may be laid over it: as a configuration, a merge patch, or a replacement of parts. */
  part(random: Random): JsonObject;
}

export const apiVersionOf = ({ group, version }: Subject): string =>
  group ? `${group}/${version}` : version;

type Make = (random: Random) => unknown;

/** Each field with some chance. */
const fields =
  (of: Record<string, Make>, share = 0.4) =>
  (random: Random): JsonObject =>
    Object.fromEntries(
      Object.entries(of)
        .filter(() => random.chance(share))
        .map(([name, make]) => [name, make(random)]),
    );

const keyed =
  (key: string, values: readonly unknown[], rest: (random: Random) => JsonObject) => (random: Random) =>
    random.some(values).map((value) => ({ [key]: value, ...rest(random) }));

const oneOf =
  <T>(...values: T[]) =>
  (random: Random): T =>
    random.pick(values);

const map = (names: string[], values: string[]) =>
  fields(Object.fromEntries(names.map((name) => [name, oneOf(...values)])), 0.5);

/** Nobody has such owners: now and then an object goes with them. */
const owners = keyed('uid', ['u1', 'u2', 'u3'], (random) => ({
  apiVersion: 'v1',
  kind: 'Node',
  name: random.pick(['n', 'm']),
  ...fields({ blockOwnerDeletion: oneOf(true, false) })(random),
}));

const metadata = fields({
  labels: map(['a', 'b', 'c'], ['1', '2']),
  annotations: map(['d', 'e.f/g'], ['1', '2']),
  finalizers: (random) => random.some(['x.y/one', 'x.y/two', 'x.y/three']),
  ownerReferences: (random) => (random.chance(0.3) ? owners(random) : []),
});

const env = keyed('name', ['E1', 'E2', 'E3'], (random) =>
  random.chance(0.7)
    ? { value: random.pick(['1', '2']) }
    : { valueFrom: { fieldRef: { fieldPath: random.pick(['metadata.name', 'metadata.namespace']) } } },
);

const resources = fields({
  requests: map(['cpu', 'memory'], ['1', '2']),
  limits: map(['cpu', 'memory'], ['2', '3']),
});

const port = (random: Random) => ({
  ...fields({ protocol: oneOf('TCP', 'UDP') })(random),
});

const container = (random: Random): JsonObject => ({
  image: random.pick(['i:1', 'i:2']),
  ...fields({
    env,
    ports: keyed('containerPort', [80, 443, 8080], port),
    resources,
    command: (r) => r.some(['a', 'b', 'c']),
    volumeMounts: keyed('mountPath', ['/v1', '/v2'], () => ({ name: 'v1' })),
    imagePullPolicy: oneOf('Always', 'Never'),
    securityContext: fields({ runAsUser: oneOf(1, 2), privileged: oneOf(false) }),
    livenessProbe: fields(
      {
        httpGet: () => ({ path: '/', port: random.pick<string | number>([80, 'http']) }),
        periodSeconds: oneOf(5, 7),
      },
      0.9,
    ),
  })(random),
});

const podSpec = (random: Random): JsonObject => ({
  ...fields({
    containers: (r) => r.some(['c1', 'c2', 'c3']).map((name) => ({ name, ...container(r) })),
    initContainers: (r) => r.some(['i1', 'i2']).map((name) => ({ name, ...container(r) })),
    volumes: (r) =>
      r.some(['v1', 'v2', 'v3']).map((name) => ({
        name,
        ...(r.chance(0.5) ? { emptyDir: {} } : { configMap: { name: r.pick(['cm1', 'cm2']) } }),
      })),
    nodeSelector: map(['n1', 'n2'], ['1', '2']),
    tolerations: (r) => r.some(['t1', 't2']).map((key) => ({ key, operator: 'Exists' })),
    imagePullSecrets: keyed('name', ['s1', 's2'], () => ({})),
    hostAliases: keyed('ip', ['1.1.1.1', '2.2.2.2'], (r) => ({ hostnames: r.some(['h1', 'h2']) })),
    terminationGracePeriodSeconds: oneOf(10, 20),
    securityContext: fields({ runAsUser: oneOf(1, 2), fsGroup: oneOf(5) }),
    topologySpreadConstraints: (r) =>
      r.some(['z1', 'z2']).map((topologyKey) => ({
        topologyKey,
        maxSkew: r.pick([1, 2]),
        whenUnsatisfiable: r.pick(['DoNotSchedule', 'ScheduleAnyway']),
      })),
  })(random),
});

const withContainers = (spec: JsonObject): JsonObject => ({
  ...spec,
  containers: [{ name: 'c1', image: 'i:1' }],
  volumes: [{ name: 'v1', emptyDir: {} }],
});

const podTemplate = (random: Random): JsonObject => ({
  metadata: { labels: { app: 'a' } },
  spec: withContainers(podSpec(random)),
});

const selected = { selector: { matchLabels: { app: 'a' } } };

export const subjects: readonly Subject[] = [
  {
    group: '',
    version: 'v1',
    plural: 'configmaps',
    kind: 'ConfigMap',
    whole: (random) => ({ metadata: metadata(random), data: map(['k1', 'k2', 'k3'], ['1', '2'])(random) }),
    part: fields({
      metadata,
      data: map(['k1', 'k2', 'k3'], ['1', '2', '']),
      binaryData: map(['b1'], ['AAAA', 'AQID']),
    }),
  },
  {
    group: 'apps',
    version: 'v1',
    plural: 'deployments',
    kind: 'Deployment',
    whole: (random) => ({ metadata: metadata(random), spec: { ...selected, template: podTemplate(random) } }),
    part: fields(
      {
        metadata,
        spec: fields({
          replicas: oneOf(0, 1, 2),
          paused: oneOf(true),
          minReadySeconds: oneOf(2, 3),
          strategy: (random) =>
            random.pick([
              { type: 'Recreate' },
              { type: 'RollingUpdate', rollingUpdate: { maxSurge: random.pick([1, '50%']) } },
              { rollingUpdate: { maxUnavailable: random.pick([1, '25%']) } },
            ]),
          template: fields({ metadata: fields({ annotations: map(['t'], ['1', '2']) }), spec: podSpec }, 0.9),
        }),
      },
      0.7,
    ),
  },
  {
    group: '',
    version: 'v1',
    plural: 'services',
    kind: 'Service',
    whole: () => ({ spec: { ports: [{ name: 'p80', port: 80 }], selector: { app: 'a' } } }),
    part: fields(
      {
        metadata,
        spec: fields({
          selector: map(['app', 'b'], ['1', '2']),
          ports: keyed('port', [80, 443, 8080], (random) => ({
            name: `p${random.below(1000)}`,
            ...fields({ protocol: oneOf('TCP', 'UDP'), targetPort: oneOf<string | number>(80, 'http') })(
              random,
            ),
          })),
          publishNotReadyAddresses: oneOf(true),
        }),
      },
      0.7,
    ),
  },
  {
    group: '',
    version: 'v1',
    plural: 'serviceaccounts',
    kind: 'ServiceAccount',
    whole: (random) => ({ metadata: metadata(random) }),
    part: fields({
      metadata,
      secrets: keyed('name', ['s1', 's2', 's3'], () => ({})),
      imagePullSecrets: keyed('name', ['s1', 's2'], () => ({})),
      automountServiceAccountToken: oneOf(true, false),
    }),
  },
  {
    group: 'batch',
    version: 'v1',
    plural: 'jobs',
    kind: 'Job',
    whole: (random) => {
      const template = podTemplate(random);
      return {
        spec: {
          suspend: true,
          template: { ...template, spec: { ...(template.spec as object), restartPolicy: 'Never' } },
        },
      };
    },
    part: fields(
      {
        metadata,
        spec: fields({
          parallelism: oneOf(1, 2),
          backoffLimit: oneOf(1, 2),
          activeDeadlineSeconds: oneOf(10, 20),
          ttlSecondsAfterFinished: oneOf(10, 20),
        }),
      },
      0.7,
    ),
  },
  {
    group: '',
    version: 'v1',
    plural: 'pods',
    kind: 'Pod',
    whole: (random) => ({ metadata: metadata(random), spec: withContainers(podSpec(random)) }),
    part: fields(
      {
        metadata,
        spec: fields({
          containers: (random) => [{ name: 'c1', image: random.pick(['i:1', 'i:2']) }],
          activeDeadlineSeconds: oneOf(10, 9),
        }),
      },
      0.7,
    ),
  },
  {
    group: 'fidelity.example',
    version: 'v1',
    plural: 'trials',
    kind: 'Trial',
    whole: (random) => ({ metadata: metadata(random), spec: { size: 1 } }),
    part: fields(
      {
        metadata,
        spec: fields({
          size: oneOf(1, 2),
          level: oneOf('low', 'high'),
          tags: (random) => random.some(['a', 'b', 'c']),
          plain: (random) => random.some(['a', 'b', 'c']),
          rules: keyed(
            'name',
            ['r1', 'r2', 'r3'],
            fields({ weight: oneOf(1, 2), to: map(['x', 'y'], ['1', '2']) }),
          ),
          ends: keyed('port', [1, 2], fields({ protocol: oneOf('TCP', 'UDP'), note: oneOf('n', 'm') })),
          whole: map(['x', 'y'], ['1', '2']),
          open: fields({
            x: oneOf<string | number>(1, 'a'),
            y: fields({ z: oneOf(1, 2) }),
            list: (random) => random.some([1, 2]),
          }),
          free: map(['x', 'y'], ['1', '2']),
        }),
      },
      0.8,
    ),
  },
];

/** Of the custom kind among them: all list types, atomic and open maps, defaults. */
export const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'trials.fidelity.example' },
  spec: {
    group: 'fidelity.example',
    scope: 'Namespaced',
    names: { plural: 'trials', singular: 'trial', kind: 'Trial', listKind: 'TrialList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  size: { type: 'integer' },
                  level: { type: 'string', default: 'low' },
                  tags: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
                  plain: { type: 'array', items: { type: 'string' } },
                  rules: {
                    type: 'array',
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['name'],
                    items: {
                      type: 'object',
                      required: ['name'],
                      properties: {
                        name: { type: 'string' },
                        weight: { type: 'integer' },
                        to: { type: 'object', additionalProperties: { type: 'string' } },
                      },
                    },
                  },
                  ends: {
                    type: 'array',
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['port', 'protocol'],
                    items: {
                      type: 'object',
                      required: ['port'],
                      properties: {
                        port: { type: 'integer' },
                        protocol: { type: 'string', default: 'TCP' },
                        note: { type: 'string' },
                      },
                    },
                  },
                  whole: {
                    type: 'object',
                    'x-kubernetes-map-type': 'atomic',
                    additionalProperties: { type: 'string' },
                  },
                  open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                  free: { type: 'object', additionalProperties: { type: 'string' } },
                },
              },
              status: {
                type: 'object',
                properties: { phase: { type: 'string' }, count: { type: 'integer' } },
              },
            },
          },
        },
      },
    ],
  },
};
