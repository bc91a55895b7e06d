import { type CoreData, coreArea } from '#core';
import { parseSelector } from '#labels';
import type { Subscription } from '#notify';
import { createEngine, type ListPlace, type Ports, type Row } from '#reconcile';
import type { Table } from '#store';

/** The webhooks as they stand now. */
export async function subscriptions(ports: Ports & { table: Table }): Promise<Subscription[]> {
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

/** None of a webhook that is being deleted, nor of one that cannot be understood: it must not stop the others. */
function subscriptionOf({ id, name, deletedAt, data }: Row<CoreData>, { log }: Ports): Subscription[] {
  if (data.kind !== 'webhook' || deletedAt !== undefined) return [];
  const { url, events: types, selector, secrets, state } = data;
  try {
    const labels = parseSelector(selector ?? '');
    return [{ id, name, url, types, labels, isPaused: state === 'paused', secrets }];
  } catch (error) {
    log.error('a webhook has a selector that cannot be read', { record: id, error });
    return [];
  }
}
