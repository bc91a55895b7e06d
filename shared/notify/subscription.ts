import type { Selector } from '#labels';
import { matchesSelector } from '#labels';
import type { EventEntry } from '#reconcile';
import type { Clock, Instant } from '#time';

export interface SealedSecret {
  sealed: string;
  /** The end of the overlap, for one that was rotated out. */
  expiresAt: Instant | null;
}

/** A webhook as delivery sees it. */
export interface Subscription {
  id: string;
  name: string;
  url: string;
  /** `cluster.unreachable`, `cluster.*` or `*` */
  types: readonly string[];
  labels: Selector;
  /** It gets nothing for now. Known all the same, so that what was on its way can say why it went no further. */
  isPaused: boolean;
  /** Newest first; several while a rotation lasts. Each of them signs. */
  secrets: readonly SealedSecret[];
}

/** Codes of the catalogue. */
export type NotReceiving = 'WEBHOOK_NOT_FOUND' | 'WEBHOOK_PAUSED';

/** Where webhooks come from. */
export interface Subscriptions {
  list(): Promise<readonly Subscription[]>;
}

export const wants = (subscription: Subscription, event: EventEntry): boolean =>
  !subscription.isPaused &&
  subscription.types.some((pattern) => isOfType(event.type, pattern)) &&
  matchesSelector(subscription.labels, event.record.labels);

const isOfType = (type: string, pattern: string): boolean =>
  pattern === '*' || pattern === type || (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1)));

const keptFor = 5_000;

/** The subscriptions as this process knows them, read again after a few seconds. */
export class KnownSubscriptions {
  readonly #source: Subscriptions;
  readonly #clock: Clock;
  #read: { at: Instant; all: Promise<ReadonlyMap<string, Subscription>> } | undefined;

  constructor(source: Subscriptions, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  /** Those there were at `since` or later: an event is not missed by a webhook that was made just before it. */
  async all(since: Instant): Promise<ReadonlyMap<string, Subscription>> {
    const now = this.#clock.now();
    if (!this.#read || this.#read.at <= since || now - this.#read.at >= keptFor) {
      const all = this.#source.list().then((list) => new Map(list.map((one) => [one.id, one])));
      this.#read = { at: now, all };
      all.catch(() => {
        if (this.#read?.all === all) this.#read = undefined;
      });
    }
    return this.#read.all;
  }

  /** The one to send to, or why there is none, which is said only of how they stood at `since` or later. */
  async receiving(id: string, since: Instant): Promise<Subscription | NotReceiving> {
    const known = (await this.all(0)).get(id);
    const found = known && !known.isPaused ? known : (await this.all(since)).get(id);
    if (!found) return 'WEBHOOK_NOT_FOUND';
    return found.isPaused ? 'WEBHOOK_PAUSED' : found;
  }
}
