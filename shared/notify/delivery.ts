import { jittered } from '#reconcile';
import { type Item, type Key, keys, type Lane } from '#store';
import { type Instant, type Millis, second } from '#time';

/**
 * One event on its way to one webhook. `pending` ones stand in the due index: at `dueAt` somebody tries; while a try
 * is under way `dueAt` is the end of its lease.
 */
export interface Delivery {
  id: string;
  webhookId: string;
  event: { id: string; type: string; at: Instant; record: { kind: string; id: string; name: string } };
  state: 'pending' | 'delivered' | 'dead';
  /** Those that came to an end. */
  tries: number;
  last: Try | null;
  nextTryAt: Instant | null;
  createdAt: Instant;
}

export interface Try {
  at: Instant;
  /** Null where the receiver accepted. */
  code: string | null;
  status: number | null;
  ms: Millis;
}

export const maxTries = 3;
const backOff = { first: 30 * second, factor: 4 };

/** 30 s after the first failure, 2 minutes after the second, each give or take a quarter; none after the third. */
export const delayAfterTry = (tries: number, random: number): Millis =>
  jittered(backOff.first * backOff.factor ** (tries - 1), random);

export const deliveriesArea = 'deliveries';
export const eventsArea = 'events';
/** Where the due index holds what waits for delivery. */
export const notifyDueAreas = [eventsArea, deliveriesArea] as const;

/** Derived from the event: whoever fans it out again makes the same one. Ids sort by time. */
export const deliveryId = (eventId: string): string => eventId.replace(/^evt_/, 'dlv_');

export const deliveryKey = (webhookId: string, id: string): Key => ({ pk: `delivery#${webhookId}`, sk: id });

export const isDeliveryKey = ({ pk }: Key): boolean => pk.startsWith('delivery#');

/** First tries and what a person sent again are near; what failed before waits apart from them. */
export const dueIn = (lane: Lane, key: Key, at: Instant) =>
  keys.dueAttributes(deliveriesArea, lane, `${key.pk}#${key.sk}`, at);

/** Thrown on what cannot be read, so that it is reported and put off. */
export function readDelivery(item: Item): Delivery & { rev: number } {
  const { delivery, rev, state, tries, last } = item as unknown as Record<string, unknown>;
  const fixed = delivery as Pick<Delivery, 'id' | 'webhookId' | 'event' | 'createdAt'> | undefined;
  const isKnown = state === 'pending' || state === 'delivered' || state === 'dead';
  if (
    typeof fixed?.event?.id !== 'string' ||
    typeof rev !== 'number' ||
    typeof tries !== 'number' ||
    !isKnown
  ) {
    throw new Error('Not a delivery that this version can read.');
  }
  return {
    ...fixed,
    state,
    tries,
    rev,
    last: (last as Try | null) ?? null,
    nextTryAt: state === 'pending' && item.dueSk !== undefined ? keys.dueTimeOf(item) : null,
  };
}
