import type { Actor, AuditEntry } from '#reconcile';
import { keys, type Table, type Value } from '#store';
import { type Clock, day, newId } from '#time';

const kept = 90 * day;

/** A browser that was signed in or out. No record changes with it, so its audit entry is written directly. */
export async function noteSession(
  { table, clock, random }: { table: Table; clock: Clock; random: (bytes: number) => Uint8Array },
  action: 'session.begin' | 'session.end',
  actor: Actor,
  requestId: string,
): Promise<void> {
  const at = clock.now();
  const id = newId('aud', at, random);
  const audit: AuditEntry = { id, at, actor, action, result: 'done', requestId };
  await table.put({
    ...keys.auditKey(at, id),
    audit: audit as unknown as Value,
    expiresAt: Math.ceil((at + kept) / 1000),
  });
}
