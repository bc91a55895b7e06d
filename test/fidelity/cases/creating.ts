import type { Cases } from '../play/play.ts';
import {
  accounts,
  aDeployment,
  aMap,
  aPod,
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

export const creating: Cases = {
  'a config map': async (api) => {
    const ns = await api.namespace();
    await api.post(maps(ns), { ...aMap('a', { one: '1' }), binaryData: { two: 'Ag==' }, immutable: false });
  },
  'kind and version need not be said': async (api) => {
    const ns = await api.namespace();
    await api.post(maps(ns), { metadata: { name: 'a' }, data: { one: '1' } });
    await api.post(accounts(ns), { metadata: { name: 'a' } });
  },
  'a name is completed from its beginning': async (api) => {
    const ns = await api.namespace();
    await api.post(maps(ns), { metadata: { generateName: 'made-' } });
    await api.post(maps(ns), { metadata: { generateName: 'made-', name: 'given' } });
    await api.post(maps(ns), { metadata: { generateName: 'Bad_' } });
    const long = await api.quietly('POST', maps(ns), {
      body: { metadata: { generateName: 'x'.repeat(250) } },
    });
    api.note('its length', long.text('metadata.name').length);
  },
  'a name that is taken is a conflict': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a'));
    await api.post(maps(ns), aMap('a', { other: 'data' }));
    await api.post(namespaces, { metadata: { name: ns } });
    await api.post(`/apis/batch/v1/namespaces/${ns}/jobs`, { metadata: { name: 'a' } });
  },
  'a name is needed': async (api) => {
    const ns = await api.namespace();
    await api.post(maps(ns), { data: {} });
    await api.post(maps(ns), { metadata: {} });
    await api.post(namespaces, {});
  },
  'a name must be one': async (api) => {
    const ns = await api.namespace();
    await api.post(maps(ns), aMap('Upper'));
    await api.post(maps(ns), aMap('under_score'));
    await api.post(maps(ns), aMap('-dash'));
    await api.post(maps(ns), aMap('x'.repeat(254)));
    await api.post(maps(ns), aMap('a/b'));
    await api.post(namespaces, { metadata: { name: 'with.dot' } });
    await api.post(namespaces, { metadata: { name: 'x'.repeat(64) } });
    await api.post(clusterRoles, { metadata: { name: 'a/b' }, rules: [] });
    await api.post(clusterRoles, { metadata: { name: '..' }, rules: [] });
    await api.post(services(ns), { metadata: { name: '1a' }, spec: { ports: [{ port: 80 }] } });
  },
  'a namespace in the body must be that of the path': async (api) => {
    const ns = await api.namespace();
    await api.post(maps(ns), aMap('a', {}, { namespace: ns }));
    await api.post(maps(ns), aMap('b', {}, { namespace: 'elsewhere' }));
    await api.post(namespaces, { metadata: { name: api.name('fidelity-c'), namespace: 'elsewhere' } });
  },
  'a namespace must be there': async (api) => {
    await api.post(maps(api.name('nowhere')), aMap('a'));
    await api.post(accounts(api.name('nowhere')), { metadata: { name: 'a' } });
    await api.post(pods(api.name('nowhere')), aPod('a'));
  },
  'nothing new comes into a namespace that goes': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('holds', {}, { finalizers: ['example.com/hold'] }));
    await api.quietly('DELETE', `${namespaces}/${ns}`);
    await api.post(maps(ns), aMap('late'));
    await api.quietly('PATCH', `${maps(ns)}/holds`, {
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { metadata: { finalizers: null } },
    });
    await api.gone(`${namespaces}/${ns}`);
  },
  'kind and version in the body must be those of the path': async (api) => {
    const ns = await api.namespace();
    await api.post(maps(ns), { ...aMap('a'), kind: 'Secret' });
    await api.post(maps(ns), { ...aMap('a'), apiVersion: 'v2' });
    await api.post(maps(ns), { ...aMap('a'), kind: 'Nonsense' });
    await api.post(deployments(ns), { ...aDeployment('a'), apiVersion: 'apps/v1beta1' });
    await api.post(maps(ns), { ...aMap('a'), kind: 'configmap' });
  },
  'what the server sets cannot be sent': async (api) => {
    const ns = await api.namespace();
    await api.post(
      maps(ns),
      aMap(
        'a',
        {},
        {
          uid: '3c9a8f1e-0000-4000-8000-000000000000',
          creationTimestamp: '2020-01-01T00:00:00Z',
          deletionTimestamp: '2020-01-01T00:00:00Z',
          generation: 7,
          selfLink: '/a',
          managedFields: [],
        },
      ),
    );
    await api.post(maps(ns), aMap('b', {}, { resourceVersion: '5' }));
  },
  'an answer of create names no location': async (api) => {
    const ns = await api.namespace();
    await api.post(secrets(ns), {
      metadata: { name: 'a' },
      stringData: { user: 'u' },
      data: { pass: 'cA==' },
    });
    await api.get(`${secrets(ns)}/a`);
  },
  'a namespace gets its finalizer, label and phase': async (api) => {
    await api.post(namespaces, { metadata: { name: api.name('fidelity-new'), labels: { team: 'a' } } });
  },
  'a namespace gets its service account': async (api) => {
    const ns = await api.namespace();
    await api.get(`${accounts(ns)}/default`);
  },
  'a namespace gets the root certificates': async (api) => {
    const ns = await api.namespace();
    await api.get(`${maps(ns)}/kube-root-ca.crt`);
  },
  'a service account': async (api) => {
    const ns = await api.namespace();
    await api.post(accounts(ns), {
      metadata: { name: 'a' },
      automountServiceAccountToken: false,
      imagePullSecrets: [{ name: 'pull' }],
    });
  },
  'roles and bindings get what they left out': async (api) => {
    const ns = await api.namespace();
    await api.post(roles(ns), {
      metadata: { name: 'r' },
      rules: [{ apiGroups: [''], resources: ['pods', 'pods/log'], verbs: ['get'], resourceNames: ['p'] }],
    });
    await api.post(`/apis/rbac.authorization.k8s.io/v1/namespaces/${ns}/rolebindings`, {
      metadata: { name: 'b' },
      roleRef: { kind: 'Role', name: 'r' },
      subjects: [
        { kind: 'User', name: 'ann' },
        { kind: 'ServiceAccount', name: 'default', namespace: ns },
      ],
    });
    await api.post(clusterRoles, {
      metadata: { name: api.name('c') },
      rules: [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }],
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { never: 'matches' } }] },
    });
  },
  'a pod gets its defaults': async (api) => {
    const ns = await api.namespace();
    await api.post(pods(ns), aPod('a'));
    await api.post(
      pods(ns),
      aPod(
        'b',
        { labels: { app: 'b' } },
        {
          automountServiceAccountToken: false,
          initContainers: [{ name: 'first', image: 'registry.example/init@sha256:0000' }],
          containers: [
            {
              name: 'main',
              image: 'registry.example/app:latest',
              ports: [{ containerPort: 80 }],
              env: [{ name: 'A', value: '1' }],
              resources: { requests: { cpu: '100m' }, limits: { memory: '64Mi', cpu: '0.5' } },
              livenessProbe: { httpGet: { path: '/', port: 80 } },
            },
          ],
          volumes: [
            { name: 'v', emptyDir: {} },
            { name: 'c', configMap: { name: 'kube-root-ca.crt' } },
          ],
          tolerations: [{ key: 'a', operator: 'Exists' }],
        },
      ),
    );
  },
  'a deployment gets its defaults': async (api) => {
    const ns = await api.namespace();
    await api.post(deployments(ns), aDeployment('a'));
  },
  'a job gets its defaults': async (api) => {
    const ns = await api.namespace();
    await api.post(jobs(ns), {
      metadata: { name: 'a' },
      spec: {
        suspend: true,
        template: {
          spec: { restartPolicy: 'Never', containers: [{ name: 'm', image: 'registry.example/app:1' }] },
        },
      },
    });
  },
  'a service gets its defaults': async (api) => {
    const ns = await api.namespace();
    await api.post(services(ns), {
      metadata: { name: 'a' },
      spec: { selector: { app: 'a' }, ports: [{ port: 80 }] },
    });
    await api.post(services(ns), {
      metadata: { name: 'b' },
      spec: { clusterIP: 'None', selector: { app: 'a' }, ports: [{ port: 80, targetPort: 'web' }] },
    });
  },
  'several objects cannot be sent at once': async (api) => {
    const ns = await api.namespace();
    await api.post(maps(ns), { apiVersion: 'v1', kind: 'List', items: [aMap('a')] });
    await api.post(maps(ns), { apiVersion: 'v1', kind: 'ConfigMapList', items: [aMap('a')] });
    await api.post(maps(ns), [aMap('a')]);
  },
  'create on a path with a name is no method': async (api) => {
    const ns = await api.namespace();
    await api.post(`${maps(ns)}/a`, aMap('a'));
  },
  'owners are kept as they are sent, and must be whole': async (api) => {
    const ns = await api.namespace();
    const owner = await api.prepare(maps(ns), aMap('owner'));
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.uid };
    await api.post(maps(ns), aMap('a', {}, { ownerReferences: [{ ...reference, controller: true }] }));
    await api.post(maps(ns), aMap('b', {}, { ownerReferences: [{ ...reference, uid: '' }] }));
    await api.post(maps(ns), aMap('c', {}, { ownerReferences: [{ apiVersion: 'v1' }] }));
    const twice = [
      { ...reference, controller: true },
      { ...reference, name: 'other', uid: '3c9a8f1e-0000-4000-8000-000000000000', controller: true },
    ];
    await api.post(maps(ns), aMap('d', {}, { ownerReferences: twice }));
  },
};
