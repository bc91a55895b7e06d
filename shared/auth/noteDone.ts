import type { AuditEntry } from '#reconcile';
import { keys, type Table, type Value } from '#store';
import { type Clock, day, newId } from '#time';

const kept = 90 * day;

/**
 * What was done without a record's change: a browser signed in, a delivery sent again. No commit carries its audit
 * entry, so it is written directly.
 */
export async function noteDone(
  { table, clock, random }: { table: Table; clock: Clock; random: (bytes: number) => Uint8Array },
  done: Pick<AuditEntry, 'actor' | 'action' | 'target' | 'after' | 'requestId'>,
): Promise<void> {
  const at = clock.now();
  const id = newId('aud', at, random);
  const audit: AuditEntry = { id, at, result: 'done', ...done };
  await table.put({
    ...keys.auditKey(at, id),
    audit: audit as unknown as Value,
    expiresAt: Math.ceil((at + kept) / 1000),
  });
}
