import type { Cases } from '../play/play.ts';
import {
  accounts,
  aDeployment,
  aJob,
  aMap,
  aPod,
  clusterRoles,
  deployments,
  jobs,
  labelled,
  maps,
  namespaces,
  pods,
} from './paths.ts';

const options = (fields: Record<string, unknown>) =>
  ({ apiVersion: 'v1', kind: 'DeleteOptions', ...fields }) as never;

export const deleting: Cases = {
  'what is deleted is gone, and named in the answer': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a'));
    await api.delete(`${maps(ns)}/a`);
    await api.delete(`${maps(ns)}/a`);
    await api.get(`${maps(ns)}/a`);
  },
  'each kind answers in its way': async (api) => {
    const ns = await api.namespace();
    await api.prepare(accounts(ns), { metadata: { name: 's' } });
    await api.delete(`${accounts(ns)}/s`);
    await api.prepare(pods(ns), aPod('p'));
    await api.delete(`${pods(ns)}/p`);
    await api.prepare(clusterRoles, { metadata: { name: api.name('c') }, rules: [] });
    await api.delete(`${clusterRoles}/${api.name('c')}`);
    await api.prepare(`/api/v1/namespaces/${ns}/services`, {
      metadata: { name: 'v' },
      spec: { ports: [{ port: 80 }] },
    });
    await api.delete(`/api/v1/namespaces/${ns}/services/v`);
    await api.delete(`${namespaces}/${ns}`);
  },
  'preconditions must hold': async (api) => {
    const ns = await api.namespace();
    const made = await api.post(maps(ns), aMap('a'));
    await api.delete(
      `${maps(ns)}/a`,
      options({ preconditions: { uid: '3c9a8f1e-0000-4000-8000-000000000000' } }),
    );
    await api.delete(`${maps(ns)}/a`, options({ preconditions: { resourceVersion: '1' } }));
    await api.delete(
      `${maps(ns)}/a`,
      options({ preconditions: { uid: made.uid, resourceVersion: made.version } }),
    );
  },
  'a finalizer holds what is deleted': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a', {}, { finalizers: ['a/b', 'c/d'] }));
    await api.delete(`${maps(ns)}/a`);
    await api.delete(`${maps(ns)}/a`);
    await api.merge(`${maps(ns)}/a`, { data: { still: 'changes' } });
    await api.merge(`${maps(ns)}/a`, { metadata: { finalizers: ['a/b', 'e/f'] } });
    await api.merge(`${maps(ns)}/a`, { metadata: { finalizers: ['a/b'] } });
    await api.post(maps(ns), aMap('a'));
    await api.merge(`${maps(ns)}/a`, { metadata: { finalizers: null } });
    await api.get(`${maps(ns)}/a`);
  },
  'a watch sees a held deletion and its end': async (api) => {
    const ns = await api.namespace();
    const made = await api.prepare(maps(ns), aMap('a', {}, { finalizers: ['a/b'] }));
    const watch = await api.watch(`${maps(ns)}?watch=1&resourceVersion=${made.version}`);
    await api.quietly('DELETE', `${maps(ns)}/a`);
    await api.jsonPatch(`${maps(ns)}/a`, [{ op: 'remove', path: '/metadata/finalizers/0' }]);
    await watch.seen(2);
    await watch.close();
  },
  'a pod without a node goes at once, whatever grace it has': async (api) => {
    const ns = await api.namespace();
    await api.prepare(pods(ns), aPod('a', {}, { terminationGracePeriodSeconds: 60 }));
    await api.delete(`${pods(ns)}/a`);
    await api.get(`${pods(ns)}/a`);
    await api.prepare(pods(ns), aPod('b'));
    await api.delete(`${pods(ns)}/b?gracePeriodSeconds=5`);
    await api.prepare(pods(ns), aPod('c'));
    await api.delete(`${pods(ns)}/c`, options({ gracePeriodSeconds: 0 }));
    await api.prepare(pods(ns), aPod('d'));
    await api.delete(`${pods(ns)}/d`, options({ gracePeriodSeconds: -1 }));
  },
  'a grace period is no matter for other kinds': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a'));
    await api.delete(`${maps(ns)}/a?gracePeriodSeconds=30`);
    await api.get(`${maps(ns)}/a`);
  },
  'a pod with a finalizer': async (api) => {
    const ns = await api.namespace();
    await api.prepare(pods(ns), aPod('a', { finalizers: ['a/b'] }));
    await api.delete(`${pods(ns)}/a`);
    await api.delete(`${pods(ns)}/a?gracePeriodSeconds=0`);
    await api.merge(`${pods(ns)}/a`, { metadata: { finalizers: null } });
    await api.get(`${pods(ns)}/a`);
  },
  'options may come in the query': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a', {}, { finalizers: ['a/b'] }));
    await api.delete(`${maps(ns)}/a?propagationPolicy=Foreground`);
    await api.until(`${maps(ns)}/a`, (a) => JSON.stringify(a.at('metadata.finalizers')) === '["a/b"]');
    await api.merge(`${maps(ns)}/a`, { metadata: { finalizers: null } });
    await api.prepare(maps(ns), aMap('b'));
    await api.delete(`${maps(ns)}/b?propagationPolicy=Sideways`);
    await api.delete(`${maps(ns)}/b?orphanDependents=true&propagationPolicy=Orphan`);
    await api.delete(`${maps(ns)}/b?gracePeriodSeconds=soon`);
  },
  'options that cannot be read are refused': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a'));
    await api.delete(`${maps(ns)}/a`, 'nonsense');
    await api.delete(`${maps(ns)}/a`, { apiVersion: 'v1', kind: 'ConfigMap' });
    await api.delete(`${maps(ns)}/a`, options({ propagationPolicy: 'Sideways' }));
    await api.delete(`${maps(ns)}/a`, options({ dryRun: ['Some'] }));
    await api.delete(`${maps(ns)}/a`, options({ gracePeriodSeconds: 'soon' }));
    await api.delete(
      `${maps(ns)}/a`,
      { gracePeriodSeconds: 5 },
      { headers: { 'content-type': 'text/plain' } },
    );
    await api.delete(`${maps(ns)}/a`, { apiVersion: 'v7', kind: 'DeleteOptions' });
    await api.delete(`${maps(ns)}/a`, options({ unknown: 'field' }));
  },
  'options of any group, and none at all': async (api) => {
    const ns = await api.namespace();
    for (const name of ['a', 'b', 'c']) await api.prepare(maps(ns), aMap(name));
    await api.delete(`${maps(ns)}/a`, {});
    await api.delete(`${maps(ns)}/b`, { apiVersion: 'meta.k8s.io/v1', kind: 'DeleteOptions' });
    await api.delete(`${maps(ns)}/c`, '');
  },
  'a collection is deleted': async (api) => {
    const ns = await api.namespace();
    for (const name of ['a', 'b', 'c'])
      await api.prepare(`/api/v1/namespaces/${ns}/secrets`, { metadata: { name } });
    await api.delete(`/api/v1/namespaces/${ns}/secrets`);
    await api.get(`/api/v1/namespaces/${ns}/secrets`);
    await api.delete(`/api/v1/namespaces/${ns}/secrets`);
  },
  'of a collection what a selector finds is deleted': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a', {}, labelled(['x', 'y'])));
    await api.prepare(maps(ns), aMap('b', {}, labelled(['x', 'z'])));
    await api.prepare(maps(ns), aMap('c', {}, { ...labelled(['x', 'y']), finalizers: ['a/b'] }));
    await api.delete(`${maps(ns)}?labelSelector=x%3Dy`);
    await api.get(maps(ns));
    await api.merge(`${maps(ns)}/c`, { metadata: { finalizers: null } });
    await api.delete(`${maps(ns)}?fieldSelector=metadata.name%3Db`);
    await api.delete(`${maps(ns)}?labelSelector=x%20in%20y`);
    await api.get(maps(ns));
  },
  'some collections cannot be deleted': async (api) => {
    const ns = await api.namespace();
    await api.delete(namespaces);
    await api.delete(`/api/v1/configmaps?labelSelector=run%3D${api.run}`);
    await api.prepare(deployments(ns), aDeployment('d'));
    await api.delete(`${deployments(ns)}?labelSelector=none%3Dat-all`);
  },
  'orphans lose their owner when that is asked for': async (api) => {
    const ns = await api.namespace();
    const owner = await api.prepare(maps(ns), aMap('owner'));
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.uid }];
    await api.prepare(maps(ns), aMap('child', {}, { ownerReferences }));
    await api.delete(`${maps(ns)}/owner`, options({ propagationPolicy: 'Orphan' }));
    await api.gone(`${maps(ns)}/owner`);
    await api.get(`${maps(ns)}/child`);
  },
  'a job leaves its dependents behind where nothing is said': async (api) => {
    const ns = await api.namespace();
    const job = await api.prepare(jobs(ns), aJob('j'));
    const ownerReferences = [{ apiVersion: 'batch/v1', kind: 'Job', name: 'j', uid: job.uid }];
    await api.prepare(maps(ns), aMap('child', {}, { ownerReferences }));
    await api.delete(`${jobs(ns)}/j`);
    await api.gone(`${jobs(ns)}/j`);
    await api.get(`${maps(ns)}/child`);
  },
  'dependents go in the background': async (api) => {
    const ns = await api.namespace();
    const owner = await api.prepare(maps(ns), aMap('owner'));
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.uid }];
    await api.prepare(maps(ns), aMap('child', {}, { ownerReferences }));
    await api.prepare(maps(ns), aMap('stranger'));
    await api.delete(`${maps(ns)}/owner`, options({ propagationPolicy: 'Background' }));
    await api.gone(`${maps(ns)}/child`);
    await api.get(`${maps(ns)}/stranger`);
  },
  'in the foreground the owner waits for dependents that hold it': async (api) => {
    const ns = await api.namespace();
    const owner = await api.prepare(maps(ns), aMap('owner'));
    const ownerReferences = [
      { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.uid, blockOwnerDeletion: true },
    ];
    await api.prepare(maps(ns), aMap('child', {}, { ownerReferences, finalizers: ['a/b'] }));
    await api.delete(`${maps(ns)}/owner`, options({ propagationPolicy: 'Foreground' }));
    await api.until(`${maps(ns)}/child`, (answer) => answer.at('metadata.deletionTimestamp') !== undefined);
    await api.get(`${maps(ns)}/owner`);
    await api.merge(`${maps(ns)}/child`, { metadata: { finalizers: null } });
    await api.gone(`${maps(ns)}/child`);
    await api.gone(`${maps(ns)}/owner`);
  },
  'an object that waits in the foreground may be told to orphan': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a', {}, { finalizers: ['a/b'] }));
    await api.delete(`${maps(ns)}/a`, options({ propagationPolicy: 'Orphan' }));
    await api.until(`${maps(ns)}/a`, (a) => JSON.stringify(a.at('metadata.finalizers')) === '["a/b"]');
    await api.merge(`${maps(ns)}/a`, { metadata: { finalizers: null } });
    await api.gone(`${maps(ns)}/a`);
  },
};
