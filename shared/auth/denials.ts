import { createHash } from 'node:crypto';
import type { Actor, AuditEntry, NewAudit } from '#reconcile';
import { keys, type Table, type Value } from '#store';
import { type Clock, day, type Millis, minute, newId } from '#time';

/** Denials that differ in nothing but their time share an entry for so long. */
const window: Millis = 10 * minute;
const kept: Millis = 90 * day;
/** New entries that one process may begin in a window: what an attacker with many addresses can fill the table with. */
const newEntriesPerWindow = 200;

export interface Denial {
  actor: Actor;
  /** What was tried: `GET /api/v1/tokens` */
  action: string;
  target?: { kind: string; id: string; name: string };
  code: string;
  requestId: string;
}

/**
 * Audit entries of what was refused. Nothing commits with them, so they are written directly; equal ones within ten
 * minutes add up in one entry with a count, so that a caller in a loop costs a write and no room.
 */
export class Denials {
  readonly #table: Table;
  readonly #clock: Clock;
  #window = 0;
  readonly #begun = new Set<string>();

  constructor(table: Table, clock: Clock) {
    this.#table = table;
    this.#clock = clock;
  }

  async note(denial: Denial): Promise<void> {
    const window = this.#startOfWindow();
    const { actor, action, target, code, requestId } = denial;
    const same = JSON.stringify([actor.kind, actor.id, actor.address, action, target?.id, code]);
    const chance = createHash('sha256').update(same).digest();
    const id = newId('aud', window, (bytes) => chance.subarray(0, bytes));
    if (!this.#begun.has(id)) {
      if (this.#begun.size >= newEntriesPerWindow) return;
      this.#begun.add(id);
    }
    const audit: AuditEntry & NewAudit = {
      id,
      at: window,
      actor,
      action,
      result: 'denied',
      after: { code },
      requestId,
      ...(target ? { target } : {}),
    };
    await this.#table.add(
      keys.auditKey(window, id),
      { count: 1 },
      { audit: audit as unknown as Value, expiresAt: Math.ceil((window + kept) / 1000) },
    );
  }

  #startOfWindow(): number {
    const start = Math.floor(this.#clock.now() / window) * window;
    if (start !== this.#window) {
      this.#window = start;
      this.#begun.clear();
    }
    return start;
  }
}
