import { z } from '@hono/zod-openapi';
import { type Caller, isInReach } from '#auth';
import { type ClustersData, type LiveNamespace, type NamespaceCall, namespacesOver } from '#clusters';
import { matchesSelector, parseSelector } from '#labels';
import type { Json, Listed } from '#reconcile';
import { answerPage } from '../answerPage.ts';
import type { Api } from '../api.ts';
import { type Call, endpoint } from '../endpoint.ts';
import { httpError } from '../errors.ts';
import type { Kind } from '../kind.ts';
import { byOf, outward } from '../outside.ts';
import { findRow } from '../recordRoutes.ts';
import { labelsSchema, listOf, queryFlag, queryInt, timeSchema } from '../schemas.ts';
import { itemOf, time } from './inventory.ts';

const cluster = z.object({ id: z.string(), name: z.string() });
const keyed = z.record(z.string(), z.string());

const listedSchema = z
  .object({
    cluster,
    name: z.string(),
    phase: z.string(),
    labels: keyed,
    createdAt: timeSchema.nullable(),
    listedAt: timeSchema.nullable().openapi({ description: 'When its cluster was last synced.' }),
  })
  .openapi('NamespaceListed');

const owners = z.record(z.string(), z.array(z.string()));
const liveSchema = z
  .object({
    cluster,
    name: z.string(),
    uid: z.string(),
    phase: z.enum(['Active', 'Terminating']),
    labels: keyed,
    annotations: keyed,
    createdAt: z.string().nullable(),
    owners: z.object({ labels: owners, annotations: owners }).openapi({
      description: 'Who manages each label and annotation, as server-side apply knows it.',
    }),
  })
  .openapi('Namespace');

const nameSchema = z.string().min(1).max(63).openapi({ pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$' });
const annotations = z.record(z.string().min(1).max(317), z.string().max(262_144));
const nullable = z.record(z.string().min(1).max(317), z.string().max(262_144).nullable());

const createSchema = z
  .strictObject({
    cluster: z.string().min(1).max(100).openapi({ description: 'Id or name.' }),
    name: nameSchema,
    labels: labelsSchema.optional(),
    annotations: annotations.optional(),
  })
  .openapi('NamespaceCreate', { example: { cluster: 'store-0007', name: 'web', labels: { team: 'web' } } });

const patchSchema = z
  .strictObject({ labels: nullable, annotations: nullable })
  .partial()
  .openapi('NamespacePatch', {
    description: 'A JSON merge patch of labels and annotations; Drover then owns what it sets.',
    example: { labels: { team: 'web', old: null } },
  });

/** What a cluster, or the way to it, can answer with. */
const problems = [409, 422, ...outward];

/** Namespaces over all clusters, from what syncs have listed; one of them as its cluster has it now. */
export function namespaceRoutes(
  api: Api,
  kind: Kind<ClustersData>,
  { path, end = '', tag }: { path: string; end?: string; tag: string },
): void {
  listNamespaces(api, kind, `${path}${end}`, tag);
  createNamespace(api, kind, `${path}${end}`, tag);
}

function listNamespaces(api: Api, kind: Kind<ClustersData>, path: string, tag: string): void {
  const { table } = api.ports;
  endpoint(
    api,
    {
      method: 'get',
      path,
      role: kind.roles.read,
      tag,
      summary: 'List the namespaces of all clusters that are synced',
      query: z.strictObject({
        limit: queryInt(1, 200).optional(),
        cursor: z.string().max(2000).optional(),
        cluster: z.string().max(1000).optional().openapi({ description: 'Ids or names, with commas.' }),
        clusterLabels: z
          .string()
          .max(1000)
          .optional()
          .openapi({ description: 'Of clusters that this selects.' }),
        labels: z.string().max(1000).optional().openapi({ description: 'That this selects.' }),
        q: z.string().max(63).optional().openapi({ description: 'Part of the name.' }),
      }),
      problems: [422],
      answers: {
        200: { description: 'One page, cluster by cluster; it may be short.', schema: listOf(listedSchema) },
      },
    },
    async ({ c, caller, query: { limit = 50, cursor, ...wanted } }) => {
      const clusters = await syncedClusters(kind, caller, wanted);
      const names = new Map(clusters.map(({ id, name }) => [id, name]));
      const bound = JSON.stringify(['namespaces', wanted, caller.reach?.selector]);
      const after =
        cursor === undefined ? undefined : placeSchema.safeParse(await api.cursors.open(cursor, bound));
      if (after && !after.success) throw httpError('CURSOR_INVALID');
      const selector = wanted.labels === undefined ? undefined : parseSelector(wanted.labels);
      const q = wanted.q?.toLowerCase();
      const page = await namespacesOver(
        table,
        clusters.map(({ id }) => id),
        {
          limit,
          after: after?.data,
          where: ({ name, labels }) =>
            (q === undefined || name.includes(q)) && (!selector || matchesSelector(selector, labels)),
        },
      );
      const items = page.items.map(({ cluster: id, at, ...item }) => ({
        ...itemOf(item),
        cluster: { id, name: names.get(id) ?? id },
        listedAt: time(at),
      }));
      return answerPage(c, items, page.next ? await api.cursors.seal(page.next, bound) : null);
    },
  );
}

const placeSchema = z.object({ cluster: z.string(), place: z.string() });

interface Wanted {
  cluster?: string | undefined;
  clusterLabels?: string | undefined;
}

/** In reach, selected, and with a sync of their own; in the order of their names. */
async function syncedClusters(
  { records }: Kind<ClustersData>,
  caller: Caller,
  { cluster, clusterLabels }: Wanted,
): Promise<Listed[]> {
  const chosen = cluster?.split(',');
  const selector = clusterLabels === undefined ? undefined : parseSelector(clusterLabels);
  const [clusters, syncs] = await Promise.all([records.entries('cluster'), records.entries('sync')]);
  const synced = new Set(syncs.map(({ summary }) => summary.cluster));
  return clusters
    .filter(
      ({ id, name, labels }) =>
        synced.has(id) &&
        isInReach(caller, labels) &&
        (!chosen || chosen.includes(id) || chosen.includes(name)) &&
        (!selector || matchesSelector(selector, labels)),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function createNamespace(api: Api, kind: Kind<ClustersData>, path: string, tag: string): void {
  endpoint(
    api,
    {
      method: 'post',
      path,
      role: kind.roles.write,
      tag,
      summary: 'Create a namespace in a cluster',
      description: 'The cluster is asked first whether Drover may.',
      body: createSchema,
      problems: [404, ...problems],
      answers: { 201: { description: 'As the cluster has it now.', schema: liveSchema } },
    },
    async (call) => {
      const { cluster: of, ...wish } = call.body;
      const found = await findRow(kind, of, call.caller);
      const made = await ask(api, call, { do: 'createNamespace', cluster: found.id, ...wish });
      const location = `/api/v1/namespaces/${found.id}/${wish.name}`;
      return call.c.json(shown(found, made), 201, { location });
    },
  );
}

export function oneNamespaceRoutes(api: Api, kind: Kind<ClustersData>): void {
  const path = '/api/v1/namespaces/{cluster}/{name}';
  const tag = 'Namespaces';
  const params = z.strictObject({
    cluster: z.string().min(1).max(100).openapi({ description: 'Id or name.' }),
    name: nameSchema,
  });
  endpoint(
    api,
    {
      method: 'get',
      path,
      role: kind.roles.read,
      tag,
      summary: 'Read a namespace as its cluster has it now',
      params,
      problems,
      answers: { 200: { description: 'With who manages its labels and annotations.', schema: liveSchema } },
    },
    async (call) => {
      const found = await findRow(kind, call.params.cluster, call.caller);
      const { name } = call.params;
      return call.c.json(shown(found, await ask(api, call, { do: 'getNamespace', cluster: found.id, name })));
    },
  );
  endpoint(
    api,
    {
      method: 'patch',
      path,
      role: kind.roles.write,
      tag,
      summary: 'Change labels and annotations of a namespace in its cluster',
      description:
        'By server-side apply, after asking whether Drover may. What another manager owns is taken over with force=true alone.',
      params,
      query: z.strictObject({ force: queryFlag.optional() }),
      body: patchSchema,
      problems,
      answers: { 200: { description: 'As the cluster has it now.', schema: liveSchema } },
    },
    async (call) => {
      const found = await findRow(kind, call.params.cluster, call.caller);
      const { force = false } = call.query;
      const wish = { ...call.body, name: call.params.name, force };
      return call.c.json(
        shown(found, await ask(api, call, { do: 'patchNamespace', cluster: found.id, ...wish })),
      );
    },
  );
}

type Without<C> = C extends unknown ? Omit<C, 'by'> : never;
type Asked = Without<NamespaceCall>;

async function ask(
  { ports }: Api,
  { c, caller }: Pick<Call<object, object, unknown>, 'c' | 'caller'>,
  asked: Asked,
): Promise<LiveNamespace> {
  const by = byOf({ c, caller });
  const call = { ...asked, by } as unknown as { [name: string]: Json };
  return (await ports.couriers.call('clusters', call)) as unknown as LiveNamespace;
}

const shown = ({ id, name }: { id: string; name: string }, namespace: LiveNamespace) => ({
  cluster: { id, name },
  ...namespace,
});
