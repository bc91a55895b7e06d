import PQueue from 'p-queue';

/** What a receiver may have under way in one process: one delivery until it is known how it takes them. */
const known = 4;
const unknown = 1;

interface Receiver {
  queue: PQueue;
  hasFailed: boolean;
}

/**
 * Keeps receivers from delaying each other. Each has a queue of its own; those that failed last time share places of
 * their own, so that any number of dead ones, once known, leaves the others theirs.
 *
 *   receiver's own queue (1 or 4) ─► places for the living (192) or for the failing (64) ─► send
 */
export class Receivers {
  readonly #living: PQueue;
  readonly #failing: PQueue;
  readonly #receivers = new Map<string, Receiver>();

  constructor({ living = 192, failing = 64 } = {}) {
    this.#living = new PQueue({ concurrency: living });
    this.#failing = new PQueue({ concurrency: failing });
  }

  get underWay(): number {
    return this.#living.pending + this.#failing.pending;
  }

  /** `send` answers whether the receiver accepted, or nothing where it was not asked. */
  async run(webhookId: string, send: () => Promise<boolean | undefined>): Promise<void> {
    const receiver = this.#receiverOf(webhookId);
    await receiver.queue.add(async () => {
      const isAccepted = await (receiver.hasFailed ? this.#failing : this.#living).add(send);
      if (isAccepted === undefined) return;
      receiver.hasFailed = !isAccepted;
      receiver.queue.concurrency = known;
    });
  }

  #receiverOf(webhookId: string): Receiver {
    let receiver = this.#receivers.get(webhookId);
    if (!receiver) {
      receiver = { queue: new PQueue({ concurrency: unknown }), hasFailed: false };
      this.#receivers.set(webhookId, receiver);
    }
    return receiver;
  }
}
