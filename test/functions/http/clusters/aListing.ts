import { askSync, type ClustersData, type SyncKind } from '#clusters';
import type { Cause } from '#errors';
import type { Records } from '#reconcile';
import type { Table } from '#store';
import type { Item } from '../../../../shared/clusters/sync/items.ts';
import { syncIdOf } from '../../../../shared/clusters/sync/model.ts';
import { Shelf } from '../../../../shared/clusters/sync/shelf.ts';
import { start } from '../anApp.ts';

const by = { actor: { kind: 'system', id: 'sync', name: 'sync' }, action: 'test' } as const;

/** Lays down what a sync would have listed of a cluster. */
export async function listed(
  table: Table,
  records: Records<ClustersData>,
  clusterId: string,
  kind: SyncKind,
  items: readonly Item[],
  { at = start, partial = null }: { at?: number; partial?: Cause | null } = {},
): Promise<void> {
  const attempt = 'k1';
  await askSync(records, clusterId, by, at);
  const shelf = new Shelf(table, clusterId);
  const writer = shelf.writer(kind, attempt);
  for (const item of items) await writer.add(item);
  await writer.flush();
  const outcome = { segments: [attempt], items: items.length, at, partial, trouble: null, tally: {} };
  const before = await shelf.readHead(attempt);
  await shelf.writeHead(attempt, { ...before, kinds: { ...before.kinds, [kind]: outcome } });
  await records.change(
    syncIdOf(clusterId),
    'sync',
    ({ data }) =>
      data.kind === 'sync'
        ? {
            data: {
              ...data,
              head: attempt,
              namespaces: kind === 'namespaces' ? items.length : data.namespaces,
            },
          }
        : undefined,
    by,
  );
}

export const aNamespace = (name: string, labels: Record<string, string> = {}): Item => ({
  name,
  phase: 'Active',
  labels,
  createdAt: start - 86_400_000,
});
