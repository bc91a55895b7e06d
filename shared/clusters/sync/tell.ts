import type { By, Changed, Records, Row } from '#reconcile';
import type { ClusterData, ClustersData } from '../model.ts';
import type { SyncKind } from './kinds.ts';
import { newSync, type SyncData, syncIdOf, syncNameOf } from './model.ts';

const drover: By = { actor: { kind: 'system', id: 'clusters', name: 'clusters' }, action: 'sync.wake' };

/**
 * That a cluster wants to be synced, in another way than before, or is to end: the record that does it is made where there
 * is none yet, and decides at once what that means. May be repeated.
 */
export async function tellSync(
  records: Pick<Records<ClustersData>, 'create' | 'change'>,
  cluster: Pick<Row<ClusterData>, 'id' | 'deletedAt'>,
): Promise<void> {
  const found = await records.change(syncIdOf(cluster.id), 'sync', () => ({}), drover);
  if (found.outcome === 'notFound' && cluster.deletedAt === undefined)
    await createSync(records, cluster.id, drover);
}

/**
 * A person wants it now, all that is wanted or only some kinds. Begins at once, also where the cluster is not synced by
 * itself; then all kinds but secrets.
 */
export async function askSync(
  records: Pick<Records<ClustersData>, 'create' | 'change'>,
  clusterId: string,
  by: By,
  now: number,
  kinds: SyncKind[] | null = null,
): Promise<Changed<ClustersData>> {
  const ask = () =>
    records.change(
      syncIdOf(clusterId),
      'sync',
      ({ data }) =>
        data.kind === 'sync' ? { data: { ...data, asked: both(data.asked, { at: now, kinds }) } } : undefined,
      by,
    );
  const asked = await ask();
  if (asked.outcome !== 'notFound') return asked;
  await createSync(records, clusterId, by);
  return ask();
}

/** Who wants all gets all. */
const both = (before: SyncData['asked'], asked: NonNullable<SyncData['asked']>): SyncData['asked'] => ({
  at: asked.at,
  kinds:
    asked.kinds && (before === null || before.kinds)
      ? [...new Set([...(before?.kinds ?? []), ...asked.kinds])]
      : null,
});

export const createSync = (records: Pick<Records<ClustersData>, 'create'>, clusterId: string, by: By) =>
  records.create(
    {
      kind: 'sync',
      id: syncIdOf(clusterId),
      name: syncNameOf(clusterId),
      labels: {},
      data: newSync(clusterId),
    },
    { actor: by.actor, action: 'sync.create' },
  );
