import type { ApiResource, KindsData } from '../../../infra/world/kubernetes/kinds/data.ts';
import type { Column } from '../../../infra/world/kubernetes/kinds/kinds.ts';
import { groupVersion, openapiPath } from '../../../infra/world/kubernetes/kinds/resources.ts';
import type { KubeObject } from '../../../infra/world/kubernetes/objects.ts';
import { takeCustom } from './custom.ts';
import { takeMessages } from './messages.ts';
import { asTemplate, isOfEveryServer, settled } from './objects.ts';
import { schemasByKind, selectableFields } from './selectable.ts';
import type { Server } from './server.ts';

const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';

/** All that the simulation knows of kinds, from a server on which nothing was done yet. */
export async function takeKinds(server: Server): Promise<KindsData> {
  const text = async (path: string, accept = 'application/json'): Promise<string> => {
    const answer = await server.ask(path, { accept });
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
    return answer.text;
  };
  const read = async <T>(path: string, accept?: string) => JSON.parse(await text(path, accept)) as T;
  const columnsOf = async (path: string) =>
    (await read<{ columnDefinitions: Column[] }>(`${path}?limit=1`, table)).columnDefinitions;
  const objectsOf = async (path: string) => (await read<{ items: KubeObject[] }>(path)).items;

  const apis = await read<{ groups: { name: string; versions: { version: string }[] }[] }>('/apis');
  const groups = apis.groups.map(({ name, versions }) => ({
    name,
    versions: versions.map(({ version }) => version),
  }));
  const { paths } = await read<{ paths: Record<string, unknown> }>('/openapi/v3');
  const openapi: Record<string, string> = {};
  for (const path of Object.keys(paths).sort()) openapi[path] = await text(`/openapi/v3/${path}`);
  const openapiV2 = await text('/openapi/v2');

  await settled(async () => (await objectsOf('/api/v1/serviceaccounts')).length);
  const resources: Record<string, readonly ApiResource[]> = {};
  const columns: Record<string, readonly Column[]> = {};
  const selectable: Record<string, readonly string[]> = {};
  const deprecations: Record<string, string> = {};
  const objects: KubeObject[] = [];
  for (const { name: group, versions } of [{ name: '', versions: ['v1'] }, ...groups])
    for (const version of versions) {
      const name = groupVersion(group, version);
      const base = openapiPath(group, version);
      const schemas = schemasByKind(openapi[base]!);
      resources[name] = (await read<{ resources: ApiResource[] }>(`/${base}`)).resources;
      for (const { name: plural, kind, verbs } of resources[name]) {
        if (!verbs.includes('list')) continue;
        const path = `/${base}/${plural}`;
        columns[`${name}/${plural}`] = await columnsOf(path);
        const { warning } = await server.ask(`${path}?limit=1`);
        if (warning !== undefined) deprecations[`${name}/${plural}`] = warning;
        selectable[`${name}/${plural}`] = await selectableFields(server, path, schemas.get(kind)!);
        if (version === versions[0] && isOfEveryServer(plural))
          objects.push(...(await objectsOf(path)).map((object) => asTemplate(object, name, kind)));
      }
    }

  const namespaced = await takeCustom(server, 'Namespaced', columnsOf);
  const cluster = await takeCustom(server, 'Cluster', columnsOf);
  const health: Record<string, readonly string[]> = {};
  for (const endpoint of ['healthz', 'livez', 'readyz']) {
    const lines = await text(`/${endpoint}?verbose`);
    health[endpoint] = [...lines.matchAll(/^\[\+\](\S+) ok$/gm)].map(([, check]) => check!);
  }
  return {
    version: await read('/version'),
    groups,
    resources,
    columns,
    selectable,
    deprecations,
    openapi,
    openapiV2,
    customOpenapi: { Namespaced: namespaced.openapi, Cluster: cluster.openapi },
    customColumns: namespaced.columns as KindsData['customColumns'],
    protobuf: await takeMessages(Object.values(openapi)),
    health,
    objects,
  };
}
