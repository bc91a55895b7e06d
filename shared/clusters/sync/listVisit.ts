import { type Cause, DroverError } from '#errors';
import type { KubeConnection } from '#kubernetes';
import type { WorkContext } from '#reconcile';
import { second } from '#time';
import type { SyncKind } from './kinds.ts';
import { beginning, Listing } from './listing.ts';
import { chunkPrefix, type Open, type SyncData, type SyncDid, type Trouble } from './model.ts';
import { chunksOf, type Head, headOf, type Outcome, type Shelf } from './shelf.ts';
import { readUsage } from './usage.ts';

/** After so long what there is is committed, so that a crash costs no more. */
const listFor = 20 * second;
/** Before the worker's end, for a page that is under way. */
const reserve = 45 * second;
const mostSilent = 2;

const neverListed: Outcome = { segments: [], items: 0, at: null, tally: {}, partial: null, trouble: null };

/** One attempt to go on with a run: as many kinds as a bounded time reaches. Each stands or falls alone. */
export class ListVisit {
  readonly #shelf: Shelf;
  readonly #attempt: string;
  readonly #context: WorkContext;
  readonly #dataHead: string | null;
  #head: Head;
  #left: SyncKind[];
  #open: Open | null;
  #isHeadNew = false;
  readonly #failed: SyncKind[] = [];
  readonly #partial: SyncKind[] = [];
  readonly #drop: string[] = [];

  static async begin(
    shelf: Shelf,
    data: SyncData,
    attempt: string,
    context: WorkContext,
  ): Promise<ListVisit> {
    return new ListVisit(shelf, data, await shelf.readHead(data.head), attempt, context);
  }

  private constructor(shelf: Shelf, data: SyncData, head: Head, attempt: string, context: WorkContext) {
    this.#shelf = shelf;
    this.#attempt = attempt;
    this.#context = context;
    this.#dataHead = data.head;
    this.#head = { ...head, kinds: { ...head.kinds } };
    this.#left = data.run?.left ?? [];
    this.#open = data.run?.open ?? null;
  }

  /** What ended it before its time; null where all is listed, or the time is over. */
  async carryOn(connection: KubeConnection): Promise<Trouble | null> {
    const { clock, deadline, signal } = this.#context;
    const until = Math.min(clock.now() + listFor, deadline - reserve);
    let silent = 0;
    for (let kind = this.#left[0]; kind !== undefined; kind = this.#left[0]) {
      const listing = new Listing(kind, this.#open ?? beginning(clock.now()), {
        connection,
        clock,
        signal,
        until,
        attempt: this.#attempt,
        newWriter: (segment) => this.#shelf.writer(kind, segment),
      });
      try {
        const isAll = await listing.carryOn();
        const open = await listing.paused();
        this.#drop.push(...listing.dropped.map((segment) => chunkPrefix(kind, segment)));
        this.#open = open;
        if (!isAll) return null;
        this.#keep(kind, open, listing.cause);
        silent = 0;
        if (kind === 'nodes') await this.#readUsage(connection);
      } catch (error) {
        const trouble = troubleOf(error);
        if (isWait(trouble)) {
          this.#drop.push(...listing.dropped.map((segment) => chunkPrefix(kind, segment)));
          this.#open = await listing.paused();
          return trouble;
        }
        this.#drop.push(...listing.written.map((segment) => chunkPrefix(kind, segment)));
        this.#open = null;
        if (!ofOneKind.has(trouble.cause.code)) return trouble;
        this.#miss(kind, trouble.cause);
        if (isSilence(trouble) && ++silent >= mostSilent) return trouble;
      }
    }
    return null;
  }

  async end(trouble: Trouble | null): Promise<SyncDid> {
    if (this.#isHeadNew) {
      await this.#shelf.writeHead(this.#attempt, this.#head);
      this.#drop.push(...headOf(this.#dataHead));
    }
    return {
      did: 'listed',
      attempt: this.#attempt,
      left: this.#left,
      open: this.#open,
      head: this.#isHeadNew ? this.#attempt : null,
      namespaces: this.#head.kinds.namespaces?.items ?? null,
      failed: this.#failed,
      partial: this.#partial,
      drop: this.#drop,
      trouble,
    };
  }

  /** The new list takes the place of the old one. */
  #keep(kind: SyncKind, { segments, items, since, tally }: Open, partial: Cause | null): void {
    const before = this.#head.kinds[kind];
    if (before) this.#drop.push(...chunksOf([kind, before]));
    if (partial) this.#partial.push(kind);
    this.#close(kind, { segments, items, at: since, tally, partial, trouble: null });
  }

  /** The old list stays, with its age. */
  #miss(kind: SyncKind, cause: Cause): void {
    this.#failed.push(kind);
    const trouble = { cause, at: this.#context.clock.now() };
    this.#close(kind, { ...(this.#head.kinds[kind] ?? neverListed), trouble });
  }

  #close(kind: SyncKind, outcome: Outcome): void {
    this.#head.kinds[kind] = outcome;
    this.#isHeadNew = true;
    this.#left = this.#left.slice(1);
    this.#open = null;
  }

  async #readUsage(connection: KubeConnection): Promise<void> {
    const { clock, signal } = this.#context;
    try {
      const usage = await readUsage(connection, signal);
      this.#head = {
        ...this.#head,
        usage: usage && { at: clock.now(), ...usage },
        usageTrouble: null,
      };
    } catch (error) {
      this.#head = { ...this.#head, usageTrouble: troubleOf(error).cause };
    }
  }
}

/** These say something of one list; all others of the way to the cluster, or of who we are there. */
const ofOneKind: ReadonlySet<string> = new Set([
  'PERMISSION_MISSING',
  'REQUEST_REFUSED',
  'OBJECT_NOT_FOUND',
  'OBJECT_INVALID',
  'LIST_EXPIRED',
  'RESPONSE_TOO_LARGE',
  'HTTP_5XX',
  'HTTP_TIMEOUT',
  'HTTP_CUT',
]);

const isSilence = ({ cause }: Trouble): boolean => ['HTTP_TIMEOUT', 'HTTP_CUT'].includes(cause.code);
const isWait = ({ isOver }: Trouble): boolean => !isOver;

/** What is no trouble of the cluster's is thrown on: the step says so. */
export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof DroverError) || error.code === 'CALL_ABORTED') throw error;
  const { code, values, retryAfterSeconds } = error;
  const isOver = code !== 'THROTTLED' && retryAfterSeconds === undefined;
  return { cause: { code, values }, isOver, retryAfterSeconds: retryAfterSeconds ?? 0 };
}
