import type { Json, JsonObject } from '../play/json.ts';
import type { Cases } from '../play/play.ts';
import {
  accounts,
  aDeployment,
  aMap,
  aPod,
  clusterRoles,
  deployments,
  maps,
  pods,
  roles,
  services,
  templates,
} from './paths.ts';

const map = (data: Record<string, string>, metadata: JsonObject = {}): JsonObject =>
  aMap('a', data, metadata);

const template = (template: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'PodTemplate',
  metadata: { name: 't' },
  template,
});

const withContainers = (containers: Json): JsonObject =>
  template({ metadata: { labels: { app: 't' } }, spec: { containers } });

export const applying: Cases = {
  'apply creates what is not there': async (api) => {
    const ns = await api.namespace();
    await api.apply(`${maps(ns)}/a?fieldManager=one`, map({ one: '1' }));
    await api.apply(`${maps(ns)}/a?fieldManager=one`, map({ one: '1' }));
    await api.apply(`${maps(ns)}/a?fieldManager=one`, map({ one: '2', two: '2' }));
  },
  'what a manager ceases to send is removed': async (api) => {
    const ns = await api.namespace();
    await api.apply(`${maps(ns)}/a?fieldManager=one`, map({ one: '1', two: '2' }, { labels: { x: 'y' } }));
    await api.apply(`${maps(ns)}/a?fieldManager=one`, map({ one: '1' }));
    await api.apply(`${maps(ns)}/a?fieldManager=one`, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a' },
    });
  },
  'two managers own different fields': async (api) => {
    const ns = await api.namespace();
    await api.apply(`${maps(ns)}/a?fieldManager=one`, map({ one: '1' }));
    await api.apply(`${maps(ns)}/a?fieldManager=two`, map({ two: '2' }));
    await api.apply(`${maps(ns)}/a?fieldManager=one`, map({}));
    await api.apply(`${maps(ns)}/a?fieldManager=two`, map({}));
  },
  'two managers share a field that both send alike': async (api) => {
    const ns = await api.namespace();
    await api.apply(`${maps(ns)}/a?fieldManager=one`, map({ one: '1' }));
    await api.apply(`${maps(ns)}/a?fieldManager=two`, map({ one: '1' }));
    await api.apply(`${maps(ns)}/a?fieldManager=one`, map({}));
    await api.apply(`${maps(ns)}/a?fieldManager=two`, map({}));
  },
  'a field of another is a conflict, unless it is forced': async (api) => {
    const ns = await api.namespace();
    await api.apply(`${maps(ns)}/a?fieldManager=one`, map({ one: '1', two: '2' }));
    await api.apply(`${maps(ns)}/a?fieldManager=two`, map({ one: 'other' }));
    await api.apply(`${maps(ns)}/a?fieldManager=two`, map({ one: 'other', two: 'other' }));
    await api.apply(`${maps(ns)}/a?fieldManager=two&force=false`, map({ one: 'other' }));
    await api.apply(`${maps(ns)}/a?fieldManager=two&force=true`, map({ one: 'other' }));
    await api.apply(`${maps(ns)}/a?fieldManager=one`, map({ one: '1', two: '2' }));
  },
  'conflicts with several managers name each': async (api) => {
    const ns = await api.namespace();
    await api.apply(`${maps(ns)}/a?fieldManager=one`, map({ one: '1' }));
    await api.apply(`${maps(ns)}/a?fieldManager=two`, map({ two: '2' }));
    await api.merge(`${maps(ns)}/a?fieldManager=three`, { data: { three: '3' } });
    // The managers come in any order.
    const refused = await api.quietly('PATCH', `${maps(ns)}/a?fieldManager=four`, {
      headers: { 'content-type': 'application/apply-patch+yaml' },
      body: map({ one: 'x', two: 'x', three: 'x' }),
    });
    const causes = (refused.at('details.causes') as Json[]).map((cause) => JSON.stringify(cause)).sort();
    api.note('conflicts', [refused.status, refused.text('message').split('\n').sort(), causes]);
  },
  'what was made by an update conflicts too': async (api) => {
    const ns = await api.namespace();
    await api.post(`${maps(ns)}?fieldManager=made`, map({ one: '1' }));
    await api.apply(`${maps(ns)}/a?fieldManager=one`, map({ one: '2' }));
    await api.apply(`${maps(ns)}/a?fieldManager=one`, map({ one: '1' }));
    await api.merge(`${maps(ns)}/a?fieldManager=made`, { data: { one: '4' } });
  },
  'an update takes a field away from its applier': async (api) => {
    const ns = await api.namespace();
    await api.apply(`${maps(ns)}/a?fieldManager=one`, map({ one: '1', two: '2' }));
    await api.merge(`${maps(ns)}/a?fieldManager=two`, { data: { one: '3' } });
    await api.apply(`${maps(ns)}/a?fieldManager=one`, map({ one: '1', two: '2' }));
    await api.apply(`${maps(ns)}/a?fieldManager=one`, map({ two: '2' }));
    await api.merge(`${maps(ns)}/a?fieldManager=two`, { data: { two: null } });
  },
  'a manager must be named, and not too long': async (api) => {
    const ns = await api.namespace();
    await api.apply(`${maps(ns)}/a`, map({ one: '1' }));
    await api.apply(`${maps(ns)}/a?fieldManager=`, map({ one: '1' }));
    await api.apply(`${maps(ns)}/a?fieldManager=${'x'.repeat(129)}`, map({ one: '1' }));
    await api.apply(`${maps(ns)}/a?fieldManager=${encodeURIComponent('a\u0000b')}`, map({ one: '1' }));
    await api.merge(`${maps(ns)}/missing?fieldManager=${'x'.repeat(129)}`, {});
    await api.post(`${maps(ns)}?fieldManager=${'x'.repeat(129)}`, map({}));
  },
  'force is for apply alone': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), map({}));
    await api.merge(`${maps(ns)}/a?force=true`, { data: { one: '1' } });
    await api.strategic(`${maps(ns)}/a?force=false`, { data: { one: '1' } });
  },
  'an apply must say what it is': async (api) => {
    const ns = await api.namespace();
    const path = `${maps(ns)}/a?fieldManager=one`;
    await api.apply(path, { metadata: { name: 'a' } });
    await api.apply(path, { apiVersion: 'v1', metadata: { name: 'a' } });
    await api.apply(path, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } });
    await api.apply(path, { apiVersion: 'v2', kind: 'ConfigMap', metadata: { name: 'a' } });
    await api.apply(path, aMap('b'));
    await api.apply(path, { apiVersion: 'v1', kind: 'ConfigMap' });
    await api.apply(path, map({}, { namespace: 'elsewhere' }));
    await api.apply(path, 'a: [');
    await api.apply(path, 'words');
    await api.apply(path, '');
    await api.apply(path, '[]');
  },
  'managed fields cannot be applied': async (api) => {
    const ns = await api.namespace();
    await api.apply(`${maps(ns)}/a?fieldManager=one`, map({}, { managedFields: [] }));
    await api.apply(
      `${maps(ns)}/a?fieldManager=one`,
      map(
        {},
        {
          managedFields: [
            { manager: 'x', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: {} },
          ],
        },
      ),
    );
  },
  'an unknown field is refused, a wrong type too': async (api) => {
    const ns = await api.namespace();
    const path = `${maps(ns)}/a?fieldManager=one`;
    await api.apply(path, { ...map({}), unknown: 'x' });
    await api.apply(path, { ...map({}), data: { one: 1 } });
    await api.apply(path, { ...map({}), data: ['one'] });
    await api.apply(`${path}&fieldValidation=Ignore`, { ...map({}), unknown: 'x' });
    await api.apply(`${deployments(ns)}/d?fieldManager=one`, aDeployment('d', { replicas: 'many' }));
  },
  'what is applied may be YAML': async (api) => {
    const ns = await api.namespace();
    const yaml =
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  one: "1"\n  more: |\n    two\n    lines\n';
    await api.apply(`${maps(ns)}/a?fieldManager=one`, yaml);
    await api.apply(`${maps(ns)}/b?fieldManager=one`, `${yaml.replace('name: a', 'name: b')}---\n${yaml}`);
    await api.apply(
      `${maps(ns)}/c?fieldManager=one`,
      `${yaml.replace('name: a', 'name: c')}data:\n  one: "2"\n`,
    );
  },
  'items of lists are owned by their key': async (api) => {
    const ns = await api.namespace();
    const path = `${templates(ns)}/t?fieldManager=`;
    await api.apply(
      `${path}one`,
      withContainers([{ name: 'main', image: 'registry.example/app:1', env: [{ name: 'A', value: '1' }] }]),
    );
    await api.apply(
      `${path}two`,
      template({ spec: { containers: [{ name: 'main', env: [{ name: 'B', value: '2' }] }] } }),
    );
    await api.apply(
      `${path}three`,
      template({ spec: { containers: [{ name: 'side', image: 'registry.example/side:1' }] } }),
    );
    await api.apply(
      `${path}two`,
      template({ spec: { containers: [{ name: 'main', image: 'registry.example/app:2' }] } }),
    );
    await api.apply(`${path}two`, template({}));
    await api.apply(`${path}three`, template({}));
  },
  'a list that is a whole is owned as one': async (api) => {
    const ns = await api.namespace();
    const path = `${templates(ns)}/t?fieldManager=`;
    await api.apply(
      `${path}one`,
      withContainers([{ name: 'main', image: 'registry.example/app:1', args: ['a'] }]),
    );
    await api.apply(`${path}two`, template({ spec: { containers: [{ name: 'main', args: ['b'] }] } }));
    await api.apply(
      `${path}two&force=true`,
      template({ spec: { containers: [{ name: 'main', args: ['b'] }] } }),
    );
  },
  'a doubled key in a list is refused': async (api) => {
    const ns = await api.namespace();
    const twice = [
      { name: 'main', image: 'registry.example/app:1' },
      { name: 'main', image: 'registry.example/app:2' },
    ];
    await api.apply(`${templates(ns)}/t?fieldManager=one`, withContainers(twice));
    await api.apply(
      `${templates(ns)}/t?fieldManager=one`,
      withContainers([{ image: 'registry.example/app:1' }]),
    );
  },
  'ports are met by port and protocol': async (api) => {
    const ns = await api.namespace();
    const service = (ports: Json): JsonObject => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 's' },
      spec: { clusterIP: 'None', ports },
    });
    await api.apply(
      `${services(ns)}/s?fieldManager=one`,
      service([{ name: 'web', port: 80, protocol: 'TCP' }]),
    );
    await api.apply(
      `${services(ns)}/s?fieldManager=two`,
      service([{ name: 'tls', port: 443, protocol: 'TCP' }]),
    );
    await api.apply(
      `${services(ns)}/s?fieldManager=two`,
      service([{ name: 'udp', port: 80, protocol: 'UDP' }]),
    );
    await api.apply(`${services(ns)}/s?fieldManager=three`, service([{ name: 'other', port: 80 }]));
  },
  'a field that is left to another': async (api) => {
    const ns = await api.namespace();
    const lease = (spec: JsonObject): JsonObject => ({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'l' },
      spec,
    });
    const path = `/apis/coordination.k8s.io/v1/namespaces/${ns}/leases/l?fieldManager=`;
    await api.apply(`${path}one`, lease({ holderIdentity: 'a', leaseDurationSeconds: 10 }));
    await api.apply(`${path}holder`, lease({ holderIdentity: 'a' }));
    await api.apply(`${path}one`, lease({ leaseDurationSeconds: 10 }));
    await api.apply(`${path}holder`, lease({ holderIdentity: 'b' }));
    await api.apply(`${path}holder`, lease({}));
  },
  'finalizers and owners are sets and maps': async (api) => {
    const ns = await api.namespace();
    const path = `${maps(ns)}/a?fieldManager=`;
    await api.apply(`${path}one`, map({}, { finalizers: ['a/b'] }));
    await api.apply(`${path}two`, map({}, { finalizers: ['c/d'] }));
    await api.apply(`${path}one`, map({}));
    await api.apply(`${path}two`, map({}));
  },
  'a status is applied through its path alone': async (api) => {
    const ns = await api.namespace();
    await api.prepare(pods(ns), aPod('p'));
    const status = (phase: string): JsonObject => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', labels: { not: 'this' } },
      status: { phase, conditions: [{ type: 'Ready', status: 'True' }] },
    });
    await api.apply(`${pods(ns)}/p/status?fieldManager=kubelet`, status('Running'));
    await api.apply(`${pods(ns)}/p/status?fieldManager=other`, status('Failed'));
    await api.apply(`${pods(ns)}/p?fieldManager=other`, status('Failed'));
    await api.apply(`${pods(ns)}/missing/status?fieldManager=kubelet`, status('Running'));
  },
  'a resource version with an apply must be the newest': async (api) => {
    const ns = await api.namespace();
    const made = await api.apply(`${maps(ns)}/a?fieldManager=one`, map({ one: '1' }));
    await api.apply(`${maps(ns)}/a?fieldManager=one`, map({ one: '2' }, { resourceVersion: made.version }));
    await api.apply(`${maps(ns)}/a?fieldManager=one`, map({ one: '3' }, { resourceVersion: made.version }));
    await api.apply(`${maps(ns)}/b?fieldManager=one`, aMap('b', {}, { resourceVersion: made.version }));
    await api.apply(`${maps(ns)}/b?fieldManager=one`, aMap('b', {}, { uid: made.uid }));
  },
  'roles are applied': async (api) => {
    const ns = await api.namespace();
    const role = (rules: Json): JsonObject => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'r' },
      rules,
    });
    await api.apply(
      `${roles(ns)}/r?fieldManager=one`,
      role([{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }]),
    );
    await api.apply(
      `${roles(ns)}/r?fieldManager=two`,
      role([{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }]),
    );
    await api.apply(`${roles(ns)}/r?fieldManager=one`, role([]));
  },
  'service accounts and cluster roles are applied': async (api) => {
    const ns = await api.namespace();
    await api.apply(`${accounts(ns)}/s?fieldManager=one`, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 's' },
      imagePullSecrets: [{ name: 'a' }],
    });
    await api.apply(`${accounts(ns)}/s?fieldManager=two`, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 's' },
      imagePullSecrets: [{ name: 'b' }],
    });
    await api.apply(`${clusterRoles}/${api.name('c')}?fieldManager=one`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: api.name('c') },
      rules: [],
    });
  },
  'a label is added and taken by one manager beside what another created': async (api) => {
    const ns = await api.namespace();
    await api.post(`${maps(ns)}?fieldManager=made`, map({ one: '1' }));
    const label = (labels: JsonObject): JsonObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', labels },
    });
    await api.apply(`${maps(ns)}/a?fieldManager=one`, label({ a: '1', b: '2' }));
    await api.apply(`${maps(ns)}/a?fieldManager=one`, label({ a: '1' }));
  },
};
