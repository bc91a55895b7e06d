import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { type Connection, connect } from './connection.ts';
import { type ControlPlane, startControlPlane } from './start.ts';

/** What our own control plane does beyond being one, which a cluster given by KUBECONFIG does not. */
let cluster: ControlPlane;
let admin: Connection;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-plane-'));
  cluster = await startControlPlane({ folder, nodes: 2 });
  admin = connect(cluster);
}, 120_000);
afterAll(async () => {
  await admin.close();
  await cluster.stop();
  await rm(folder, { recursive: true });
});

const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 30_000, interval: 100 });
const get = async (path: string) => (await admin.send('GET', path)).body;
const pods = '/api/v1/namespaces/default/pods';

async function runPod(name: string, more: { annotations?: Record<string, string>; image?: string } = {}) {
  const { status } = await admin.send('POST', '/apis/batch/v1/namespaces/default/jobs', {
    body: {
      metadata: { name },
      spec: {
        backoffLimit: 0,
        template: {
          metadata: { annotations: more.annotations },
          spec: {
            restartPolicy: 'Never',
            containers: [{ name: 'main', image: more.image ?? 'registry.example/any:1' }],
          },
        },
      },
    },
  });
  expect(status).toBe(201);
}

test('nodes are ready and have the size they were made with', async () => {
  await eventually(async () => {
    for (const { metadata, status } of (await get('/api/v1/nodes')).items) {
      expect(status.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'True' }));
      expect(status).toMatchObject({
        capacity: { cpu: '8', memory: '32Gi', pods: '110' },
        addresses: [{ type: 'InternalIP' }, { type: 'Hostname', address: metadata.name }],
        nodeInfo: { kubeletVersion: cluster.version },
      });
    }
  });
});

test('a pod fails with the exit code that its annotation names', async () => {
  await runPod('failing', { annotations: { 'sim/exit-code': '3' } });
  await eventually(async () => {
    const { items } = await get(`${pods}?labelSelector=job-name=failing`);
    expect(items[0].status).toMatchObject({
      phase: 'Failed',
      containerStatuses: [{ state: { terminated: { exitCode: 3, reason: 'Error' } } }],
    });
  });
});

test('a pod runs as long as its annotation says', async () => {
  await runPod('long', { annotations: { 'sim/run-for': '1h' } });
  await eventually(async () => {
    const { items } = await get(`${pods}?labelSelector=job-name=long`);
    expect(items[0].status).toMatchObject({ phase: 'Running', containerStatuses: [{ ready: true }] });
  });
});

test('an image is on the node where a pod ran it, until its annotation is taken away', async () => {
  const image = 'registry.example/pulled@sha256:0123';
  await runPod('pulling', { image });
  const holders = async () =>
    (await get('/api/v1/nodes')).items.filter(({ status }: { status: { images?: { names: string[] }[] } }) =>
      status.images?.some(({ names }) => names.includes(image)),
    );
  await eventually(async () => expect(await holders()).toHaveLength(1));
  const [{ metadata }] = await holders();
  const annotations = Object.fromEntries(
    Object.keys(metadata.annotations)
      .filter((name) => name.startsWith('image.sim/'))
      .map((name) => [name, null]),
  );
  await admin.send('PATCH', `/api/v1/nodes/${metadata.name}`, {
    headers: { 'content-type': 'application/merge-patch+json' },
    body: {
      metadata: { annotations: { ...annotations, 'image.sim/other': '{"names":["other:1"],"sizeBytes":5}' } },
    },
  });
  await eventually(async () => {
    const { status } = await get(`/api/v1/nodes/${metadata.name}`);
    expect(status.images).toEqual([{ names: ['other:1'], sizeBytes: 5 }]);
  });
});

test('a component that cannot start is named with the end of its log', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const other = await mkdtemp(join(tmpdir(), 'drover-plane-'));
  onTestFinished(async () => {
    taken.close();
    await rm(other, { recursive: true });
  });
  await expect(
    startControlPlane({ folder: other, port: (taken.address() as AddressInfo).port }),
  ).rejects.toMatchObject({
    code: 'COMPONENT_ENDED',
    values: { component: 'kube-apiserver', said: expect.stringContaining('address already in use') },
  });
});
