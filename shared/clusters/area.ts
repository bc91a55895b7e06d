import { unreachable } from '#errors';
import type { Area, Look as Beat, DecideContext, Plan, Row, WorkContext } from '#reconcile';
import { minute } from '#time';
import { decide } from './decide.ts';
import { decideFleet, type FleetSeen } from './fleet.ts';
import {
  type Action,
  type ClusterData,
  type ClustersData,
  checkIntervals,
  type Did,
  fleetId,
  kinds,
  read,
  type Seen,
} from './model.ts';
import { causeOf, isSimulated, present } from './present.ts';
import type { SyncSeen } from './sync/decide.ts';
import type { SyncAction, SyncData, SyncDid } from './sync/model.ts';
import { syncPart } from './sync/part.ts';

/** What this area needs of the world. */
export interface ClusterWorld {
  observe(row: Row<ClusterData>, context: WorkContext): Promise<Seen>;
  observeFleet(context: WorkContext): Promise<FleetSeen>;
  look(row: Row<ClusterData>, context: WorkContext): Promise<Beat>;
  act(row: Row<ClusterData>, action: Action, context: WorkContext): Promise<Did>;
  actOnSync(row: Row<SyncData>, action: SyncAction, context: WorkContext): Promise<SyncDid>;
}

type AnySeen =
  | { of: 'cluster'; seen: Seen }
  | { of: 'fleet'; seen: FleetSeen }
  | { of: 'sync'; seen: SyncSeen };
type AnyAction = Action | SyncAction;
type AnyDid = Did | SyncDid;

export type ClustersArea = Area<ClustersData, AnySeen, AnyAction, AnyDid>;

/** The HTTP function's: it reads and writes records, and is never asked to look or act. */
export const clustersArea: ClustersArea = clustersIn({
  observe: worldless,
  observeFleet: worldless,
  look: worldless,
  act: worldless,
  actOnSync: worldless,
});

export function clustersIn(world: ClusterWorld): ClustersArea {
  return {
    name: 'clusters',
    kinds,
    read,
    summarise,
    told,
    present: (row) => present(row),
    async observe(row, context) {
      const { data } = row;
      switch (data.kind) {
        case 'fleet':
          return { of: 'fleet', seen: await world.observeFleet(context) };
        case 'sync':
          return { of: 'sync', seen: await syncPart.observe({ ...row, data }, context) };
        case 'cluster':
          return { of: 'cluster', seen: await world.observe({ ...row, data }, context) };
        default:
          return unreachable(data);
      }
    },
    decide: decideAny,
    act: (row, action, context) => {
      const { data } = row;
      return data.kind === 'sync'
        ? world.actOnSync({ ...row, data }, action as SyncAction, context)
        : world.act(asCluster(row), action as Action, context);
    },
    look: async (row, context) => {
      const { data } = row;
      // Nobody waits for an answer of what is paused.
      if (data.kind !== 'cluster' || data.state.is === 'paused') return { ok: true, differs: false };
      return world.look({ ...row, data }, context);
    },
    webhookEvents: [
      'cluster.unreachable',
      'cluster.unauthorized',
      'cluster.degraded',
      'cluster.recovered',
      'cluster.credentials-expiring',
      'cluster.identity-changed',
      'cluster.deleted',
      'fleet.own-fault-suspected',
    ],
    intervals: checkIntervals,
    // A dead cluster waits in the slow lane from its first back-off on, and is asked for ever.
    backOff: { base: minute, cap: 15 * minute, slowFrom: 1 },
    slotOf: (data) => (data.kind === 'cluster' ? data.slot : undefined),
    faultRow: { id: fleetId, kind: 'fleet', name: 'fleet', data: { kind: 'fleet', suspected: null } },
  };
}

function decideAny(
  row: Row<ClustersData>,
  { seen, of }: AnySeen,
  did: AnyDid[],
  context: DecideContext,
): Plan<ClustersData, AnyAction> {
  const { data } = row;
  if (data.kind === 'fleet' && of === 'fleet') return decideFleet({ ...row, data }, seen, context);
  if (data.kind === 'sync' && of === 'sync') {
    return syncPart.decide({ ...row, data }, seen, did as SyncDid[], context) as Plan<
      ClustersData,
      AnyAction
    >;
  }
  if (data.kind !== 'cluster' || of !== 'cluster') throw new Error(`A ${data.kind} was seen as a ${of}.`);
  const { secret, ...plan } = decide({ ...row, data }, seen, did as Did[], context);
  if (!secret) return plan;
  const into = (next: ClustersData, slot: string) => secret.into(clusterData(next), slot);
  return { ...plan, secret: { value: secret.value, into } };
}

function clusterData(data: ClustersData): ClusterData {
  if (data.kind !== 'cluster') throw new Error(`A ${data.kind} is no cluster.`);
  return data;
}

const asCluster = (row: Row<ClustersData>): Row<ClusterData> => ({ ...row, data: clusterData(row.data) });

function worldless(): never {
  throw new Error('Only the worker looks at clusters.');
}

/** What lists filter, sort and count by. */
function summarise(row: Row<ClustersData>) {
  const { data, deletedAt, labels, everySeconds } = row;
  switch (data.kind) {
    case 'cluster': {
      const { seen, expiries } = data;
      const ends = expiries.map(({ at }) => at);
      return {
        state: deletedAt === undefined ? data.state.is : 'deleting',
        cause: causeOf(data)?.code ?? null,
        kubernetesVersion: seen?.kubernetesVersion ?? null,
        uid: data.uid,
        simulated: isSimulated({ labels, data }) ?? false,
        nodes: seen?.nodes?.total ?? null,
        nodesReady: seen?.nodes?.part ?? null,
        pods: seen?.pods?.total ?? null,
        podsRunning: seen?.pods?.part ?? null,
        latencyMs: seen?.latencyMs ?? null,
        checkedAt: data.checkedAt,
        everySeconds,
        expiresAt: ends.length === 0 ? null : Math.min(...ends),
      };
    }
    case 'fleet':
      return { state: data.suspected ? 'suspected' : 'well', cause: data.suspected?.cause ?? null };
    case 'sync':
      return syncPart.summarise({ ...row, data });
    default:
      return unreachable(data);
  }
}

/** Looks and counts stay out: they would raise the ETag of a cluster at which nothing happened. */
function told(row: Row<ClustersData>) {
  const { data, deletedAt, labels, everySeconds } = row;
  if (data.kind === 'sync') return syncPart.told({ ...row, data });
  if (data.kind === 'fleet') return { suspected: data.suspected !== null };
  const { access, state, sync, uid, warned, warnings, renewal, seen } = data;
  return {
    labels,
    everySeconds,
    deleting: deletedAt !== undefined,
    access,
    state,
    sync,
    uid,
    warned,
    warnings,
    renewal: renewal?.cause ?? null,
    cause: causeOf(data)?.code ?? null,
    kubernetesVersion: seen?.kubernetesVersion ?? null,
  };
}
