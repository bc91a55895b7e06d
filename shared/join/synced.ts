import { done } from './become.ts';
import type { Member, Sight, StageResult } from './model.ts';

/** The primary knows best; the member itself knows whether the primary answers its polls. */
export const isSynced = ({ listed }: Pick<Sight, 'listed'>, { primary }: Member): boolean =>
  listed ? listed.status === 'synced' : primary.status === 'connected';

export const syncedStage = (sight: Pick<Sight, 'listed'>, member: Member): StageResult[] =>
  isSynced(sight, member) ? done('synced') : [{ stage: 'synced', is: 'waiting', cause: null, answer: null }];
