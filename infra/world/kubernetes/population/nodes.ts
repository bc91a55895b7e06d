import type { StoredObject } from '../objects.ts';
import { agents, type Image, sandbox, sidecar } from './catalogue.ts';
import { Chance } from './chance.ts';
import {
  before,
  isControlPlane,
  isCordoned,
  isDedicated,
  isNotReady,
  iso,
  nodeIp,
  nodeName,
  nodeOf,
  type Plan,
} from './plan.ts';

const machines = [
  { type: 'm7.2xlarge', cpu: 8, gib: 32 },
  { type: 'm7.4xlarge', cpu: 16, gib: 64 },
  { type: 'r7.4xlarge', cpu: 16, gib: 128 },
] as const;

/** The kubelet tells of this many. */
const mostImages = 50;

export function* nodes(plan: Plan): Generator<StoredObject> {
  const images = imagesByNode(plan);
  for (let index = 0; index < plan.nodes; index++) yield node(plan, index, images[index]!);
}

/** What has run on a node is still there. */
function imagesByNode(plan: Plan): Image[][] {
  const common = [...agents.map(({ image }) => image), sandbox, sidecar];
  const sets = Array.from({ length: plan.nodes }, () => new Set(common));
  for (const app of plan.apps) {
    for (let replica = 0; replica < app.replicas; replica++) sets[nodeOf(plan, app, replica)]!.add(app.image);
  }
  return sets.map((set) =>
    [...set].toSorted((one, other) => other.sizeBytes - one.sizeBytes).slice(0, mostImages),
  );
}

function node(plan: Plan, index: number, images: readonly Image[]): StoredObject {
  const chance = new Chance(plan.seed, 'node', index);
  const name = nodeName(index);
  const machine = chance.pick(machines);
  const zone = `eu-west-1${'abc'[index % 3]}`;
  const born = before(plan, chance, 200);
  const boss = isControlPlane(plan, index);
  const isLost = isNotReady(index);
  const taints = taintsOf(boss, index, isLost, plan);
  return {
    metadata: {
      name,
      uid: chance.uid(),
      creationTimestamp: iso(born),
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'node.kubernetes.io/instance-type': machine.type,
        'topology.kubernetes.io/region': 'eu-west-1',
        'topology.kubernetes.io/zone': zone,
        ...(boss ? { 'node-role.kubernetes.io/control-plane': '' } : {}),
        ...(isDedicated(index) ? { 'example.com/pool': 'gpu' } : {}),
      },
      annotations: {
        'node.alpha.kubernetes.io/ttl': '0',
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
      },
    },
    spec: {
      podCIDR: `10.${64 + (index >> 8)}.${index & 255}.0/24`,
      podCIDRs: [`10.${64 + (index >> 8)}.${index & 255}.0/24`],
      providerID: `example:///${zone}/i-${chance.hex(17)}`,
      ...(taints.length > 0 ? { taints } : {}),
      ...(isCordoned(index) ? { unschedulable: true } : {}),
    },
    status: {
      capacity: amounts(machine.cpu * 1000, machine.gib * 1024 * 1024, 107_361_240),
      allocatable: amounts(machine.cpu * 1000 - 90, machine.gib * 1024 * 1024 - 1_150_000, 98_944_118),
      conditions: conditions(plan, born, isLost),
      addresses: [
        { type: 'InternalIP', address: nodeIp(index) },
        { type: 'Hostname', address: name },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        machineID: chance.hex(32),
        systemUUID: chance.uid(),
        bootID: chance.uid(),
        kernelVersion: '6.12.48+deb13-amd64',
        osImage: 'Debian GNU/Linux 13 (trixie)',
        containerRuntimeVersion: 'containerd://2.2.1',
        kubeletVersion: 'v1.37.1',
        kubeProxyVersion: '',
        operatingSystem: 'linux',
        architecture: 'amd64',
      },
      images: images.map(({ name, digest, sizeBytes }) => ({ names: [digest, name], sizeBytes })),
    },
  };
}

const amounts = (milliCpu: number, memoryKi: number, storageKi: number) => ({
  cpu: milliCpu % 1000 === 0 ? String(milliCpu / 1000) : `${milliCpu}m`,
  'ephemeral-storage': `${storageKi}Ki`,
  'hugepages-1Gi': '0',
  'hugepages-2Mi': '0',
  memory: `${memoryKi}Ki`,
  pods: '110',
});

function taintsOf(isBoss: boolean, index: number, isLost: boolean, { at }: Plan): unknown[] {
  const lostSince = iso(at - lostFor);
  return [
    ...(isBoss ? [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] : []),
    ...(isDedicated(index) ? [{ key: 'example.com/dedicated', value: 'gpu', effect: 'NoSchedule' }] : []),
    ...(isCordoned(index)
      ? [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule', timeAdded: lostSince }]
      : []),
    ...(isLost
      ? ['NoSchedule', 'NoExecute'].map((effect) => ({
          key: 'node.kubernetes.io/unreachable',
          effect,
          timeAdded: lostSince,
        }))
      : []),
  ];
}

/** How long ago the nodes that are lost were last heard of. */
export const lostFor = 47 * 60_000;

function conditions(plan: Plan, born: number, isLost: boolean): unknown[] {
  const heard = iso(plan.at - (isLost ? lostFor : 20_000));
  const of = (type: string, status: string, reason: string, message: string) => ({
    type,
    status: isLost ? 'Unknown' : status,
    lastHeartbeatTime: heard,
    lastTransitionTime: iso(isLost ? plan.at - lostFor + 40_000 : born),
    reason: isLost ? 'NodeStatusUnknown' : reason,
    message: isLost ? 'Kubelet stopped posting node status.' : message,
  });
  return [
    of('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
    of('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
    of('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
    of('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
  ];
}
