import { unreachable } from '#errors';
import type { Row, WorkContext } from '#reconcile';
import type { Action, ClusterData, Did } from './model.ts';
import { renew } from './renewal/renew.ts';
import { tellSync } from './sync/tell.ts';
import type { WorkerParts } from './worker.ts';

export async function act(
  parts: WorkerParts,
  row: Row<ClusterData>,
  action: Action,
  context: WorkContext,
): Promise<Did> {
  switch (action.do) {
    case 'renew':
      return renew(parts, row, context);
    case 'sync':
      await tellSync(parts.engine.records, row);
      return { did: 'synced', version: row.version };
    default:
      return unreachable(action);
  }
}
