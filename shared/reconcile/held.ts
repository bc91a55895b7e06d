import { StoreUnanswered } from '#store';
import type { Instant } from '#time';
import type { Secret } from './area.ts';
import { type Parts, readRow, tokenFor } from './engineParts.ts';
import { leaseFor, renewEvery } from './limits.ts';
import { type Entry, isUnreadable, itemOf, type Stored } from './row.ts';
import { putSecret } from './slots.ts';

/**
 * `changed`: the row is another than the one the plan was made for (or may be), and still ours: decide afresh.
 * `lost`: it is no longer ours: end.
 */
export type HeldWrite = 'written' | 'changed' | 'lost';

/** What a write changes; its entries are made from the token that the write will carry. */
export type RowChange<D> = Partial<Stored<D>> & {
  entries?: ((next: Stored<D>, token: string) => Entry[]) | undefined;
  secret?: Secret<D> | undefined;
};

/**
 * A row that this worker has claimed (rules 2, 3 and 4). Its writes go one after another; renewals are among them.
 *
 *   claim ──10 s──► renew ──10 s──► renew …          dueAt is always 30 s ahead of the last write
 *      observe ─► decide ─► commit ─► act            a commit is a renewal too
 */
export class Held<D> {
  row: Stored<D>;
  /** Rises whenever the row turned out to be another than we thought: plans made before are void. */
  generation = 0;
  /** Aborted when `generation` rises or the row is lost, so that waits end. Made anew by `watch`. */
  #disturbed = new AbortController();
  #isLost = false;
  #renewAt: Instant;
  readonly #stopped = new AbortController();
  readonly #parts: Parts<D>;
  readonly #owner: string;
  readonly #signal: AbortSignal;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(parts: Parts<D>, row: Stored<D>, owner: string, signal: AbortSignal) {
    this.#parts = parts;
    this.row = row;
    this.#owner = owner;
    this.#signal = signal;
    this.#renewAt = parts.clock.now() + renewEvery;
    void this.#renew();
  }

  /** Undefined where another was faster, or it is not known who holds the row: the tick comes back to it. */
  static async claim<D>(parts: Parts<D>, seen: Stored<D>, signal: AbortSignal): Promise<Held<D> | undefined> {
    const token = tokenFor(parts, seen);
    const now = parts.clock.now();
    const row: Stored<D> = { ...seen, rev: seen.rev + 1, last: token, owner: token, dueAt: now + leaseFor };
    try {
      const written = await parts.table.put(itemOf(parts.area, row), { rev: seen.rev });
      if (written === 'written') return new Held(parts, row, token, signal);
    } catch (error) {
      if (!(error instanceof StoreUnanswered)) throw error;
    }
    const found = await readRow(parts, seen.id);
    if (!found || isUnreadable(found) || found.owner !== token) return undefined;
    return new Held(parts, found, token, signal);
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  /** Ends when the row changes under us. */
  get disturbed(): AbortSignal {
    return this.#disturbed.signal;
  }

  /** Conditional on the plan being of this generation, on the revision, and on the lease being ours. */
  write(generation: number, change: RowChange<D>): Promise<HeldWrite> {
    const turn = this.#turn.then(() => this.#write(generation, change));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Deletes the row itself; the last thing that is done to it. */
  remove(generation: number, remove: (rev: number) => Promise<'written' | 'refused'>): Promise<HeldWrite> {
    const turn = this.#turn.then(async (): Promise<HeldWrite> => {
      if (this.#isLost || this.#signal.aborted) return 'lost';
      if (generation !== this.generation) return 'changed';
      if ((await remove(this.row.rev)) === 'written') return 'written';
      return this.#look();
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** No renewal after this. Must be called, else the lease is held for ever. */
  stop(): void {
    this.#stopped.abort('stopped');
  }

  async #write(generation: number, change: RowChange<D>): Promise<HeldWrite> {
    if (this.#isLost || this.#signal.aborted) return 'lost';
    if (generation !== this.generation) return 'changed';
    const { entries: entriesFor, secret, ...fields } = change;
    const token = tokenFor(this.#parts, this.row);
    const now = this.#parts.clock.now();
    const next: Stored<D> = {
      ...this.row,
      dueAt: now + leaseFor,
      ...fields,
      rev: this.row.rev + 1,
      last: token,
    };
    try {
      if (secret && !(await putSecret(this.#parts.table, this.row.rev, next, secret))) return this.#look();
      if (entriesFor) next.outbox = entriesFor(next, token);
      const written = await this.#parts.table.put(itemOf(this.#parts.area, next), { rev: this.row.rev });
      if (written === 'written') {
        this.row = next;
        this.#renewAt = now + renewEvery;
        if (next.owner === undefined) this.#isLost = true;
        return 'written';
      }
    } catch (error) {
      if (!(error instanceof StoreUnanswered)) throw error;
    }
    return this.#look(token);
  }

  /**
   * Rule 3: a write was refused or not answered. Applied or not, we go on only while the row is ours; and where it
   * is not exactly as that write left it, the plan is void.
   */
  async #look(token?: string): Promise<HeldWrite> {
    const found = await readRow(this.#parts, this.row.id);
    if (!found || isUnreadable(found) || found.owner !== this.#owner) {
      this.#isLost = true;
      this.#disturbed.abort('disturbed');
      return 'lost';
    }
    this.row = found;
    if (found.last === token) {
      this.#renewAt = this.#parts.clock.now() + renewEvery;
      return 'written';
    }
    this.generation++;
    this.#disturbed.abort('disturbed');
    this.#disturbed = new AbortController();
    return 'changed';
  }

  async #renew(): Promise<void> {
    const { clock, log } = this.#parts;
    while (true) {
      await clock.sleep(Math.max(0, this.#renewAt - clock.now()), this.#stopped.signal);
      if (this.#stopped.signal.aborted || this.#isLost || this.#signal.aborted) return;
      if (clock.now() < this.#renewAt) continue;
      this.#renewAt = clock.now() + renewEvery;
      try {
        await this.write(this.generation, {});
      } catch (error) {
        // The next renewal tries again; two in a row may fail before the lease runs out.
        log.warn('lease not renewed', { record: this.row.id, error });
      }
    }
  }
}
