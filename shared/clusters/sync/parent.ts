import type { Row } from '#reconcile';
import { keys, type Table } from '#store';
import { type ClusterData, read } from '../model.ts';

/** The cluster that something belongs to, as it is stored now; undefined where it is gone, or going. */
export async function readCluster(table: Table, id: string): Promise<Row<ClusterData> | undefined> {
  const item = await table.get(keys.rowKey('clusters', id));
  if (!item || item.deletedAt !== undefined || item.goneAt !== undefined || item.unwanted === true)
    return undefined;
  const data = read(item.data, Number(item.schema), 'cluster');
  return data.kind === 'cluster' ? { ...(item as unknown as Row<ClusterData>), data } : undefined;
}
