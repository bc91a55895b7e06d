import { hash } from 'node:crypto';
import { DroverError, errorsOf } from '#errors';
import { NvRefused, neuvectorErrors, refusalOf, type Session, signIn, signOut, type Way } from '#neuvector';
import type { Meter } from '#reconcile';
import { type Clock, iso, type Millis, second } from '#time';
import type { OpenedCredential } from '../../model.ts';
import { accessError } from '../errors.ts';
import {
  type Account,
  begun,
  type HeldSession,
  isIdle,
  judge,
  leaseFor,
  pardoned,
  type RefusalCode,
  type Refused,
  succeeded,
  used,
  type Verdict,
  wasNotTried,
  wasRefused,
  wasUnanswered,
  withoutSession,
} from './account.ts';
import { AccountItems, type AccountPorts } from './accountItems.ts';

export interface SignInPorts extends AccountPorts {
  clock: Clock;
  meter: Meter;
}

/** Somebody with a password at a controller. */
export interface User {
  /** Of the account: the same for whoever signs in there by that name. */
  readonly id: string;
  readonly digest: string;
  readonly name: string;
  readonly place: string;
}

/** Answers must not come after the lease: its end is for those who die. */
const signInTimeout: Millis = 15 * second;
const mostWaiting: Millis = 30 * second;
const betweenLooks: Millis = 500;
/** So long a session that was in use is taken for there without a look. */
const knownFor: Millis = 20 * second;

export const userOf = (place: string, credential: OpenedCredential): User => {
  const [name, secret] =
    credential.type === 'password'
      ? [credential.username, credential.password]
      : [credential.name, credential.secret];
  const id = hash('sha256', JSON.stringify([credential.type, place, name]), 'hex');
  return { id, name, place, digest: hash('sha256', JSON.stringify([id, secret]), 'base64url') };
};

/** Signs in where nobody else of Drover has, and not where it could do harm. */
export class SignIns {
  readonly #ports: SignInPorts;
  readonly #items: AccountItems;
  readonly #known = new Map<string, { account: Account; at: number }>();
  readonly #opening = new Map<string, Promise<HeldSession>>();

  constructor(ports: SignInPorts) {
    this.#ports = ports;
    this.#items = new AccountItems(ports);
  }

  /** The session that is there, or a new one. `by` is noted for using it. */
  async session(user: User, password: string, way: Way, by: string | 'scrape'): Promise<HeldSession> {
    const known = this.#knownOf(user);
    const session = known?.session ?? (await this.#openOnce(user, password, way));
    await this.#note(user, by);
    return session;
  }

  /** One that turned out to be over is forgotten; and ended, in case it is not over for the controller itself. */
  async isOver(user: User, token: string, way: Way): Promise<void> {
    this.#known.delete(user.id);
    const mine = await this.#items.change(user.id, (account) => withoutSession(account, token));
    if (mine) await this.#end(way, token);
  }

  /** Ends the session where nobody but `by` used it lately. */
  async leave(
    user: User,
    by: string,
    over: (use: (way: Way) => Promise<void>) => Promise<void>,
  ): Promise<void> {
    const account = await this.#items.read(user.id);
    const { session } = account;
    if (session?.digest !== user.digest || !isIdle(account, by, this.#ports.clock.now())) return;
    this.#known.delete(user.id);
    await over((way) => this.#end(way, session.token));
    await this.#items.change(user.id, (now) => withoutSession(now, session.token));
  }

  /** Throws where it must not be tried once more yet. */
  async forgive(user: User): Promise<void> {
    const now = this.#ports.clock.now();
    this.#known.delete(user.id);
    await this.#items.change(user.id, (account) => {
      const next = pardoned(account, user.digest, now);
      if (!next || 'tries' in next) return next;
      throw saying(user, judge(account, user.digest, now), next.notBefore);
    });
  }

  /** Throws where the key was refused before. */
  async requireKey(user: User): Promise<void> {
    const account = this.#fresh(user)?.account ?? (await this.#look(user));
    const refused = account.refused.find(({ digest }) => digest === user.digest);
    if (refused && account.pardoned !== user.digest) throw refusal(user, refused);
  }

  async keyRefused(user: User): Promise<DroverError> {
    const at = this.#ports.clock.now();
    const refused: Refused = { digest: user.digest, code: 'API_KEY_REFUSED', at };
    this.#known.delete(user.id);
    this.#count('refused');
    await this.#items.change(user.id, (account) => ({ ...wasRefused(account, '', refused), pardoned: null }));
    return refusal(user, refused);
  }

  /** A key blocks nobody: it may be tried again at once. */
  async forgiveKey(user: User): Promise<void> {
    this.#known.delete(user.id);
    await this.#items.change(user.id, (account) =>
      account.refused.some(({ digest }) => digest === user.digest)
        ? { ...account, refused: account.refused.filter(({ digest }) => digest !== user.digest) }
        : undefined,
    );
  }

  #openOnce(user: User, password: string, way: Way): Promise<HeldSession> {
    const key = `${user.id} ${user.digest}`;
    const found = this.#opening.get(key);
    if (found) return found;
    const opening = this.#open(user, password, way).finally(() => this.#opening.delete(key));
    this.#opening.set(key, opening);
    return opening;
  }

  async #open(user: User, password: string, way: Way): Promise<HeldSession> {
    const { clock } = this.#ports;
    const until = clock.now() + mostWaiting;
    for (;;) {
      const account = await this.#look(user);
      if (account.session?.digest === user.digest) return account.session;
      const verdict = judge(account, user.digest, clock.now());
      if (verdict.is === 'go') {
        const session = await this.#try(user, password, way, account.tries.length > 0);
        if (session) return session;
      } else if (verdict.is !== 'wait') {
        throw saying(user, verdict);
      } else {
        if (clock.now() > until) throw accessError('SIGN_IN_BUSY', { user: user.name, place: user.place });
        await clock.sleep(betweenLooks);
      }
    }
  }

  /** Undefined where another was faster. */
  async #try(user: User, password: string, way: Way, isDoubtful: boolean): Promise<HeldSession | undefined> {
    const { clock, random } = this.#ports;
    // Where tries came to nothing, none is spent on what is no controller.
    if (isDoubtful) await requireController(way);
    const id = Buffer.from(random(12)).toString('hex');
    const at = clock.now();
    const mine = await this.#items.change(user.id, (account) =>
      account.session?.digest !== user.digest && judge(account, user.digest, at).is === 'go'
        ? begun(account, { id, digest: user.digest, at })
        : undefined,
    );
    if (!mine) return undefined;
    if (clock.now() > at + leaseFor - signInTimeout) {
      await this.#items.change(user.id, (account) => wasNotTried(account, id));
      return undefined;
    }
    let opened: Session;
    try {
      opened = await signIn(way, { username: user.name, password }, { timeout: signInTimeout });
    } catch (error) {
      throw await this.#failed(user, id, error);
    }
    this.#count('done');
    return this.#keep(user, id, opened, way, mine.session);
  }

  async #keep(
    user: User,
    id: string,
    { token, idleSeconds }: Session,
    way: Way,
    before: HeldSession | null,
  ): Promise<HeldSession> {
    const openedAt = this.#ports.clock.now();
    const session = { token, digest: user.digest, openedAt, idleSeconds };
    try {
      const account = await this.#items.change(user.id, (now) => succeeded(now, id, session, openedAt));
      if (account) this.#known.set(user.id, { account, at: openedAt });
    } catch (error) {
      // Nobody would find it again.
      await this.#end(way, token);
      throw error;
    }
    if (before) await this.#end(way, before.token);
    return session;
  }

  /** What is to be thrown, once it is noted. */
  async #failed(user: User, id: string, error: unknown): Promise<unknown> {
    const outcome = outcomeOf(error);
    const at = this.#ports.clock.now();
    const refused: Refused | undefined =
      outcome.is === 'refused' ? { digest: user.digest, code: outcome.code, at } : undefined;
    this.#count(outcome.is);
    const account = await this.#items.change(user.id, (now) => {
      if (refused) return wasRefused(now, id, refused);
      return outcome.is === 'unanswered' ? wasUnanswered(now, id) : wasNotTried(now, id);
    });
    if (!refused) return error;
    if (error instanceof DroverError) return error;
    return refused.code === 'ACCOUNT_BLOCKED' && account?.blockedUntil
      ? saying(user, { is: 'blocked', until: account.blockedUntil })
      : refusal(user, refused);
  }

  async #note(user: User, by: string | 'scrape'): Promise<void> {
    const now = this.#ports.clock.now();
    const known = this.#known.get(user.id);
    if (known && !used(known.account, by, now)) return;
    const noted = await this.#items.change(user.id, (account) =>
      account.session ? used(account, by, now) : undefined,
    );
    if (noted) this.#known.set(user.id, { account: noted, at: known?.at ?? now });
  }

  #knownOf(user: User): { session: HeldSession } | undefined {
    const session = this.#fresh(user)?.account.session;
    return session?.digest === user.digest ? { session } : undefined;
  }

  #fresh({ id }: User): { account: Account } | undefined {
    const known = this.#known.get(id);
    return known && this.#ports.clock.now() - known.at < knownFor ? known : undefined;
  }

  async #look({ id }: User): Promise<Account> {
    const account = await this.#items.read(id);
    this.#known.delete(id);
    this.#known.set(id, { account, at: this.#ports.clock.now() });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= mostKnown) break;
      this.#known.delete(oldest);
    }
    return account;
  }

  /** It ends by itself otherwise. */
  async #end(way: Way, token: string): Promise<void> {
    await signOut(way, token).catch(() => undefined);
  }

  #count(outcome: 'done' | 'refused' | 'unanswered' | 'untried'): void {
    this.#ports.meter.count('drover_controller_sign_ins_total', { outcome });
  }
}

const mostKnown = 1_000;
const neuvectorError = errorsOf(neuvectorErrors);

type Outcome = { is: 'refused'; code: RefusalCode } | { is: 'unanswered' } | { is: 'untried' };

function outcomeOf(error: unknown): Outcome {
  if (error instanceof NvRefused) {
    const { status, code } = error.refusal;
    if (code === null) return { is: 'unanswered' };
    if (status !== 401) return { is: 'untried' };
    return { is: 'refused', code: refusals[code] ?? 'SIGN_IN_REFUSED' };
  }
  if (!(error instanceof DroverError)) return { is: 'unanswered' };
  if (error.code === 'PASSWORD_MUST_CHANGE') return { is: 'refused', code: error.code };
  return { is: neverSent.test(error.code) ? 'untried' : 'unanswered' };
}

const refusals: Readonly<Record<number, RefusalCode>> = {
  3: 'SIGN_IN_REFUSED',
  47: 'ACCOUNT_BLOCKED',
  48: 'PASSWORD_EXPIRED',
};

/** Ended before a request was on its way to a controller. */
const neverSent =
  /^(?:DNS|TCP|TLS|PROXY|TARGET|CLUSTER)_|^SERVICE_(?!UNANSWERED)|^(?:PERMISSION_MISSING|AUTH_REJECTED|THROTTLED)$/;

/** Whatever a controller says to who is nobody. */
async function requireController(way: Way): Promise<void> {
  const refusal = refusalOf(await way.send({ path: '/v1/fed/member' }), []);
  if (refusal.code === null) throw new NvRefused(refusal, way.place);
}

function saying(user: User, verdict: Verdict, notBefore?: number): DroverError {
  const common = { user: user.name, place: user.place };
  switch (verdict.is) {
    case 'refused':
      return refusal(user, verdict.refused);
    case 'blocked':
      return accessError('ACCOUNT_BLOCKED', { ...common, until: iso(verdict.until) });
    case 'held': {
      const { count, at, until } = verdict;
      return accessError('SIGN_IN_HELD', { ...common, count, when: iso(at), until: iso(notBefore ?? until) });
    }
    case 'lost':
      return accessError('SESSIONS_LEFT_OPEN', {
        ...common,
        count: verdict.count,
        until: iso(verdict.until),
      });
    case 'go':
    case 'wait':
      return accessError('SIGN_IN_BUSY', common);
  }
}

const refusal = ({ name: user, place }: User, { code, at }: Refused): DroverError =>
  code === 'PASSWORD_MUST_CHANGE'
    ? neuvectorError('PASSWORD_MUST_CHANGE', { user, place })
    : accessError(code, { user, place, when: iso(at), until: iso(at) });
