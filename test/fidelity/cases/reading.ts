import type { Cases } from '../play/play.ts';
import {
  accounts,
  aDeployment,
  aJob,
  aMap,
  aPod,
  deployments,
  jobs,
  labelled,
  maps,
  namespaces,
  pods,
  secrets,
  services,
} from './paths.ts';

const as = (accept: string) => ({ headers: { accept } });
const table = as('application/json;as=Table;v=v1;g=meta.k8s.io');
const metadataOf = as('application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io');
const metadataList = as('application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io');

export const reading: Cases = {
  'a config map is answered as it was created': async (api) => {
    const ns = await api.namespace();
    await api.post(maps(ns), aMap('a', { one: '1' }, { labels: { app: 'x' }, annotations: { note: 'n' } }));
    await api.get(`${maps(ns)}/a`);
  },
  'a list holds its items in order of their names, without kind and version of their own': async (api) => {
    const ns = await api.namespace();
    for (const name of ['c', 'a', 'b.2', 'b-1', 'b1']) await api.prepare(maps(ns), aMap(name));
    await api.get(maps(ns));
  },
  'a list over all namespaces is ordered by namespace, then by name': async (api) => {
    const label = labelled(['run', api.run]);
    const [b, a] = [await api.namespace('b'), await api.namespace('a')];
    for (const ns of [b, a])
      for (const name of ['y', 'x']) await api.prepare(maps(ns), aMap(name, {}, label));
    await api.get(`/api/v1/configmaps?labelSelector=run=${api.run}`);
  },
  'an empty list has an empty array': async (api) => {
    const ns = await api.namespace();
    await api.get(secrets(ns));
  },
  'a list in a namespace that is not there is empty': async (api) => {
    await api.get(secrets(api.name('nowhere')));
  },
  'what is not there is not found, in the words of its kind': async (api) => {
    const ns = await api.namespace();
    await api.get(`${maps(ns)}/missing`);
    await api.get(`${pods(ns)}/missing`);
    await api.get(`/apis/batch/v1/namespaces/${ns}/jobs/missing`);
    await api.get(`${namespaces}/${api.name('missing')}`);
    await api.get(`/api/v1/nodes/${api.name('missing')}`);
    await api.get(`/apis/rbac.authorization.k8s.io/v1/clusterroles/${api.name('missing')}`);
  },
  'one object as a table has its row with the metadata': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a', { one: '1', two: '2' }));
    await api.get(`${maps(ns)}/a`, table);
  },
  'a list as a table has the columns that the kind declares': async (api) => {
    const ns = await api.namespace();
    for (const name of ['a', 'b']) await api.prepare(maps(ns), aMap(name, { one: '1' }));
    await api.get(maps(ns), table);
    await api.get(secrets(ns), table);
  },
  'the table of service accounts': async (api) => {
    const ns = await api.namespace();
    await api.get(accounts(ns), table);
  },
  'a table leaves the objects out, or holds them whole, as asked': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a', { one: '1' }));
    await api.get(`${maps(ns)}?includeObject=None`, table);
    await api.get(`${maps(ns)}?includeObject=Object`, table);
    await api.get(`${maps(ns)}?includeObject=Metadata`, table);
    await api.get(`${maps(ns)}?includeObject=Everything`, table);
  },
  'a page of a table says how many are left': async (api) => {
    const ns = await api.namespace();
    for (const name of ['a', 'b', 'c']) await api.prepare(maps(ns), aMap(name));
    await api.get(`${maps(ns)}?limit=2&includeObject=None`, table);
  },
  'the table of pods has readiness, status, restarts and where they are': async (api) => {
    const ns = await api.namespace();
    await api.prepare(pods(ns), aPod('p'));
    await api.get(pods(ns), table);
  },
  'the tables of namespaces and roles': async (api) => {
    const ns = await api.namespace();
    const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${ns}`;
    await api.prepare(`${rbac}/roles`, { metadata: { name: 'r' }, rules: [] });
    await api.prepare(`${rbac}/rolebindings`, {
      metadata: { name: 'b' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'r' },
      subjects: [
        { kind: 'ServiceAccount', name: 'default', namespace: ns },
        { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'ann' },
        { kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'crew' },
      ],
    });
    await api.get(`${namespaces}/${ns}`, table);
    await api.get(`${rbac}/roles`, table);
    await api.get(`${rbac}/rolebindings`, table);
  },
  'the tables of deployments, jobs and services': async (api) => {
    const ns = await api.namespace();
    // Answered before a controller comes by.
    await api.post(deployments(ns), aDeployment('d'), table);
    await api.post(jobs(ns), aJob('j'), table);
    await api.post(
      services(ns),
      { metadata: { name: 's' }, spec: { selector: { app: 'd' }, ports: [{ port: 80 }] } },
      table,
    );
  },
  'one object as its metadata alone': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a', { one: '1' }, labelled(['app', 'x'])));
    await api.get(`${maps(ns)}/a`, metadataOf);
  },
  'a list as metadata alone': async (api) => {
    const ns = await api.namespace();
    for (const name of ['a', 'b']) await api.prepare(maps(ns), aMap(name, { one: '1' }));
    await api.get(maps(ns), metadataList);
    await api.get(maps(ns), metadataOf);
  },
  'an object and a list come as YAML when that is asked for': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a', { one: '1' }));
    await api.get(`${maps(ns)}/a`, as('application/yaml'));
    await api.get(secrets(ns), as('application/yaml'));
    await api.get(`${maps(ns)}/missing`, as('application/yaml'));
  },
  'the first form of Accept that the server knows is taken': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a'));
    const forms = [
      '*/*',
      'application/*',
      'text/html, application/json;q=0.5',
      'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
      'application/json;as=Table;v=v9;g=meta.k8s.io,application/json',
      'application/json;as=Table;v=v1beta1;g=meta.k8s.io',
      'application/json;as=Other;v=v1;g=meta.k8s.io',
      'application/json;pretty=1',
      'application/vnd.kubernetes.protobuf;q=0.1, application/json',
    ];
    for (const accept of forms) await api.get(`${maps(ns)}/a`, as(accept));
  },
  'no form that the server knows is 406': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a'));
    await api.get(`${maps(ns)}/a`, as('text/html'));
    await api.get(maps(ns), as('text/plain'));
    await api.get(`${maps(ns)}/a`, as('application/json;as=Table;v=v9;g=meta.k8s.io'));
  },
  'HEAD is answered like GET without a body, where it is at all': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a'));
    await api.ask('HEAD', `${maps(ns)}/a`);
    await api.ask('HEAD', maps(ns));
    await api.ask('HEAD', `${maps(ns)}/missing`);
    await api.ask('HEAD', '/version');
    await api.ask('HEAD', '/healthz');
  },
  'OPTIONS is a method that resources do not have': async (api) => {
    const ns = await api.namespace();
    await api.ask('OPTIONS', maps(ns));
    await api.ask('OPTIONS', '/version');
  },
  'pretty is heard but changes nothing that JSON says': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a'));
    await api.get(`${maps(ns)}/a?pretty=true`);
  },
  'a kind that came to another group is read from both': async (api) => {
    const ns = await api.namespace();
    await api.prepare(`${namespaces}/${ns}/events`, {
      metadata: { name: 'e' },
      involvedObject: { kind: 'Pod', namespace: ns, name: 'p' },
      reason: 'Tested',
      message: 'as a test',
      type: 'Normal',
      firstTimestamp: '2026-01-02T03:04:05Z',
      lastTimestamp: '2026-01-02T03:04:05Z',
      count: 1,
    });
    await api.get(`${namespaces}/${ns}/events/e`);
    await api.get(`/apis/events.k8s.io/v1/namespaces/${ns}/events/e`);
  },
};
