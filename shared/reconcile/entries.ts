import { type Item, keys, type Table } from '#store';
import { day, type Instant, newId, timeOfId } from '#time';
import type { Area, Json, NewAudit, NewEvent, Row } from './area.ts';
import type { Ports } from './ports.ts';
import type { AuditEntry, EventEntry } from './records.ts';
import { type Entry, type Stored, viewOf } from './row.ts';

const kept = 90 * day;

/**
 * New for every write (rule 2). Sorts after the token of the write before it, also where clocks disagree, so that
 * the ids made from it tell a record's events in the order in which they were committed.
 */
export function newToken(now: Instant, random: (bytes: number) => Uint8Array, last = ''): string {
  const time = last === '' ? now : Math.max(now, timeOfId(last) + 1);
  return newId('w', time, random).slice(2);
}

const letters = '0123456789abcdefghjkmnpqrstvwxyz';

/** The same write carries the same ids, however often its entries are copied. */
const entryId = (prefix: 'evt' | 'aud', token: string, index: number): string =>
  `${prefix}_${token}${letters[index]}`;

export function entriesOf<D>(
  area: Area<D>,
  /** The row as it is being written. */
  row: Stored<D>,
  events: readonly NewEvent[],
  audits: readonly NewAudit[],
  token: string,
  now: Instant,
): Entry[] {
  const { id, kind, name, labels, version } = row;
  const told = events.map((event, index): Entry => {
    const toWebhooks = area.webhookEvents.includes(event.type);
    const full: EventEntry = {
      id: entryId('evt', token, index),
      type: event.type,
      at: now,
      record: { kind, id, name, labels, version },
      from: event.from ?? null,
      to: event.to ?? null,
      cause: event.cause ?? null,
      message: event.message ?? null,
      data: event.data ?? (toWebhooks ? sentOf(area, viewOf(row)) : null),
    };
    return { is: 'event', event: full, toWebhooks };
  });
  const audited = audits.map((audit, index): Entry => {
    const full: AuditEntry = {
      target: { kind, id, name },
      ...audit,
      id: entryId('aud', token, told.length + index),
      at: audit.at ?? now,
    };
    return { is: 'audit', audit: full };
  });
  return [...told, ...audited];
}

const sentOf = <D>(area: Area<D>, row: Row<D>): Json => area.sent?.(row) ?? area.present(row);

export const carries = (entries: readonly Entry[], token: string): boolean =>
  entries.some((entry) => idOf(entry).includes(token));

const idOf = (entry: Entry): string => (entry.is === 'event' ? entry.event.id : entry.audit.id);

/** Where an entry's copy lies for good: a record's history, or the audit trail. */
export function copyOf(recordId: string, entry: Entry): Item {
  if (entry.is === 'audit') {
    return {
      ...keys.auditKey(entry.audit.at, entry.audit.id),
      audit: entry.audit as unknown as Item[string],
      expiresAt: Math.ceil((entry.audit.at + kept) / 1000),
    };
  }
  const { event } = entry;
  return {
    ...keys.historyKey(recordId, event.id),
    event: event as unknown as Item[string],
    expiresAt: Math.ceil((event.at + kept) / 1000),
    ...(entry.toWebhooks ? keys.dueAttributes('events', 'near', event.id, event.at) : {}),
  };
}

/** The area whose tick takes events to webhooks. */
const deliverer = 'notify';

/**
 * Rule 6: put where absent, so that a repeat neither doubles an entry nor brings back its delivery. Whoever put one
 * that goes to webhooks calls for its delivery; should that call be lost, the next tick finds it.
 */
export async function copyOutbox(
  { table, couriers, log }: Pick<Ports, 'couriers' | 'log'> & { table: Table },
  recordId: string,
  outbox: readonly Entry[],
): Promise<void> {
  const copied = await Promise.all(
    outbox.map(async (entry) => {
      const written = await table.put(copyOf(recordId, entry), 'absent');
      return written === 'written' && entry.is === 'event' && entry.toWebhooks;
    }),
  );
  if (!copied.includes(true)) return;
  try {
    await couriers.tick(deliverer);
  } catch (error) {
    log.warn('delivery not called for; the next tick finds the event', { record: recordId, error });
  }
}

/** Rule 3: a write whose row has moved on since was applied if what it said is among the copies. */
export async function isCopied(table: Table, recordId: string, entries: readonly Entry[]): Promise<boolean> {
  const first = entries[0];
  return first !== undefined && (await table.get(copyOf(recordId, first))) !== undefined;
}
