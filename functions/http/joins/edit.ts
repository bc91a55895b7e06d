import { changed, joinError, type MembershipBody, type MembershipData, type Prepared } from '#join';
import type { Edit, Row } from '#reconcile';
import type { Api } from '../api.ts';
import { type Call, endpoint } from '../endpoint.ts';
import { httpError } from '../errors.ts';
import type { Kind } from '../kind.ts';
import { byOf, outward } from '../outside.ts';
import { answerRecord, mergedLabels } from '../record.ts';
import { changeRow, findWritable, pathOf, presentOne } from '../recordRoutes.ts';
import { idParams } from '../schemas.ts';
import { type JoinPatch, patchSchema } from './bodies.ts';
import type { ControllerClusters } from './controllerCluster.ts';
import { refuseOwned } from './owned.ts';
import { askWorker } from './worker.ts';

type PatchCall = Call<{ id: string }, object, JoinPatch>;

export function patchJoinRoute(api: Api, kind: Kind<MembershipData>, clusters: ControllerClusters): void {
  endpoint(
    api,
    {
      method: 'patch',
      path: pathOf(kind, '/{id}'),
      role: kind.roles.write,
      tag: kind.tag,
      summary: 'Change what is wanted of one of the memberships',
      description:
        'A JSON merge patch (RFC 7396). Secrets that are left out are kept, but for another address: then they are needed again. With a credential the request must carry If-Match.',
      params: idParams,
      body: patchSchema,
      ifMatch: 'honoured',
      problems: [409, 422, 428, ...outward],
      answers: { 200: { description: 'As it is now.', schema: kind.schema } },
    },
    async (call) => {
      requireIfMatch(call);
      const row = await edited(api, kind, clusters, call);
      return answerRecord(call.c, row.version, await presentOne(kind, row, call));
    },
  );
}

/** Over a stale view, a credential that somebody has just put right would be lost. */
function requireIfMatch({ c, body: { controller, primary } }: PatchCall): void {
  const hasCredential = controller?.credential !== undefined || primary?.credential !== undefined;
  if (hasCredential && !c.req.header('if-match')?.trim()) throw httpError('IF_MATCH_NEEDED');
}

async function edited(
  { ports }: Api,
  kind: Kind<MembershipData>,
  clusters: ControllerClusters,
  call: PatchCall,
): Promise<Row<MembershipData>> {
  const { labels, ...body } = call.body;
  const row = await findWritable(kind, call);
  refuseOwned(row);
  const prepared =
    Object.keys(body).length === 0 ? undefined : await prepare(ports.couriers, clusters, row, body, call);
  return changeRow(kind, call, `${kind.kind}.update`, (now) => {
    refuseOwned(now);
    return {
      labels: mergedLabels(now.labels, labels),
      ...(prepared && withPrepared(now, prepared, row.data.secretVersion, ports.clock.now())),
    };
  });
}

async function prepare(
  couriers: Api['ports']['couriers'],
  clusters: ControllerClusters,
  { id, data }: Row<MembershipData>,
  body: Omit<JoinPatch, 'labels'>,
  call: PatchCall,
): Promise<Prepared> {
  const kept = data.controller.by === 'cluster' ? data.controller.cluster : undefined;
  const controller = body.controller && (await clusters.vet(body.controller, kept, call.caller));
  return askWorker(couriers, {
    do: 'prepare',
    id,
    of: id,
    version: data.secretVersion + 1,
    body: { ...body, ...(controller && { controller }) } satisfies MembershipBody,
    by: byOf(call),
  });
}

/** All that is wanted, and what is sealed for it, in one write; never over what came meanwhile. */
function withPrepared(
  { data, name }: Row<MembershipData>,
  prepared: Prepared,
  preparedOf: number,
  now: number,
): Edit<MembershipData> {
  if (data.secretVersion !== preparedOf) throw joinError('SECRET_CHANGED_MEANWHILE', { name });
  return {
    ...changed(data, prepared, data.slot, now),
    secret: { value: prepared.secret, into: (next, slot) => ({ ...next, slot }) },
  };
}
