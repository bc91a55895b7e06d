import { type Instant, type Millis, minute, second } from '#time';

/**
 * What is known of one user at one controller. NeuVector blocks a user for an hour after five wrong passwords in a
 * row, whoever sent them, and for another hour at each try within; so all of Drover shares this.
 *
 *   sign in:  count the try, take the lease ─► send ─► take back what went well, keep what was refused
 *                                              └ who dies here has been counted
 */
export interface Account {
  /** Since the last one that went well: refused, unanswered, or not known to have ended. */
  tries: Try[];
  /** Passwords that were refused, by their digests: the latest. */
  refused: Refused[];
  session: HeldSession | null;
  /** Sessions that may have been opened by tries whose answers nobody got, and until when they may live. */
  lost: Instant[];
  /** One at a time signs in; others wait for what comes of it. */
  lease: { by: string; until: Instant } | null;
  /** Nobody tries before. */
  blockedUntil: Instant | null;
  /** A person wants this one tried once more. */
  pardoned: string | null;
  /** The two that used the session last. */
  uses: { by: string; at: Instant }[];
  scrapedAt: Instant | null;
}

export interface Try {
  id: string;
  digest: string;
  at: Instant;
  is: 'sent' | 'unanswered' | 'refused';
}

export interface Refused {
  digest: string;
  code: RefusalCode;
  at: Instant;
}
export type RefusalCode =
  | 'SIGN_IN_REFUSED'
  | 'ACCOUNT_BLOCKED'
  | 'PASSWORD_EXPIRED'
  | 'PASSWORD_MUST_CHANGE'
  | 'API_KEY_REFUSED';

export interface HeldSession {
  token: string;
  /** Of the password that opened it: whoever has another is not given it. */
  digest: string;
  openedAt: Instant;
  idleSeconds: number;
}

export const newAccount = (): Account => ({
  tries: [],
  refused: [],
  session: null,
  lost: [],
  lease: null,
  blockedUntil: null,
  pardoned: null,
  uses: [],
  scrapedAt: null,
});

/** Five block the account, and people make mistakes as well. */
export const mostTries = 3;
/** Of 32 that a user may have. */
const mostLost = 8;
const mostRefused = 8;
/** NeuVector's hour, and what clocks and late requests may differ by. */
export const blockedFor: Millis = 65 * minute;
/** One more try could block it: not before a person had a day to sign in by hand. */
const longHeldFor: Millis = 24 * 60 * minute;
export const leaseFor: Millis = 25 * second;
/** What was sent before takes effect no more. */
const settledAfter: Millis = 10 * minute;
const usedLately: Millis = 2 * minute;
const notedAnew: Millis = 30 * second;

/** Whether somebody may sign in with that password now. */
export type Verdict =
  | { is: 'go' }
  /** Another is at it. */
  | { is: 'wait' }
  | { is: 'refused'; refused: Refused }
  | { is: 'blocked'; until: Instant }
  | { is: 'held'; count: number; at: Instant; until: Instant }
  | { is: 'lost'; count: number; until: Instant };

export function judge(account: Account, digest: string, now: Instant): Verdict {
  const { tries, blockedUntil, lease, pardoned } = account;
  const refused = account.refused.find((one) => one.digest === digest);
  const isPardoned = pardoned === digest;
  if (blockedUntil !== null && blockedUntil > now) return { is: 'blocked', until: blockedUntil };
  if (refused && !isPardoned) return { is: 'refused', refused };
  if (lease && lease.until > now) return { is: 'wait' };
  if (tries.length >= mostTries && !isPardoned) {
    return { is: 'held', count: tries.length, at: lastTryAt(account), until: pardonableFrom(account) };
  }
  const lost = lostNow(account, now);
  if (lost.length >= mostLost) return { is: 'lost', count: lost.length, until: Math.min(...lost) };
  return { is: 'go' };
}

/** Before it is sent. */
export const begun = (account: Account, { id, digest, at }: Omit<Try, 'is'>): Account => ({
  ...account,
  tries: [...account.tries, { id, digest, at, is: 'sent' }],
  refused: account.refused.filter((one) => one.digest !== digest),
  lease: { by: id, until: at + leaseFor },
  pardoned: account.pardoned === digest ? null : account.pardoned,
});

/** It was let in: NeuVector counts from the beginning again. What is on its way with other passwords may still fail. */
export function succeeded(account: Account, id: string, session: HeldSession, now: Instant): Account {
  const { digest, idleSeconds } = session;
  const before = account.tries.filter((one) => one.id !== id);
  const unknown = before.filter((one) => one.digest === digest && one.is !== 'refused');
  return {
    ...account,
    tries: before.filter(mayStillFail(digest, now)),
    refused: account.refused.filter((one) => one.digest !== digest),
    session,
    lost: [...lostNow(account, now), ...unknown.map(({ at }) => at + idleSeconds * second)],
    lease: leaseWithout(account, id),
    blockedUntil: null,
    uses: [],
    scrapedAt: null,
  };
}

export function wasRefused(account: Account, id: string, refused: Refused): Account {
  const { digest, code, at } = refused;
  const isBlocked = code === 'ACCOUNT_BLOCKED';
  // The password was right, or NeuVector counts from the beginning once it is no longer blocked.
  const beginsAnew = code === 'PASSWORD_MUST_CHANGE' || isBlocked;
  return {
    ...account,
    tries: beginsAnew
      ? account.tries.filter((one) => one.id !== id).filter(mayStillFail(digest, at))
      : account.tries.map((one) => (one.id === id ? { ...one, is: 'refused' } : one)),
    refused: [...account.refused.filter((one) => one.digest !== digest), refused].slice(-mostRefused),
    lease: leaseWithout(account, id),
    blockedUntil: isBlocked ? at + blockedFor : account.blockedUntil,
  };
}

/** Whether it was let in, nobody knows. */
export const wasUnanswered = (account: Account, id: string): Account => ({
  ...account,
  tries: account.tries.map((one) => (one.id === id ? { ...one, is: 'unanswered' } : one)),
  lease: leaseWithout(account, id),
});

/** No password left, or it was not looked at. */
export const wasNotTried = (account: Account, id: string): Account => ({
  ...account,
  tries: account.tries.filter((one) => one.id !== id),
  lease: leaseWithout(account, id),
});

export const withoutSession = (account: Account, token: string): Account | undefined =>
  account.session?.token === token ? { ...account, session: null, uses: [], scrapedAt: null } : undefined;

/** A person wants it tried once more. Undefined where nothing holds it, or from when on that may be. */
export function pardoned(
  account: Account,
  digest: string,
  now: Instant,
): Account | { notBefore: Instant } | undefined {
  const isHeld = account.tries.length >= mostTries || account.refused.some((one) => one.digest === digest);
  const isBlocked = account.blockedUntil !== null && account.blockedUntil > now;
  if (!isHeld && !isBlocked) return undefined;
  const notBefore = pardonableFrom(account);
  return notBefore > now ? { notBefore } : { ...account, pardoned: digest };
}

function pardonableFrom(account: Account): Instant {
  const wait = account.tries.length > mostTries ? longHeldFor : blockedFor;
  return Math.max(account.blockedUntil ?? 0, lastTryAt(account) + wait);
}

const lastTryAt = ({ tries, refused }: Account): Instant =>
  Math.max(0, ...tries.map(({ at }) => at), ...refused.map(({ at }) => at));

/** Undefined where enough is noted: that it was just used, or that others do, so that nobody ends it for them. */
export function used(account: Account, by: string | 'scrape', now: Instant): Account | undefined {
  if (by === 'scrape') {
    const isNoted = account.scrapedAt !== null && now - account.scrapedAt < notedAnew;
    return isNoted ? undefined : { ...account, scrapedAt: now };
  }
  const fresh = account.uses.filter(({ at }) => now - at < notedAnew);
  if (fresh.length >= 2 || fresh.some((use) => use.by === by)) return undefined;
  return { ...account, uses: [...account.uses.filter((use) => use.by !== by), { by, at: now }].slice(-2) };
}

/** Whether nobody but `by` used it lately. */
export const isIdle = ({ uses, scrapedAt, lease }: Account, by: string, now: Instant): boolean =>
  (lease === null || lease.until <= now) &&
  (scrapedAt === null || now - scrapedAt > usedLately) &&
  uses.every((use) => use.by === by || now - use.at > usedLately);

/** Nothing is to be remembered. */
export const isForgettable = ({ tries, refused, session, lost, lease }: Account): boolean =>
  tries.length + refused.length + lost.length === 0 && session === null && lease === null;

/** On its way with another password. */
const mayStillFail = (digest: string, now: Instant) => (one: Try) =>
  one.digest !== digest && one.is === 'sent' && now - one.at < settledAfter;

const lostNow = ({ lost }: Account, now: Instant): Instant[] => lost.filter((until) => until > now);

const leaseWithout = ({ lease }: Account, id: string): Account['lease'] => (lease?.by === id ? null : lease);
