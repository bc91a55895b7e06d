import { requireReach } from '#auth';
import { type ClustersData, type ConnectionBody, newCluster } from '#clusters';
import { type Draft, slotName, slotsOf } from '#reconcile';
import type { Api } from '../api.ts';
import type { Call } from '../endpoint.ts';
import { httpError } from '../errors.ts';
import type { Kind } from '../kind.ts';
import { outward } from '../outside.ts';
import { createRoute } from '../recordRoutes.ts';
import { refusedSchema } from './answers.ts';
import { type ClusterCreate, createSchema, uncheckedQuery } from './bodies.ts';
import { prepare } from './connect.ts';

export function createClusterRoute(api: Api, kind: Kind<ClustersData>): void {
  createRoute(api, kind, {
    body: createSchema,
    query: uncheckedQuery,
    description:
      'Tries the connection first, which takes up to 15 s; what fails is 422 with the ladder as "validation".',
    problems: outward,
    evidence: { 422: refusedSchema },
    draft: async (call) => ({
      draft: await draftOf(api, kind, call, call.body, call.query.unchecked ?? false),
    }),
  });
}

/** Everything that a new cluster's record is made of, its credential tried and sealed. */
export async function draftOf(
  { ports }: Api,
  { records }: Kind<ClustersData>,
  asker: Pick<Call<object, object, unknown>, 'c' | 'caller'>,
  { name, labels, checkEverySeconds, sync, ...body }: ClusterCreate,
  unchecked: boolean,
): Promise<Draft<ClustersData> & { id: string }> {
  requireReach(asker.caller, labels);
  // Before it is tried, which takes its time; creating it makes sure.
  if (await records.get(name, 'cluster')) throw httpError('NAME_TAKEN', { kind: 'cluster', name });
  const id = records.newId('cluster');
  const prepared = await prepare(
    ports.couriers,
    { id, version: 1, body: body satisfies ConnectionBody, unchecked },
    asker,
  );
  const slot = slotName(0, id);
  return {
    kind: 'cluster',
    id,
    name,
    labels,
    everySeconds: checkEverySeconds,
    data: newCluster(prepared, slot, sync, ports.clock.now()),
    sides: slotsOf(id, slot, prepared.secret),
  };
}
