import type { Json, JsonObject } from '../play/json.ts';
import { isObject } from '../play/json.ts';
import type { Cases } from '../play/play.ts';

const as = (accept: string) => ({ headers: { accept } });
const aggregated = as('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');

/** Cases declare kinds of their own; discovery is compared without them. */
const isBuiltIn = (item: Json): boolean => !/\.example\.com/.test(JSON.stringify(item));

const without = (body: Json, list: string): Json =>
  isObject(body) ? { ...body, [list]: (body[list] as Json[]).filter(isBuiltIn) } : body;

export const discovering: Cases = {
  'the groups of the whole server': async (api) => {
    await api.get('/api');
    const groups = await api.quietly('GET', '/apis');
    api.note('groups', without(groups.body, 'groups'));
  },
  'the resources of each group': async (api) => {
    const groups = await api.quietly('GET', '/apis');
    for (const group of (groups.at('groups') as JsonObject[]).filter(isBuiltIn)) {
      await api.get(`/apis/${group.name}`);
      for (const { groupVersion } of group.versions as JsonObject[]) await api.get(`/apis/${groupVersion}`);
    }
    await api.get('/api/v1');
  },
  'the aggregated form': async (api) => {
    const [api1, apis] = [
      await api.quietly('GET', '/api', aggregated),
      await api.quietly('GET', '/apis', aggregated),
    ];
    api.note('/api', [api1.headers, api1.body]);
    api.note('/apis', [apis.headers, without(apis.body, 'items')]);
  },
  'the forms of discovery that clients offer': async (api) => {
    for (const accept of [
      'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json',
      'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json',
      'application/json;g=apidiscovery.k8s.io;v=v9;as=APIGroupDiscoveryList,application/json',
      'application/json;g=apidiscovery.k8s.io;v=v9;as=APIGroupDiscoveryList',
      'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList;profile=nopeer,application/json',
      'text/html',
      'application/yaml',
    ]) {
      const answer = await api.quietly('GET', '/api', as(accept));
      api.note(accept, [
        answer.status,
        answer.headers,
        answer.at('kind') ?? answer.at('yaml.kind') ?? answer.body,
      ]);
    }
  },
  'a version of the server': async (api) => {
    await api.get('/version');
  },
  'live, ready and healthy': async (api) => {
    for (const path of [
      '/livez',
      '/readyz',
      '/healthz',
      '/livez/ping',
      '/readyz/ping',
      '/healthz/ping',
      '/readyz/nonsense',
    ]) {
      await api.get(path);
    }
    await api.get('/livez?verbose');
    await api.get('/readyz?verbose');
    await api.get('/healthz?verbose');
    await api.get('/readyz?verbose&exclude=ping');
    await api.get('/readyz?verbose&exclude=nonsense');
  },
  'the root lists the paths': async (api) => {
    const root = await api.quietly('GET', '/');
    api.note(
      'paths',
      (root.at('paths') as Json[]).filter(
        (path) => isBuiltIn(path) && /^\/(api|apis|version)/.test(String(path)),
      ),
    );
  },
  'the index of OpenAPI version 3': async (api) => {
    const index = await api.quietly('GET', '/openapi/v3');
    const paths = index.at('paths');
    api.note('paths', isObject(paths) ? Object.keys(paths).filter(isBuiltIn).sort() : null);
    api.note('headers', index.headers);
  },
  'a document of OpenAPI version 3 has the schemas of its group': async (api) => {
    for (const path of ['api/v1', 'apis/rbac.authorization.k8s.io/v1', 'apis/batch/v1', 'apis/apps/v1']) {
      const { headers, status, body } = await api.quietly('GET', `/openapi/v3/${path}`);
      api.note(path, [status, headers]);
      const names = isObject(body) ? body.components : null;
      const schemas = isObject(names) && isObject(names.schemas) ? Object.keys(names.schemas) : [];
      api.note(`${path}: its schemas`, schemas.sort());
    }
    const core = await api.quietly('GET', '/openapi/v3/api/v1');
    for (const kind of ['ConfigMap', 'Namespace', 'ServiceAccount']) {
      const schemas = core.at('components.schemas');
      api.note(kind, isObject(schemas) ? (schemas[`io.k8s.api.core.v1.${kind}`] ?? null) : null);
    }
    await api.get('/openapi/v3/apis/nonsense/v1');
  },
  'OpenAPI version 2 has the definitions that old clients ask for': async (api) => {
    const { status, headers, body } = await api.quietly('GET', '/openapi/v2');
    api.note('headers', [status, headers]);
    const definitions = isObject(body) ? body.definitions : null;
    for (const kind of ['ConfigMap', 'Namespace']) {
      api.note(kind, isObject(definitions) ? (definitions[`io.k8s.api.core.v1.${kind}`] ?? null) : null);
    }
  },
  'who issues tokens': async (api) => {
    await api.get('/.well-known/openid-configuration');
    const keys = await api.quietly('GET', '/openid/v1/jwks');
    api.note('keys', [keys.status, keys.headers, isObject(keys.body) ? Object.keys(keys.body) : null]);
  },
};
