import type { JsonObject } from '../play/json.ts';
import type { Cases } from '../play/play.ts';
import {
  accounts,
  aDeployment,
  aMap,
  aPod,
  bindings,
  clusterRoles,
  deployments,
  jobs,
  maps,
  namespaces,
  pods,
  roles,
  secrets,
  services,
} from './paths.ts';

const container = { name: 'm', image: 'registry.example/app:1' };

export const validating: Cases = {
  'an unknown field is refused, told of or ignored, as asked': async (api) => {
    const ns = await api.namespace();
    const odd = (name: string): JsonObject => ({
      ...aMap(name, { one: '1' }),
      unknown: 'x',
      other: { deep: 1 },
    });
    await api.post(`${maps(ns)}?fieldValidation=Strict`, odd('strict'));
    await api.post(`${maps(ns)}?fieldValidation=Warn`, odd('warn'));
    await api.post(`${maps(ns)}?fieldValidation=Ignore`, odd('ignore'));
    await api.post(maps(ns), odd('default'));
    await api.post(`${maps(ns)}?fieldValidation=Maybe`, odd('maybe'));
  },
  'unknown fields deep in an object': async (api) => {
    const ns = await api.namespace();
    const pod = aPod(
      'p',
      { odd: 'x' },
      { containers: [{ ...container, odd: 'y', resources: { odd: {} } }], odd: true },
    );
    await api.post(`${pods(ns)}?fieldValidation=Strict`, pod);
    await api.post(`${pods(ns)}?fieldValidation=Warn&dryRun=All`, pod);
    await api.post(`${deployments(ns)}?fieldValidation=Strict`, aDeployment('d', { odd: 1, replica: 2 }));
  },
  'a field that comes twice': async (api) => {
    const ns = await api.namespace();
    const twice = (name: string) =>
      `{"metadata":{"name":"${name}"},"data":{"one":"1","one":"2"},"data":{"two":"2"}}`;
    await api.post(`${maps(ns)}?fieldValidation=Strict`, twice('strict'));
    await api.post(`${maps(ns)}?fieldValidation=Warn`, twice('warn'));
    await api.post(`${maps(ns)}?fieldValidation=Ignore`, twice('ignore'));
  },
  'unknown fields in a put and in patches': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a', { one: '1' }));
    await api.put(`${maps(ns)}/a?fieldValidation=Strict`, { ...aMap('a'), odd: 1 });
    await api.merge(`${maps(ns)}/a?fieldValidation=Strict`, { odd: 1 });
    await api.merge(`${maps(ns)}/a?fieldValidation=Warn`, { odd: 1 });
    await api.strategic(`${maps(ns)}/a?fieldValidation=Strict`, { odd: 1, metadata: { odd: 2 } });
    await api.jsonPatch(`${maps(ns)}/a?fieldValidation=Strict`, [{ op: 'add', path: '/odd', value: 1 }]);
    await api.jsonPatch(`${maps(ns)}/a?fieldValidation=Strict`, [
      { op: 'test', path: '/data/one', value: '1', odd: 1 },
    ]);
    await api.merge(`${maps(ns)}/a?fieldValidation=Strict`, '{"data":{"a":"1","a":"2"}}');
  },
  'names of fields are matched by their case': async (api) => {
    const ns = await api.namespace();
    await api.post(`${maps(ns)}?fieldValidation=Strict`, { Metadata: { name: 'a' }, Data: { one: '1' } });
    await api.post(`${maps(ns)}?fieldValidation=Strict`, { metadata: { name: 'a', Labels: {} } });
  },
  'values of a wrong type': async (api) => {
    const ns = await api.namespace();
    await api.post(maps(ns), { metadata: { name: 'a' }, data: { one: 1 } });
    await api.post(maps(ns), { metadata: { name: 'a' }, data: ['one'] });
    await api.post(maps(ns), { metadata: { name: 'a' }, data: 'one' });
    await api.post(maps(ns), { metadata: { name: 'a' }, immutable: 'yes' });
    await api.post(maps(ns), { metadata: { name: 'a' }, binaryData: { x: '!' } });
    await api.post(maps(ns), { metadata: { name: 'a', labels: { a: 1 } } });
    await api.post(maps(ns), { metadata: { name: 7 } });
    await api.post(maps(ns), { metadata: 'a' });
    await api.post(deployments(ns), aDeployment('d', { replicas: 'two' }));
    await api.post(deployments(ns), aDeployment('d', { replicas: 1.5 }));
    await api.post(deployments(ns), aDeployment('d', { replicas: 99_999_999_999 }));
    await api.post(pods(ns), aPod('p', {}, { containers: {} }));
    await api.post(
      pods(ns),
      aPod('p', {}, { containers: [{ ...container, ports: [{ containerPort: '80' }] }] }),
    );
    await api.post(
      pods(ns),
      aPod('p', {}, { containers: [{ ...container, resources: { limits: { cpu: 'much' } } }] }),
    );
    await api.post(maps(ns), { metadata: { name: 'a', creationTimestamp: 'yesterday' } });
  },
  'a body that cannot be read': async (api) => {
    const ns = await api.namespace();
    await api.post(maps(ns), 'nonsense');
    await api.post(maps(ns), '{"metadata":');
    await api.post(maps(ns), '');
    await api.post(maps(ns), 'null');
    await api.post(maps(ns), '"text"');
    await api.post(maps(ns), '[]');
    await api.post(maps(ns), '{"kind":5}');
    await api.post(maps(ns), '{"metadata":{"name":"a"}} trailing');
    await api.prepare(maps(ns), aMap('a'));
    await api.put(`${maps(ns)}/a`, 'nonsense');
    await api.put(`${maps(ns)}/a`, '{}');
  },
  'labels and annotations must be such': async (api) => {
    const ns = await api.namespace();
    await api.post(maps(ns), aMap('a', {}, { labels: { 'bad key': 'x' } }));
    await api.post(maps(ns), aMap('a', {}, { labels: { a: 'bad value' } }));
    await api.post(maps(ns), aMap('a', {}, { labels: { a: 'x'.repeat(64) } }));
    await api.post(maps(ns), aMap('a', {}, { labels: { 'A.B/c': 'x' } }));
    await api.post(maps(ns), aMap('a', {}, { annotations: { 'bad key': 'x' } }));
    await api.post(maps(ns), aMap('a', {}, { annotations: { 'UPPER.case/Key': 'any value at all' } }));
    await api.post(maps(ns), aMap('b', {}, { finalizers: ['unqualified', 'bad one'] }));
  },
  'what a config map may hold': async (api) => {
    const ns = await api.namespace();
    await api.post(maps(ns), aMap('a', { 'bad key': '1' }));
    for (const key of ['..', '.', 'x/y']) await api.post(maps(ns), aMap('a', { [key]: '1' }));
    await api.post(maps(ns), { ...aMap('a', { both: '1' }), binaryData: { both: 'AQ==' } });
    await api.post(maps(ns), aMap('a', { [`${'k'.repeat(254)}`]: '1' }));
    await api.post(maps(ns), aMap('a', { big: 'x'.repeat(1_048_577) }));
    await api.post(maps(ns), aMap('a', { 'fine.key_-1': '' }));
  },
  'what a secret may hold': async (api) => {
    const ns = await api.namespace();
    await api.post(secrets(ns), { metadata: { name: 'a' }, data: { 'bad key': 'AQ==' } });
    await api.post(secrets(ns), { metadata: { name: 'a' }, data: { key: 'not base64!' } });
    await api.post(secrets(ns), { metadata: { name: 'a' }, type: 'kubernetes.io/tls', data: {} });
    await api.post(secrets(ns), {
      metadata: { name: 'a' },
      type: 'kubernetes.io/dockerconfigjson',
      stringData: { '.dockerconfigjson': 'x' },
    });
    await api.post(secrets(ns), { metadata: { name: 'a' }, type: 'kubernetes.io/service-account-token' });
  },
  'what roles may say': async (api) => {
    const ns = await api.namespace();
    await api.post(roles(ns), {
      metadata: { name: 'r' },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: [] }],
    });
    await api.post(roles(ns), { metadata: { name: 'r' }, rules: [{ verbs: ['get'] }] });
    await api.post(roles(ns), { metadata: { name: 'r' }, rules: [{ resources: ['pods'], verbs: ['get'] }] });
    await api.post(roles(ns), { metadata: { name: 'r' }, rules: [{ apiGroups: [''], verbs: ['get'] }] });
    await api.post(roles(ns), {
      metadata: { name: 'r' },
      rules: [{ nonResourceURLs: ['/a'], verbs: ['get'] }],
    });
    await api.post(clusterRoles, {
      metadata: { name: api.name('c') },
      rules: [{ nonResourceURLs: ['/a'], resources: ['pods'], apiGroups: [''], verbs: ['get'] }],
    });
  },
  'what bindings may say': async (api) => {
    const ns = await api.namespace();
    const group = 'rbac.authorization.k8s.io';
    const roleRef = { apiGroup: group, kind: 'Role', name: 'r' };
    const post = (fields: JsonObject) => api.post(bindings(ns), { metadata: { name: 'b' }, ...fields });
    await post({});
    await post({ roleRef: { ...roleRef, kind: 'Duty' } });
    await post({ roleRef: { ...roleRef, apiGroup: 'other' } });
    await post({ roleRef: { ...roleRef, name: '' } });
    await post({ roleRef, subjects: [{ kind: 'User', name: '' }] });
    await post({ roleRef, subjects: [{ kind: 'Robot', name: 'r' }] });
    await post({ roleRef, subjects: [{ kind: 'ServiceAccount', name: 'Bad Name' }] });
    await post({ roleRef, subjects: [{ kind: 'ServiceAccount', name: 's' }] });
    await post({
      roleRef,
      subjects: [{ kind: 'ServiceAccount', name: 's', namespace: ns, apiGroup: group }],
    });
    await post({ roleRef, subjects: [{ kind: 'User', name: 'ann', apiGroup: 'other' }] });
  },
  'what service accounts and namespaces may say': async (api) => {
    const ns = await api.namespace();
    await api.post(accounts(ns), {
      metadata: { name: 'a' },
      secrets: [{ name: 's' }],
      imagePullSecrets: [{}],
    });
    await api.post(accounts(ns), { metadata: { name: 'Bad' } });
    await api.post(namespaces, {
      metadata: { name: api.name('fidelity-n') },
      spec: { finalizers: ['unqualified'] },
    });
    await api.merge(`${namespaces}/${ns}`, {
      metadata: { labels: { 'kubernetes.io/metadata.name': 'other' } },
    });
    await api.merge(`${namespaces}/${ns}`, { metadata: { labels: { 'kubernetes.io/metadata.name': null } } });
  },
  'pods that cannot be': async (api) => {
    const ns = await api.namespace();
    await api.post(pods(ns), { metadata: { name: 'p' } });
    await api.post(pods(ns), { metadata: { name: 'p' }, spec: {} });
    await api.post(pods(ns), { metadata: { name: 'p' }, spec: { containers: [] } });
    await api.post(pods(ns), aPod('p', {}, { containers: [{ name: 'm' }] }));
    await api.post(pods(ns), aPod('p', {}, { containers: [{ image: 'i' }] }));
    await api.post(pods(ns), aPod('p', {}, { containers: [container, container] }));
    await api.post(pods(ns), aPod('p', {}, { restartPolicy: 'Sometimes' }));
    await api.post(pods(ns), aPod('p', {}, { containers: [{ ...container, imagePullPolicy: 'Often' }] }));
    await api.post(
      pods(ns),
      aPod('p', {}, { containers: [{ ...container, ports: [{ containerPort: 70_000 }] }] }),
    );
    await api.post(
      pods(ns),
      aPod('p', {}, { containers: [{ ...container, volumeMounts: [{ name: 'v', mountPath: '/' }] }] }),
    );
    await api.post(pods(ns), aPod('p', {}, { serviceAccountName: 'missing' }));
  },
  'jobs that cannot be': async (api) => {
    const ns = await api.namespace();
    const job = (spec: JsonObject, pod: JsonObject = {}): JsonObject => ({
      metadata: { name: 'j' },
      spec: {
        suspend: true,
        template: { spec: { restartPolicy: 'Never', containers: [container], ...pod } },
        ...spec,
      },
    });
    await api.post(jobs(ns), job({}, { restartPolicy: 'Always' }));
    await api.post(jobs(ns), job({ parallelism: -1 }));
    await api.post(jobs(ns), job({ completions: -1, backoffLimit: -1 }));
    await api.post(jobs(ns), job({ completionMode: 'Odd' }));
    await api.post(jobs(ns), job({ completionMode: 'Indexed' }));
    await api.post(jobs(ns), job({ selector: { matchLabels: { a: 'b' } } }));
    await api.post(jobs(ns), { metadata: { name: 'j' } });
  },
  'deployments and services that cannot be': async (api) => {
    const ns = await api.namespace();
    await api.post(deployments(ns), { metadata: { name: 'd' }, spec: {} });
    await api.post(deployments(ns), aDeployment('d', { selector: { matchLabels: { app: 'other' } } }));
    await api.post(deployments(ns), aDeployment('d', { replicas: -1 }));
    await api.post(deployments(ns), aDeployment('d', { selector: {} }));
    await api.post(services(ns), { metadata: { name: 's' }, spec: {} });
    await api.post(services(ns), { metadata: { name: 's' }, spec: { ports: [{ port: 0 }] } });
    await api.post(services(ns), { metadata: { name: 's' }, spec: { type: 'Odd', ports: [{ port: 80 }] } });
    await api.post(services(ns), { metadata: { name: 's' }, spec: { ports: [{ port: 80 }, { port: 81 }] } });
  },
};
