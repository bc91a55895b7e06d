import { unreachable } from '#errors';
import type { Row, WorkContext } from '#reconcile';
import type { Action, ClusterData, Did } from './model.ts';
import type { WorkerParts } from './worker.ts';

export async function act(
  _parts: WorkerParts,
  _row: Row<ClusterData>,
  action: Action,
  _context: WorkContext,
): Promise<Did> {
  switch (action.do) {
    case 'renew':
      throw new Error('Not renewed yet.');
    case 'sync':
      return { did: 'synced' };
    default:
      return unreachable(action);
  }
}
