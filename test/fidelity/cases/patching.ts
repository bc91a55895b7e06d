import type { Json, JsonObject } from '../play/json.ts';
import type { Cases } from '../play/play.ts';
import {
  aDeployment,
  aMap,
  aPod,
  deployments,
  maps,
  namespaces,
  pods,
  services,
  templates,
} from './paths.ts';

const json =
  (patches: readonly Json[]): Cases[string] =>
  async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a', { one: '1', two: '2' }, { finalizers: ['a/b', 'c/d'] }));
    for (const patch of patches) await api.jsonPatch(`${maps(ns)}/a`, patch);
    await api.quietly('PATCH', `${maps(ns)}/a`, {
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { metadata: { finalizers: null } },
    });
  };

const aRichPod = aPod(
  'p',
  { labels: { app: 'p' } },
  {
    containers: [
      {
        name: 'main',
        image: 'registry.example/app:1',
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
      },
      { name: 'side', image: 'registry.example/side:1' },
    ],
  },
);

const aRichTemplate: JsonObject = {
  metadata: { name: 't' },
  template: {
    metadata: { labels: { app: 't' } },
    spec: {
      containers: [
        {
          name: 'main',
          image: 'registry.example/app:1',
          args: ['a', 'b'],
          env: [
            { name: 'A', value: '1' },
            { name: 'B', value: '2' },
          ],
          ports: [{ containerPort: 80 }, { containerPort: 443, name: 'tls' }],
        },
        { name: 'side', image: 'registry.example/side:1' },
      ],
      tolerations: [{ key: 'a', operator: 'Exists' }],
      nodeSelector: { disk: 'ssd' },
      volumes: [{ name: 'v', emptyDir: {} }],
    },
  },
};

const strategic =
  (patches: readonly Json[]): Cases[string] =>
  async (api) => {
    const ns = await api.namespace();
    await api.prepare(templates(ns), aRichTemplate);
    for (const patch of patches) await api.strategic(`${templates(ns)}/t`, patch);
  };

const ofPodSpec = (spec: Json): Json => ({ template: { spec } });

export const patching: Cases = {
  'JSON patch: add, replace, remove, move, copy and test': json([
    [{ op: 'add', path: '/data/three', value: '3' }],
    [{ op: 'replace', path: '/data/one', value: '11' }],
    [{ op: 'remove', path: '/data/two' }],
    [{ op: 'move', from: '/data/three', path: '/data/four' }],
    [{ op: 'copy', from: '/data/four', path: '/data/five' }],
    [
      { op: 'test', path: '/data/five', value: '3' },
      { op: 'replace', path: '/data/five', value: '5' },
    ],
    [{ op: 'add', path: '/metadata/labels', value: { 'a/b~c': 'x' } }],
    [{ op: 'replace', path: '/metadata/labels/a~1b~0c', value: 'y' }],
    [],
  ]),
  'JSON patch: into and out of lists': json([
    [{ op: 'add', path: '/metadata/finalizers/-', value: 'e/f' }],
    [{ op: 'add', path: '/metadata/finalizers/0', value: 'g/h' }],
    [{ op: 'remove', path: '/metadata/finalizers/1' }],
    [{ op: 'replace', path: '/metadata/finalizers/0', value: 'i/j' }],
    [{ op: 'remove', path: '/metadata/finalizers/9' }],
    [{ op: 'add', path: '/metadata/finalizers/9', value: 'k/l' }],
    [{ op: 'remove', path: '/metadata/finalizers/-1' }],
  ]),
  'JSON patch: failures': json([
    [{ op: 'test', path: '/data/one', value: 'other' }],
    [{ op: 'remove', path: '/data/missing' }],
    [{ op: 'replace', path: '/data/missing', value: 'x' }],
    [{ op: 'add', path: '/missing/inner', value: 'x' }],
    [{ op: 'move', from: '/data/missing', path: '/data/x' }],
    [{ op: 'copy', from: '/data/missing', path: '/data/x' }],
    [{ op: 'invent', path: '/data/one' }],
    [{ op: 'add', path: 'data', value: 'x' }],
    [{ op: 'add' }],
    [{ op: 'add', path: '/data/x', value: 5 }],
    [{ op: 'test', path: '/data/missing', value: null }],
    { op: 'add', path: '/data/x', value: 'y' },
    'nonsense',
    [{ op: 'replace', path: '/metadata/name', value: 'b' }],
    [{ op: 'replace', path: '/metadata/namespace', value: 'b' }],
    [{ op: 'replace', path: '', value: {} }],
  ]),
  'a patch that makes another kind of an object': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a', { one: '1' }));
    await api.jsonPatch(`${maps(ns)}/a`, [{ op: 'replace', path: '/kind', value: 'Secret' }]);
    await api.merge(`${maps(ns)}/a`, { kind: 'Secret' });
  },
  'a change of nothing by JSON patch': json([[{ op: 'replace', path: '/data/one', value: '1' }]]),
  'merge patch: sets, nests and removes': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a', { one: '1', two: '2' }, { labels: { a: 'b' } }));
    await api.merge(`${maps(ns)}/a`, { data: { one: '11', two: null, three: '3' } });
    await api.merge(`${maps(ns)}/a`, { metadata: { labels: null, annotations: { x: 'y' } } });
    await api.merge(`${maps(ns)}/a`, { data: null });
    await api.merge(`${maps(ns)}/a`, {});
    await api.merge(`${maps(ns)}/a`, { data: { absent: null } });
  },
  'merge patch: lists are replaced whole': async (api) => {
    const ns = await api.namespace();
    await api.prepare(templates(ns), aRichTemplate);
    await api.merge(
      `${templates(ns)}/t`,
      ofPodSpec({ containers: [{ name: 'only', image: 'registry.example/o:1' }] }),
    );
    await api.merge(`${templates(ns)}/t`, ofPodSpec({ volumes: null, tolerations: [] }));
  },
  'merge patch: failures': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a', { one: '1' }));
    await api.merge(`${maps(ns)}/a`, 'nonsense');
    await api.merge(`${maps(ns)}/a`, '[]');
    await api.merge(`${maps(ns)}/a`, '"text"');
    await api.merge(`${maps(ns)}/a`, 'null');
    await api.merge(`${maps(ns)}/a`, '');
    await api.merge(`${maps(ns)}/a`, { data: 5 });
    await api.merge(`${maps(ns)}/a`, { data: { one: 5 } });
    await api.merge(`${maps(ns)}/a`, { metadata: { name: 'b' } });
    await api.merge(`${maps(ns)}/a`, { metadata: { uid: '3c9a8f1e-0000-4000-8000-000000000000' } });
    await api.merge(`${maps(ns)}/a`, { metadata: null });
    await api.merge(`${maps(ns)}/missing`, { data: {} });
    await api.merge(maps(ns), { data: {} });
  },
  'a patch that names an old version is a conflict': async (api) => {
    const ns = await api.namespace();
    const made = await api.post(maps(ns), aMap('a', { one: '1' }));
    await api.merge(`${maps(ns)}/a`, { metadata: { resourceVersion: made.version }, data: { one: '2' } });
    await api.merge(`${maps(ns)}/a`, { metadata: { resourceVersion: made.version }, data: { one: '3' } });
    await api.strategic(`${maps(ns)}/a`, { metadata: { resourceVersion: made.version }, data: { one: '3' } });
    await api.jsonPatch(`${maps(ns)}/a`, [
      { op: 'test', path: '/metadata/resourceVersion', value: made.version },
      { op: 'replace', path: '/data/one', value: '4' },
    ]);
    await api.merge(`${maps(ns)}/a`, { metadata: { resourceVersion: '' }, data: { one: '5' } });
  },
  'strategic merge: items of lists are met by their key': strategic([
    ofPodSpec({ containers: [{ name: 'side', image: 'registry.example/side:2' }] }),
    ofPodSpec({
      containers: [
        {
          name: 'main',
          env: [
            { name: 'B', value: '22' },
            { name: 'C', value: '3' },
          ],
        },
      ],
    }),
    ofPodSpec({ containers: [{ name: 'third', image: 'registry.example/third:1' }] }),
    ofPodSpec({ containers: [{ name: 'main', ports: [{ containerPort: 80, name: 'web' }] }] }),
    ofPodSpec({ volumes: [{ name: 'w', configMap: { name: 'm' } }] }),
  ]),
  'strategic merge: items and maps are deleted': strategic([
    ofPodSpec({ containers: [{ name: 'side', $patch: 'delete' }] }),
    ofPodSpec({ containers: [{ name: 'main', env: [{ name: 'A', $patch: 'delete' }] }] }),
    ofPodSpec({ nodeSelector: { disk: null } }),
    ofPodSpec({ volumes: [{ name: 'missing', $patch: 'delete' }] }),
    { metadata: { annotations: { $patch: 'delete' } } },
  ]),
  'strategic merge: lists and maps are replaced': strategic([
    ofPodSpec({ containers: [{ name: 'only', image: 'registry.example/o:1' }, { $patch: 'replace' }] }),
    ofPodSpec({ nodeSelector: { $patch: 'replace', zone: 'a' } }),
    ofPodSpec({ tolerations: [{ key: 'b', operator: 'Exists' }] }),
    ofPodSpec({ containers: [{ name: 'only', args: ['c'] }] }),
  ]),
  'strategic merge: other keys are not kept where only some are to be retained': strategic([
    ofPodSpec({ volumes: [{ name: 'v', $retainKeys: ['name', 'configMap'], configMap: { name: 'm' } }] }),
  ]),
  'strategic merge: the strategy of a deployment keeps only what is retained': async (api) => {
    const ns = await api.namespace();
    await api.prepare(deployments(ns), aDeployment('d'));
    const strategy = { $retainKeys: ['type'], type: 'Recreate' };
    const patched = await api.quietly('PATCH', `${deployments(ns)}/d`, {
      headers: { 'content-type': 'application/strategic-merge-patch+json' },
      body: { spec: { strategy } },
    });
    api.note('strategy', [patched.status, patched.at('spec.strategy') ?? null]);
  },
  'strategic merge: the order of items is set': strategic([
    ofPodSpec({
      '$setElementOrder/containers': [{ name: 'side' }, { name: 'main' }],
      containers: [
        { name: 'main', image: 'registry.example/app:3' },
        { name: 'side', image: 'registry.example/side:3' },
      ],
    }),
    ofPodSpec({
      '$setElementOrder/containers': [{ name: 'new' }, { name: 'side' }, { name: 'main' }],
      containers: [{ name: 'new', image: 'registry.example/new:1' }],
    }),
  ]),
  'strategic merge: values of plain lists are merged and deleted': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a', {}, { finalizers: ['a/b', 'c/d'] }));
    await api.strategic(`${maps(ns)}/a`, { metadata: { finalizers: ['e/f', 'a/b'] } });
    await api.strategic(`${maps(ns)}/a`, { metadata: { '$deleteFromPrimitiveList/finalizers': ['c/d'] } });
    await api.strategic(`${maps(ns)}/a`, {
      metadata: { '$setElementOrder/finalizers': ['e/f', 'a/b', 'g/h'], finalizers: ['g/h'] },
    });
    await api.strategic(`${maps(ns)}/a`, { metadata: { finalizers: [{ $patch: 'replace' }] } });
    await api.strategic(`${maps(ns)}/a`, { metadata: { finalizers: null } });
  },
  'strategic merge: owners are met by their uid': async (api) => {
    const ns = await api.namespace();
    const [a, b] = [await api.post(maps(ns), aMap('a')), await api.post(maps(ns), aMap('b'))];
    const owner = (name: string, uid: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', name, uid });
    await api.post(maps(ns), aMap('c', {}, { ownerReferences: [owner('a', a.uid)] }));
    await api.strategic(`${maps(ns)}/c`, { metadata: { ownerReferences: [owner('b', b.uid)] } });
    await api.strategic(`${maps(ns)}/c`, {
      metadata: { ownerReferences: [{ $patch: 'delete', uid: a.uid }] },
    });
  },
  'strategic merge: a service meets its ports by port': async (api) => {
    const ns = await api.namespace();
    await api.prepare(services(ns), {
      metadata: { name: 's' },
      spec: { clusterIP: 'None', selector: { a: 'b' }, ports: [{ name: 'web', port: 80 }] },
    });
    await api.strategic(`${services(ns)}/s`, { spec: { ports: [{ name: 'tls', port: 443 }] } });
    await api.strategic(`${services(ns)}/s`, { spec: { ports: [{ port: 80, targetPort: 8080 }] } });
    await api.strategic(`${services(ns)}/s`, { spec: { ports: [{ port: 443, $patch: 'delete' }] } });
  },
  'strategic merge: failures': async (api) => {
    const ns = await api.namespace();
    await api.prepare(pods(ns), aRichPod);
    await api.strategic(`${pods(ns)}/p`, { spec: { containers: [{ image: 'registry.example/app:2' }] } });
    await api.strategic(`${pods(ns)}/p`, { spec: { containers: [{ name: 'main', $patch: 'explode' }] } });
    await api.strategic(`${pods(ns)}/p`, { spec: { containers: 'none' } });
    await api.strategic(`${pods(ns)}/p`, { metadata: { labels: 'none' } });
    await api.strategic(`${pods(ns)}/p`, { metadata: { labels: { $patch: 'explode' } } });
    await api.strategic(`${pods(ns)}/p`, 'nonsense');
    await api.strategic(`${pods(ns)}/p`, '[]');
    await api.strategic(`${pods(ns)}/p`, '');
    await api.strategic(`${pods(ns)}/missing`, {});
    await api.strategic(`${pods(ns)}/p`, {
      spec: { '$setElementOrder/containers': [{ name: 'x' }], containers: [{ name: 'y' }] },
    });
  },
  'conditions are met by their type': async (api) => {
    const ns = await api.namespace();
    await api.prepare(pods(ns), aPod('p'));
    const condition = (type: string, status: string) => ({ type, status, lastTransitionTime: null });
    await api.strategic(`${pods(ns)}/p/status`, { status: { conditions: [condition('Ready', 'False')] } });
    await api.strategic(`${pods(ns)}/p/status`, {
      status: { conditions: [condition('PodScheduled', 'True')] },
    });
    await api.strategic(`${pods(ns)}/p/status`, { status: { conditions: [condition('Ready', 'True')] } });
  },
  'an unknown kind of patch is 415': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a'));
    for (const type of [
      'application/json',
      'text/plain',
      'application/apply-patch+json',
      'application/yaml',
    ]) {
      await api.ask('PATCH', `${maps(ns)}/a`, { headers: { 'content-type': type }, body: {} });
    }
    await api.ask('PATCH', `${maps(ns)}/a`, {
      headers: { 'content-type': 'application/merge-patch+json; charset=utf-8' },
      body: { data: { one: '1' } },
    });
  },
  'a namespace is patched by each kind': async (api) => {
    const ns = await api.namespace();
    await api.merge(`${namespaces}/${ns}`, { metadata: { labels: { a: '1' } } });
    await api.strategic(`${namespaces}/${ns}`, { metadata: { labels: { b: '2' } } });
    await api.jsonPatch(`${namespaces}/${ns}`, [{ op: 'add', path: '/metadata/labels/c', value: '3' }]);
    await api.apply(`${namespaces}/${ns}?fieldManager=m`, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: ns, labels: { d: '4' } },
    });
  },
};
