import PQueue from 'p-queue';
import { unreachable } from '#errors';
import { getObject, type KubeConnection } from '#kubernetes';
import type { Row, WorkContext } from '#reconcile';
import type { ClusterData } from '../model.ts';
import { uidIn } from '../uidIn.ts';
import type { SyncKind } from './kinds.ts';
import { ListVisit, troubleOf } from './listVisit.ts';
import type { SyncAction, SyncData, SyncDid, Trouble } from './model.ts';
import { readCluster } from './parent.ts';
import { chunksOf, headOf, namedBy, type Outcome, Shelf } from './shelf.ts';

/** What a sync needs of the world. */
export interface SyncWorld {
  /** With what is stored of the cluster; the connection is `use`'s until it is done. */
  withConnection<T>(
    cluster: Row<ClusterData>,
    context: WorkContext,
    use: (connection: KubeConnection) => Promise<T>,
  ): Promise<T>;
}

/** Each holds a page in memory: where thousands are due in one process, they wait for their turn. */
const listsAtOnce = 4;

export type ActOnSync = (row: Row<SyncData>, action: SyncAction, context: WorkContext) => Promise<SyncDid>;

export function syncActs(world: SyncWorld): ActOnSync {
  const turns = new PQueue({ concurrency: listsAtOnce });
  return async ({ data }, action, context) => {
    const shelf = new Shelf(context.table, data.cluster);
    switch (action.do) {
      case 'list':
        return turns.add(() => list(world, shelf, data, action.attempt, context));
      case 'keep': {
        const { attempt, kinds } = action;
        return { did: 'kept', attempt, kinds, ...(await keep(shelf, data, attempt, kinds)) };
      }
      case 'drop':
        await shelf.drop(action.prefixes);
        return { did: 'dropped', prefixes: action.prefixes };
      case 'sweep':
        await shelf.sweep([...headOf(data.head), ...namedBy(await shelf.readHead(data.head))]);
        return { did: 'swept' };
      default:
        return unreachable(action);
    }
  };
}

async function list(
  world: SyncWorld,
  shelf: Shelf,
  data: SyncData,
  attempt: string,
  context: WorkContext,
): Promise<SyncDid> {
  const visit = await ListVisit.begin(shelf, data, attempt, context);
  const cluster = await readCluster(context.table, data.cluster);
  // Gone since: the next look finds that out, too.
  if (!cluster) return visit.end(null);
  try {
    const trouble = await world.withConnection(
      cluster,
      context,
      async (connection) =>
        (await otherCluster(connection, cluster.data, context.signal)) ?? visit.carryOn(connection),
    );
    return await visit.end(trouble);
  } catch (error) {
    return visit.end(troubleOf(error));
  }
}

/** What answers at a cluster's address may have become another one since it was last looked at. */
async function otherCluster(
  connection: KubeConnection,
  { uid }: ClusterData,
  signal: AbortSignal,
): Promise<Trouble | null> {
  if (uid === null) return null;
  const found = uidIn(await getObject(connection, '/api/v1/namespaces/kube-system', { signal })) ?? '';
  if (found === uid) return null;
  const cause = { code: 'CLUSTER_IDENTITY_CHANGED', values: { before: uid, uid: found } };
  return { cause, isOver: true, retryAfterSeconds: 0 };
}

async function keep(shelf: Shelf, data: SyncData, attempt: string, kinds: readonly SyncKind[]) {
  const head = await shelf.readHead(data.head);
  const isKept = ([kind]: [string, Outcome]) => kinds.includes(kind as SyncKind);
  const outcomes = Object.entries(head.kinds);
  await shelf.writeHead(attempt, { ...head, kinds: Object.fromEntries(outcomes.filter(isKept)) });
  const left = outcomes.filter((outcome) => !isKept(outcome));
  return { head: attempt, drop: [...left.flatMap(chunksOf), ...headOf(data.head)] };
}
