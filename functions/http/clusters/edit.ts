import type { z } from '@hono/zod-openapi';
import {
  type ClusterData,
  type ClustersData,
  type ConnectionBody,
  type ConnectionWish,
  type CredentialBody,
  reconnected,
  refuseMoved,
  type SyncWish,
  synced,
  type Usable,
} from '#clusters';
import type { Edit, Labels, Row } from '#reconcile';
import type { Api } from '../api.ts';
import { type Call, endpoint } from '../endpoint.ts';
import type { Kind } from '../kind.ts';
import { outward } from '../outside.ts';
import { answerRecord, mergedLabels } from '../record.ts';
import { changeRow, findWritable, pathOf, presentOne } from '../recordRoutes.ts';
import { idParams } from '../schemas.ts';
import { refusedSchema } from './answers.ts';
import {
  type ClusterPatch,
  type ClusterReplace,
  patchSchema,
  replaceSchema,
  uncheckedQuery,
} from './bodies.ts';
import { clusterIn } from './clusterKind.ts';
import { prepare, refuseOvertaken } from './connect.ts';

/** What a PUT or a PATCH asks for: undefined stays as it is. */
interface Wish {
  labels(row: Row<ClustersData>): Labels;
  connection: ConnectionWish;
  credential: CredentialBody | undefined;
  everySeconds: number | undefined;
  sync: SyncWish | null | undefined;
}

export function replaceClusterRoute(api: Api, kind: Kind<ClustersData>): void {
  editClusterRoute(api, kind, 'put', replaceSchema, wishOfReplace);
}

export function patchClusterRoute(api: Api, kind: Kind<ClustersData>): void {
  editClusterRoute(api, kind, 'patch', patchSchema, wishOfPatch);
}

/** With a credential all that is said of the way there is as it stands here; without one nothing of it changes. */
export function wishOfReplace({
  labels,
  credential,
  checkEverySeconds,
  sync,
  ...connection
}: ClusterReplace): Wish {
  const none = { ca: null, fingerprint: null, tlsServerName: null, proxy: null };
  const given = Object.fromEntries(Object.entries(connection).filter(([, value]) => value !== undefined));
  return {
    labels: () => labels,
    connection: credential ? { ...none, ...given } : given,
    credential,
    everySeconds: checkEverySeconds,
    sync,
  };
}

export function wishOfPatch({
  labels,
  credential,
  checkEverySeconds,
  sync,
  ...connection
}: ClusterPatch): Wish {
  return {
    labels: (row) => mergedLabels(row.labels, labels),
    connection,
    credential,
    everySeconds: checkEverySeconds,
    sync,
  };
}

function editClusterRoute<B extends z.ZodType>(
  api: Api,
  kind: Kind<ClustersData>,
  method: 'put' | 'patch',
  body: B,
  wishOf: (body: z.output<B>) => Wish,
): void {
  endpoint(
    api,
    {
      method,
      path: pathOf(kind, '/{id}'),
      role: kind.roles.write,
      tag: kind.tag,
      summary: `${method === 'put' ? 'Replace' : 'Change'} what is wanted of one of the clusters`,
      description:
        'Without "credential" the stored one stays, and with it server, CA, fingerprint, tlsServerName and proxy. A new one is tried first.',
      params: idParams,
      query: uncheckedQuery,
      body,
      ifMatch: 'honoured',
      problems: [409, 422, ...outward],
      evidence: { 422: refusedSchema },
      answers: { 200: { description: 'As it is now.', schema: kind.schema } },
    },
    async (call) => {
      const row = await edited(api, kind, call, wishOf(call.body), call.query.unchecked ?? false);
      return answerRecord(call.c, row.version, await presentOne(kind, row, call));
    },
  );
}

async function edited(
  { ports }: Api,
  kind: Kind<ClustersData>,
  call: Call<{ id: string }, object, unknown>,
  wish: Wish,
  unchecked: boolean,
): Promise<Row<ClustersData>> {
  const { connection, credential } = wish;
  const row = await findWritable(kind, call);
  const prepared =
    credential &&
    (await prepare(
      ports.couriers,
      {
        id: row.id,
        of: row.id,
        version: clusterIn(row).access.credential.version + 1,
        body: { ...connection, credential } satisfies ConnectionBody,
        unchecked,
      },
      call,
    ));
  return changeRow(kind, call, 'cluster.update', (now) => {
    const data = clusterIn(now);
    if (!prepared) refuseMoved(data.access, connection);
    const { everySeconds, sync } = wish;
    const wanted = sync === undefined ? data : synced(data, sync);
    return {
      labels: wish.labels(now),
      ...(everySeconds !== undefined && { everySeconds }),
      ...(prepared ? withSecret(wanted, prepared, now.name) : { data: wanted }),
    };
  });
}

/** The credential and where it is for, in one write. */
export function withSecret(
  data: ClusterData,
  prepared: Usable,
  name: string,
): Pick<Edit<ClustersData>, 'data' | 'secret'> {
  refuseOvertaken(data, prepared, name);
  return {
    data: reconnected(data, prepared, data.slot),
    secret: { value: prepared.secret, into: (next, slot) => ({ ...next, slot }) as ClustersData },
  };
}
