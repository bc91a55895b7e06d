import type { Json } from '../play/json.ts';
import type { Cases } from '../play/play.ts';
import { accounts, aMap, aPod, clusterRoles, maps, namespaces, pods, secrets } from './paths.ts';

const mergeHeaders = { 'content-type': 'application/merge-patch+json' };

const owned = (name: string, uid: string, kind = 'ConfigMap', apiVersion = 'v1'): Json => [
  { apiVersion, kind, name, uid },
];

export const collecting: Cases = {
  'a namespace empties itself and goes': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a'));
    await api.prepare(secrets(ns), { metadata: { name: 's' } });
    await api.prepare(pods(ns), aPod('p'));
    await api.delete(`${namespaces}/${ns}`);
    await api.gone(`${namespaces}/${ns}`);
    await api.get(`${maps(ns)}/a`);
    await api.get(pods(ns));
  },
  'a namespace that goes says what it waits for': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('held', {}, { finalizers: ['example.com/hold'] }));
    await api.delete(`${namespaces}/${ns}`);
    await api.until(`${namespaces}/${ns}`, (answer) =>
      JSON.stringify(answer.at('status.conditions') ?? null).includes('SomeFinalizersRemain'),
    );
    await api.get(`${maps(ns)}/held`);
    await api.delete(`${namespaces}/${ns}`);
    await api.quietly('PATCH', `${maps(ns)}/held`, {
      headers: mergeHeaders,
      body: { metadata: { finalizers: null } },
    });
    await api.gone(`${namespaces}/${ns}`);
  },
  'a namespace of the same name is another one': async (api) => {
    const ns = await api.namespace();
    const first = await api.get(`${namespaces}/${ns}`);
    await api.quietly('DELETE', `${namespaces}/${ns}`);
    await api.gone(`${namespaces}/${ns}`);
    const second = await api.post(namespaces, { metadata: { name: ns } });
    api.note('the same', first.uid === second.uid);
  },
  'a default service account comes back': async (api) => {
    const ns = await api.namespace();
    const first = await api.get(`${accounts(ns)}/default`);
    await api.delete(`${accounts(ns)}/default`);
    await api.until(`${accounts(ns)}/default`, (a) => a.status === 200 && a.uid !== first.uid);
  },
  'the root certificates come back, and cannot be changed for long': async (api) => {
    const ns = await api.namespace();
    const first = await api.quietly('GET', `${maps(ns)}/kube-root-ca.crt`);
    await api.delete(`${maps(ns)}/kube-root-ca.crt`);
    await api.until(`${maps(ns)}/kube-root-ca.crt`, (a) => a.status === 200 && a.uid !== first.uid);
  },
  'a dependent of what never was goes': async (api) => {
    const ns = await api.namespace();
    await api.prepare(
      maps(ns),
      aMap('a', {}, { ownerReferences: owned('never', '3c9a8f1e-0000-4000-8000-000000000000') }),
    );
    await api.gone(`${maps(ns)}/a`);
  },
  'a dependent of several stays while one is there': async (api) => {
    const ns = await api.namespace();
    const [one, two] = [await api.prepare(maps(ns), aMap('one')), await api.prepare(maps(ns), aMap('two'))];
    const references = [owned('one', one.uid), owned('two', two.uid)].flat() as Json;
    await api.prepare(maps(ns), aMap('child', {}, { ownerReferences: references }));
    await api.delete(`${maps(ns)}/one`);
    await api.until(`${maps(ns)}/child`, (a) => a.at('metadata.ownerReferences.1') === undefined);
    await api.delete(`${maps(ns)}/two`);
    await api.gone(`${maps(ns)}/child`);
  },
  'dependents of dependents go too': async (api) => {
    const ns = await api.namespace();
    const one = await api.prepare(maps(ns), aMap('one'));
    const two = await api.prepare(secrets(ns), {
      metadata: { name: 'two', ownerReferences: owned('one', one.uid) },
    });
    await api.prepare(pods(ns), aPod('three', { ownerReferences: owned('two', two.uid, 'Secret') }));
    await api.delete(`${maps(ns)}/one`);
    await api.gone(`${pods(ns)}/three`);
    await api.get(`${secrets(ns)}/two`);
  },
  'an owner of the whole cluster has dependents in namespaces': async (api) => {
    const ns = await api.namespace();
    const role = await api.prepare(clusterRoles, { metadata: { name: api.name('owner') }, rules: [] });
    const ownerReferences = owned(api.name('owner'), role.uid, 'ClusterRole', 'rbac.authorization.k8s.io/v1');
    await api.prepare(maps(ns), aMap('child', {}, { ownerReferences }));
    await api.delete(`${clusterRoles}/${api.name('owner')}`);
    await api.gone(`${maps(ns)}/child`);
  },
  'an owner in another namespace is none': async (api) => {
    const [a, b] = [await api.namespace('a'), await api.namespace('b')];
    const owner = await api.prepare(maps(a), aMap('owner'));
    await api.prepare(maps(b), aMap('child', {}, { ownerReferences: owned('owner', owner.uid) }));
    await api.gone(`${maps(b)}/child`);
    await api.get(`${maps(a)}/owner`);
  },
  'a token secret of a service account is filled': async (api) => {
    const ns = await api.namespace();
    const secret = {
      metadata: { name: 's', annotations: { 'kubernetes.io/service-account.name': 'default' } },
      type: 'kubernetes.io/service-account-token',
    };
    await api.post(secrets(ns), secret);
    const filled = await api.insist(
      'GET',
      `${secrets(ns)}/s`,
      {},
      (answer) => answer.at('data.token') !== undefined,
    );
    api.note('metadata', filled.at('metadata') ?? null);
    for (const key of ['ca.crt', 'namespace', 'token']) {
      const data = filled.at('data') as Record<string, string>;
      const text = Buffer.from(data[key] ?? '', 'base64').toString();
      const [, claims] = text.split('.');
      api.note(key, claims ? (JSON.parse(Buffer.from(claims, 'base64url').toString()) as Json) : text);
    }
  },
};
