import type { Answer, Api } from '../play/api.ts';
import type { Json, JsonObject } from '../play/json.ts';
import type { Cases } from '../play/play.ts';
import { aMap, maps } from './paths.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

const schema: JsonObject = {
  type: 'object',
  required: ['spec'],
  properties: {
    spec: {
      type: 'object',
      required: ['size'],
      properties: {
        size: { type: 'integer', minimum: 1, maximum: 10 },
        colour: { type: 'string', enum: ['red', 'green'], default: 'red' },
        name: { type: 'string', pattern: '^[a-z]+$', maxLength: 5 },
        tags: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
        parts: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: {
            type: 'object',
            required: ['name'],
            properties: { name: { type: 'string' }, weight: { type: 'integer', default: 1 } },
          },
        },
        free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        port: { 'x-kubernetes-int-or-string': true },
        note: { type: 'string', nullable: true },
      },
    },
    status: { type: 'object', properties: { phase: { type: 'string' }, replicas: { type: 'integer' } } },
  },
};

const version = (name: string, more: JsonObject = {}): JsonObject => ({
  name,
  served: true,
  storage: true,
  schema: { openAPIV3Schema: schema },
  subresources: {
    status: {},
    scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.replicas' },
  },
  additionalPrinterColumns: [
    { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
    { name: 'Colour', type: 'string', jsonPath: '.spec.colour', priority: 1, description: 'how it looks' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
  ...more,
});

function definition(api: Api, spec: JsonObject = {}): JsonObject {
  const group = `${api.run}.example.com`;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `lamps.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: {
        plural: 'lamps',
        singular: 'lamp',
        kind: 'Lamp',
        listKind: 'LampList',
        shortNames: ['lp'],
        categories: ['all'],
      },
      versions: [version('v1')],
      ...spec,
    },
  };
}

const isEstablished = (answer: Answer): boolean =>
  answer.at('status.conditions.0.status') === 'True' && answer.at('status.conditions.1.status') === 'True';

/** Declares lamps and waits until the server serves them; gives the path of their list. */
async function lamps(api: Api, spec: JsonObject = {}): Promise<{ ns: string; path: string; group: string }> {
  const ns = await api.namespace();
  const group = `${api.run}.example.com`;
  await api.prepare(definitions, definition(api, spec));
  const path = `/apis/${group}/v1/namespaces/${ns}/lamps`;
  await api.insist('GET', path, {}, ({ status }) => status === 200);
  await api.insist('GET', `/apis/${group}/v1`, {}, ({ status }) => status === 200);
  return { ns, path, group };
}

const lamp = (api: Api, name: string, spec: JsonObject = {}): JsonObject => ({
  apiVersion: `${api.run}.example.com/v1`,
  kind: 'Lamp',
  metadata: { name },
  spec: { size: 3, ...spec },
});

export const customising: Cases = {
  'a definition is declared, accepted and established': async (api) => {
    const name = `lamps.${api.run}.example.com`;
    await api.post(definitions, definition(api));
    await api.until(`${definitions}/${name}`, isEstablished);
  },
  'a declared kind is discovered': async (api) => {
    const { group } = await lamps(api);
    await api.get(`/apis/${group}`);
    // The hash is of the group's name, which is another one in each run.
    const found = await api.quietly('GET', `/apis/${group}/v1`);
    const hash = found.at('resources.0.storageVersionHash');
    api.note('resources', JSON.parse(JSON.stringify(found.body).replaceAll(String(hash), '{hash}')) as Json);
  },
  'instances are made, read and listed': async (api) => {
    const { ns, path } = await lamps(api);
    await api.post(path, lamp(api, 'b', { tags: ['x'], port: 80, free: { any: ['thing'] } }));
    await api.post(path, lamp(api, 'a', { colour: 'green', port: 'web' }));
    await api.get(`${path}/a`);
    await api.get(path);
    await api.get(`${path}/missing`);
    await api.get(`${path}?fieldSelector=metadata.name%3Da`);
    await api.get(`${path}?fieldSelector=spec.size%3D3`);
    api.note('in', ns);
  },
  'instances must be as the schema says': async (api) => {
    const { path } = await lamps(api);
    await api.post(path, { ...lamp(api, 'a'), spec: {} });
    const { spec: _, ...bare } = lamp(api, 'a');
    await api.post(path, bare);
    await api.post(path, lamp(api, 'a', { size: 0 }));
    await api.post(path, lamp(api, 'a', { size: 11 }));
    await api.post(path, lamp(api, 'a', { size: 'big' }));
    await api.post(path, lamp(api, 'a', { size: 1.5 }));
    await api.post(path, lamp(api, 'a', { colour: 'blue' }));
    await api.post(path, lamp(api, 'a', { name: 'UPPER' }));
    await api.post(path, lamp(api, 'a', { name: 'toolong' }));
    await api.post(path, lamp(api, 'a', { tags: ['x', 'x'] }));
    await api.post(path, lamp(api, 'a', { tags: [5] }));
    await api.post(path, lamp(api, 'a', { parts: [{ weight: 1 }] }));
    await api.post(path, lamp(api, 'a', { parts: [{ name: 'x' }, { name: 'x' }] }));
    await api.post(path, lamp(api, 'a', { port: true }));
    await api.post(path, { ...lamp(api, 'a'), kind: 'Other' });
    await api.post(path, { ...lamp(api, 'a'), apiVersion: 'example.com/v1' });
    await api.post(path, { metadata: { name: 'a' }, spec: { size: 1 } });
  },
  'unknown fields are pruned, told of or refused': async (api) => {
    const { path } = await lamps(api);
    await api.post(path, lamp(api, 'a', { odd: 1, free: { kept: 1 } }));
    await api.post(`${path}?fieldValidation=Strict`, lamp(api, 'b', { odd: 1 }));
    await api.post(`${path}?fieldValidation=Ignore`, lamp(api, 'c', { odd: 1 }));
    await api.merge(`${path}/a?fieldValidation=Strict`, { spec: { odd: 1 } });
  },
  'instances as a table have the columns that were declared': async (api) => {
    const { path } = await lamps(api);
    await api.prepare(path, lamp(api, 'a'));
    await api.get(path, { headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' } });
    await api.get(path, {
      headers: { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' },
    });
  },
  'instances are updated': async (api) => {
    const { path } = await lamps(api);
    const made = await api.post(path, lamp(api, 'a'));
    await api.put(`${path}/a`, { ...made.object, spec: { size: 4 } });
    await api.put(`${path}/a`, { ...made.object, spec: { size: 5 } });
    await api.put(`${path}/a`, lamp(api, 'a', { size: 5 }));
    await api.get(`${path}/a`);
  },
  'instances are patched, but not strategically': async (api) => {
    const { path } = await lamps(api);
    await api.prepare(path, lamp(api, 'a', { parts: [{ name: 'x' }] }));
    await api.merge(`${path}/a`, { spec: { size: 4, parts: [{ name: 'y' }] } });
    await api.jsonPatch(`${path}/a`, [{ op: 'replace', path: '/spec/size', value: 5 }]);
    await api.jsonPatch(`${path}/a`, [{ op: 'replace', path: '/spec/size', value: 50 }]);
    await api.strategic(`${path}/a`, { spec: { size: 6 } });
  },
  'instances are applied by their schema': async (api) => {
    const { path } = await lamps(api);
    await api.apply(
      `${path}/a?fieldManager=one`,
      lamp(api, 'a', { parts: [{ name: 'x', weight: 2 }], tags: ['p'] }),
    );
    await api.apply(`${path}/a?fieldManager=two`, lamp(api, 'a', { parts: [{ name: 'y' }], tags: ['q'] }));
    await api.apply(`${path}/a?fieldManager=two`, lamp(api, 'a', { size: 4 }));
    await api.apply(`${path}/a?fieldManager=two&force=true`, lamp(api, 'a', { size: 4, free: { z: 1 } }));
    await api.apply(`${path}/a?fieldManager=one`, lamp(api, 'a', { odd: 1 }));
    await api.apply(`${path}/a?fieldManager=one&force=true`, lamp(api, 'a', {}));
  },
  'a status and a scale of instances': async (api) => {
    const { path } = await lamps(api);
    await api.post(path, { ...lamp(api, 'a'), status: { phase: 'On' } });
    await api.merge(`${path}/a/status`, { status: { phase: 'On', replicas: 2 }, spec: { size: 9 } });
    await api.get(`${path}/a/scale`);
    await api.merge(`${path}/a/scale`, { spec: { replicas: 5 } });
    await api.get(`${path}/a`);
    await api.merge(`${path}/a/scale`, { spec: { replicas: 50 } });
  },
  'the generation of instances counts changes outside of the status': async (api) => {
    const { path } = await lamps(api);
    const made = await api.post(path, lamp(api, 'a'));
    const labelled = await api.merge(`${path}/a`, { metadata: { labels: { a: 'b' } } });
    const changed = await api.merge(`${path}/a`, { spec: { size: 4 } });
    const told = await api.merge(`${path}/a/status`, { status: { phase: 'On' } });
    api.note(
      'generations',
      [made, labelled, changed, told].map((answer) => answer.at('metadata.generation') ?? null),
    );
  },
  'instances are deleted, one and all': async (api) => {
    const { path } = await lamps(api);
    for (const name of ['a', 'b', 'c']) await api.prepare(path, lamp(api, name));
    await api.delete(`${path}/a`);
    await api.delete(path);
    await api.get(path);
  },
  'instances are watched': async (api) => {
    const { path } = await lamps(api);
    const list = await api.get(path);
    const watch = await api.watch(`${path}?watch=true&resourceVersion=${list.version}`);
    await api.post(path, lamp(api, 'a'));
    await api.merge(`${path}/a`, { spec: { size: 4 } });
    await api.delete(`${path}/a`);
    await watch.seen(3);
    await watch.close();
  },
  'a watch from a state before there was such a kind is told that it is too old': async (api) => {
    const { path } = await lamps(api);
    const watch = await api.watch(`${path}?watch=true&resourceVersion=1`);
    await watch.ended();
  },
  'with a definition its instances go, and their path': async (api) => {
    const { path, group } = await lamps(api);
    await api.prepare(path, lamp(api, 'a'));
    await api.delete(`${definitions}/lamps.${group}`);
    await api.gone(`${definitions}/lamps.${group}`);
    await api.gone(path);
    await api.gone(`/apis/${group}`);
  },
  'kinds of the whole cluster': async (api) => {
    const group = `${api.run}.example.com`;
    await api.prepare(definitions, definition(api, { scope: 'Cluster' }));
    const path = `/apis/${group}/v1/lamps`;
    await api.until(path, ({ status }) => status === 200);
    await api.post(path, lamp(api, 'a'));
    await api.get(`/apis/${group}/v1/namespaces/default/lamps`);
    await api.get(`${path}/a`);
  },
  'two versions of one kind': async (api) => {
    const versions = [version('v1'), version('v1beta1', { storage: false, deprecated: true })];
    const { ns, path, group } = await lamps(api, { versions });
    await api.post(path, lamp(api, 'a'));
    await api.get(`/apis/${group}/v1beta1/namespaces/${ns}/lamps/a`);
    await api.get(`/apis/${group}`);
    await api.post(`/apis/${group}/v1beta1/namespaces/${ns}/lamps`, {
      ...lamp(api, 'b'),
      apiVersion: `${group}/v1beta1`,
    });
    await api.get(`${path}/b`);
  },
  'definitions that cannot be': async (api) => {
    const whole = definition(api);
    const spec = whole.spec as JsonObject;
    await api.post(definitions, { ...whole, metadata: { name: 'other' } });
    await api.post(definitions, definition(api, { versions: [] }));
    await api.post(definitions, definition(api, { scope: 'Galaxy' }));
    await api.post(definitions, definition(api, { versions: [{ name: 'v1', served: true, storage: true }] }));
    await api.post(definitions, definition(api, { versions: [version('v1', { storage: false })] }));
    await api.post(definitions, { ...whole, spec: { ...spec, group: '' } });
  },
  'a schema of a definition that grows takes effect': async (api) => {
    const { path, group } = await lamps(api);
    await api.post(`${path}?fieldValidation=Strict`, lamp(api, 'a', { height: 2 }));
    await api.quietly('PATCH', `${definitions}/lamps.${group}`, {
      headers: { 'content-type': 'application/json-patch+json' },
      body: [
        {
          op: 'add',
          path: '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/height',
          value: { type: 'integer' },
        },
      ],
    });
    await api.insist(
      'POST',
      `${path}?fieldValidation=Strict`,
      { body: lamp(api, 'a', { height: 2 }) },
      ({ status }) => status === 201,
    );
    await api.get(`${path}/a`);
  },
  'an instance owns what goes with it': async (api) => {
    const { ns, path, group } = await lamps(api);
    const owner = await api.prepare(path, lamp(api, 'a'));
    const ownerReferences = [{ apiVersion: `${group}/v1`, kind: 'Lamp', name: 'a', uid: owner.uid }];
    await api.prepare(maps(ns), aMap('child', {}, { ownerReferences }));
    await api.delete(`${path}/a`);
    await api.gone(`${maps(ns)}/child`);
  },
};
