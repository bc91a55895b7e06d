import type { Reach, StoredToken, TokenShelf } from '#auth';
import { matchesSelector, parseSelector } from '#labels';
import type { Records, Row } from '#reconcile';
import { keys, StoreUnanswered, type Table } from '#store';
import { type Clock, hour, type Instant } from '#time';
import type { CoreData, TokenData } from './model.ts';

/** Noted at most once an hour: it answers "may this token go?", and is no access log. */
const useNotedEvery = hour;
const used = 'used';

/** Beside the token's row, so that a use neither raises its version nor wakes anyone. */
export const usedSide = { [used]: { at: 0 } };

/** API tokens as sign-in needs them. */
export function tokenShelf(core: Records<CoreData>, table: Table, clock: Clock): TokenShelf {
  const noted = new Map<string, Instant>();
  return {
    async find(id) {
      const row = await core.get(id, 'token');
      if (row?.data.kind !== 'token' || row.deletedAt !== undefined) return undefined;
      return storedToken(row, row.data);
    },
    async noteUse(id) {
      const now = clock.now();
      if (now - (noted.get(id) ?? Number.NEGATIVE_INFINITY) < useNotedEvery) return;
      try {
        const at = await noteOnce(table, id, now);
        if (noted.size >= 10_000) noted.clear();
        noted.set(id, at);
      } catch (error) {
        // The token was read and is good; a note that is lost is made at the next use.
        if (!(error instanceof StoreUnanswered)) throw error;
      }
    },
  };
}

/** Conditional on what was read: one write an hour whoever else notes it, and none for a token that is gone. */
async function noteOnce(table: Table, id: string, now: Instant): Promise<Instant> {
  const key = keys.sideKey(id, used);
  const found = await table.get(key, { eventually: true });
  const at = Number(found?.at ?? now);
  if (now - at < useNotedEvery) return at;
  await table.update(key, { set: { at: now } }, { at });
  return now;
}

/** When each of these tokens was last used, to the hour; those never used are left out. */
export async function lastUses(table: Table, ids: readonly string[]): Promise<Map<string, Instant>> {
  const items = await table.getMany(
    ids.map((id) => keys.sideKey(id, used)),
    { eventually: true },
  );
  return new Map(
    items
      .filter((item) => Number(item.at) > 0)
      .map((item) => [item.pk.slice('side#'.length), Number(item.at)]),
  );
}

function storedToken(row: Row<CoreData>, data: TokenData): StoredToken {
  return {
    id: row.id,
    name: row.name,
    role: data.role,
    reach: data.selector === null ? undefined : reachOf(data.selector),
    secrets: data.secrets,
    expiresAt: data.expiresAt,
    rotations: data.rotations,
    overlapEndsAt: data.overlapEndsAt,
  };
}

function reachOf(selector: string): Reach {
  const parsed = parseSelector(selector);
  return { selector, matches: (labels) => matchesSelector(parsed, labels) };
}
