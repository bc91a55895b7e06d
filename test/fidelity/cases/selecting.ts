import type { Cases } from '../play/play.ts';
import { aMap, aPod, labelled, maps, namespaces, pods, query, secrets } from './paths.ts';

const four = (ns: string) => [
  aMap('a', {}, labelled(['tier', 'web'], ['rank', '1'])),
  aMap('b', {}, labelled(['tier', 'web'], ['rank', '2'])),
  aMap('c', {}, labelled(['tier', 'db'])),
  aMap('d', {}, { namespace: ns }),
];

const byLabel = (selectors: readonly string[]) => async (api: Parameters<Cases[string]>[0]) => {
  const ns = await api.namespace();
  for (const map of four(ns)) await api.prepare(maps(ns), map);
  for (const labelSelector of selectors) await api.get(maps(ns) + query({ labelSelector }));
};

export const selecting: Cases = {
  'labels are selected by equality': byLabel([
    'tier=web',
    'tier==web',
    'tier!=web',
    'tier=web,rank=2',
    'tier=none',
  ]),
  'labels are selected by sets': byLabel([
    'tier in (web,db)',
    'tier in ( web , db )',
    'tier notin (web)',
    'tier',
    '!tier',
    'tier,!rank',
    'rank>1',
    'rank gt 1',
    'rank<2',
    'tier in ()',
    'tier in (,web)',
  ]),
  'a label selector that cannot be read is refused': byLabel([
    '=',
    'tier=',
    'tier in web',
    'tier in (web',
    'tier=a b',
    'tier!',
    '-bad-=x',
    'a/b/c=x',
    `tier=${'x'.repeat(64)}`,
    'tier=web,',
    ',tier=web',
    'rank>x',
    'tier===web',
    'tier=ä',
  ]),
  'every kind is selected by name and namespace': async (api) => {
    const ns = await api.namespace();
    for (const map of four(ns)) await api.prepare(maps(ns), map);
    await api.get(maps(ns) + query({ fieldSelector: 'metadata.name=b' }));
    await api.get(maps(ns) + query({ fieldSelector: `metadata.namespace=${ns},metadata.name!=b` }));
    await api.get(maps(ns) + query({ fieldSelector: 'metadata.namespace=elsewhere' }));
    await api.get(
      `/api/v1/configmaps${query({ fieldSelector: `metadata.namespace=${ns},metadata.name==a` })}`,
    );
    await api.get(maps(ns) + query({ fieldSelector: 'metadata.name=b', labelSelector: 'tier=db' }));
  },
  'a field that cannot be selected by is refused': async (api) => {
    const ns = await api.namespace();
    await api.get(maps(ns) + query({ fieldSelector: 'data.one=1' }));
    await api.get(maps(ns) + query({ fieldSelector: 'metadata.name' }));
    await api.get(maps(ns) + query({ fieldSelector: 'metadata.name>a' }));
    await api.get(maps(ns) + query({ fieldSelector: 'metadata.labels=a' }));
    await api.get(pods(ns) + query({ fieldSelector: 'spec.image=a' }));
    await api.get(namespaces + query({ fieldSelector: 'spec.phase=a' }));
    await api.get(maps(ns) + query({ fieldSelector: 'metadata.name=a\\' }));
  },
  'pods are selected by phase, node and more': async (api) => {
    const ns = await api.namespace();
    await api.prepare(pods(ns), aPod('one'));
    await api.prepare(pods(ns), aPod('two', {}, { restartPolicy: 'Never', serviceAccountName: 'default' }));
    for (const fieldSelector of [
      'status.phase=Pending',
      'status.phase!=Pending',
      'spec.nodeName=',
      'spec.nodeName!=',
      'spec.nodeName=nowhere',
      'spec.restartPolicy=Never',
      'spec.schedulerName=nobody',
      'spec.serviceAccountName=default',
      'spec.hostNetwork=false',
      'status.podIP=',
      'status.nominatedNodeName=',
    ]) {
      await api.get(`${pods(ns)}${query({ fieldSelector, includeObject: 'Metadata' })}`, {
        headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
      });
    }
  },
  'secrets are selected by type, namespaces by phase': async (api) => {
    const ns = await api.namespace();
    await api.prepare(secrets(ns), { metadata: { name: 'o' }, stringData: { a: 'b' } });
    await api.prepare(secrets(ns), {
      metadata: { name: 'b' },
      type: 'kubernetes.io/basic-auth',
      stringData: { username: 'u', password: 'p' },
    });
    await api.get(secrets(ns) + query({ fieldSelector: 'type=Opaque' }));
    await api.get(secrets(ns) + query({ fieldSelector: 'type!=Opaque' }));
    await api.get(namespaces + query({ fieldSelector: `status.phase=Active,metadata.name=${ns}` }));
    await api.get(namespaces + query({ fieldSelector: `status.phase=Terminating,metadata.name=${ns}` }));
    await api.get(namespaces + query({ fieldSelector: `metadata.name=${ns}` }));
  },
  'the label that names a namespace selects it': async (api) => {
    const ns = await api.namespace();
    await api.get(namespaces + query({ labelSelector: `kubernetes.io/metadata.name=${ns}` }));
  },
  'one object can be read as a list of its name': async (api) => {
    const ns = await api.namespace();
    await api.prepare(maps(ns), aMap('a'));
    await api.get(`${maps(ns)}/a${query({ labelSelector: 'no=way' })}`);
  },
};
