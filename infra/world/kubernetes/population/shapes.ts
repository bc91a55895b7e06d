import type { FieldsV1, OwnerReference } from '../objects.ts';
import { type Agent, type Image, sidecar } from './catalogue.ts';
import { Chance } from './chance.ts';
import { daemonSetUid, jobUid, replicaSetName, replicaSetUid } from './owners.ts';
import type { Plan, PlannedApp } from './plan.ts';

/** What the pods of one owner have in common; made once and shared by them. */
export interface Shape {
  name: string;
  namespace: string;
  labels: Record<string, string>;
  owner: OwnerReference;
  containers: readonly { name: string; image: Image }[];
  spec: Record<string, unknown>;
  ownedByController: FieldsV1;
  isAgent: boolean;
}

interface Running {
  name: string;
  image: Image;
  cpu: string;
  memory: string;
  port: number;
}

export function agentShape(plan: Plan, agent: Agent): Shape {
  const { name, namespace, image, cpu, memory } = agent;
  const owner = { apiVersion: 'apps/v1', kind: 'DaemonSet', name, uid: daemonSetUid(plan, agent) };
  return shape(plan, {
    name,
    namespace,
    labels: {
      'app.kubernetes.io/name': name,
      'controller-revision-hash': new Chance(plan.seed, name).hex(10),
      'pod-template-generation': '1',
    },
    owner: { ...owner, controller: true, blockOwnerDeletion: true },
    running: [{ name, image, cpu, memory, port: 9100 }],
    isAgent: true,
    isJob: false,
  });
}

export function appShape(plan: Plan, app: PlannedApp): Shape {
  const { name, namespace, image, cpu, memory, isJob, hasSidecar } = app;
  const set = replicaSetName(plan, app);
  const owner = isJob
    ? { apiVersion: 'batch/v1', kind: 'Job', name, uid: jobUid(plan, app) }
    : { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: set, uid: replicaSetUid(plan, app) };
  const proxy = { name: 'proxy', image: sidecar, cpu: '50m', memory: '64Mi', port: 15_001 };
  return shape(plan, {
    name: isJob ? name : set,
    namespace,
    labels: {
      'app.kubernetes.io/name': name,
      'app.kubernetes.io/part-of': namespace,
      ...(isJob
        ? { 'batch.kubernetes.io/job-name': name, 'batch.kubernetes.io/controller-uid': owner.uid }
        : { 'pod-template-hash': set.slice(name.length + 1) }),
    },
    owner: { ...owner, controller: true, blockOwnerDeletion: true },
    running: [{ name: 'app', image, cpu, memory, port: 8080 }, ...(hasSidecar ? [proxy] : [])],
    isAgent: false,
    isJob,
  });
}

interface Recipe extends Pick<Shape, 'name' | 'namespace' | 'labels' | 'owner' | 'isAgent'> {
  running: readonly Running[];
  isJob: boolean;
}

function shape(plan: Plan, { running, isJob, ...recipe }: Recipe): Shape {
  const { isAgent } = recipe;
  const token = `kube-api-access-${new Chance(plan.seed, recipe.owner.uid).suffix(5)}`;
  return {
    ...recipe,
    containers: running,
    spec: {
      volumes: [apiAccess(token)],
      containers: running.map((one) => container(one, token, isJob)),
      restartPolicy: isJob ? 'Never' : 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: 'default',
      serviceAccount: 'default',
      ...(isAgent ? { hostNetwork: true } : {}),
      securityContext: {},
      schedulerName: 'default-scheduler',
      tolerations: ['not-ready', 'unreachable'].map((key) => ({
        key: `node.kubernetes.io/${key}`,
        operator: 'Exists',
        effect: 'NoExecute',
        ...(isAgent ? {} : { tolerationSeconds: 300 }),
      })),
      ...(isAgent ? { priorityClassName: 'system-node-critical', priority: 2_000_001_000 } : { priority: 0 }),
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
    },
    ownedByController: ownedByController(recipe, running),
  };
}

const apiAccess = (name: string) => ({
  name,
  projected: {
    sources: [
      { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      {
        downwardAPI: {
          items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
        },
      },
    ],
    defaultMode: 420,
  },
});

const readinessProbe = {
  httpGet: { path: '/readyz', port: 'http', scheme: 'HTTP' },
  timeoutSeconds: 1,
  periodSeconds: 10,
  successThreshold: 1,
  failureThreshold: 3,
};

const container = ({ name, image, cpu, memory, port }: Running, token: string, isJob: boolean) => ({
  name,
  image: image.name,
  ...(isJob ? {} : { ports: [{ name: 'http', containerPort: port, protocol: 'TCP' }], readinessProbe }),
  resources: { limits: { memory }, requests: { cpu, memory } },
  volumeMounts: [{ name: token, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }],
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  imagePullPolicy: 'IfNotPresent',
});

const fields = (...names: string[]): FieldsV1 => Object.fromEntries(names.map((name) => [`f:${name}`, {}]));
const leaf = (...names: string[]): FieldsV1 => ({ '.': {}, ...fields(...names) });

function ownedByController(
  { owner, labels }: Pick<Recipe, 'owner' | 'labels'>,
  running: readonly Running[],
): FieldsV1 {
  const ofContainer: FieldsV1 = {
    ...leaf('image', 'imagePullPolicy', 'name', 'terminationMessagePath', 'terminationMessagePolicy'),
    'f:resources': {},
  };
  return {
    'f:metadata': {
      'f:generateName': {},
      'f:labels': leaf(...Object.keys(labels)),
      'f:ownerReferences': { '.': {}, [`k:{"uid":"${owner.uid}"}`]: {} },
    },
    'f:spec': {
      'f:containers': Object.fromEntries(running.map(({ name }) => [`k:{"name":"${name}"}`, ofContainer])),
      ...fields('dnsPolicy', 'enableServiceLinks', 'restartPolicy', 'schedulerName', 'securityContext'),
      ...fields('terminationGracePeriodSeconds'),
    },
  };
}

export const ownedByKubelet: FieldsV1 = {
  'f:status': {
    'f:conditions': {
      'k:{"type":"ContainersReady"}': leaf('status', 'type'),
      'k:{"type":"Ready"}': leaf('status', 'type'),
    },
    ...fields('containerStatuses', 'hostIP', 'hostIPs', 'phase', 'podIP', 'podIPs', 'startTime'),
  },
};
