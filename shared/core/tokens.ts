import { newTokenText, type Role } from '#auth';
import type { Row } from '#reconcile';
import { day, type Instant, iso } from '#time';
import { coreError } from './errors.ts';
import type { CoreData, TokenData } from './model.ts';

/** What is asked for when a token is made. */
export interface TokenWish {
  id: string;
  role: Role;
  description: string;
  selector: string | null;
  expiresAt: Instant | null;
}

export interface Made {
  data: TokenData;
  /** The token itself: answered once, kept nowhere. */
  text: string;
}

type Random = (bytes: number) => Uint8Array;

export function newToken(wish: TokenWish, maxDays: number | null, now: Instant, random: Random): Made {
  const { id, role, description, selector, expiresAt } = wish;
  if (role === 'admin' && selector !== null) throw coreError('TOKEN_ADMIN_BOUND');
  requireLife(expiresAt, maxDays, now);
  const { text, sha256 } = newTokenText(id, random);
  const data: TokenData = {
    kind: 'token',
    state: 'active',
    since: now,
    description,
    role,
    selector,
    secrets: [{ sha256, expiresAt: null }],
    expiresAt,
    rotatedAt: null,
    rotations: 0,
    overlapEndsAt: null,
  };
  return { data, text };
}

/**
 * A new secret beside the one in use, which goes on for the overlap so that no caller fails between. At most those
 * two: a third secret's overlap is cut short.
 *
 *   old ───────────────┐ overlap
 *   new      ──────────┴──────────►
 */
export function rotated(
  row: Row<CoreData>,
  data: TokenData,
  wish: { overlapSeconds: number; expiresAt?: Instant | null },
  maxDays: number | null,
  now: Instant,
  random: Random,
): Made {
  const expiresAt = wish.expiresAt === undefined ? data.expiresAt : wish.expiresAt;
  requireLife(expiresAt, maxDays, now);
  const { text, sha256 } = newTokenText(row.id, random);
  const endAt = now + wish.overlapSeconds * 1000;
  const inUse = data.secrets.slice(0, 1).map((secret) => ({ ...secret, expiresAt: endAt }));
  return {
    text,
    data: {
      ...data,
      state: 'active',
      since: data.state === 'active' ? data.since : now,
      expiresAt,
      secrets: [{ sha256, expiresAt: null }, ...(wish.overlapSeconds > 0 ? inUse : [])],
      rotatedAt: now,
      rotations: data.rotations + 1,
      overlapEndsAt: endAt,
    },
  };
}

function requireLife(expiresAt: Instant | null, maxDays: number | null, now: Instant): void {
  if (expiresAt !== null && expiresAt <= now) throw coreError('TOKEN_EXPIRY_PAST', { at: iso(expiresAt) });
  if (maxDays === null) return;
  if (expiresAt === null || expiresAt > now + maxDays * day) {
    throw coreError('TOKEN_LIFE_TOO_LONG', { days: maxDays });
  }
}
