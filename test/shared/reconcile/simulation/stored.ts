import type { AuditEntry, EventEntry } from '#reconcile';
import type { Item } from '#store';

export type { EventEntry };
export type StoredEntry = { is: 'event'; event: EventEntry } | { is: 'audit'; audit: AuditEntry };

export const isLeasedRow = (item: Item, now: number): boolean =>
  item.owner !== undefined && typeof item.dueAt === 'number' && item.dueAt > now;
