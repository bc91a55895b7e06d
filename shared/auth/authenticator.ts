import { DroverError } from '#errors';
import type { Actor } from '#reconcile';
import { type Clock, type Instant, iso } from '#time';
import type { Caller, Reach } from './caller.ts';
import type { Denials } from './denials.ts';
import { authError } from './errors.ts';
import type { OidcIssuer } from './oidc.ts';
import type { Role } from './role.ts';
import type { Sessions } from './sessions.ts';
import { addressSubject, type Full, type Throttle } from './throttle.ts';
import { isSameHash, looksLikeToken, recordIdOf, sha256 } from './tokenText.ts';

/** An API token as sign-in needs it. */
export interface StoredToken {
  id: string;
  name: string;
  role: Role;
  reach: Reach | undefined;
  /** More than one while a rotation overlaps. */
  secrets: readonly { sha256: string; expiresAt: Instant | null }[];
  expiresAt: Instant | null;
  /** How often it was rotated, and until when sessions begun just before the last time go on. */
  rotations: number;
  overlapEndsAt: Instant | null;
}

/** Where tokens are kept: rows of the area `core`. */
export interface TokenShelf {
  /** By the record's id, strongly consistent; undefined where there is none or it is revoked. */
  find(id: string): Promise<StoredToken | undefined>;
  noteUse(id: string): Promise<void>;
}

export interface Credentials extends Attempt {
  authorization: string | undefined;
  /** What the session cookie holds. */
  session: string | undefined;
}

/** What a refusal's audit entry tells of it. */
export interface Attempt {
  address: string;
  action: string;
  requestId: string;
}

export interface AuthenticatorParts {
  clock: Clock;
  tokens: TokenShelf;
  sessions: Sessions;
  throttle: Throttle;
  denials: Denials;
  oidc: Pick<OidcIssuer, 'check'> | undefined;
}

/** Decides who calls. A header wins over a cookie, so that a script run in a browser is who it says it is. */
export class Authenticator {
  readonly #parts: AuthenticatorParts;

  constructor(parts: AuthenticatorParts) {
    this.#parts = parts;
  }

  /** Throws a DroverError where the caller is nobody we know. */
  async identify(given: Credentials): Promise<Caller> {
    if (given.authorization !== undefined) {
      const text = /^Bearer +([\w.~+/=-]{1,8192})$/i.exec(given.authorization)?.[1];
      if (text === undefined) throw authError('AUTHORIZATION_MALFORMED');
      return looksLikeToken(text) ? (await this.byToken(text, given)).caller : this.#byOidc(text, given);
    }
    if (given.session !== undefined) return this.#bySession(given.session, given);
    throw authError('SIGN_IN_NEEDED');
  }

  async byToken(text: string, given: Attempt): Promise<{ caller: Caller; token: StoredToken }> {
    const id = recordIdOf(text);
    if (id === undefined) throw authError('TOKEN_MISTYPED');
    const now = this.#parts.clock.now();
    const token = await this.#parts.tokens.find(id);
    const hash = sha256(text);
    const secret = token?.secrets.find((secret) => isSameHash(secret.sha256, hash));
    if (!token || !secret) throw await this.#refused(id, token?.name, given);
    const endsAt = earliest(token.expiresAt, secret.expiresAt);
    if (endsAt !== undefined && endsAt <= now) throw authError('TOKEN_EXPIRED', { at: iso(endsAt) });
    await this.#parts.tokens.noteUse(id);
    return { token, caller: callerOf(token, 'token', given.address, endsAt) };
  }

  /** The token in whose name a one-time link begins a session. */
  async byLink(secret: string, given: Attempt): Promise<StoredToken> {
    const { sessions, tokens, throttle } = this.#parts;
    const tokenId = await sessions.takeLink(secret);
    const token = tokenId === undefined ? undefined : await tokens.find(tokenId);
    if (token) return token;
    const full = await throttle.fail([addressSubject(given.address)]);
    throw full ? tooMany(full) : authError('SIGN_IN_LINK_USED');
  }

  async #bySession(text: string, given: Attempt): Promise<Caller> {
    const { sessions, tokens, clock } = this.#parts;
    const session = await sessions.find(text);
    const token = session && (await tokens.find(session.tokenId));
    if (!session || !token) throw authError('SESSION_ENDED');
    const behind = token.rotations - session.rotation;
    if (behind > 1) throw authError('SESSION_ENDED');
    const endsAt = earliest(token.expiresAt, session.expiresAt, behind === 1 ? token.overlapEndsAt : null);
    if (endsAt !== undefined && endsAt <= clock.now()) throw authError('SESSION_ENDED');
    await tokens.noteUse(token.id);
    return callerOf(token, 'session', given.address, endsAt);
  }

  async #byOidc(text: string, given: Attempt): Promise<Caller> {
    const { oidc, throttle } = this.#parts;
    if (!oidc) throw authError('OIDC_NOT_CONFIGURED');
    try {
      const { issuer, subject, name, role, expiresAt } = await oidc.check(text);
      const actor: Actor = { kind: 'oidc', id: `${issuer}#${subject}`, name, address: given.address };
      return { actor, role, expiresAt };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const full = await throttle.fail([addressSubject(given.address)]);
      throw full ? tooMany(full) : error;
    }
  }

  /** Only an id that is one of ours is named in the audit trail, or anyone could fill it with names. */
  async #refused(id: string, name: string | undefined, given: Attempt): Promise<DroverError> {
    const { throttle, denials } = this.#parts;
    const subjects = [addressSubject(given.address), ...(name === undefined ? [] : [`token:${id}`])];
    const full = await throttle.fail(subjects);
    const error = full ? tooMany(full) : authError('TOKEN_REFUSED');
    const { action, requestId, address } = given;
    const who = name === undefined ? { id: address, name: address } : { id, name };
    if (full ? full.isFirst : name !== undefined) {
      await denials.note({
        actor: { kind: 'anonymous', ...who, address },
        action,
        code: error.code,
        requestId,
      });
    }
    return error;
  }
}

const tooMany = (full: Full): DroverError =>
  authError('TOO_MANY_FAILURES', {}, { retryAfterSeconds: full.waitSeconds });

function callerOf(
  token: StoredToken,
  kind: 'token' | 'session',
  address: string,
  expiresAt: Instant | undefined,
): Caller {
  return {
    actor: { kind, id: token.id, name: token.name, address },
    role: token.role,
    ...(token.reach ? { reach: token.reach } : {}),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

function earliest(...times: (Instant | null)[]): Instant | undefined {
  const known = times.filter((time) => time !== null);
  return known.length > 0 ? Math.min(...known) : undefined;
}

const isRefusal = (error: unknown): boolean =>
  error instanceof DroverError && error.code === 'OIDC_TOKEN_REFUSED';
