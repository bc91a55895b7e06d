import { DroverError, unreachable } from '#errors';
import { type KubeConnection, type KubeObject, objectsPage } from '#kubernetes';
import type { Actor, By, Json, Records, Row } from '#reconcile';
import type { Clock } from '#time';
import type { ClusterData, ClustersData } from '../model.ts';
import { syncIdOf } from '../sync/model.ts';
import { askSync, createSync } from '../sync/tell.ts';
import { uidIn } from '../uidIn.ts';
import { createNamespace, findNamespace, type Place, patchNamespace } from './edit.ts';
import { namespaceError } from './errors.ts';
import { requireLeave } from './permission.ts';
import { type LiveNamespace, viewOf } from './view.ts';
import { checkName, checkNewName, checkWish, type NamespaceWish } from './wish.ts';

/** What the HTTP function asks of the worker about namespaces; `cluster` is an id. */
export type NamespaceCall =
  /** As they are in the cluster now, a page of them. → { items: LiveNamespace[], next } */
  | { do: 'listNamespaces'; cluster: string; limit: number; continue?: string; by: Caller }
  /** → LiveNamespace */
  | { do: 'getNamespace'; cluster: string; name: string; by: Caller }
  /** → LiveNamespace */
  | ({ do: 'createNamespace'; cluster: string; name: string; by: Caller } & NamespaceWish)
  /** What is left out stays. `force` takes over what another manager owns. → LiveNamespace */
  | ({ do: 'patchNamespace'; cluster: string; name: string; force?: boolean; by: Caller } & NamespaceWish);

/** Who asks, for the audit. */
export interface Caller {
  actor: Actor;
  requestId?: string;
}

export interface NamespaceParts {
  records: Pick<Records<ClustersData>, 'get' | 'create' | 'change'>;
  clock: Clock;
  withConnection<T>(
    cluster: Row<ClusterData>,
    by: Caller,
    use: (connection: KubeConnection) => Promise<T>,
  ): Promise<T>;
}

export async function answerNamespaceCall(parts: NamespaceParts, call: NamespaceCall): Promise<Json> {
  const cluster = await requireCluster(parts, call.cluster);
  switch (call.do) {
    case 'listNamespaces':
      return parts.withConnection(cluster, call.by, async (connection) => {
        const { limit, continue: from } = call;
        const page = await objectsPage(connection, '/api/v1/namespaces', {
          metadataOnly: true,
          limit,
          ...(from !== undefined && { continue: from }),
        });
        return { items: page.items.map(shown), next: page.continue ?? null };
      });
    case 'getNamespace': {
      checkName(call.name);
      const place: Place = { cluster: cluster.name, name: call.name };
      return parts.withConnection(cluster, call.by, async (connection) => {
        const found = await findNamespace(connection, call.name);
        if (!found) throw namespaceError('NAMESPACE_NOT_FOUND', { ...place });
        return shown(found);
      });
    }
    case 'createNamespace':
      checkNewName(call.name);
      return write(
        parts,
        cluster,
        call,
        'namespace.create',
        ['get', 'create', 'patch'],
        (connection, place) => createNamespace(connection, place, call),
      );
    case 'patchNamespace':
      checkName(call.name);
      return write(parts, cluster, call, 'namespace.patch', ['get', 'patch'], (connection, place) =>
        patchNamespace(connection, place, call, call.force ?? false),
      );
    default:
      return unreachable(call);
  }
}

const shown = (object: KubeObject): { [Name in keyof LiveNamespace]: LiveNamespace[Name] } => ({
  ...viewOf(object),
});

async function requireCluster({ records }: NamespaceParts, id: string): Promise<Row<ClusterData>> {
  const row = await records.get(id, 'cluster');
  if (row?.data.kind !== 'cluster' || row.deletedAt !== undefined)
    throw namespaceError('NAMESPACE_CLUSTER_MISSING');
  return { ...row, data: row.data };
}

type Write = Extract<NamespaceCall, { do: 'createNamespace' | 'patchNamespace' }>;

/**
 * A change outside of all records (rule 16): a commit that carries who wants what, the change, a commit that carries
 * what came of it. The commits are of the cluster's sync, whose list of namespaces is made anew after them.
 */
async function write(
  parts: NamespaceParts,
  cluster: Row<ClusterData>,
  call: Write,
  action: string,
  verbs: readonly string[],
  change: (connection: KubeConnection, place: Place) => Promise<KubeObject>,
): Promise<Json> {
  checkWish(call);
  const place: Place = { cluster: cluster.name, name: call.name };
  if (cluster.data.state.is === 'held') throw namespaceError('NAMESPACE_CLUSTER_HELD', { ...place });
  const target = { kind: 'cluster', id: cluster.id, name: cluster.name };
  const { actor, requestId } = call.by;
  const by: By = { actor, action, target, ...(requestId !== undefined && { requestId }) };
  return parts.withConnection(cluster, call.by, async (connection) => {
    await requireSame(connection, cluster.data, place);
    await requireLeave(connection, cluster.data.access.server, verbs);
    await note(parts, cluster.id, { ...by, after: { ...told(call), stage: 'begins' } });
    try {
      const made = shown(await change(connection, place));
      const done: By = { ...by, after: { ...told(call), stage: 'ended' } };
      await askSync(parts.records, cluster.id, done, parts.clock.now(), ['namespaces']);
      return made;
    } catch (error) {
      const code = error instanceof DroverError ? error.code : 'UNKNOWN';
      await note(parts, cluster.id, {
        ...by,
        result: 'failed',
        after: { ...told(call), stage: 'ended', code },
      });
      throw error;
    }
  });
}

/** Annotations may be long, and hold what is nobody's business: their names say enough. */
const told = ({ name, labels, annotations, ...rest }: Write): { [field: string]: Json } => ({
  namespace: name,
  labels: labels ?? {},
  annotations: Object.keys(annotations ?? {}),
  ...('force' in rest && rest.force !== undefined && { force: rest.force }),
});

async function note({ records }: NamespaceParts, clusterId: string, by: By): Promise<void> {
  const commit = () => records.change(syncIdOf(clusterId), 'sync', () => ({}), by);
  if ((await commit()).outcome !== 'notFound') return;
  await createSync(records, clusterId, by);
  await commit();
}

/** Nothing is changed in a cluster that has taken another's address since it was last looked at. */
async function requireSame(connection: KubeConnection, { uid }: ClusterData, place: Place): Promise<void> {
  if (uid === null) return;
  const system = await findNamespace(connection, 'kube-system');
  if (uidIn(system) !== uid) throw namespaceError('NAMESPACE_CLUSTER_HELD', { ...place });
}
