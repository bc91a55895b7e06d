import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type Clock, day, hour, type Instant, iso, minute, second } from '#time';
import { Refusal, unauthenticated, wrongFormat } from './codes.ts';
import { readGoJson } from './goJson.ts';
import { isOfFederation, type Role, roleNames } from './roles.ts';
import type { Settings } from './settings.ts';
import { expiredStatus, knowsKeys } from './versions.ts';

const role = z.enum(roleNames);

export const userSchema = z.strictObject({
  username: z.string(),
  password: z.string(),
  role,
  /** Of a session nobody uses. */
  timeoutSeconds: z.int().optional(),
  mustReset: z.boolean().optional(),
  isPasswordExpired: z.boolean().optional(),
});
export type User = z.infer<typeof userSchema>;

export const apiKeySchema = z.strictObject({
  name: z.string(),
  secret: z.string(),
  role,
  expiresAt: z.int().optional(),
});
export type ApiKey = z.infer<typeof apiKeySchema>;

/** Who sends a request. */
export interface Login {
  readonly fullname: string;
  readonly role: Role;
  /** Of an API key there is none. */
  readonly session?: Session;
}

interface Session {
  readonly token: string;
  readonly user: string;
  readonly role: Role;
  readonly idle: number;
  readonly until: Instant;
  usedAt: Instant;
}

/** How often in a row a password was wrong, and until when nothing is let in. */
interface Failures {
  count: number;
  blockedUntil?: Instant;
}

const sessionLife = 6 * hour;
const idleLife = 300;
const sessionsPerUser = 32;
const failuresUntilBlocked = 5;
const blockedFor = 60 * minute;
const passwordProfile = {
  min_digit_count: 0,
  min_len: 6,
  min_lowercase_count: 0,
  min_special_count: 0,
  min_uppercase_count: 0,
};

const signInRequest = z.object({
  password: z
    .object({
      username: z.string().optional(),
      password: z.string().optional(),
      new_password: z.string().optional(),
    })
    .optional(),
  client_ip: z.string().optional(),
});

const keyRequest = z.object({
  apikey: z
    .object({
      apikey_name: z.string().optional(),
      description: z.string().optional(),
      expiration_type: z.string().optional(),
      expiration_hours: z.int().min(0).optional(),
      role: z.string().optional(),
    })
    .optional(),
});

const keyLife: Readonly<Record<string, number>> = {
  onehour: hour,
  oneday: day,
  onemonth: 30 * day,
  oneyear: 365 * day,
};

/** Who may sign in at one controller, who has, and how often someone could not. */
export class Accounts {
  readonly users: User[];
  readonly keys: ApiKey[];
  readonly #clock: Clock;
  readonly #sessions = new Map<string, Session>();
  readonly #failures = new Map<string, Failures>();
  readonly #signIns = new Map<string, number>();
  readonly #refused = new Map<string, number>();
  readonly #settings: Settings;

  constructor(given: { users: User[]; keys: ApiKey[]; clock: Clock; settings: Settings }) {
    this.users = given.users;
    this.keys = given.keys;
    this.#clock = given.clock;
    this.#settings = given.settings;
  }

  signIn(body: Uint8Array, isMember: boolean): object {
    const { password: given } = readGoJson(body, signInRequest);
    if (!given) throw wrongFormat();
    const user = this.users.find(({ username }) => username === given.username);
    if (!user) throw unauthenticated();
    try {
      this.#checkPassword(user, given.password ?? '');
    } catch (error) {
      this.#refused.set(user.username, (this.#refused.get(user.username) ?? 0) + 1);
      throw error;
    }
    if (user.isPasswordExpired) throw new Refusal(401, 48);
    if (user.mustReset) {
      if (given.new_password === undefined) return resetNeeded;
      if (given.new_password.length < passwordProfile.min_len)
        throw new Refusal(400, 14, undefined, { password_profile_basic: passwordProfile });
      user.password = given.new_password;
      user.mustReset = false;
    }
    if (isMember && isOfFederation(user.role)) throw unauthenticated();
    const session = this.open(user.username, user.role, user.timeoutSeconds);
    const signIns = (this.#signIns.get(user.username) ?? 0) + 1;
    this.#signIns.set(user.username, signIns);
    return tokenData(session, this.#clock.now(), signIns);
  }

  /** Five wrong ones in a row block it for an hour, and so does each further one, right or wrong. */
  #checkPassword({ username, password }: User, given: string): void {
    const now = this.#clock.now();
    const failures = this.#failures.get(username) ?? { count: 0 };
    this.#failures.set(username, failures);
    if (failures.blockedUntil !== undefined && failures.blockedUntil > now) {
      failures.blockedUntil = now + blockedFor;
      throw new Refusal(401, 47);
    }
    if (failures.blockedUntil !== undefined) {
      failures.count = 0;
      delete failures.blockedUntil;
    }
    if (given !== '' && given === password) {
      failures.count = 0;
      return;
    }
    failures.count += 1;
    if (failures.count < failuresUntilBlocked) throw unauthenticated();
    failures.blockedUntil = now + blockedFor;
    throw new Refusal(401, 47);
  }

  /** Of each user who tried: how often in all, how often in vain, whether nothing is let in, and who still is. */
  signIns(): { user: string; done: number; refused: number; isBlocked: boolean; sessions: number }[] {
    const now = this.#clock.now();
    return this.users.map(({ username: user }) => ({
      user,
      done: this.#signIns.get(user) ?? 0,
      refused: this.#refused.get(user) ?? 0,
      isBlocked: (this.#failures.get(user)?.blockedUntil ?? 0) > now,
      sessions: this.#live(user, now).length,
    }));
  }

  #live(user: string, now: Instant): Session[] {
    return [...this.#sessions.values()].filter((one) => one.user === user && isLive(one, now));
  }

  /** The token's signature is chance: only the controller has the key to check it, and knows its sessions. */
  open(user: string, as: Role, timeoutSeconds = idleLife): Session {
    const now = this.#clock.now();
    if (this.#live(user, now).length >= sessionsPerUser) throw unauthenticated();
    for (const [token, { until }] of this.#sessions) if (until + day < now) this.#sessions.delete(token);
    const claims = {
      exp: Math.floor((now + sessionLife) / second),
      fullname: user,
      iat: Math.floor(now / second),
      jti: randomBytes(16).toString('hex'),
      role: as,
      timeout: timeoutSeconds,
      username: user,
    };
    const signed = [{ alg: 'RS256', typ: 'JWT' }, claims].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    );
    const token = [...signed, randomBytes(256).toString('base64url')].join('.');
    const session = {
      token,
      user,
      role: as,
      idle: timeoutSeconds * second,
      until: now + sessionLife,
      usedAt: now,
    };
    this.#sessions.set(token, session);
    return session;
  }

  /** A key counts only where there is no token. */
  authenticate(headers: Readonly<Record<string, string>>): Login {
    const token = headers['x-auth-token'];
    if (token !== undefined) return this.#ofToken(token);
    const [name, secret] = splitOnce(headers['x-auth-apikey'] ?? '');
    const key = this.keys.find((one) => one.name === name);
    const isOver = key?.expiresAt !== undefined && key.expiresAt <= this.#clock.now();
    if (!key || key.secret !== secret || isOver || !knowsKeys(this.#settings.version))
      throw unauthenticated();
    return { fullname: key.name, role: key.role };
  }

  #ofToken(token: string): Login {
    const session = this.#sessions.get(token);
    const now = this.#clock.now();
    if (!session) throw unauthenticated();
    if (!isLive(session, now)) throw unauthenticated(expiredStatus(this.#settings.version));
    session.usedAt = now;
    return { fullname: session.user, role: session.role, session };
  }

  close({ token }: Session): void {
    this.#sessions.delete(token);
  }

  closeAllOf(user: string): void {
    for (const [token, session] of this.#sessions) if (session.user === user) this.#sessions.delete(token);
  }

  liveSessions(): number {
    const now = this.#clock.now();
    return [...this.#sessions.values()].filter((session) => isLive(session, now)).length;
  }

  setRole(user: string, to: Role): void {
    const found = this.users.find(({ username }) => username === user);
    if (found) found.role = to;
  }

  createKey(body: Uint8Array): object {
    const { apikey } = readGoJson(body, keyRequest);
    if (!apikey?.apikey_name) throw wrongFormat();
    const given = role.safeParse(apikey.role ?? '');
    if (!given.success || this.keys.some(({ name }) => name === apikey.apikey_name)) throw wrongFormat();
    const { expiration_type: type = 'never', expiration_hours: hours = 0 } = apikey;
    const life = type === 'hours' ? hours * hour : keyLife[type];
    if (life === undefined && type !== 'never') throw wrongFormat();
    const secret = randomBytes(48).toString('base64url');
    this.keys.push({
      name: apikey.apikey_name,
      secret,
      role: given.data,
      ...(life !== undefined && { expiresAt: this.#clock.now() + life }),
    });
    return { apikey: { apikey_name: apikey.apikey_name, apikey_secret: secret } };
  }

  removeKey(name: string): void {
    const at = this.keys.findIndex((key) => key.name === name);
    if (at < 0) throw new Refusal(404, 7);
    this.keys.splice(at, 1);
  }
}

const isLive = ({ until, usedAt, idle }: Session, now: Instant): boolean =>
  now < until && now < usedAt + idle;

const resetNeeded = {
  need_to_reset_password: true,
  password_days_until_expire: 0,
  password_hours_until_expire: 0,
  token: null,
};

const tokenData = ({ token, user, role: as, idle }: Session, now: Instant, signIns: number) => ({
  need_to_reset_password: false,
  password_days_until_expire: -1,
  password_hours_until_expire: 0,
  token: {
    token,
    fullname: user,
    server: '',
    username: user,
    password: '',
    email: '',
    role: as,
    timeout: idle / second,
    locale: 'en',
    default_password: false,
    modify_password: false,
    last_login_timestamp: Math.floor(now / second),
    last_login_at: iso(now).replace(/\.\d+Z$/, 'Z'),
    login_count: signIns,
    blocked_for_failed_login: false,
    blocked_for_password_expired: false,
    password_resettable: false,
    global_permissions: permissionsOf(as),
    domain_permissions: {},
  },
});

const permissionIds = ['config', 'nv_resource', 'rt_scan', 'reg_scan', 'admctrl', 'authentication', 'events'];

const permissionsOf = (as: Role) =>
  as === ''
    ? null
    : permissionIds.map((id) => ({ id, read: true, write: as === 'admin' || as === 'fedAdmin' }));

function splitOnce(text: string): [string, string] {
  const at = text.indexOf(':');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
