import { unreachable } from '#errors';
import type { Json, Row } from '#reconcile';
import { iso } from '#time';
import type { CoreData } from './model.ts';

const time = (at: number | null): string | null => (at === null ? null : iso(at));

/** A core record as the API and webhooks show it. Hashes and sealed secrets stay out. */
export function present(row: Row<CoreData>): Record<string, Json> {
  const { data } = row;
  const common = {
    state: data.state,
    cause: null,
    message: null,
    remedy: null,
    since: iso(data.since),
    checkedAt: null,
  };
  switch (data.kind) {
    case 'token':
      return {
        ...common,
        description: data.description,
        role: data.role,
        selector: data.selector,
        expiresAt: time(data.expiresAt),
        rotatedAt: time(data.rotatedAt),
        overlapEndsAt: time(data.overlapEndsAt),
      };
    case 'webhook':
      return {
        ...common,
        url: data.url,
        events: data.events,
        selector: data.selector,
        paused: data.state === 'paused',
        rotatedAt: time(data.rotatedAt),
        overlapEndsAt: time(data.secrets[1]?.expiresAt ?? null),
      };
    case 'setting':
      return { ...common, value: data.value };
    default:
      return unreachable(data);
  }
}

/** One receiver's address is not for the others: with many services, whoever knows it may post there. */
export function sent(row: Row<CoreData>): Record<string, Json> {
  const { data } = row;
  const shown = present(row);
  return data.kind === 'webhook' ? { ...shown, url: URL.parse(data.url)?.origin ?? null } : shown;
}
