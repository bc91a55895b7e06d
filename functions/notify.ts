import { type CoreData, coreArea } from '#core';
import { parseSelector } from '#labels';
import { createNotify, type Notify, type Subscription } from '#notify';
import { createEngine, type ListPlace, type Row } from '#reconcile';
import { areaHandlers } from './areaHandlers.ts';
import { netOf } from './net.ts';
import { type Drover, drover } from './ports.ts';
import { vaultOf } from './vault.ts';

let notify: Notify | undefined;

const notifyOf = (ports: Drover): Notify => {
  notify ??= createNotify({
    ...ports,
    vault: vaultOf(ports),
    net: netOf(ports),
    subscriptions: { list: () => subscriptions(ports) },
  });
  return notify;
};

/** Deliver events to webhooks. */
export const { tick, work } = areaHandlers(drover, notifyOf, (request, ports) =>
  notifyOf(ports).answer(request),
);

async function subscriptions(ports: Drover): Promise<Subscription[]> {
  // An engine of its own for each reading, because its lists may be ten seconds old: an event would miss a new webhook.
  const { records } = createEngine(coreArea, ports);
  const found: Subscription[] = [];
  let after: ListPlace | undefined;
  do {
    const page = await records.list({ kind: 'webhook', limit: 200, ...(after && { after }) });
    found.push(...page.rows.flatMap((row) => subscriptionOf(row, ports)));
    after = page.next;
  } while (after);
  return found;
}

/** None of a webhook that is paused or being deleted, nor of one that cannot be understood: it must not stop the others. */
function subscriptionOf({ id, name, deletedAt, data }: Row<CoreData>, { log }: Drover): Subscription[] {
  if (data.kind !== 'webhook' || data.state !== 'active' || deletedAt !== undefined) return [];
  const { url, events: types, selector, secrets } = data;
  try {
    return [{ id, name, url, types, labels: parseSelector(selector ?? ''), secrets }];
  } catch (error) {
    log.error('a webhook has a selector that cannot be read', { record: id, error });
    return [];
  }
}
