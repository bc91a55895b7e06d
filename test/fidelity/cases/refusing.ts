import type { Cases } from '../play/play.ts';
import { aMap, maps, namespaces, pods } from './paths.ts';

export const refusing: Cases = {
  'paths that are not there': async (api) => {
    for (const path of [
      '/nonsense',
      '/api/v2',
      '/api/v1/nonsense',
      '/apis/nonsense',
      '/apis/apps/v9',
      '/apis/apps/v1/nonsense',
      '/apis/nonsense.example.com/v1',
      '/apis/nonsense.example.com/v1/things',
      '/api/v1/namespaces/a/b/c/d/e',
      '/api/v1/namespaces/default/nodes',
      '/apis/apps/v1/namespaces/default/nonsense/a',
      '//api',
      '/api/v1//configmaps',
    ]) {
      await api.get(path);
    }
  },
  'methods that a place does not have': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a'));
    await api.put(maps(ns), aMap('a'));
    await api.post(`${maps(ns)}/a`, aMap('a'));
    await api.ask('PATCH', maps(ns), {
      headers: { 'content-type': 'application/merge-patch+json' },
      body: {},
    });
    await api.ask('TRACE', `${maps(ns)}/a`);
    await api.ask('PROPFIND', `${maps(ns)}/a`);
    await api.post('/version', {});
    await api.delete('/healthz');
    await api.post('/api', {});
    await api.delete(`/api/v1/componentstatuses/a`);
    await api.post('/api/v1/configmaps', aMap('a'));
    await api.post('/apis/authentication.k8s.io/v1/selfsubjectreviews/a', {});
    await api.get('/apis/authentication.k8s.io/v1/selfsubjectreviews');
  },
  'forms of a body that the server does not take': async (api) => {
    const ns = await api.namespace();
    for (const type of [
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
    ]) {
      await api.post(maps(ns), 'a=b', { headers: { 'content-type': type } });
    }
    await api.ask('POST', maps(ns), { headers: { 'content-type': 'nonsense' }, body: aMap('b') });
  },
  'forms of a body that it does take': async (api) => {
    const ns = await api.namespace();
    const post = (type: string, body: string) =>
      api.post(maps(ns), body, { headers: { 'content-type': type } });
    await post('application/yaml', 'metadata:\n  name: yaml\ndata:\n  a: "1"\n');
    await post('application/json; charset=utf-8', '{"metadata":{"name":"charset"}}');
    await post('APPLICATION/JSON', '{"metadata":{"name":"upper"}}');
    await post('application/yaml', '{"metadata":{"name":"json-as-yaml"}}');
    await post('application/yaml', 'a: [');
    await post('', '{"metadata":{"name":"untyped"}}');
  },
  'a body that is too large': async (api) => {
    const ns = await api.namespace();
    const big = aMap('a', { big: 'x'.repeat(3_200_000) });
    await api.post(maps(ns), big);
    await api.prepare(maps(ns), aMap('a'));
    await api.put(`${maps(ns)}/a`, big);
    await api.merge(`${maps(ns)}/a`, { data: { big: 'x'.repeat(3_200_000) } });
  },
  'a patch that is too long': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a'));
    const many = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/metadata/name', value: 'a' }));
    await api.jsonPatch(`${maps(ns)}/a`, many);
  },
  'names in a path that cannot be': async (api) => {
    const ns = await api.namespace();
    await api.get(`${maps(ns)}/a%2Fb`);
    await api.get(`${maps(ns)}/a%20b`);
    await api.get(`${maps(ns)}/UPPER`);
    await api.get(`${namespaces}/UPPER/configmaps`);
    await api.get(`${maps(ns)}/..`);
    await api.get(`${maps(ns)}/%zz`);
  },
  'a trailing stroke': async (api) => {
    const ns = await api.namespace();
    await api.get(`${maps(ns)}/`);
    await api.get('/version/');
    await api.get('/api/');
    const groups = await api.quietly('GET', '/apis/');
    api.note('/apis/', [groups.status, groups.at('kind') ?? null]);
    await api.get('/api/v1/');
  },
  'parameters that cannot be read': async (api) => {
    const ns = await api.namespace();
    await api.get(`${maps(ns)}?timeoutSeconds=x`);
    // Watches begin with what the server's cache holds, and that comes later than the answer to a write.
    await api.insist('GET', `${maps(ns)}?resourceVersion=0`, {}, (list) => list.at('items.0') !== undefined);
    const watch = await api.watch(`${maps(ns)}?allowWatchBookmarks=x&watch=true`);
    await watch.seen(2);
    await watch.close();
    await api.get(`${maps(ns)}?unheard=of`);
    await api.get(`${pods(ns)}?limit=%zz`);
    await api.get(`${maps(ns)}?limit=1;limit=2`);
  },
};
