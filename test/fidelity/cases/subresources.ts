import type { Api } from '../play/api.ts';
import type { Json } from '../play/json.ts';
import type { Cases } from '../play/play.ts';
import {
  accounts,
  aDeployment,
  aMap,
  aPod,
  deployments,
  maps,
  namespaces,
  pods,
  query,
  services,
} from './paths.ts';

/** Nobody runs it: its selector finds what no one makes. */
const aSet = {
  metadata: { name: 's' },
  spec: {
    replicas: 0,
    serviceName: 's',
    selector: { matchLabels: { a: 'b' } },
    template: {
      metadata: { labels: { a: 'b' } },
      spec: { containers: [{ name: 'm', image: 'registry.example/a:1' }] },
    },
  },
};

/** Without what a controller changes meanwhile. */
async function noted(api: Api, method: string, path: string, body?: Json): Promise<void> {
  const headers = {
    'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
  };
  const answer = await api.quietly(method, path, body === undefined ? {} : { headers, body });
  const { metadata: _, ...said } = answer.object;
  api.note(`${method} ${path}`, [answer.status, said, answer.at('metadata.name') ?? null]);
}

export const subresources: Cases = {
  'a status is written through its own path alone': async (api) => {
    const ns = await api.namespace();
    const made = await api.post(pods(ns), { ...aPod('p'), status: { phase: 'Running', podIP: '10.1.2.3' } });
    await api.merge(`${pods(ns)}/p`, { status: { phase: 'Failed' }, metadata: { labels: { a: 'b' } } });
    await api.merge(`${pods(ns)}/p/status`, {
      status: { phase: 'Running' },
      metadata: { labels: { c: 'd' } },
    });
    await api.get(`${pods(ns)}/p/status`);
    await api.put(`${pods(ns)}/p/status`, { ...made.object, status: { phase: 'Failed' } });
  },
  'a status is put, with a change of the rest left out': async (api) => {
    const ns = await api.namespace();
    await api.prepare(pods(ns), aPod('p'));
    await api.put(`${pods(ns)}/p/status`, {
      ...aPod('p', { labels: { new: 'label' }, annotations: { new: 'note' } }),
      status: { phase: 'Running', message: 'so it is', containerStatuses: [] },
    });
  },
  'a status of a deployment is patched strategically': async (api) => {
    const ns = await api.namespace();
    await api.prepare(`/api/v1/namespaces/${ns}/persistentvolumeclaims`, {
      metadata: { name: 'c' },
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'none',
        resources: { requests: { storage: '1Gi' } },
      },
    });
    const claim = `/api/v1/namespaces/${ns}/persistentvolumeclaims/c`;
    await api.until(claim, (answer) => answer.at('status.phase') === 'Pending');
    await api.strategic(`${claim}/status`, {
      status: { conditions: [{ type: 'Resizing', status: 'True' }], capacity: { storage: '1Gi' } },
    });
    await api.strategic(`${claim}/status`, {
      status: { conditions: [{ type: 'Resizing', status: 'False' }] },
    });
  },
  'a status of what is not there, and of a kind that has none': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a'));
    await api.get(`${maps(ns)}/a/status`);
    await api.merge(`${maps(ns)}/a/status`, { status: {} });
    await api.get(`${pods(ns)}/missing/status`);
    await api.merge(`${pods(ns)}/missing/status`, { status: {} });
    await api.get(`${pods(ns)}/missing/unheard-of`);
    await api.post(`${pods(ns)}/missing/status`, {});
    await api.delete(`${pods(ns)}/missing/status`);
  },
  'a scale is read, put and patched': async (api) => {
    const ns = await api.namespace();
    const path = `/api/v1/namespaces/${ns}/replicationcontrollers`;
    await api.prepare(path, {
      metadata: { name: 'r' },
      spec: { replicas: 0, selector: { a: 'b' }, template: aPod('t', { labels: { a: 'b' } }) },
    });
    const scale = `${path}/r/scale`;
    const sent = { metadata: { name: 'r', namespace: ns }, spec: { replicas: 0 } };
    await noted(api, 'GET', scale);
    await noted(api, 'PUT', scale, sent);
    await noted(api, 'PUT', scale, { ...sent, spec: {} });
    await noted(api, 'PUT', scale, { ...sent, metadata: { name: 'other', namespace: ns } });
    await noted(api, 'PUT', scale, { ...sent, metadata: { ...sent.metadata, resourceVersion: '1' } });
    await noted(api, 'PATCH', scale, { spec: { replicas: -1 } });
    await noted(api, 'PATCH', scale, { spec: { replicas: 'many' } });
    await noted(api, 'GET', `${path}/missing/scale`);
    await noted(api, 'DELETE', scale);
  },
  'a scale of a deployment and a stateful set': async (api) => {
    const ns = await api.namespace();
    await api.prepare(deployments(ns), aDeployment('d'));
    await noted(api, 'GET', `${deployments(ns)}/d/scale`);
    await noted(api, 'PATCH', `${deployments(ns)}/d/scale`, { spec: { replicas: 0 } });
    const sets = `/apis/apps/v1/namespaces/${ns}/statefulsets`;
    await api.prepare(sets, aSet);
    await noted(api, 'GET', `${sets}/s/scale`);
  },
  'a namespace status': async (api) => {
    const ns = await api.namespace();
    await api.get(`${namespaces}/${ns}/status`);
    await api.merge(`${namespaces}/${ns}/status`, { status: { phase: 'Terminating' } });
    await api.merge(`${namespaces}/${ns}/status`, { metadata: { labels: { a: 'b' } } });
  },
  'a pod is bound to a node once': async (api) => {
    const ns = await api.namespace();
    await api.prepare(pods(ns), aPod('p'));
    const binding = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name: 'p' },
      target: { kind: 'Node', name: 'n' },
    };
    await api.post(`${pods(ns)}/p/binding`, {
      ...binding,
      target: { kind: 'Node', name: api.name('nowhere') },
    });
    const bound = await api.quietly('GET', `${pods(ns)}/p`);
    api.note('the node', bound.at('spec.nodeName') ?? null);
    await api.post(`${pods(ns)}/p/binding`, binding);
    await api.post(`${pods(ns)}/missing/binding`, { ...binding, metadata: { name: 'missing' } });
  },
  'a pod is evicted': async (api) => {
    const ns = await api.namespace();
    await api.prepare(pods(ns), aPod('p'));
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'p', namespace: ns } };
    await api.post(`${pods(ns)}/p/eviction?dryRun=All`, eviction);
    await api.post(`${pods(ns)}/p/eviction`, eviction);
    await api.get(`${pods(ns)}/p`);
    await api.post(`${pods(ns)}/p/eviction`, eviction);
  },
  'a token is asked for': async (api) => {
    const ns = await api.namespace();
    const answer = await api.post(`${accounts(ns)}/default/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: 600 },
    });
    const [, claims = ''] = answer.text('status.token').split('.');
    const said = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, number>;
    api.note('issuer and subject', [String(said.iss), String(said.sub)]);
    api.note('what it holds', Object.keys(said).sort());
    api.note('for how long', said.exp! - said.iat!);
    api.note('from when', said.nbf! - said.iat!);
  },
  'a token is asked for wrongly': async (api) => {
    const ns = await api.namespace();
    const path = `${accounts(ns)}/default/token`;
    await api.post(path, { spec: { expirationSeconds: 60 } });
    await api.post(path, { spec: { expirationSeconds: 5_000_000_000 } });
    await api.post(path, { spec: { boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'missing' } } });
    await api.post(path, {
      spec: { boundObjectRef: { kind: 'Nonsense', apiVersion: 'v1', name: 'missing' } },
    });
    await api.post(path, { metadata: { name: 'other' }, spec: {} });
    await api.post(`${accounts(ns)}/missing/token`, { spec: {} });
    await api.get(path);
    await api.post(path, {});
  },
  'a token for another audience, or bound to a secret or pod': async (api) => {
    const ns = await api.namespace();
    const path = `${accounts(ns)}/default/token`;
    const other = await api.post(path, { spec: { audiences: ['vault'] } });
    await api.get('/api/v1/namespaces', { as: { token: other.text('status.token') } });
    await api.prepare(`/api/v1/namespaces/${ns}/secrets`, { metadata: { name: 's' } });
    const bound = await api.post(path, {
      spec: { boundObjectRef: { kind: 'Secret', apiVersion: 'v1', name: 's' } },
    });
    const token = { token: bound.text('status.token') };
    await api.get('/api/v1/namespaces', { as: token });
    await api.quietly('DELETE', `/api/v1/namespaces/${ns}/secrets/s`);
    await api.until('/api/v1/namespaces', ({ status }) => status === 401, { as: token });
  },
  'logs of a pod without a node': async (api) => {
    const ns = await api.namespace();
    await api.prepare(pods(ns), aPod('p'));
    await api.get(`${pods(ns)}/p/log`);
    await api.get(`${pods(ns)}/p/log${query({ container: 'other' })}`);
    await api.get(`${pods(ns)}/missing/log`);
  },
  'a proxy to a service without an end': async (api) => {
    const ns = await api.namespace();
    await api.prepare(`/api/v1/namespaces/${ns}/services`, {
      metadata: { name: 's' },
      spec: { ports: [{ port: 80 }] },
    });
    await api.get(`/api/v1/namespaces/${ns}/services/s/proxy/`);
    await api.get(`/api/v1/namespaces/${ns}/services/s:81/proxy/`);
    await api.get(`/api/v1/namespaces/${ns}/services/missing/proxy/`);
    await api.get(`/api/v1/namespaces/${ns}/services/https:s:80/proxy/metrics`);
  },
  'a proxy to a service by a name that says what is meant, or does not': async (api) => {
    const ns = await api.namespace();
    await api.prepare(services(ns), {
      metadata: { name: 's' },
      spec: { ports: [{ name: 'web', port: 80 }] },
    });
    const names = ['missing:80', 's:web', 's:other', 's:', 'https:s', 'ftp:s:80', 'https::80', 'a:b:c:d'];
    for (const name of names) await api.get(`${services(ns)}/${name}/proxy/v1/x?y=z`);
    await api.post(`${services(ns)}/https:s:80/proxy/v1/auth`, { any: 'thing' });
    await api.get(`${services(ns)}/https:s:80/proxy/`, { headers: { accept: 'text/plain' } });
  },
  'a proxy leads to pods that are there, and nowhere else': async (api) => {
    const ns = await api.namespace();
    await api.prepare(services(ns), {
      metadata: { name: 's' },
      spec: { ports: [{ name: 'web', port: 80 }] },
    });
    await api.prepare(pods(ns), aPod('p'));
    await api.prepare(`/apis/discovery.k8s.io/v1/namespaces/${ns}/endpointslices`, {
      metadata: { name: 's-1', labels: { 'kubernetes.io/service-name': 's' } },
      addressType: 'IPv4',
      ports: [{ name: 'web', port: 8080 }],
      endpoints: [{ addresses: ['192.0.2.10'], targetRef: { kind: 'Pod', namespace: ns, name: 'p' } }],
    });
    // Of a pod with another address, or none.
    await api.get(`${services(ns)}/https:s:80/proxy/v1`);
    await api.quietly('PATCH', `${pods(ns)}/p/status`, {
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { status: { podIPs: [{ ip: '192.0.2.10' }], podIP: '192.0.2.10' } },
    });
    // Without a path it is a redirection, for which nobody is dialled.
    await api.get(`${services(ns)}/https:s:80/proxy?a=b`);
    await api.get(`${services(ns)}/s:other/proxy?a=b`);
  },
  'a proxy is permitted by method and by the name in the path': async (api) => {
    const ns = await api.namespace();
    await api.prepare(services(ns), { metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } });
    const token = await api.token(ns, 'robot');
    const as = { as: { token } };
    await api.allow(ns, 'robot', [
      {
        apiGroups: [''],
        resources: ['services/proxy'],
        resourceNames: ['https:s:80'],
        verbs: ['get', 'create'],
      },
    ]);
    const one = `${services(ns)}/https:s:80/proxy/v1/fed/member`;
    await api.until(one, ({ status }) => status === 503, as);
    await api.post(one, {}, as);
    await api.get(`${services(ns)}/s:80/proxy/v1/fed/member`, as);
    await api.get(`${services(ns)}/https:s/proxy/v1/fed/member`, as);
    await api.merge(one, {}, as);
    await api.put(one, {}, as);
    await api.delete(one, undefined, as);
  },
};
