import type { Connection } from './connection.ts';
import { kubernetesVersion } from './versions.ts';

const gibi = 1024 ** 2;

/** Machines as a data centre has them, by how many of ten there are. */
const machines = [
  { type: 'general-8', of10: 5, cpu: 8, memoryKi: 32 * gibi, diskKi: 200 * gibi },
  { type: 'general-16', of10: 3, cpu: 16, memoryKi: 64 * gibi, diskKi: 400 * gibi },
  { type: 'large-64', of10: 2, cpu: 64, memoryKi: 256 * gibi, diskKi: 1_800 * gibi },
] as const;

/** As many requests at once as the connection has sockets: one by one 200 nodes take 13 s. */
const atOnce = 8;

/**
 * Nodes `node-0001`, `node-0002`, … that are ready as soon as KWOK has seen them. Those that are there already are left
 * as they are, so that a cluster started again has them once.
 */
export async function createNodes(admin: Connection, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1).values();
  const worker = async () => {
    for (const number of numbers) {
      const { status, body } = await admin.send('POST', '/api/v1/nodes', { body: aNode(number) });
      if (status !== 201 && status !== 409) {
        throw new Error(`Node ${number} could not be created: ${status} ${body.message ?? body}`);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** The API server keeps the status a node is created with, so that KWOK only has to say that it is ready. */
function aNode(number: number): object {
  const name = `node-${String(number).padStart(4, '0')}`;
  const { type, cpu, memoryKi, diskKi } = machineOf(number);
  const zone = `test-1${'abc'[number % 3]}`;
  // A kubelet keeps some for itself and the system.
  const size = (cpuMilli: number, memory: number, disk: number) => ({
    cpu: `${cpuMilli}m`,
    memory: `${Math.floor(memory)}Ki`,
    'ephemeral-storage': `${Math.floor(disk)}Ki`,
    pods: '110',
  });
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'node.kubernetes.io/instance-type': type,
        'topology.kubernetes.io/region': 'test-1',
        'topology.kubernetes.io/zone': zone,
      },
    },
    spec: { providerID: `kwok://${zone}/${name}` },
    status: {
      capacity: size(cpu * 1_000, memoryKi, diskKi),
      allocatable: size(cpu * 1_000 - 200, memoryKi * 0.94, diskKi * 0.9),
      addresses: [
        // On loopback, because the API server dials it for logs and must not leave the machine.
        { type: 'InternalIP', address: `127.64.${number >> 8}.${number & 255}` },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: {
        architecture: 'amd64',
        operatingSystem: 'linux',
        osImage: 'Debian GNU/Linux 13 (trixie)',
        kernelVersion: '6.12.48+deb13-amd64',
        containerRuntimeVersion: 'containerd://2.1.4',
        kubeletVersion: kubernetesVersion,
        kubeProxyVersion: '',
        machineID: '',
        systemUUID: '',
        bootID: '',
      },
    },
  };
}

function machineOf(number: number) {
  let place = number % 10;
  return machines.find(({ of10 }) => {
    place -= of10;
    return place < 0;
  })!;
}
