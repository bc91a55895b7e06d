import type { Cause } from '#errors';
import type { SyncData } from './model.ts';

export type SyncState = 'pending' | 'waiting' | 'synced' | 'partial' | 'failed';

/** A run under way is progress and no state: what there is stays what the last one left. */
export function syncStateOf({ waiting, ran }: SyncData): SyncState {
  if (waiting) return 'waiting';
  if (!ran) return 'pending';
  if (ran.cause) return 'failed';
  return ran.failed.length + ran.partial.length > 0 ? 'partial' : 'synced';
}

export const syncCauseOf = ({ waiting, ran }: SyncData): Cause | null => waiting ?? ran?.cause ?? null;
