import type { StoredObject } from '../objects.ts';
import { agents, type Image } from './catalogue.ts';
import { Chance, distinct } from './chance.ts';
import {
  before,
  isNotReady,
  iso,
  nodeIp,
  nodeName,
  nodeOf,
  type Plan,
  type PodState,
  stateOf,
} from './plan.ts';
import { agentShape, appShape, ownedByKubelet, type Shape } from './shapes.ts';

export function* pods(plan: Plan): Generator<StoredObject> {
  for (const agent of agents) {
    const shape = agentShape(plan, agent);
    for (let index = 0; index < plan.nodes; index++) {
      yield pod(plan, shape, { index, node: index, state: 'running', days: 90 });
    }
  }
  for (const app of plan.apps) {
    const shape = appShape(plan, app);
    const days = app.isJob ? 1 : 30;
    for (let index = 0; index < app.replicas; index++) {
      yield pod(plan, shape, {
        index,
        node: nodeOf(plan, app, index),
        state: stateOf(plan, app, index),
        days,
      });
    }
  }
}

interface Place {
  /** Among the pods of its owner. */
  index: number;
  node: number;
  state: PodState;
  /** It is at most so old. */
  days: number;
}

/** One pod as it is made: what its parts have in common. */
interface Case extends Place {
  plan: Plan;
  shape: Shape;
  chance: Chance;
  name: string;
  uid: string;
  born: number;
}

function pod(plan: Plan, shape: Shape, place: Place): StoredObject {
  const chance = new Chance(plan.seed, shape.owner.uid, place.index);
  const name = `${shape.name}-${distinct(shape.owner.uid, place.index)}`;
  const born = before(plan, chance, place.days);
  const uid = chance.uid();
  const created = iso(born);
  const managed = { operation: 'Update', apiVersion: 'v1', time: created, fieldsType: 'FieldsV1' } as const;
  const { namespace, labels, owner, spec } = shape;
  return {
    metadata: {
      name,
      generateName: `${shape.name}-`,
      namespace,
      uid,
      creationTimestamp: created,
      labels,
      ownerReferences: [owner],
      managedFields: [
        { manager: 'kube-controller-manager', ...managed, fieldsV1: shape.ownedByController },
        { manager: 'kubelet', ...managed, fieldsV1: ownedByKubelet, subresource: 'status' },
      ],
    },
    spec: place.state === 'unschedulable' ? spec : { ...spec, nodeName: nodeName(place.node) },
    status: status({ ...place, plan, shape, chance, name, uid, born }),
  };
}

const phases: Readonly<Record<PodState, string>> = {
  running: 'Running',
  crashing: 'Running',
  succeeded: 'Succeeded',
  evicted: 'Failed',
  creating: 'Pending',
  pullFailing: 'Pending',
  unschedulable: 'Pending',
};

function status(pod: Case): Record<string, unknown> {
  const { plan, shape, chance, node, state, born } = pod;
  const frame = { phase: phases[state], qosClass: 'Burstable' };
  if (state === 'unschedulable') {
    const message = `0/${plan.nodes} nodes are available: ${plan.nodes} Insufficient cpu. preemption: 0/${plan.nodes} nodes are available: ${plan.nodes} No preemption victims found for incoming pod.`;
    const conditions = [{ ...condition('PodScheduled', false, iso(born)), reason: 'Unschedulable', message }];
    return { ...frame, conditions };
  }
  const hostIP = nodeIp(node);
  const start = born + 1000;
  const started = { ...frame, hostIP, hostIPs: [{ ip: hostIP }], startTime: iso(start) };
  if (state === 'evicted') {
    const message = 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 61432Ki. ';
    return { ...started, reason: 'Evicted', message };
  }
  const podIP = shape.isAgent ? hostIP : `10.${64 + (node >> 8)}.${node & 255}.${2 + chance.below(250)}`;
  return {
    ...started,
    conditions: conditions(pod, iso(start), iso(start + 9000)),
    ...(state === 'creating' ? {} : { podIP, podIPs: [{ ip: podIP }] }),
    containerStatuses: shape.containers.map((container) => containerStatus(pod, container, start)),
  };
}

const condition = (type: string, isTrue: boolean, lastTransitionTime: string) => ({
  type,
  status: isTrue ? 'True' : 'False',
  lastProbeTime: null,
  lastTransitionTime,
});

const isReady = ({ state, node }: Case) => state === 'running' && !isNotReady(node);

function conditions(pod: Case, start: string, ready: string): unknown[] {
  const { state, shape } = pod;
  const isUp = isReady(pod);
  const why =
    state === 'succeeded'
      ? { reason: 'PodCompleted' }
      : {
          reason: 'ContainersNotReady',
          message: `containers with unready status: [${shape.containers.map(({ name }) => name).join(' ')}]`,
        };
  return [
    condition('PodReadyToStartContainers', state !== 'creating' && state !== 'succeeded', start),
    { ...condition('Initialized', true, start), ...(state === 'succeeded' ? why : {}) },
    { ...condition('Ready', isUp, ready), ...(isUp ? {} : why) },
    { ...condition('ContainersReady', isUp, ready), ...(isUp ? {} : why) },
    condition('PodScheduled', true, start),
  ];
}

function containerStatus(pod: Case, { name, image }: { name: string; image: Image }, start: number): unknown {
  const { plan, chance, state } = pod;
  const hasRun = state === 'running' || state === 'crashing' || state === 'succeeded';
  const containerID = `containerd://${chance.hex(64)}`;
  const ended = (exitCode: number, reason: string, finished: number) => ({
    terminated: {
      exitCode,
      reason,
      startedAt: iso(finished - 14_000),
      finishedAt: iso(finished),
      containerID,
    },
  });
  const restarts =
    state === 'crashing' ? 5 + chance.below(400) : hasRun && chance.share() < 0.05 ? 1 + chance.below(3) : 0;
  return {
    name,
    state: stateNow(pod, name, image, start, ended),
    lastState: restarts > 0 ? ended(1, 'Error', Math.max(start, plan.at - chance.below(300_000))) : {},
    ready: isReady(pod),
    restartCount: restarts,
    image: image.name,
    imageID: hasRun ? image.digest : '',
    ...(hasRun ? { containerID } : {}),
    started: state === 'running',
    resources: {},
  };
}

function stateNow(
  { state, name: podName, uid, shape }: Case,
  name: string,
  { name: image }: Image,
  start: number,
  ended: (exitCode: number, reason: string, finished: number) => unknown,
): unknown {
  switch (state) {
    case 'crashing': {
      const message = `back-off 5m0s restarting failed container=${name} pod=${podName}_${shape.namespace}(${uid})`;
      return { waiting: { reason: 'CrashLoopBackOff', message } };
    }
    case 'pullFailing': {
      const message = `Back-off pulling image "${image}": ErrImagePull: failed to resolve reference "${image}": not found`;
      return { waiting: { reason: 'ImagePullBackOff', message } };
    }
    case 'creating':
      return { waiting: { reason: 'ContainerCreating' } };
    case 'succeeded':
      return ended(0, 'Completed', start + 60_000);
    default:
      return { running: { startedAt: iso(start + 3000) } };
  }
}
