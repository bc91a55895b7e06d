import type { Cases } from '../play/play.ts';
import {
  accounts,
  aDeployment,
  aMap,
  aPod,
  clusterRoles,
  deployments,
  maps,
  namespaces,
  pods,
} from './paths.ts';

/** Dry runs: everything is checked and answered, nothing is kept. */
export const trying: Cases = {
  'a create that is only tried': async (api) => {
    const ns = await api.namespace();
    await api.post(`${maps(ns)}?dryRun=All`, aMap('a', { one: '1' }));
    await api.get(`${maps(ns)}/a`);
    await api.post(`${maps(ns)}?dryRun=All`, { metadata: { generateName: 'made-' } });
    await api.post(`${namespaces}?dryRun=All`, { metadata: { name: api.name('tried') } });
    await api.post(`${maps(ns)}?dryRun=All`, aMap('Bad'));
    await api.post(`${maps(api.name('nowhere'))}?dryRun=All`, aMap('a'));
  },
  'a create that is only tried fails where the name is taken': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a'));
    await api.post(`${maps(ns)}?dryRun=All`, aMap('a'));
  },
  'a change that is only tried': async (api) => {
    const ns = await api.namespace();
    const made = await api.post(maps(ns), aMap('a', { one: '1' }));
    await api.put(`${maps(ns)}/a?dryRun=All`, { ...made.object, data: { one: '2' } });
    await api.merge(`${maps(ns)}/a?dryRun=All`, { data: { one: '3' } });
    await api.strategic(`${maps(ns)}/a?dryRun=All`, { data: { one: '4' } });
    await api.jsonPatch(`${maps(ns)}/a?dryRun=All`, [{ op: 'remove', path: '/data/one' }]);
    await api.apply(`${maps(ns)}/a?dryRun=All&fieldManager=one&force=true`, aMap('a', { one: '5' }));
    await api.apply(`${maps(ns)}/b?dryRun=All&fieldManager=one`, aMap('b'));
    await api.get(`${maps(ns)}/a`);
    await api.get(`${maps(ns)}/b`);
  },
  'a change that is only tried fails as it would': async (api) => {
    const ns = await api.namespace();
    const made = await api.post(maps(ns), aMap('a', { one: '1' }));
    await api.quietly('PUT', `${maps(ns)}/a`, { body: { ...made.object, data: { one: '2' } } });
    await api.put(`${maps(ns)}/a?dryRun=All`, { ...made.object, data: { one: '3' } });
    await api.apply(`${maps(ns)}/a?dryRun=All&fieldManager=one`, aMap('a', { one: '5' }));
    await api.merge(`${maps(ns)}/missing?dryRun=All`, {});
  },
  'a delete that is only tried': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a'));
    await api.prepare(pods(ns), aPod('p'));
    await api.delete(`${maps(ns)}/a?dryRun=All`);
    await api.delete(`${maps(ns)}/a`, { dryRun: ['All'] });
    await api.delete(`${pods(ns)}/p?dryRun=All`);
    await api.delete(`${maps(ns)}?dryRun=All`);
    await api.delete(`${namespaces}/${ns}?dryRun=All`);
    await api.get(maps(ns));
    await api.get(`${namespaces}/${ns}`);
  },
  'subresources that are only tried': async (api) => {
    const ns = await api.namespace();
    await api.prepare(pods(ns), aPod('p'));
    await api.merge(`${pods(ns)}/p/status?dryRun=All`, { status: { phase: 'Running' } });
    await api.get(`${pods(ns)}/p`);
    await api.post(`${accounts(ns)}/default/token?dryRun=All`, { spec: {} });
  },
  'other kinds that are only tried': async (api) => {
    const ns = await api.namespace();
    await api.post(`${clusterRoles}?dryRun=All`, { metadata: { name: api.name('c') }, rules: [] });
    await api.get(`${clusterRoles}/${api.name('c')}`);
    await api.post(`${deployments(ns)}?dryRun=All`, aDeployment('d'));
    await api.get(`${deployments(ns)}/d`);
  },
  'a try that is not all or nothing is refused': async (api) => {
    const ns = await api.namespace();
    await api.post(`${maps(ns)}?dryRun=Some`, aMap('a'));
    await api.post(`${maps(ns)}?dryRun=`, aMap('b'));
    await api.post(`${maps(ns)}?dryRun=All&dryRun=All`, aMap('c'));
    await api.merge(`${maps(ns)}/a?dryRun=true`, {});
    await api.delete(`${maps(ns)}/a?dryRun=none`);
  },
};
