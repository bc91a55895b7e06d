import { type Item, type Key, keys, type Value } from '#store';
import { type Instant, minute, second } from '#time';
import { chance } from './chance.ts';
import {
  type Delivery,
  delayAfterTry,
  deliveriesArea,
  dueIn,
  maxTries,
  readDelivery,
  type Try,
} from './delivery.ts';
import { putOff, readEvent } from './fanOut.ts';
import type { Parts } from './parts.ts';
import { post } from './post.ts';

/** Longer than a try may take, look-ups of keys and the store's own patience included. */
const leaseFor = 30 * second;
const ownTroubleFor = minute;

/**
 * `passed`: not due, or somebody else's. `released`: not for the receiver's doing; due again, and not counted.
 */
export type AttemptOutcome = 'delivered' | 'failed' | 'dead' | 'passed' | 'released';

/**
 * One try of one delivery. A crash at any line leaves it due again when the lease ends, with the same webhook-id.
 *
 *   read ─► claim (rev as read, due time to the end of the lease) ─► send ─► record (rev as claimed)
 */
export async function attempt(parts: Parts, key: Key, signal: AbortSignal): Promise<AttemptOutcome> {
  const { table, clock, meter, log } = parts;
  const item = await table.get(key);
  if (item?.dueSk === undefined || keys.dueTimeOf(item) > clock.now()) return 'passed';
  const delivery = read(item);
  if (!delivery) {
    log.error('a delivery cannot be read and is put off', { item: `${key.pk} ${key.sk}` });
    await putOff(parts, item);
    return 'passed';
  }
  const lane = delivery.tries === 0 ? 'near' : 'slow';
  const claimed = delivery.rev + 1;
  const claim = { rev: claimed, ...dueIn(lane, key, clock.now() + leaseFor) };
  if ((await table.update(key, { set: claim }, { rev: delivery.rev })) === 'refused') return 'passed';
  const late = clock.now() - keys.dueTimeOf(item);
  meter.observe('drover_due_lag_seconds', { area: deliveriesArea }, late / 1000);

  const record = (set: Record<string, Value>, due: Instant | undefined) =>
    table.update(
      key,
      due === undefined
        ? { set: { ...set, rev: claimed + 1 }, remove: ['duePk', 'dueSk'] }
        : { set: { ...set, rev: claimed + 1, ...dueIn(set.tries === 0 ? 'near' : 'slow', key, due) } },
      { rev: claimed },
    );

  const last = await send(parts, delivery, keys.dueTimeOf(item), signal);
  if (isOurOwn(last.code)) {
    const isStopped = last.code === 'CALL_ABORTED';
    if (!isStopped) log.warn('a delivery is put off', { delivery: delivery.id, code: last.code });
    await record({ tries: delivery.tries }, clock.now() + (isStopped ? 0 : ownTroubleFor));
    return 'released';
  }
  const tries = delivery.tries + 1;
  const isFinal = last.code !== null && (tries >= maxTries || isHopeless(last.code));
  const outcome = last.code === null ? 'delivered' : isFinal ? 'dead' : 'failed';
  const due = outcome === 'failed' ? clock.now() + delayAfterTry(tries, chance(parts)) : undefined;
  const state = outcome === 'failed' ? 'pending' : outcome;
  await record({ state, tries, last: last as unknown as Value }, due);

  meter.count('drover_webhook_deliveries_total', { outcome });
  meter.observe('drover_webhook_duration_seconds', {}, last.ms / 1000);
  if (outcome === 'dead')
    log.warn('a delivery was given up', {
      webhook: delivery.webhookId,
      delivery: delivery.id,
      code: last.code,
    });
  return outcome;
}

async function send(parts: Parts, delivery: Delivery, due: Instant, signal: AbortSignal): Promise<Try> {
  const { table, clock, known } = parts;
  const gone = (code: string): Try => ({ at: clock.now(), code, status: null, ms: 0 });
  const subscription = await known.receiving(delivery.webhookId, due);
  if (typeof subscription === 'string') return gone(subscription);
  const event = readEvent(await table.get(keys.historyKey(delivery.event.record.id, delivery.event.id)));
  if (!event) return gone('EVENT_GONE');
  return (await post(parts, subscription, event, signal)).last;
}

/** Nothing the receiver did: the worker has to stop, or what it needs itself is away. Not counted as a try. */
const isOurOwn = (code: string | null): boolean =>
  code === 'CALL_ABORTED' || code === 'KEY_SERVICE_UNANSWERED' || code === 'DNS_BUSY';

/** Another try cannot help. */
const isHopeless = (code: string): boolean =>
  code === 'WEBHOOK_NOT_FOUND' || code === 'WEBHOOK_PAUSED' || code === 'EVENT_GONE';

function read(item: Item): ReturnType<typeof readDelivery> | undefined {
  try {
    return readDelivery(item);
  } catch {
    return undefined;
  }
}
