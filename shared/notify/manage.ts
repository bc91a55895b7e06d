import type { Cursor } from '#store';
import { newId } from '#time';
import { type Delivery, deliveryKey, dueIn, readDelivery } from './delivery.ts';
import { notifyError } from './errors.ts';
import { type Parts, refOf } from './parts.ts';
import { ownerOf, type Posted, post } from './post.ts';
import { newSecret } from './sign.ts';

export interface DeliveryPage {
  deliveries: Delivery[];
  /** `after` of the next page. */
  next: string | undefined;
}

/** How many stored deliveries one call looks at: where few match, a page may be short, or empty, and not the last. */
const pagesAtOnce = 10;
const pageSize = 200;

/** Newest first. */
export async function listDeliveries(
  { table, log }: Pick<Parts, 'table' | 'log'>,
  webhookId: string,
  query: { state?: Delivery['state'] | undefined; limit: number; after?: string | undefined },
): Promise<DeliveryPage> {
  const partition = deliveryKey(webhookId, '').pk;
  const deliveries: Delivery[] = [];
  let after: Cursor | undefined = query.after === undefined ? undefined : { pk: partition, sk: query.after };
  for (let pages = 0; pages < pagesAtOnce; pages++) {
    const page = await table.query({
      partition,
      descending: true,
      limit: query.state === undefined ? query.limit : pageSize,
      ...(after ? { after } : {}),
    });
    for (const item of page.items) {
      const delivery = readOrReport(item, log);
      if (!delivery || (query.state !== undefined && delivery.state !== query.state)) continue;
      deliveries.push(delivery);
      if (deliveries.length === query.limit) return { deliveries, next: delivery.id };
    }
    after = page.next;
    if (!after) return { deliveries, next: undefined };
  }
  return { deliveries, next: after?.sk };
}

function readOrReport(item: Parameters<typeof readDelivery>[0], log: Parts['log']): Delivery | undefined {
  try {
    const { rev: _, ...delivery } = readDelivery(item);
    return delivery;
  } catch (error) {
    log.error('a delivery cannot be read', { item: `${item.pk} ${item.sk}`, error });
    return undefined;
  }
}

/** Due again at once, with all its tries, under the same webhook-id. One that is on its way already is left to it. */
export async function resend(
  { table, clock, couriers }: Pick<Parts, 'table' | 'clock' | 'couriers'>,
  webhookId: string,
  deliveryId: string,
): Promise<Delivery> {
  const key = deliveryKey(webhookId, deliveryId);
  for (;;) {
    const item = await table.get(key);
    if (!item) throw notifyError('DELIVERY_NOT_FOUND', { webhook: webhookId, delivery: deliveryId });
    const { rev, ...delivery } = readDelivery(item);
    if (delivery.state === 'pending') return delivery;
    const now = clock.now();
    const set = { ...dueIn('near', key, now), state: 'pending', tries: 0, rev: rev + 1 };
    if ((await table.update(key, { set }, { rev })) === 'refused') continue;
    await couriers.work('notify', { kind: 'step', ids: [refOf(key)], at: now });
    return { ...delivery, state: 'pending', tries: 0, nextTryAt: now };
  }
}

/** Sends an event of its own at once and says what came of it; nothing of it is kept. */
export async function sendTest(parts: Parts, webhookId: string): Promise<Posted> {
  const { clock, random } = parts;
  const subscription = await parts.known.receiving(webhookId, clock.now());
  if (typeof subscription === 'string') throw notifyError(subscription, { webhook: webhookId });
  const at = clock.now();
  return post(parts, subscription, {
    id: newId('evt', at, random),
    type: 'webhook.test',
    at,
    record: { kind: 'webhook', id: subscription.id, name: subscription.name, labels: {}, version: 1 },
    from: null,
    to: null,
    cause: null,
    message: null,
    data: {},
  });
}

/** A secret to be shown once, and the same sealed for the webhook's row. */
export async function makeSecret(
  { vault, random }: Pick<Parts, 'vault' | 'random'>,
  webhookId: string,
): Promise<{ secret: string; sealed: string }> {
  const secret = newSecret(random);
  return { secret, sealed: await vault.seal(secret, ownerOf(webhookId)) };
}
