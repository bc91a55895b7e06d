import { type Item, keys } from '#store';
import { iso, minute, second } from '#time';
import { roundLimit, workerLimit } from '../../../../shared/reconcile/limits.ts';
import type { Operation, Process, Sim } from './sim.ts';
import type { Witness } from './simTable.ts';
import { type EventEntry, isLeasedRow, type StoredEntry } from './stored.ts';

/**
 * Watches every write as it takes effect and says what must never be. Also keeps what must come out in the end:
 * the entries that were committed.
 */
export class StoreWitness implements Witness {
  readonly violations: string[] = [];
  readonly committed = new Map<string, { recordId: string; entry: StoredEntry }>();
  /** Records that were ever told to anyone. */
  readonly told = new Set<string>();
  readonly removed = new Set<string>();
  readonly #sim: Sim;
  /** process → row → the claim it holds or held */
  readonly #claims = new Map<Process, Map<string, string>>();
  readonly #confirmedNames = new Map<string, string>();
  readonly #attempts = new Map<string, { at: number; isDone: boolean }>();

  constructor(sim: Sim) {
    this.#sim = sim;
  }

  /** Rule 13: nothing starts after a worker's limit. */
  started({ process, verb, what }: Operation): void {
    const limit = { step: workerLimit, round: roundLimit }[process.name];
    if (limit !== undefined && this.#sim.now > process.startedAt + limit + 1) {
      this.#say(process, `${verb} ${what} after its limit`);
    }
  }

  written(process: Process, before: Item | undefined, after: Item | undefined): void {
    const { pk } = (after ?? before)!;
    if (pk.startsWith('row#')) this.#row(process, before, after);
    else if (pk.startsWith('history#') || pk.startsWith('audit#')) this.#copy(before, after);
    else if (pk.startsWith('pulse#')) this.#turn(before, after);
  }

  #say(process: Process | undefined, what: string): void {
    this.violations.push(`${iso(this.#sim.now)} ${process?.name ?? ''}: ${what}`);
  }

  #row(process: Process, before: Item | undefined, after: Item | undefined): void {
    const id = String((after ?? before)!.id);
    if (!after) {
      this.removed.add(id);
      if (before!.goneAt === undefined) this.#say(process, `${id} was removed before it was a tombstone`);
      return;
    }
    if (!before && after.rev !== 1) this.#say(process, `${id} was revived at rev ${after.rev}`);
    if (!before && this.removed.has(id)) this.#say(process, `${id} came back after it was removed`);
    if (before && after.rev !== Number(before.rev) + 1) {
      this.#say(process, `${id} went from rev ${before.rev} to ${after.rev}`);
    }
    if (before && before.last === after.last) this.#say(process, `${id} was written twice with one token`);
    if (before && String(before.last) >= String(after.last)) {
      this.#say(process, `${id}: the token of a later write sorts before that of an earlier one`);
    }
    if (before) this.#owner(process, id, before, after);
    this.#entries(process, id, before, after);
    if (after.dueAt === undefined && (after.outbox as unknown[]).length > 0) {
      this.#say(process, `${id} went to rest with entries that nobody copied`);
    }
    if (after.dueAt === undefined && after.deletedAt !== undefined)
      this.#say(process, `${id} is deleted and at rest`);
    if (after.goneAt === undefined && after.confirmed === true) this.#name(process, id, String(after.name));
    else if (this.#confirmedNames.get(String(after.name)) === id)
      this.#confirmedNames.delete(String(after.name));
  }

  #owner(process: Process, id: string, before: Item, after: Item): void {
    const claims = this.#claims.get(process) ?? new Map<string, string>();
    this.#claims.set(process, claims);
    const now = this.#sim.now + process.skew;
    const isStep = process.name.startsWith('step');
    if (isStep && after.owner === after.last && after.owner !== before.owner) {
      claims.set(id, String(after.owner));
      if (before.dueAt === undefined || Number(before.dueAt) > now)
        this.#say(process, `${id} was claimed too early`);
      return;
    }
    if (isStep && before.owner !== claims.get(id)) {
      this.#say(process, `${id} was written by a worker that no longer holds it`);
    }
    if (isStep) return;
    if (after.owner !== before.owner)
      this.#say(process, `${id}: the owner was changed by another than a worker`);
    if (process.name.startsWith('round')) {
      if (!isEqualBut(before, after, ['dueAt', 'duePk', 'dueSk', 'lane', 'rev', 'last'])) {
        this.#say(process, `${id}: a round changed more than when it is due`);
      }
      if (before.dueAt !== undefined) this.#say(process, `${id}: a round woke what was at work`);
    } else if (!isLeasedRow(before, now) && Number(after.dueAt) > now) {
      this.#say(process, `${id}: a person's change is not served at once`);
    }
  }

  /** No change without its event, no event without its change; and never more than one commit's in a row. */
  #entries(process: Process, id: string, before: Item | undefined, after: Item): void {
    const outbox = after.outbox as unknown as StoredEntry[];
    const known = new Set(((before?.outbox ?? []) as unknown as StoredEntry[]).map(idOfEntry));
    const fresh = outbox.filter((entry) => !known.has(idOfEntry(entry)));
    for (const entry of fresh) {
      if (this.committed.has(idOfEntry(entry))) this.#say(process, `${idOfEntry(entry)} was committed twice`);
      this.committed.set(idOfEntry(entry), { recordId: id, entry });
    }
    if (new Set(outbox.map((entry) => idOfEntry(entry).slice(4, -1))).size > 1) {
      this.#say(process, `${id} carries the entries of more than one commit`);
    }
    const types = fresh.flatMap((entry) => (entry.is === 'event' ? [entry.event.type] : []));
    const state = (item: Item | undefined) => (item?.data as { state?: string } | undefined)?.state;
    if (before && state(before) !== state(after) && !types.includes(`lamp.${state(after)}`)) {
      this.#say(process, `${id} went from ${state(before)} to ${state(after)} without an event`);
    }
    if (before && before.confirmed !== true && after.confirmed === true) {
      this.told.add(id);
      if (!types.includes('lamp.created'))
        this.#say(process, `${id} was confirmed without its created event`);
    }
    if (before && before.deletedAt === undefined && after.deletedAt !== undefined) {
      if (after.unwanted !== true && !types.includes('lamp.deleted'))
        this.#say(process, `${id} deleted, untold`);
    }
    if (after.unwanted === true && outbox.length > 0)
      this.#say(process, `${id} tells of itself, and never was`);
  }

  #name(process: Process, id: string, name: string): void {
    const other = this.#confirmedNames.get(name);
    if (other !== undefined && other !== id)
      this.#say(process, `${name} is the name of ${other} and of ${id}`);
    this.#confirmedNames.set(name, id);
  }

  #copy(before: Item | undefined, after: Item | undefined): void {
    if (!after || before) return;
    const entry = (after.event ?? after.audit) as unknown as EventEntry;
    if (!this.committed.has(entry.id)) this.#say(undefined, `${entry.id} was copied and never committed`);
  }

  /** Rule 8, from outside: how close two rounds of one slice and interval may come. */
  #turn(before: Item | undefined, after: Item | undefined): void {
    if (!after || before?.attempt === after.attempt || !before) return;
    const name = `${after.pk} ${after.sk}`;
    const every = Number(after.sk.slice(0, 5)) * second;
    const last = this.#attempts.get(name);
    this.#attempts.set(name, { at: this.#sim.now, isDone: false });
    if (!last) return;
    const slack = before.isDone === true ? every / 2 + 30 * second : every - roundLimit;
    const least = Math.max(0, every - slack - minute);
    if (this.#sim.now - last.at < least) {
      this.#say(undefined, `${name} was visited again after ${(this.#sim.now - last.at) / second} s`);
    }
  }
}

export const idOfEntry = (entry: StoredEntry): string =>
  entry.is === 'event' ? entry.event.id : entry.audit.id;

function isEqualBut(a: Item, b: Item, names: string[]): boolean {
  const strip = (item: Item) =>
    JSON.stringify(
      Object.entries(item)
        .filter(([name]) => !names.includes(name))
        .sort(([x], [y]) => (x < y ? -1 : 1)),
    );
  return strip(a) === strip(b);
}

/** Where an entry must be found in the end. */
export const copyKey = (recordId: string, entry: StoredEntry) =>
  entry.is === 'event'
    ? keys.historyKey(recordId, entry.event.id)
    : keys.auditKey(entry.audit.at, entry.audit.id);
