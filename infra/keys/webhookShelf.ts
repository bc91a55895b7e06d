import type { CoreData } from '#core';
import { ownerOfWebhookSecret } from '#notify';
import type { By, Records } from '#reconcile';
import type { Anew, Shelf } from '#secrets';

const by: By = { actor: { kind: 'system', id: 'keys', name: 'Drover' }, action: 'webhook.resealSecret' };

/** The signing secrets of webhooks, which lie in their rows. Those being deleted take theirs with them. */
export const webhookShelf = (core: Records<CoreData>): Shelf => ({
  area: 'core',
  async reseal(anew) {
    let count = 0;
    for (const { id } of await core.entries('webhook')) count += await resealOne(core, id, anew);
    return count;
  },
});

async function resealOne(core: Records<CoreData>, id: string, anew: Anew): Promise<number> {
  const row = await core.get(id, 'webhook');
  if (row?.data.kind !== 'webhook') return 0;
  const next = new Map<string, string>();
  for (const { sealed } of row.data.secrets) {
    const resealed = await anew(sealed, [ownerOfWebhookSecret(id)]);
    if (resealed !== undefined) next.set(sealed, resealed);
  }
  if (next.size === 0) return 0;
  // Only what is still there as it was read: one that was rotated meanwhile is its own.
  const changed = await core.change(
    id,
    'webhook',
    ({ data }) => {
      if (data.kind !== 'webhook' || !data.secrets.some(({ sealed }) => next.has(sealed))) return undefined;
      const secrets = data.secrets.map((one) => ({ ...one, sealed: next.get(one.sealed) ?? one.sealed }));
      return { data: { ...data, secrets } };
    },
    by,
  );
  return changed.outcome === 'changed' ? next.size : 0;
}
