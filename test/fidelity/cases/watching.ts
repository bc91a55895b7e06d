import type { Api } from '../play/api.ts';
import { at } from '../play/json.ts';
import type { Cases } from '../play/play.ts';
import { aMap, aPod, labelled, maps, namespaces, pods, query } from './paths.ts';

const table = { headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' } };

/** A real server's watches begin with what its cache holds, and that comes later than the answer to a write. */
const cached = (api: Api, path: string, items: number) =>
  api.insist('GET', `${path}?resourceVersion=0`, {}, (list) => list.at(`items.${items - 1}`) !== undefined);

export const watching: Cases = {
  'a watch from a list tells each change in order': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('before'));
    const list = await api.get(maps(ns));
    const watch = await api.watch(`${maps(ns)}?watch=true&resourceVersion=${list.version}`);
    await api.post(maps(ns), aMap('a', { one: '1' }));
    await api.merge(`${maps(ns)}/a`, { data: { one: '2' } });
    await api.merge(`${maps(ns)}/a`, { data: { one: '2' } });
    await api.delete(`${maps(ns)}/a`);
    await watch.seen(3);
    await watch.close();
  },
  'a watch without a version begins with what there is': async (api) => {
    const ns = await api.namespace();
    for (const name of ['a', 'b']) await api.prepare(maps(ns), aMap(name));
    await cached(api, maps(ns), 3);
    const watch = await api.watch(`${maps(ns)}?watch=1`);
    await watch.seen(3);
    await api.post(maps(ns), aMap('c'));
    await watch.seen(4);
    await watch.close();
  },
  'a watch from version 0 begins with what there is': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a'));
    await api.until(`${maps(ns)}?resourceVersion=0`, (list) => list.at('items.1') !== undefined);
    const watch = await api.watch(`${maps(ns)}?watch=true&resourceVersion=0`);
    await watch.seen(2);
    await watch.close();
  },
  'a watch from an earlier version replays what came since': async (api) => {
    const ns = await api.namespace();
    const first = await api.post(maps(ns), aMap('a', { one: '1' }));
    await api.merge(`${maps(ns)}/a`, { data: { one: '2' } });
    await api.post(maps(ns), aMap('b'));
    await api.delete(`${maps(ns)}/b`);
    const watch = await api.watch(`${maps(ns)}?watch=true&resourceVersion=${first.version}`);
    await watch.seen(3);
    await watch.close();
  },
  'an object that comes to match a label selector is ADDED, one that ceases to is DELETED': async (api) => {
    const ns = await api.namespace();
    const list = await api.get(maps(ns));
    const watch = await api.watch(
      `${maps(ns)}?watch=true&labelSelector=app%3Dx&resourceVersion=${list.version}`,
    );
    await api.post(maps(ns), aMap('other'));
    await api.post(maps(ns), aMap('a', {}, labelled(['app', 'y'])));
    await api.merge(`${maps(ns)}/a`, { metadata: labelled(['app', 'x']) });
    await api.merge(`${maps(ns)}/a`, { data: { one: '1' } });
    await api.merge(`${maps(ns)}/a`, { metadata: labelled(['app', 'y']), data: { one: '2' } });
    await api.delete(`${maps(ns)}/a`);
    await api.post(maps(ns), aMap('last', {}, labelled(['app', 'x'])));
    await watch.seen(4);
    await watch.close();
  },
  'a field selector holds for a watch': async (api) => {
    const ns = await api.namespace();
    const list = await api.get(maps(ns));
    const only = query({ watch: 'true', fieldSelector: 'metadata.name=b', resourceVersion: list.version });
    const watch = await api.watch(maps(ns) + only);
    for (const name of ['a', 'b', 'c']) await api.post(maps(ns), aMap(name));
    await api.delete(`${maps(ns)}/b`);
    await watch.seen(2);
    await watch.close();
  },
  'a change of a status makes a pod match or not': async (api) => {
    const ns = await api.namespace();
    const list = await api.get(pods(ns));
    const only = query({ watch: '1', fieldSelector: 'status.phase=Running', resourceVersion: list.version });
    const watch = await api.watch(pods(ns) + only);
    await api.post(pods(ns), aPod('p'));
    await api.merge(`${pods(ns)}/p/status`, { status: { phase: 'Running' } });
    await api.merge(`${pods(ns)}/p/status`, { status: { phase: 'Succeeded' } });
    await watch.seen(2);
    await watch.close();
  },
  'one object is watched by a selector of its name, not by its path': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a'));
    await api.prepare(maps(ns), aMap('b'));
    await api.get(`${maps(ns)}/a?watch=true`);
    await cached(api, maps(ns), 3);
    const watch = await api.watch(`${maps(ns)}?watch=true&fieldSelector=metadata.name%3Da`);
    await watch.seen(1);
    await api.merge(`${maps(ns)}/b`, { data: { one: '1' } });
    await api.merge(`${maps(ns)}/a`, { data: { one: '1' } });
    await watch.seen(2);
    await watch.close();
  },
  'the old path of watches still works': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a'));
    await cached(api, maps(ns), 2);
    const all = await api.watch(`/api/v1/watch/namespaces/${ns}/configmaps`);
    await all.seen(2);
    await all.close();
    const one = await api.watch(`/api/v1/watch/namespaces/${ns}/configmaps/a`);
    await one.seen(1);
    await one.close();
  },
  'initial events are sent, then a bookmark that says so': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a'));
    const asked =
      'watch=true&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan';
    await cached(api, maps(ns), 2);
    const watch = await api.watch(`${maps(ns)}?${asked}`);
    await watch.seen(3);
    await watch.close();
  },
  'sendInitialEvents wants resourceVersionMatch and a watch': async (api) => {
    const ns = await api.namespace();
    await api.get(`${maps(ns)}?watch=true&sendInitialEvents=true`);
    await api.get(
      `${maps(ns)}?watch=true&sendInitialEvents=true&resourceVersionMatch=Exact&resourceVersion=5`,
    );
    await api.get(`${maps(ns)}?sendInitialEvents=true&resourceVersionMatch=NotOlderThan`);
    await api.get(`${maps(ns)}?watch=true&resourceVersionMatch=NotOlderThan&resourceVersion=0`);
    await cached(api, maps(ns), 1);
    const odd = await api.watch(
      `${maps(ns)}?watch=true&sendInitialEvents=maybe&resourceVersionMatch=NotOlderThan&timeoutSeconds=1`,
    );
    await odd.ended();
  },
  'no initial events where they are declined': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a'));
    await cached(api, maps(ns), 2);
    const watch = await api.watch(
      `${maps(ns)}?watch=true&sendInitialEvents=false&resourceVersionMatch=NotOlderThan&timeoutSeconds=5`,
    );
    await api.post(maps(ns), aMap('b'));
    await watch.seen(1);
    await watch.close();
  },
  'a watch ends when its time is up': async (api) => {
    const ns = await api.namespace();
    const list = await api.get(maps(ns));
    const watch = await api.watch(`${maps(ns)}?watch=true&timeoutSeconds=1&resourceVersion=${list.version}`);
    await watch.ended();
  },
  'a bookmark comes before the time is up': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a'));
    const list = await api.get(maps(ns));
    const watch = await api.watch(
      `${maps(ns)}?watch=true&timeoutSeconds=4&allowWatchBookmarks=true&resourceVersion=${list.version}`,
    );
    await watch.seen(1);
    await watch.close();
  },
  'a watch from the future': async (api) => {
    const ns = await api.namespace();
    const watch = await api.watch(`${maps(ns)}?watch=true&resourceVersion=999999999&timeoutSeconds=1`);
    await watch.ended();
  },
  'a watch as a table has its columns in the first event alone': async (api) => {
    const ns = await api.namespace();
    for (const name of ['a', 'b']) await api.prepare(maps(ns), aMap(name, { one: '1' }));
    await cached(api, maps(ns), 3);
    const watch = await api.watch(`${maps(ns)}?watch=true`, table);
    await watch.seen(3);
    await api.merge(`${maps(ns)}/a`, { data: { two: '2' } });
    await api.delete(`${maps(ns)}/a`);
    await watch.seen(5);
    await watch.close();
  },
  'a watch of metadata alone': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a', { one: '1' }));
    await cached(api, maps(ns), 2);
    const watch = await api.watch(`${maps(ns)}?watch=true`, {
      headers: { accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io' },
    });
    await watch.seen(2);
    await watch.close();
  },
  'a namespace that goes away is told step by step': async (api) => {
    const ns = await api.namespace();
    const now = await api.get(`${namespaces}/${ns}`);
    const watch = await api.watch(
      `${namespaces}?watch=true${query({ fieldSelector: `metadata.name=${ns}`, resourceVersion: now.version }).replace('?', '&')}`,
    );
    await api.quietly('DELETE', `${namespaces}/${ns}`);
    await api.gone(`${namespaces}/${ns}`);
    while (at(watch.events.at(-1), 'type') !== 'DELETED') await watch.seen(watch.events.length + 1);
    await watch.close();
  },
  'a watch across namespaces tells of each': async (api) => {
    const [a, b] = [await api.namespace('a'), await api.namespace('b')];
    const list = await api.get(`/api/v1/configmaps?labelSelector=run%3D${api.run}`);
    const watch = await api.watch(
      `/api/v1/configmaps?watch=1&labelSelector=run%3D${api.run}&resourceVersion=${list.version}`,
    );
    for (const ns of [b, a]) await api.post(maps(ns), aMap('x', {}, labelled(['run', api.run])));
    await watch.seen(2);
    await watch.close();
  },
  'a watch with a selector that cannot be read is refused': async (api) => {
    const ns = await api.namespace();
    await api.get(`${maps(ns)}?watch=true&labelSelector=a%20in%20b`);
    await api.get(`${maps(ns)}?watch=true&fieldSelector=data.a%3Db`);
    await api.get(`${maps(ns)}?watch=true&timeoutSeconds=soon`);
    await cached(api, maps(ns), 1);
    const odd = await api.watch(`${maps(ns)}?watch=perhaps&timeoutSeconds=1`);
    await odd.ended();
  },
};
