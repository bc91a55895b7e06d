import { type Item, keys, StoreUnanswered } from '#store';
import type { NewAudit, NewEvent, Row, Secret } from './area.ts';
import { chance, type Parts, readRow, tokenFor } from './engineParts.ts';
import { carries, copyOutbox, entriesOf, isCopied } from './entries.ts';
import { fail } from './errors.ts';
import { confirmName, readReservation, reserve } from './names.ts';
import type { By, Changed, Created, Draft, Edit } from './records.ts';
import { isLeased, isUnreadable, itemOf, newRow, plain, type Stored, viewOf } from './row.ts';
import { putSecret } from './slots.ts';

/** Writes from outside the engine: a person's request. Rules 3, 4, 12 and 13 for those who hold no lease. */

const mostTries = 8;

/** A row that users may see: its name is its own, and it is not yet undone. */
export async function readVisible<D>(
  parts: Parts<D>,
  idOrName: string,
  kind: string,
): Promise<Stored<D> | undefined> {
  const id = await idOf(parts, idOrName, kind);
  if (id === undefined) return undefined;
  const row = await readRow(parts, id);
  if (!row) return undefined;
  if (isUnreadable(row)) throw fail('RECORD_UNREADABLE', { id: row.id, reason: row.reason });
  if (row.kind !== kind) return undefined;
  return (await isVisible(parts, row)) ? row : undefined;
}

async function idOf<D>(
  { area, table }: Parts<D>,
  idOrName: string,
  kind: string,
): Promise<string | undefined> {
  const prefix = area.kinds[kind]?.prefix;
  if (idOrName.startsWith(`${prefix}_`)) return idOrName;
  const reservation = await readReservation(table, kind, idOrName);
  return reservation?.confirmed ? reservation.id : undefined;
}

async function isVisible<D>({ table }: Parts<D>, row: Stored<D>): Promise<boolean> {
  if (row.goneAt !== undefined || row.unwanted) return false;
  if (row.confirmed) return true;
  const reservation = await readReservation(table, row.kind, row.name);
  return reservation?.id === row.id && reservation.confirmed && !reservation.dead;
}

/**
 * Rule 12: the name first, then what belongs to the record, then its row, then the name's confirmation. Whatever
 * fails between, the same items are put again; what a dead creator leaves, the tick's sweep takes away.
 */
export async function create<D>(
  parts: Parts<D>,
  draft: Draft<D> & { id: string },
  by: By,
): Promise<Created<D>> {
  const { table, area, clock } = parts;
  const { id, kind, name } = draft;
  const reserved = await insist(() => reserve(parts, kind, name, id));
  if (reserved !== 'mine') return { outcome: 'nameTaken', id: reserved };
  for (const [what, side] of Object.entries(draft.sides ?? {})) {
    const item: Item = { ...(plain(side) as Record<string, Item[string]>), ...keys.sideKey(id, what) };
    // Where absent: a try that lands late must not overwrite what a rotation has put there since.
    await insist(() => table.put(item, 'absent'));
  }
  const now = clock.now();
  const birth: NewAudit = { ...auditOf(by, { after: by.after ?? null }), at: now };
  const { labels, data, everySeconds = 0 } = draft;
  const row = newRow<D>({ id, kind, name, labels, data, everySeconds, birth, last: tokenFor(parts) }, now);
  const put = await insist(() => table.put(itemOf(area, row), 'absent'));
  // Refused: an earlier try of ours got through, and its step may have moved the row on since.
  if (put === 'refused' && !(await readRow(parts, id))) return { outcome: 'nameTaken', id };
  const isConfirmed = await insist(() => confirmName(table, kind, name, id));
  await handOver(parts, id);
  if (isConfirmed) return { outcome: 'created', row: viewOf(row) };
  const other = await readReservation(table, kind, name);
  return { outcome: 'nameTaken', id: other?.id ?? id };
}

/** A creation is repeated, not undone, where the store does not answer; each of its writes may be repeated. */
async function insist<T>(write: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof StoreUnanswered)) throw error;
      if (tries >= 3) throw fail('STORE_UNAVAILABLE', {}, { cause: error });
    }
  }
}

export function change<D>(
  parts: Parts<D>,
  idOrName: string,
  kind: string,
  edit: (row: Stored<D>) => Edit<D> | undefined,
  by: By,
): Promise<Changed<D>> {
  return tryToWrite(parts, idOrName, kind, by, (row) => {
    if (row.deletedAt !== undefined) return { outcome: 'deleting', row: viewOf(row) };
    const wish = edit(row);
    if (!wish) return { outcome: 'unchanged', row: viewOf(row) };
    const { events = [], audits = [], secret, ...fields } = wish;
    const audit = auditOf(by, { before: wish.before ?? by.before, after: wish.after ?? by.after });
    return { fields: plainEdit(fields), events, audits: [audit, ...audits], secret };
  });
}

export function remove<D>(
  parts: Parts<D>,
  idOrName: string,
  kind: string,
  by: By,
  end?: (row: Row<D>) => D,
): Promise<Changed<D>> {
  return tryToWrite(parts, idOrName, kind, by, (row) => {
    if (row.deletedAt !== undefined) return { outcome: 'unchanged', row: viewOf(row) };
    const view = viewOf(row);
    return {
      fields: { deletedAt: parts.clock.now(), ...(end && { data: end(view) }) },
      events: [{ type: `${kind}.deleted`, from: parts.area.summarise(view).state, to: 'deleting' }],
      audits: [auditOf(by, { before: by.before, after: by.after })],
    };
  });
}

interface Wish<D> {
  fields: Partial<Stored<D>>;
  events: NewEvent[];
  audits: NewAudit[];
  secret?: Secret<D> | undefined;
}

/**
 * Reads, asks what to write, writes; again from the row just read where another write came between. The tokens of
 * all tries count as its own: an answer that was lost is found in the row, its outbox or the copies (rule 3).
 */
async function tryToWrite<D>(
  parts: Parts<D>,
  idOrName: string,
  kind: string,
  by: By,
  wishFor: (row: Stored<D>) => Wish<D> | Changed<D>,
): Promise<Changed<D>> {
  const { table, area, clock } = parts;
  const tries: { token: string; row: Stored<D> }[] = [];
  for (let count = 0; count < mostTries; count++) {
    if (count > 0) await clock.sleep(chance(parts) * 20 * count);
    const row = await read(() => readVisible(parts, idOrName, kind));
    const mine = await findMine(parts, row, tries);
    if (mine) {
      if (!isLeased(mine, clock.now())) await handOver(parts, mine.id);
      return { outcome: 'changed', row: viewOf(mine) };
    }
    if (!row) return { outcome: 'notFound' };
    if (by.ifMatch !== undefined && by.ifMatch !== row.version) return { outcome: 'stale', row: viewOf(row) };
    const wish = wishFor(row);
    if ('outcome' in wish) return wish;
    const now = clock.now();
    const token = tokenFor(parts, row);
    const next: Stored<D> = {
      ...row,
      ...wish.fields,
      rev: row.rev + 1,
      last: token,
      version: row.version + 1,
      updatedAt: now,
      attempt: 0,
      trouble: undefined,
      // Back at an interval it had before, its slice may have been found empty in between.
      inRound: (wish.fields.everySeconds ?? row.everySeconds) === row.everySeconds ? row.inRound : undefined,
      // The owner's next write is refused and it decides afresh; without one, a worker is called.
      ...(isLeased(row, now) ? {} : { dueAt: now, lane: 'near' as const }),
    };
    const isFirst = !row.confirmed;
    if (isFirst) Object.assign(next, { confirmed: true, birth: undefined });
    const events = [...(isFirst ? [{ type: `${kind}.created` }] : []), ...wish.events];
    const audits = [...(isFirst && row.birth ? [row.birth] : []), ...wish.audits];
    try {
      if (wish.secret && !(await putSecret(table, row.rev, next, wish.secret))) continue;
      next.outbox = entriesOf(area, next, events, audits, token, now);
      tries.push({ token, row: next });
      await copyOutbox(parts, row.id, row.outbox);
      if ((await table.put(itemOf(area, next), { rev: row.rev })) === 'refused') continue;
    } catch (error) {
      if (!(error instanceof StoreUnanswered)) throw error;
      continue;
    }
    if (!isLeased(row, now)) await handOver(parts, row.id);
    return { outcome: 'changed', row: viewOf(next) };
  }
  throw fail('RECORD_BUSY', { id: idOrName }, { retryAfterSeconds: 1 });
}

async function read<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await insist(call);
  } catch (error) {
    if (error instanceof StoreUnanswered) throw fail('STORE_UNAVAILABLE', {}, { cause: error });
    throw error;
  }
}

async function findMine<D>(
  parts: Parts<D>,
  found: Stored<D> | undefined,
  tries: { token: string; row: Stored<D> }[],
): Promise<Stored<D> | undefined> {
  for (const { token, row } of tries) {
    if (found && (found.last === token || carries(found.outbox, token))) return found;
    if (await isCopied(parts.table, row.id, row.outbox)) return found ?? row;
  }
  return undefined;
}

/** To a worker, and to a tick that comes back to it should the worker be lost. What fails here, the next tick finds. */
export async function handOver<D>({ couriers, area, clock, log }: Parts<D>, id: string): Promise<void> {
  const sent = await Promise.allSettled([
    couriers.work(area.name, { kind: 'step', ids: [id], at: clock.now() }),
    couriers.tick(area.name),
  ]);
  for (const { status, ...rest } of sent) {
    if (status === 'rejected')
      log.warn('hand-over failed; the next tick will find the record', { record: id, ...rest });
  }
}

function auditOf(by: By, shown: Pick<NewAudit, 'before' | 'after'>): NewAudit {
  const { actor, action, target, result = 'done', requestId } = by;
  return { actor, action, ...(target && { target }), result, ...(requestId ? { requestId } : {}), ...shown };
}

function plainEdit<D>({ data, labels, everySeconds }: Edit<D>): Partial<Stored<D>> {
  return {
    ...(data === undefined ? {} : { data }),
    ...(labels === undefined ? {} : { labels }),
    ...(everySeconds === undefined ? {} : { everySeconds }),
  };
}
