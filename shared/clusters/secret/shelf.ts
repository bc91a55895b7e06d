import { recordShelf, type Shelf } from '#secrets';
import type { Table } from '#store';

export const clusterShelf = (table: Table): Shelf =>
  recordShelf(table, { area: 'clusters', kind: 'cluster', versionIn });

function versionIn(data: unknown): number | undefined {
  const { access } = (data ?? {}) as { access?: { credential?: { version?: unknown } } };
  const version = access?.credential?.version;
  return typeof version === 'number' ? version : undefined;
}
