import type { Cases } from '../play/play.ts';
import { aDeployment, aMap, aPod, deployments, maps, namespaces, pods, secrets } from './paths.ts';

export const managing: Cases = {
  'the manager is what the query says, or the client program': async (api) => {
    const ns = await api.namespace();
    await api.post(maps(ns), aMap('a', { one: '1' }));
    await api.post(`${maps(ns)}?fieldManager=named`, aMap('b', { one: '1' }));
    await api.post(maps(ns), aMap('c', { one: '1' }), {
      headers: { 'user-agent': 'Mozilla/5.0 (X11) other/1' },
    });
    await api.post(maps(ns), aMap('d', { one: '1' }), { headers: { 'user-agent': '' } });
  },
  'a put changes who owns what': async (api) => {
    const ns = await api.namespace();
    await api.post(`${maps(ns)}?fieldManager=one`, aMap('a', { one: '1', two: '2' }));
    await api.put(`${maps(ns)}/a?fieldManager=two`, aMap('a', { one: '1', two: '3', three: '3' }));
    await api.put(`${maps(ns)}/a?fieldManager=one`, aMap('a', { two: '3' }));
    await api.put(`${maps(ns)}/a?fieldManager=one`, aMap('a', {}));
  },
  'each kind of patch owns what it changed': async (api) => {
    const ns = await api.namespace();
    await api.post(`${maps(ns)}?fieldManager=one`, aMap('a', { one: '1' }));
    await api.merge(`${maps(ns)}/a?fieldManager=merge`, { data: { two: '2' } });
    await api.strategic(`${maps(ns)}/a?fieldManager=strategic`, { data: { three: '3' } });
    await api.jsonPatch(`${maps(ns)}/a?fieldManager=json`, [{ op: 'add', path: '/data/four', value: '4' }]);
    await api.merge(`${maps(ns)}/a?fieldManager=labels`, {
      metadata: { labels: { a: 'b' }, annotations: { c: 'd' } },
    });
    await api.merge(`${maps(ns)}/a?fieldManager=empty`, { metadata: { labels: { a: null } } });
  },
  'a removed field is owned by no one': async (api) => {
    const ns = await api.namespace();
    await api.post(`${maps(ns)}?fieldManager=one`, aMap('a', { one: '1', two: '2' }));
    await api.merge(`${maps(ns)}/a?fieldManager=two`, { data: { one: null } });
    await api.merge(`${maps(ns)}/a?fieldManager=two`, { data: null });
  },
  'the managed fields of a pod': async (api) => {
    const ns = await api.namespace();
    await api.post(
      pods(ns),
      aPod(
        'p',
        { labels: { a: 'b' }, annotations: { 'c.d/e': 'f' } },
        {
          containers: [
            {
              name: 'main',
              image: 'registry.example/app:1',
              ports: [{ containerPort: 80 }],
              env: [{ name: 'A', value: '1' }],
              args: ['x'],
            },
          ],
          nodeSelector: { disk: 'ssd' },
          tolerations: [{ key: 'k', operator: 'Exists' }],
        },
      ),
    );
    await api.merge(`${pods(ns)}/p/status?fieldManager=kubelet`, {
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }], podIP: '10.0.0.1' },
    });
  },
  'a status is managed apart': async (api) => {
    const ns = await api.namespace();
    await api.post(`${deployments(ns)}?fieldManager=one`, aDeployment('d'));
    await api.merge(`${namespaces}/${ns}/status?fieldManager=two`, {
      status: { conditions: [{ type: 'NamespaceContentRemaining', status: 'False' }] },
    });
  },
  'a scale is managed through the replicas': async (api) => {
    const ns = await api.namespace();
    await api.prepare(`/api/v1/namespaces/${ns}/replicationcontrollers?fieldManager=made`, {
      metadata: { name: 'r' },
      spec: { replicas: 0, selector: { a: 'b' }, template: aPod('t', { labels: { a: 'b' } }) },
    });
    await api.merge(`/api/v1/namespaces/${ns}/replicationcontrollers/r/scale?fieldManager=scaler`, {
      spec: { replicas: 0 },
    });
  },
  'managed fields are dropped when an update empties them': async (api) => {
    const ns = await api.namespace();
    await api.post(`${maps(ns)}?fieldManager=one`, aMap('a', { one: '1' }));
    await api.merge(`${maps(ns)}/a?fieldManager=two`, { metadata: { managedFields: [{}] } });
    await api.merge(`${maps(ns)}/a?fieldManager=three`, { data: { two: '2' } });
    await api.apply(`${maps(ns)}/a?fieldManager=four`, aMap('a', { four: '4' }));
  },
  'managed fields that are sent must be in order': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a', { one: '1' }));
    await api.merge(`${maps(ns)}/a`, {
      metadata: { managedFields: [{ manager: 'x', operation: 'Invent' }] },
    });
    await api.merge(`${maps(ns)}/a`, { metadata: { managedFields: 'none' } });
  },
  'secrets own their keys': async (api) => {
    const ns = await api.namespace();
    await api.post(secrets(ns), { metadata: { name: 's' }, stringData: { a: 'b' } });
    await api.merge(`${secrets(ns)}/s?fieldManager=two`, { stringData: { c: 'd' } });
  },
  'a write of the same by another owns nothing': async (api) => {
    const ns = await api.namespace();
    await api.post(`${maps(ns)}?fieldManager=one`, aMap('a', { one: '1' }));
    await api.put(`${maps(ns)}/a?fieldManager=two`, aMap('a', { one: '1' }));
    await api.merge(`${maps(ns)}/a?fieldManager=three`, { data: { one: '1' } });
  },
};
