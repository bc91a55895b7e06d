import type { Cases } from '../play/play.ts';
import { aMap, labelled, maps, namespaces, query } from './paths.ts';

const seven = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

async function filled(api: Parameters<Cases[string]>[0]): Promise<string> {
  const ns = await api.namespace();
  for (const name of seven) {
    await api.prepare(maps(ns), aMap(name, {}, labelled(['kind', 'abc'.includes(name) ? 'early' : 'late'])));
  }
  return ns;
}

export const paging: Cases = {
  'pages follow each other and say how many are left': async (api) => {
    const ns = await filled(api);
    let page = await api.get(`${maps(ns)}?limit=3`);
    while (page.at('metadata.continue'))
      page = await api.get(`${maps(ns)}?limit=3&continue=${page.continue}`);
  },
  'a limit that holds everything leaves nothing to continue': async (api) => {
    const ns = await filled(api);
    await api.get(`${maps(ns)}?limit=8`);
    await api.get(`${maps(ns)}?limit=500`);
    await api.get(`${maps(ns)}?limit=0`);
  },
  'pages keep to the state of the first while the list changes': async (api) => {
    const ns = await filled(api);
    const first = await api.get(`${maps(ns)}?limit=3`);
    await api.delete(`${maps(ns)}/e`);
    await api.merge(`${maps(ns)}/f`, { data: { changed: 'yes' } });
    await api.post(maps(ns), aMap('dd'));
    const second = await api.get(`${maps(ns)}?limit=3&continue=${first.continue}`);
    await api.get(`${maps(ns)}?limit=3&continue=${second.continue}`);
    await api.get(maps(ns));
  },
  'a page may have another size than the one before': async (api) => {
    const ns = await filled(api);
    const first = await api.get(`${maps(ns)}?limit=1`);
    const second = await api.get(`${maps(ns)}?limit=4&continue=${first.continue}`);
    await api.get(`${maps(ns)}?continue=${second.continue}`);
  },
  'with a selector nobody counts what is left': async (api) => {
    const ns = await filled(api);
    const first = await api.get(`${maps(ns)}?limit=2&labelSelector=kind%3Dlate`);
    await api.get(`${maps(ns)}?limit=2&labelSelector=kind%3Dlate&continue=${first.continue}`);
    await api.get(`${maps(ns)}?limit=2${query({ fieldSelector: 'metadata.name!=a' }).replace('?', '&')}`);
  },
  'pages go across namespaces': async (api) => {
    const label = labelled(['run', api.run]);
    const [a, b] = [await api.namespace('a'), await api.namespace('b')];
    for (const ns of [a, b])
      for (const name of ['x', 'y']) await api.prepare(maps(ns), aMap(name, {}, label));
    const path = `/api/v1/configmaps?labelSelector=run%3D${api.run}&limit=3`;
    const first = await api.get(path);
    await api.get(`${path}&continue=${first.continue}`);
  },
  'a continue that no one gave is refused': async (api) => {
    const ns = await filled(api);
    await api.get(`${maps(ns)}?limit=2&continue=nonsense`);
    await api.get(`${maps(ns)}?limit=2&continue=e30`);
    const first = await api.quietly('GET', `${maps(ns)}?limit=2`);
    await api.get(`${maps(ns)}?limit=2&continue=${first.continue}&resourceVersion=1`);
    await api.get(`${maps(ns)}?limit=2&continue=${first.continue}&resourceVersion=0`);
    await api.get(`${maps(ns)}?limit=2&continue=${first.continue}&resourceVersionMatch=Exact`);
  },
  'a limit that is no number is refused': async (api) => {
    const ns = await api.namespace();
    await api.get(`${maps(ns)}?limit=few`);
    await api.get(`${maps(ns)}?limit=-1`);
    await api.get(`${maps(ns)}?limit=1.5`);
  },
  'a continue whose state is long gone is 410, with a way to go on': async (api) => {
    const ns = await filled(api);
    const gone = Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: 1, start: 'c\u0000' })).toString(
      'base64url',
    );
    await api.until(`${maps(ns)}?limit=2&continue=${gone}`, ({ status }) => status === 410);
  },
  'a page without a state goes on in the newest': async (api) => {
    const ns = await filled(api);
    const anew = Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: -1, start: 'c\u0000' })).toString(
      'base64url',
    );
    await api.get(`${maps(ns)}?limit=2&continue=${anew}`);
  },
  'the first page from a cache that is not asked to be exact': async (api) => {
    const ns = await filled(api);
    await api.insist('GET', `${maps(ns)}?resourceVersion=0`, {}, (list) => list.at('items.7') !== undefined);
    await api.get(`${maps(ns)}?limit=3&resourceVersion=0`);
  },
  'pages of namespaces': async (api) => {
    const label = labelled(['run', api.run]);
    for (const name of ['a', 'b', 'c']) await api.namespace(name, label);
    const first = await api.get(`${namespaces}?labelSelector=run%3D${api.run}&limit=2`);
    await api.get(`${namespaces}?labelSelector=run%3D${api.run}&limit=2&continue=${first.continue}`);
  },
};
