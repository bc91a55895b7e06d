import type { JsonObject } from '../play/json.ts';
import type { Cases } from '../play/play.ts';
import { aPod, pods } from './paths.ts';

const nodes = '/api/v1/nodes';

const aNode = (name: string, fields: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' } },
  ...fields,
});

const running: JsonObject = {
  capacity: { cpu: '4', memory: '8Gi', pods: '110' },
  allocatable: { cpu: '3800m', memory: '7Gi', pods: '110' },
  nodeInfo: {
    architecture: 'amd64',
    bootID: '',
    containerRuntimeVersion: 'containerd://2.0.0',
    kernelVersion: '6.1.0',
    kubeProxyVersion: '',
    kubeletVersion: 'v1.37.0',
    machineID: '',
    operatingSystem: 'linux',
    osImage: 'Some Linux',
    systemUUID: '',
  },
  addresses: [{ type: 'InternalIP', address: '10.9.8.7' }],
};

/** Nodes and pods as data: what the server makes of them, before any controller comes by. */
export const placing: Cases = {
  'a node is created with its status': async (api) => {
    await api.post(nodes, aNode(api.name('node'), { status: running }));
    const read = await api.quietly('GET', `${nodes}/${api.name('node')}`);
    api.note('capacity', read.at('status.capacity') ?? null);
  },
  'a node gets the taint that keeps pods away until it is ready': async (api) => {
    const made = await api.post(nodes, aNode(api.name('node'), { spec: { podCIDR: '10.9.0.0/24' } }));
    api.note('taints', made.at('spec.taints') ?? null);
  },
  'a node is cordoned and given a taint': async (api) => {
    const name = api.name('node');
    await api.prepare(nodes, aNode(name, { status: running }));
    const cordoned = await api.quietly('PATCH', `${nodes}/${name}`, {
      headers: { 'content-type': 'application/strategic-merge-patch+json' },
      body: { spec: { unschedulable: true } },
    });
    api.note('unschedulable', [cordoned.status, cordoned.at('spec.unschedulable') ?? null]);
    const bad = await api.quietly('PATCH', `${nodes}/${name}`, {
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { spec: { taints: [{ key: 'a', effect: 'Sometimes' }] } },
    });
    api.note('a taint that is none', [bad.status, bad.at('message') ?? null]);
  },
  'a node name must be one': async (api) => {
    await api.post(nodes, aNode('Bad_Name'));
    await api.post(nodes, aNode(api.name('node'), { spec: { podCIDR: 'nonsense' } }));
    await api.post(nodes, aNode(api.name('node'), { spec: { taints: [{ key: 'a' }] } }));
  },
  'the table of nodes': async (api) => {
    const name = api.name('node');
    await api.prepare(
      nodes,
      aNode(name, { metadata: { name, labels: { 'node-role.kubernetes.io/worker': '' } }, status: running }),
    );
    const table = await api.quietly(
      'GET',
      `${nodes}?fieldSelector=metadata.name%3D${name}&includeObject=None`,
      {
        headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
      },
    );
    api.note('columns', table.at('columnDefinitions') ?? null);
  },
  'nodes are selected by name and by whether they take pods': async (api) => {
    const name = api.name('node');
    await api.prepare(nodes, aNode(name, { spec: { unschedulable: true } }));
    for (const selector of [
      `metadata.name=${name},spec.unschedulable=true`,
      `metadata.name=${name},spec.unschedulable=false`,
    ]) {
      const list = await api.quietly('GET', `${nodes}?fieldSelector=${encodeURIComponent(selector)}`);
      api.note(selector, (list.at('items') as JsonObject[]).length);
    }
    await api.get(`${nodes}?fieldSelector=status.phase%3DReady`);
  },
  'a pod with statuses as its table shows it': async (api) => {
    const ns = await api.namespace();
    const table = { headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' } };
    const state = async (name: string, status: JsonObject, spec: JsonObject = {}) => {
      await api.prepare(pods(ns), aPod(name, {}, spec));
      await api.quietly('PATCH', `${pods(ns)}/${name}/status`, {
        headers: { 'content-type': 'application/merge-patch+json' },
        body: { status },
      });
      await api.get(`${pods(ns)}/${name}?includeObject=None`, table);
    };
    const container = (more: JsonObject): JsonObject => ({
      name: 'main',
      image: 'registry.example/app:1',
      imageID: '',
      ready: false,
      restartCount: 0,
      ...more,
    });
    await state('running', {
      phase: 'Running',
      podIP: '10.1.1.1',
      podIPs: [{ ip: '10.1.1.1' }],
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [container({ ready: true, restartCount: 2, state: { running: {} } })],
    });
    await state('waiting', {
      phase: 'Pending',
      containerStatuses: [
        container({ state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off' } } }),
      ],
    });
    await state('failed', {
      phase: 'Failed',
      reason: 'Evicted',
      containerStatuses: [container({ state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } })],
    });
    await state('ended', {
      phase: 'Succeeded',
      containerStatuses: [container({ state: { terminated: { exitCode: 0 } } })],
    });
    await state('signalled', {
      phase: 'Failed',
      containerStatuses: [container({ state: { terminated: { exitCode: 1, signal: 9 } } })],
    });
    await state(
      'initialising',
      {
        phase: 'Pending',
        initContainerStatuses: [
          { ...container({ state: { waiting: { reason: 'PodInitializing' } } }), name: 'first' },
        ],
      },
      {
        initContainers: [
          { name: 'first', image: 'registry.example/init:1' },
          { name: 'second', image: 'registry.example/init:1' },
        ],
      },
    );
    await state(
      'gated',
      { phase: 'Pending', nominatedNodeName: 'n' },
      { readinessGates: [{ conditionType: 'a/b' }] },
    );
  },
  'a pod that has ended stays ended': async (api) => {
    const ns = await api.namespace();
    await api.prepare(pods(ns), aPod('p'));
    await api.merge(`${pods(ns)}/p/status`, { status: { phase: 'Succeeded' } });
    await api.merge(`${pods(ns)}/p/status`, { status: { phase: 'Odd' } });
    await api.get(`${pods(ns)}/p`);
  },
  'a quality of service follows from requests and limits': async (api) => {
    const ns = await api.namespace();
    const quality = async (name: string, resources: JsonObject) => {
      const made = await api.post(
        pods(ns),
        aPod(name, {}, { containers: [{ name: 'm', image: 'registry.example/a:1', resources }] }),
      );
      api.note(name, made.at('status.qosClass') ?? null);
    };
    await quality('best-effort', {});
    await quality('burstable', { requests: { cpu: '1' } });
    await quality('guaranteed', { limits: { cpu: '1', memory: '1Gi' } });
  },
  'a priority class is looked up': async (api) => {
    const ns = await api.namespace();
    await api.post(pods(ns), aPod('a', {}, { priorityClassName: 'missing' }));
    const made = await api.post(pods(ns), aPod('b', {}, { priorityClassName: 'system-node-critical' }));
    api.note('which is', [made.status, made.at('spec.priority') ?? null]);
  },
};
