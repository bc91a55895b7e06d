import { unreachable } from '#errors';
import { keys, type Lane } from '#store';
import type { Instant } from '#time';
import type { DecideContext, NewAudit, NewEvent, Next, Plan, WorkContext } from './area.ts';
import { delayAfter, jittered } from './backOff.ts';
import { chance, type Parts, readRow, tokenFor } from './engineParts.ts';
import { copyOutbox, entriesOf } from './entries.ts';
import { Held, type HeldWrite, type RowChange } from './held.ts';
import { reserve, stayFor, tombstoneFor, unreadableFor } from './limits.ts';
import { confirmName, freeName, removeSides } from './names.ts';
import { type Entry, isSame, isUnreadable, type Stored, type Unreadable, viewOf } from './row.ts';
import { markInRound } from './sliceTurn.ts';
import { dropSlots } from './slots.ts';
import { workContextOf } from './untilLimit.ts';

export type StepOutcome =
  | 'settled'
  | 'released'
  | 'removed'
  | 'failed'
  /** Taken over, or changed hands while a write was not answered. */
  | 'lost'
  /** Nothing to do: not there, not due yet, or another was faster. */
  | 'passed'
  | 'unreadable';

export interface StepLimits {
  /** Aborted at the worker's limit: nothing may start after it. */
  signal: AbortSignal;
  deadline: Instant;
  /** Aborted when this process is to end: rows are let go at the next place. */
  draining: AbortSignal;
}

/** One worker's time with one row: claim → (observe → decide → commit → act) until nothing is near → settle. */
export async function step<D>(
  parts: Parts<D>,
  id: string,
  limits: StepLimits,
  read: (id: string) => Promise<Stored<D> | Unreadable | undefined> = (one) => readRow(parts, one),
): Promise<StepOutcome> {
  if (limits.draining.aborted || limits.signal.aborted) return 'passed';
  const found = await read(id);
  if (!found) return 'passed';
  const now = parts.clock.now();
  if (isUnreadable(found)) return putOff(parts, found, now);
  if (found.dueAt === undefined || found.dueAt > now) return 'passed';
  const held = await Held.claim(parts, found, limits.signal);
  if (!held) return 'passed';
  parts.meter.observe('drover_due_lag_seconds', { area: parts.area.name }, (now - found.dueAt) / 1000);
  if (found.owner !== undefined) {
    parts.meter.count('drover_lease_steals_total', { area: parts.area.name });
    parts.log.warn('took over a record whose worker fell silent', { record: id });
  }
  const visit = new Visit(parts, held, limits);
  try {
    return await visit.run();
  } catch (error) {
    return await visit.fail(error);
  } finally {
    held.stop();
  }
}

/** Rule 10: what cannot be read is reported and left alone, but for the fields that say when to look again. */
async function putOff<D>(parts: Parts<D>, found: Unreadable, now: Instant): Promise<StepOutcome> {
  const { item } = found;
  if (typeof item.dueAt !== 'number' || item.dueAt > now) return 'unreadable';
  const dueAt = now + unreadableFor;
  const rev = typeof item.rev === 'number' ? item.rev : undefined;
  parts.meter.count('drover_unreadable_records_total', { area: parts.area.name });
  parts.log.error('a stored record cannot be read', {
    record: found.id,
    key: `${item.pk} ${item.sk}`,
    reason: found.reason,
  });
  await parts.table.update(
    found.key,
    {
      set: {
        dueAt,
        lane: 'slow',
        ...keys.dueAttributes(parts.area.name, 'slow', found.id, dueAt),
        rev: (rev ?? 0) + 1,
        last: tokenFor(parts),
      },
    },
    { rev, dueAt: item.dueAt },
  );
  return 'unreadable';
}

/** More decisions than this without a wait between them: the area goes round in circles. */
const mostDecisions = 200;

class Visit<D> {
  readonly #parts: Parts<D>;
  readonly #held: Held<D>;
  readonly #limits: StepLimits;
  readonly #work: WorkContext;
  #did: unknown[] = [];
  #decisions = 0;
  /** The generation of the row that is being decided on. */
  #generation = 0;
  /** What lies in the row's outbox and has been copied by us: not copied twice. */
  #copied: readonly Entry[] = [];

  constructor(parts: Parts<D>, held: Held<D>, limits: StepLimits) {
    this.#parts = parts;
    this.#held = held;
    this.#limits = limits;
    this.#work = workContextOf(parts, limits);
  }

  async run(): Promise<StepOutcome> {
    while (true) {
      if (this.#held.isLost || this.#limits.signal.aborted) return 'lost';
      this.#generation = this.#held.generation;
      const outcome = await (this.#mustLeave() ? this.#release(this.#parts.clock.now()) : this.#turn());
      if (outcome) return outcome;
    }
  }

  /** Something threw: an area's observe or act, or the store. Comes back after a back-off, if that can still be said. */
  async fail(error: unknown): Promise<StepOutcome> {
    const { log, clock, area } = this.#parts;
    log.error('step failed', { record: this.#held.row.id, error });
    const attempt = this.#held.row.attempt + 1;
    const delay = jittered(delayAfter(attempt, area.backOff), chance(this.#parts));
    const trouble = { code: 'STEP_FAILED', at: clock.now() };
    try {
      // A row that changed meanwhile is another's wish: it does not wait for this failure's back-off.
      let isNews = this.#held.generation !== this.#generation;
      for (let written: HeldWrite = 'changed'; written === 'changed'; isNews = true) {
        const lane = attempt >= area.backOff.slowFrom ? 'slow' : 'near';
        const letGo = isNews ? leave(clock.now()) : leave(clock.now() + delay, lane);
        written = await this.#held.write(this.#held.generation, { ...letGo, attempt, trouble });
      }
    } catch (second) {
      // The lease runs out by itself and the tick takes the row up again.
      log.warn('record not released', { record: this.#held.row.id, error: second });
    }
    return 'failed';
  }

  /** One turn of observe → decide → commit → act; undefined to go round again. */
  async #turn(): Promise<StepOutcome | undefined> {
    const { table, area, clock } = this.#parts;
    const { row } = this.#held;
    await this.#copy();
    const isNew = !row.confirmed && !row.unwanted;
    if (isNew && !(await confirmName(table, row.kind, row.name, row.id))) {
      await this.#write({ unwanted: true, deletedAt: clock.now(), birth: undefined, outbox: [] });
      return undefined;
    }
    if (row.goneAt !== undefined && clock.now() < row.goneAt + tombstoneFor) {
      await freeName(table, row.kind, row.name, row.id);
      return this.#release(row.goneAt + tombstoneFor, 'slow', { outbox: [] });
    }
    this.#work.requireTime();
    const seen = await area.observe(viewOf(row), this.#work);
    if (this.#isDisturbed()) return undefined;
    const plan = this.#decide(row, seen, isNew);
    const commit = this.#commit(plan, row, isNew);
    return plan.actions?.length ? this.#act(plan.actions, commit) : this.#follow(plan.next, commit, row);
  }

  #decide(row: Stored<D>, seen: unknown, isNew: boolean): Plan<D, unknown> {
    const { area, clock } = this.#parts;
    if (++this.#decisions > mostDecisions)
      throw new Error(`${row.kind} was decided on ${mostDecisions} times at once.`);
    const context: DecideContext = { now: clock.now(), random: chance(this.#parts), isNew };
    const plan = area.decide(viewOf(row), seen, this.#did, context);
    const isSpent =
      plan.next.kind === 'retry' && row.attempt + 1 >= (area.giveUpAfter ?? Number.POSITIVE_INFINITY);
    return isSpent && area.giveUp ? area.giveUp(viewOf(row), context) : plan;
  }

  /** What the plan makes of the row; `version` rises where a user would see another record. */
  #commit(plan: Plan<D, unknown>, row: Stored<D>, isNew: boolean): RowChange<D> {
    const { area, clock } = this.#parts;
    const now = clock.now();
    const isRetry = plan.next.kind === 'retry' && !plan.actions?.length;
    const change: RowChange<D> = {
      data: plan.data,
      everySeconds: plan.everySeconds ?? row.everySeconds,
      attempt: isRetry ? row.attempt + 1 : 0,
      trouble: undefined,
      confirmed: row.confirmed || isNew,
      birth: isNew ? undefined : row.birth,
      inRound: (plan.everySeconds ?? row.everySeconds) === row.everySeconds ? row.inRound : undefined,
      version: row.version,
      updatedAt: row.updatedAt,
      outbox: [],
    };
    if (!isSame(area.told(viewOf(row)), area.told(viewOf({ ...row, ...change })))) {
      change.version = row.version + 1;
      change.updatedAt = now;
    }
    if (plan.secret) change.secret = plan.secret;
    // Nobody was ever told of a row whose name was another's.
    if (row.unwanted) return change;
    const events: NewEvent[] = [...(isNew ? [{ type: `${row.kind}.created` }] : []), ...(plan.events ?? [])];
    const audits: NewAudit[] = [...(isNew && row.birth ? [row.birth] : []), ...(plan.audits ?? [])];
    if (events.length + audits.length === 0) return change;
    return { ...change, entries: (written, token) => entriesOf(area, written, events, audits, token, now) };
  }

  /** Intent first, then the effect; what came of it is told to the next decide. */
  async #act(actions: readonly unknown[], commit: RowChange<D>): Promise<undefined> {
    if ((await this.#write(commit)) !== 'written') return undefined;
    this.#did = [];
    for (const action of actions) {
      if (this.#held.isLost || this.#limits.signal.aborted) return undefined;
      this.#work.requireTime();
      this.#did.push(await this.#parts.area.act(viewOf(this.#held.row), action, this.#work));
    }
    return undefined;
  }

  async #follow(next: Next, commit: RowChange<D>, row: Stored<D>): Promise<StepOutcome | undefined> {
    const { clock, area } = this.#parts;
    // What is told is committed on its own, and copied, before the row is let go (rules 5 and 6). So is a new
    // interval, so that a round of it cannot miss the row.
    const isOwnWrite =
      commit.entries !== undefined || commit.secret !== undefined || commit.everySeconds !== row.everySeconds;
    const stays =
      next.kind === 'now' || next.kind === 'gone' || (next.kind === 'at' && this.#canStayUntil(next.at));
    if (isOwnWrite || (stays && !isSame(kept(commit), kept(row)))) {
      if ((await this.#write(commit)) !== 'written') return undefined;
      await this.#copy();
    }
    this.#did = [];
    if (this.#isDisturbed()) return undefined;
    const left = isOwnWrite ? { outbox: [] } : commit;
    switch (next.kind) {
      case 'now':
        return undefined;
      case 'at':
        if (!stays) return this.#release(next.at, next.lane ?? 'near', left);
        this.#decisions = 0;
        await clock.sleep(
          next.at - clock.now(),
          AbortSignal.any([this.#held.disturbed, this.#limits.draining, this.#limits.signal]),
        );
        return undefined;
      case 'retry': {
        const attempt = row.attempt + 1;
        const delay = jittered(delayAfter(attempt, area.backOff), chance(this.#parts));
        return this.#release(clock.now() + delay, attempt >= area.backOff.slowFrom ? 'slow' : 'near', left);
      }
      case 'rest':
        if (row.deletedAt !== undefined)
          throw new Error(`A deleted ${row.kind} must end in "gone", not at rest.`);
        return this.#settle(next.wakeAt, left);
      case 'gone':
        return this.#bury();
      default:
        return unreachable(next);
    }
  }

  async #release(
    dueAt: Instant,
    lane: Lane = 'near',
    left: RowChange<D> = {},
  ): Promise<StepOutcome | undefined> {
    const written = await this.#write({ ...left, ...leave(dueAt, lane) });
    if (written === 'changed') return undefined;
    return written === 'written' ? 'released' : 'lost';
  }

  /** Rule 5: only here `dueAt` goes, and only with nothing left to copy. */
  async #settle(wakeAt: Instant | undefined, left: RowChange<D>): Promise<StepOutcome | undefined> {
    const { row } = this.#held;
    const inRound = await markInRound(this.#parts, row);
    if (row.hasOldSlots)
      await dropSlots(this.#parts.table, row.id, row.rev, this.#parts.area.slotOf?.(row.data));
    const atRest = {
      owner: undefined,
      dueAt: undefined,
      wakeAt,
      lane: 'near' as const,
      inRound,
      outbox: [],
      hasOldSlots: false,
    };
    const written = await this.#write({ ...left, ...atRest });
    if (written === 'changed') return undefined;
    return written === 'written' ? 'settled' : 'lost';
  }

  /** Rule 13: undone outside → tombstone → undone once more → side items → the row. */
  async #bury(): Promise<StepOutcome | undefined> {
    const { table, area, clock } = this.#parts;
    const { row } = this.#held;
    if (row.goneAt === undefined) {
      // Out of sight before its name is free, so that no two are seen under one name.
      await this.#write({ goneAt: clock.now(), outbox: [] });
      return undefined;
    }
    await removeSides(table, row.id);
    const removed = await this.#held.remove(this.#generation, (rev) =>
      table.delete(keys.rowKey(area.name, row.id), { rev }),
    );
    if (removed === 'changed') return undefined;
    return removed === 'written' ? 'removed' : 'lost';
  }

  #write(change: RowChange<D>): Promise<HeldWrite> {
    return this.#held.write(this.#generation, change);
  }

  async #copy(): Promise<void> {
    const { id, outbox } = this.#held.row;
    if (outbox === this.#copied) return;
    await copyOutbox(this.#parts, id, outbox);
    this.#copied = outbox;
  }

  #isDisturbed(): boolean {
    return this.#held.isLost || this.#held.generation !== this.#generation;
  }

  #canStayUntil(at: Instant): boolean {
    return at - this.#parts.clock.now() <= stayFor && this.#limits.deadline - at >= reserve;
  }

  #mustLeave(): boolean {
    return this.#limits.draining.aborted || this.#limits.deadline - this.#parts.clock.now() < reserve;
  }
}

const leave = (dueAt: Instant, lane: Lane = 'near') => ({ owner: undefined, dueAt, lane });

/** The fields for whose sake a turn is written before the worker goes on or waits. */
function kept<D>({ data, attempt, trouble, confirmed }: Partial<Stored<D>>) {
  return { data, attempt, trouble, confirmed };
}
