import type { EventEntry } from '#reconcile';
import { type Item, type Key, keys } from '#store';
import { minute } from '#time';
import { type Delivery, deliveryId, deliveryKey, dueIn, eventsArea } from './delivery.ts';
import type { Parts } from './parts.ts';
import { type Subscription, wants } from './subscription.ts';

const unreadableFor = 15 * minute;

/**
 * Turns a due event into one delivery per webhook that wants it, and takes it from the due index. Doing it twice,
 * also at once, makes nothing twice. Answers the deliveries that came to be here.
 *
 *   read copy ─► put deliveries where absent ─► remove the copy's due time, where it is the one that was read
 */
export async function fanOut(parts: Parts, key: Key): Promise<Key[]> {
  const { table, log } = parts;
  const copy = await table.get(key);
  if (copy?.dueSk === undefined) return [];
  const event = readEvent(copy);
  if (!event) {
    log.error('an event cannot be read and is put off', { item: `${key.pk} ${key.sk}` });
    await putOff(parts, copy);
    return [];
  }
  const subscriptions = await parts.known.all(event.at);
  const wanting = [...subscriptions.values()].filter((subscription) => wants(subscription, event));
  const made = await Promise.all(
    wanting.map(async (subscription) => {
      const item = newDelivery(parts, subscription, event, copy);
      return (await table.put(item, 'absent')) === 'written' ? [{ pk: item.pk, sk: item.sk }] : [];
    }),
  );
  await table.update(key, { remove: ['duePk', 'dueSk'] }, { dueSk: copy.dueSk as string });
  return made.flat();
}

function newDelivery({ clock }: Parts, { id: webhookId }: Subscription, event: EventEntry, copy: Item): Item {
  const now = clock.now();
  const key = deliveryKey(webhookId, deliveryId(event.id));
  const { kind, id, name } = event.record;
  const delivery: Pick<Delivery, 'id' | 'webhookId' | 'event' | 'createdAt'> = {
    id: key.sk,
    webhookId,
    event: { id: event.id, type: event.type, at: event.at, record: { kind, id, name } },
    createdAt: now,
  };
  return {
    ...key,
    ...dueIn('near', key, now),
    delivery: delivery as unknown as Item[string],
    rev: 1,
    state: 'pending',
    tries: 0,
    last: null,
    // Not longer than the event it refers to.
    ...(copy.expiresAt === undefined ? {} : { expiresAt: copy.expiresAt }),
  };
}

export function readEvent(copy: Item | undefined): EventEntry | undefined {
  const event = copy?.event as unknown as EventEntry | undefined;
  const isReadable =
    typeof event?.id === 'string' && typeof event.type === 'string' && typeof event.at === 'number';
  return isReadable && typeof event.record?.labels === 'object' ? event : undefined;
}

/** Through its due time alone (rule 10): the rest of it is left as it was found. */
export async function putOff({ table, clock }: Parts, item: Item): Promise<void> {
  const [, area = eventsArea, lane = 'near'] = String(item.duePk).split('#');
  const due = keys.dueAttributes(
    area,
    lane,
    String(item.dueSk).slice(keys.dueTimeLength),
    clock.now() + unreadableFor,
  );
  await table.update(item, { set: due }, { dueSk: item.dueSk as string });
}
