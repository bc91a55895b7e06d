import type { Cases } from '../play/play.ts';
import {
  accounts,
  aDeployment,
  aMap,
  aPod,
  bindings,
  clusterBindings,
  clusterRoles,
  deployments,
  jobs,
  maps,
  namespaces,
  pods,
  roles,
  secrets,
} from './paths.ts';

export const updating: Cases = {
  'what is put replaces what was there': async (api) => {
    const ns = await api.namespace();
    const made = await api.post(maps(ns), aMap('a', { one: '1' }, { labels: { a: 'b' } }));
    const { labels: _, ...metadata } = made.object.metadata as Record<string, string>;
    await api.put(`${maps(ns)}/a`, { ...made.object, metadata, data: { two: '2' } });
  },
  'an old version is a conflict': async (api) => {
    const ns = await api.namespace();
    const made = await api.post(maps(ns), aMap('a', { one: '1' }));
    await api.put(`${maps(ns)}/a`, { ...made.object, data: { one: '2' } });
    await api.put(`${maps(ns)}/a`, { ...made.object, data: { one: '3' } });
    await api.get(`${maps(ns)}/a`);
  },
  'a config map may be put without a version': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a', { one: '1' }));
    await api.put(`${maps(ns)}/a`, aMap('a', { one: '2' }));
    await api.put(`${maps(ns)}/a`, aMap('a', { one: '3' }, { resourceVersion: '0' }));
  },
  'a version that is no number is refused': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a', { one: '1' }));
    await api.put(`${maps(ns)}/a`, aMap('a', { one: '3' }, { resourceVersion: 'old' }));
  },
  'kinds that must say which version they replace': async (api) => {
    const ns = await api.namespace();
    await api.prepare(roles(ns), { metadata: { name: 'r' }, rules: [] });
    await api.put(`${roles(ns)}/r`, { metadata: { name: 'r' }, rules: [] });
    await api.prepare(`/apis/coordination.k8s.io/v1/namespaces/${ns}/leases`, {
      metadata: { name: 'l' },
    });
    await api.put(`/apis/coordination.k8s.io/v1/namespaces/${ns}/leases/l`, { metadata: { name: 'l' } });
    await api.put(`${namespaces}/${ns}`, { metadata: { name: ns, labels: { put: 'yes' } } });
  },
  'another object of the same name is a conflict': async (api) => {
    const ns = await api.namespace();
    const made = await api.post(maps(ns), aMap('a'));
    await api.put(`${maps(ns)}/a`, aMap('a', {}, { uid: '3c9a8f1e-0000-4000-8000-000000000000' }));
    await api.quietly('DELETE', `${maps(ns)}/a`);
    await api.prepare(maps(ns), aMap('a'));
    await api.put(`${maps(ns)}/a`, made.object);
    await api.put(`${maps(ns)}/a`, aMap('a', {}, { uid: made.uid }));
  },
  'what is not there is not found, for most kinds': async (api) => {
    const ns = await api.namespace();
    await api.put(`${maps(ns)}/missing`, aMap('missing'));
    await api.put(`${accounts(ns)}/missing`, { metadata: { name: 'missing' } });
    await api.put(`${namespaces}/${api.name('missing')}`, { metadata: { name: api.name('missing') } });
    await api.put(`${deployments(ns)}/missing`, aDeployment('missing'));
  },
  'kinds that are created by being put': async (api) => {
    const ns = await api.namespace();
    await api.put(`/apis/coordination.k8s.io/v1/namespaces/${ns}/leases/l`, { metadata: { name: 'l' } });
    await api.put(`/api/v1/namespaces/${ns}/limitranges/l`, {
      metadata: { name: 'l' },
      spec: { limits: [] },
    });
    await api.put(`/api/v1/namespaces/${ns}/endpoints/e`, { metadata: { name: 'e' } });
    await api.put(`${roles(ns)}/r`, { metadata: { name: 'r' }, rules: [] });
  },
  'a name in the body must be that of the path': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a'));
    await api.put(`${maps(ns)}/a`, aMap('b'));
    await api.put(`${maps(ns)}/a`, { data: { one: '1' } });
    await api.put(`${maps(ns)}/a`, aMap('a', {}, { namespace: 'elsewhere' }));
  },
  'what was made stays: uid, creation, who deletes it': async (api) => {
    const ns = await api.namespace();
    await api.post(maps(ns), aMap('a'));
    await api.put(
      `${maps(ns)}/a`,
      aMap(
        'a',
        { one: '1' },
        {
          creationTimestamp: '2020-01-01T00:00:00Z',
          deletionTimestamp: '2020-01-01T00:00:00Z',
          generation: 9,
          generateName: 'other-',
        },
      ),
    );
  },
  'an immutable config map or secret cannot be changed': async (api) => {
    const ns = await api.namespace();
    const map = await api.post(maps(ns), { ...aMap('a', { one: '1' }), immutable: true });
    await api.put(`${maps(ns)}/a`, { ...map.object, data: { one: '2' } });
    await api.merge(`${maps(ns)}/a`, { immutable: false });
    await api.merge(`${maps(ns)}/a`, { binaryData: { x: 'Ag==' } });
    await api.merge(`${maps(ns)}/a`, { metadata: { labels: { may: 'change' } } });
    await api.prepare(secrets(ns), { metadata: { name: 's' }, immutable: true, stringData: { a: 'b' } });
    await api.merge(`${secrets(ns)}/s`, { stringData: { a: 'c' } });
    await api.merge(`${secrets(ns)}/s`, { type: 'other/type' });
  },
  'what a binding refers to cannot be changed': async (api) => {
    const ns = await api.namespace();
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' };
    const made = await api.post(bindings(ns), { metadata: { name: 'b' }, roleRef, subjects: [] });
    await api.put(`${bindings(ns)}/b`, { ...made.object, roleRef: { ...roleRef, name: 'other' } });
    await api.merge(`${bindings(ns)}/b`, { roleRef: { kind: 'ClusterRole', name: 'view' } });
    await api.merge(`${bindings(ns)}/b`, { subjects: [{ kind: 'User', name: 'ann' }] });
  },
  'a selector of a deployment and the template of a job cannot be changed': async (api) => {
    const ns = await api.namespace();
    await api.prepare(deployments(ns), aDeployment('d'));
    await api.merge(`${deployments(ns)}/d`, {
      spec: { selector: { matchLabels: { app: 'x' } }, template: { metadata: { labels: { app: 'x' } } } },
    });
    await api.prepare(jobs(ns), {
      metadata: { name: 'j' },
      spec: {
        suspend: false,
        parallelism: 0,
        template: {
          spec: { restartPolicy: 'Never', containers: [{ name: 'm', image: 'registry.example/app:1' }] },
        },
      },
    });
    await api.merge(`${jobs(ns)}/j`, { spec: { completions: 7 } });
  },
  'of a pod only little can be changed': async (api) => {
    const ns = await api.namespace();
    await api.prepare(pods(ns), aPod('p'));
    await api.strategic(`${pods(ns)}/p`, {
      spec: { containers: [{ name: 'main', image: 'registry.example/app:2' }] },
    });
    await api.merge(`${pods(ns)}/p`, { metadata: { labels: { new: 'label' } } });
    await api.merge(`${pods(ns)}/p`, { spec: { activeDeadlineSeconds: 100 } });
    const refused = await api.merge(`${pods(ns)}/p`, { spec: { restartPolicy: 'Never' } });
    api.note('which is', refused.status);
    await api.get(`${pods(ns)}/p`);
  },
  'the generation counts changes of what is wanted': async (api) => {
    const ns = await api.namespace();
    await api.prepare(deployments(ns), aDeployment('d'));
    const headers = { 'content-type': 'application/merge-patch+json' };
    for (const body of [{ metadata: { labels: { a: 'b' } } }, { spec: { minReadySeconds: 5 } }, {}]) {
      const changed = await api.quietly('PATCH', `${deployments(ns)}/d`, { headers, body });
      api.note(JSON.stringify(body), changed.at('metadata.generation') ?? null);
    }
  },
  'annotations may not be too large': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a'));
    await api.merge(`${maps(ns)}/a`, { metadata: { annotations: { big: 'x'.repeat(262_200) } } });
    await api.merge(`${maps(ns)}/a`, { data: { big: 'x'.repeat(1_048_600) } });
  },
  'what a namespace is finalized by stands in its spec': async (api) => {
    const ns = await api.namespace();
    const now = await api.quietly('GET', `${namespaces}/${ns}`);
    await api.put(`${namespaces}/${ns}`, { ...now.object, spec: {} });
    await api.put(`${namespaces}/${ns}/finalize`, {
      ...now.object,
      spec: { finalizers: ['kubernetes', 'example.com/a'] },
    });
    await api.put(`${namespaces}/${ns}/finalize`, {
      metadata: { name: ns },
      spec: { finalizers: ['kubernetes'] },
    });
  },
  'a cluster role and its binding': async (api) => {
    const name = api.name('role');
    const role = await api.post(clusterRoles, { metadata: { name }, rules: [] });
    await api.put(`${clusterRoles}/${name}`, {
      ...role.object,
      rules: [{ apiGroups: ['apps'], resources: ['*'], verbs: ['list'] }],
    });
    await api.post(clusterBindings, {
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    });
    await api.merge(`${clusterBindings}/${name}`, { roleRef: { name: 'other' } });
  },
};
