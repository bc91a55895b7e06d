import type { Clock, Instant, Millis } from '#time';

interface Event {
  at: Instant;
  /** Breaks ties in the order of scheduling, so that a run is repeatable. */
  order: number;
  run: () => void;
  isCancelled: boolean;
}

/**
 * What goes wrong with one operation on the store or the world. `crash…`: the process ends there. `lost…`: the
 * answer never comes, and the caller is told after 5 s. `lands`: the caller is told so, and it happens later all the
 * same. `pause`: the process stands still before it sees the answer.
 */
export type Fault =
  | { kind: 'crashBefore' }
  | { kind: 'crashAfter' }
  | { kind: 'lostRequest' }
  | { kind: 'lostAnswer' }
  | { kind: 'lands'; after: Millis }
  | { kind: 'pause'; for: Millis };

export interface Operation {
  process: Process;
  /** `put`, `query`, `look`, `turn`, … */
  verb: string;
  /** The key written or read, or the record outside. */
  what: string;
  /** What is written, where something is. */
  detail: unknown;
  index: number;
}

/** Simulated time, and everything that waits for it. */
export class Sim {
  now: Instant;
  readonly random: () => number;
  operations = 0;
  /** Asked for every operation; undefined lets it be. */
  faultOf: (operation: Operation) => Fault | undefined = () => undefined;
  started: (operation: Operation) => void = () => undefined;
  readonly #heap: Event[] = [];
  #order = 0;

  constructor(start: Instant, random: () => number) {
    this.now = start;
    this.random = random;
  }

  after(wait: Millis, run: () => void): () => void {
    const event: Event = { at: this.now + Math.max(0, wait), order: this.#order++, run, isCancelled: false };
    push(this.#heap, event);
    return () => {
      event.isCancelled = true;
    };
  }

  /** Runs what is due until then, each event with all that follows from it at once. */
  async runUntil(end: Instant): Promise<void> {
    while (this.#heap[0] && this.#heap[0].at <= end) {
      const event = pop(this.#heap);
      if (event.isCancelled) continue;
      this.now = event.at;
      event.run();
      await settled();
    }
    this.now = end;
  }

  runFor(time: Millis): Promise<void> {
    return this.runUntil(this.now + time);
  }
}

/** When this resolves, every promise that could go on has done so: ticks come after all microtasks. */
export const settled = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

/** One function call: it has a clock of its own, may stand still, and may end between any two lines. */
export class Process {
  readonly sim: Sim;
  readonly name: string;
  readonly skew: Millis;
  isDead = false;
  pausedUntil = 0;
  readonly startedAt: Instant;

  constructor(sim: Sim, name: string, skew: Millis) {
    this.sim = sim;
    this.name = name;
    this.skew = skew;
    this.startedAt = sim.now;
  }

  get clock(): Clock {
    return {
      now: () => Math.floor(this.sim.now) + this.skew,
      sleep: (wait, until) =>
        new Promise((resolve) => {
          if (until?.aborted) return resolve();
          const over = () => {
            cancel();
            until?.removeEventListener('abort', over);
            this.#resume(resolve);
          };
          const cancel = this.sim.after(wait, over);
          until?.addEventListener('abort', over);
        }),
    };
  }

  /** An operation outside the process: sent, carried out a little later, answered. */
  operate<T>(
    verb: string,
    what: string,
    carryOut: () => T | Promise<T>,
    unanswered: () => Error,
    detail?: unknown,
  ): Promise<T> {
    if (this.isDead) return never();
    const { sim } = this;
    const operation = { process: this, verb, what, detail, index: sim.operations++ };
    sim.started(operation);
    const fault = sim.faultOf(operation);
    if (fault?.kind === 'crashBefore') {
      this.isDead = true;
      return never();
    }
    return new Promise((resolve, reject) => {
      const delay = 1 + sim.random() * 20;
      const answer = () => {
        let result: T | Promise<T>;
        try {
          result = carryOut();
        } catch (error) {
          return this.#resume(() => reject(error));
        }
        if (fault?.kind === 'crashAfter') this.isDead = true;
        if (fault?.kind === 'pause') this.pausedUntil = sim.now + fault.for;
        if (fault?.kind === 'lostAnswer') sim.after(5_000, () => this.#resume(() => reject(unanswered())));
        else this.#resume(() => resolve(result));
      };
      if (fault?.kind === 'lostRequest' || fault?.kind === 'lands') {
        sim.after(5_000, () => this.#resume(() => reject(unanswered())));
        if (fault.kind === 'lands') {
          sim.after(fault.after, () => {
            try {
              carryOut();
            } catch {
              // Nobody waits for the answer of what lands late.
            }
          });
        }
      } else sim.after(delay, answer);
    });
  }

  /** What a dead process would have gone on with never happens; a paused one goes on when it wakes. */
  #resume(goOn: () => void): void {
    if (this.isDead) return;
    if (this.sim.now >= this.pausedUntil) goOn();
    else this.sim.after(this.pausedUntil - this.sim.now, () => this.#resume(goOn));
  }
}

const never = <T>(): Promise<T> => new Promise(() => undefined);

const isBefore = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

function push(heap: Event[], event: Event): void {
  let child = heap.length;
  heap.push(event);
  while (child > 0) {
    const parent = (child - 1) >> 1;
    if (!isBefore(event, heap[parent]!)) break;
    heap[child] = heap[parent]!;
    child = parent;
  }
  heap[child] = event;
}

function pop(heap: Event[]): Event {
  const first = heap[0]!;
  const last = heap.pop()!;
  if (heap.length === 0) return first;
  let parent = 0;
  while (true) {
    let child = 2 * parent + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
    if (!isBefore(heap[child]!, last)) break;
    heap[parent] = heap[child]!;
    parent = child;
  }
  heap[parent] = last;
  return first;
}
