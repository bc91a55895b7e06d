import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DroverError } from '#errors';
import { netError } from '#net';
import { NvRefused, type NvRequest, type Pass, type Way } from '#neuvector';
import { MemoryTable, type Table } from '#store';
import { type Clock, hour, type Instant, type Millis, minute, second } from '#time';
import { Controller } from '../../../../../infra/world/neuvector/controller.ts';
import { SignIns, userOf } from '../../../../../shared/join/access/accounts/signIns.ts';
import { SessionWay } from '../../../../../shared/join/access/signedWay.ts';
import { bytesFrom, seeded } from '../../../../fixtures/chance.ts';
import { Cut } from '../../../../fixtures/cutTable.ts';
import { aVault } from '../../../clusters/secret/aVault.ts';

/**
 * Several memberships of one account, in several processes, in every order of what they ask of the store and of the
 * controller; some die on the way, some never hear what was answered. The simulated controller counts for itself how
 * many wrong passwords it saw in a row, and is the judge.
 */
const passwords = ['the-right-one', ...Array.from({ length: 7 }, (_, n) => `wrong-${n}`)];
const members = 4;
const processes = 3;

/** What befalls a sign-in on its way. */
type Loss = 'nothing' | 'question' | 'answer';

interface Visit {
  process: number;
  member: number;
  does: 'use' | 'scrape' | 'leave' | 'retry';
  loss: Loss;
  /** The process ends at that of its calls of the store and the controller; what it asked may have been done. */
  endsAt: number | undefined;
}

type Happening =
  | { is: 'visits'; visits: Visit[] }
  | { is: 'time'; by: Millis }
  /** Somebody gives a membership another password. */
  | { is: 'given'; member: number; password: number }
  /** Somebody changes it at the controller. */
  | { is: 'changed'; password: number }
  | { is: 'kicked' };

const visit: fc.Arbitrary<Visit> = fc.record({
  process: fc.nat(processes - 1),
  member: fc.nat(members - 1),
  does: fc.constantFrom('use', 'use', 'use', 'scrape', 'leave', 'retry'),
  loss: fc.constantFrom<Loss>('nothing', 'nothing', 'nothing', 'question', 'answer'),
  endsAt: fc.option(fc.integer({ min: 1, max: 8 }), { freq: 2, nil: undefined }),
});
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      is: fc.constant('visits'),
      visits: fc.array(visit, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant('time'),
      by: fc.constantFrom(second, minute, 6 * minute, 66 * minute),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant('given'),
      member: fc.nat(members - 1),
      password: fc.nat(passwords.length - 1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('changed'), password: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('kicked') }) },
);

/** Moves on when somebody waits, in the order in which they are woken. */
class ScheduledClock implements Clock {
  #now: Instant = Date.parse('2026-03-01T10:00:00Z');
  readonly #turn: () => Promise<void>;

  constructor(turn: () => Promise<void>) {
    this.#turn = turn;
  }

  now(): Instant {
    return this.#now;
  }

  async sleep(wait: Millis): Promise<void> {
    const at = this.#now + wait;
    await this.#turn();
    this.#now = Math.max(this.#now, at);
  }

  push(by: Millis): void {
    this.#now += by;
  }
}

class Account {
  readonly clock: ScheduledClock;
  readonly controller: Controller;
  readonly #s: fc.Scheduler;
  readonly #table: MemoryTable;
  readonly #given = [0, 0, 1, 2];
  /** Nobody has the right password: nothing that goes well makes up for what does not. */
  readonly #isHopeless: boolean;
  readonly #openedWith = new Map<string, string>();
  readonly #random = bytesFrom(seeded(11));
  readonly #sent = new Map<string, number>();
  readonly #living: {
    signIns: SignIns;
    calls: number;
    endsAt: number | undefined;
    loss: Loss;
    isOver: boolean;
  }[] = [];

  constructor(s: fc.Scheduler, isHopeless: boolean) {
    this.#s = s;
    this.#isHopeless = isHopeless;
    if (isHopeless) for (let n = 0; n < members; n++) this.#given[n] = n + 1;
    this.clock = new ScheduledClock(() => s.schedule(Promise.resolve()));
    this.#table = new MemoryTable(() => this.clock.now());
    this.controller = new Controller({
      name: 'one',
      seed: 'test',
      clock: this.clock,
      users: [{ username: 'admin', password: passwords[0]!, role: 'admin' }],
    });
    for (let n = 0; n < processes; n++) this.#start(n);
  }

  get judged() {
    return this.controller.accounts.signIns()[0]!;
  }

  async happen(what: Happening): Promise<void> {
    switch (what.is) {
      case 'visits':
        await this.#s.waitFor(Promise.all(what.visits.map((one) => this.#visit(one))));
        break;
      case 'time':
        this.clock.push(what.by);
        break;
      case 'given':
        this.#given[what.member] = this.#isHopeless ? Math.max(1, what.password) : what.password;
        break;
      case 'changed':
        if (!this.#isHopeless) this.controller.accounts.users[0]!.password = passwords[what.password]!;
        break;
      case 'kicked':
        this.controller.accounts.closeAllOf('admin');
    }
  }

  /** Whoever has the right password gets in again, once a person has seen to it. */
  async everybodyMayAgain(): Promise<void> {
    const right = passwords.indexOf(
      this.controller.accounts.users[0]!.password as (typeof passwords)[number],
    );
    this.#given.fill(right);
    this.clock.push(25 * hour);
    for (let n = 0; n < processes; n++) this.#start(n);
    const quiet = { process: 0, loss: 'nothing', endsAt: undefined } as const;
    for (let member = 0; member < members; member++) {
      await this.happen({ is: 'visits', visits: [{ ...quiet, member, does: 'retry' }] });
      expect(await this.#s.waitFor(this.#visit({ ...quiet, member, does: 'use' }))).toBe(200);
    }
  }

  #start(n: number): void {
    const life = { calls: 0, endsAt: undefined, loss: 'nothing' as Loss, isOver: false };
    const signIns = new SignIns({
      table: this.#over(n),
      vault: aVault(this.#table, this.clock),
      clock: this.clock,
      random: this.#random,
      meter: { count: () => undefined, observe: () => undefined },
    });
    this.#living[n] = { signIns, ...life };
  }

  async #visit({ process: n, member, does, loss, endsAt }: Visit): Promise<number | undefined> {
    if (this.#living[n]!.isOver) this.#start(n);
    const process = this.#living[n]!;
    process.loss = loss;
    if (endsAt !== undefined) process.endsAt = process.calls + endsAt;
    const { signIns } = process;
    const password = passwords[this.#given[member]!]!;
    const user = userOf('nv:10443', { type: 'password', username: 'admin', password });
    const way = this.#way(n);
    const by = does === 'scrape' ? 'scrape' : `mem_${member}`;
    try {
      if (does === 'leave') return await signIns.leave(user, by, (use) => use(way)).then(() => undefined);
      if (does === 'retry') return await signIns.forgive(user).then(() => undefined);
      const session = await signIns.session(user, password, way, by);
      expect(this.#openedWith.get(session.token), 'the password of the session').toBe(password);
      const signed = new SessionWay(way, session.token, async (over) => {
        await signIns.isOver(user, over, way);
        return (await signIns.session(user, password, way, by)).token;
      });
      return (await signed.send({ path: '/v1/fed/member' }, signed.pass)).status;
    } catch (error) {
      if (error instanceof Cut || error instanceof DroverError || error instanceof NvRefused)
        return undefined;
      throw error;
    }
  }

  /** Everything that leaves a process goes through here: it may be late, and the last thing that it does. */
  async #through<T>(n: number, call: () => Promise<T>): Promise<T> {
    const process = this.#living[n]!;
    await this.#s.schedule(Promise.resolve());
    if (process.isOver) throw new Cut();
    process.isOver = ++process.calls === process.endsAt;
    const answer = await call();
    if (process.isOver) throw new Cut();
    return answer;
  }

  #over(n: number): Table {
    return new Proxy(this.#table, {
      get: (target, name: keyof Table) => {
        const method = target[name];
        if (typeof method !== 'function') return method;
        const call = method.bind(target) as (...given: unknown[]) => Promise<unknown>;
        return (...given: unknown[]) => this.#through(n, () => call(...given));
      },
    });
  }

  #way(n: number): Way {
    const send = (request: NvRequest, pass?: Pass) => this.#through(n, () => this.#send(n, request, pass));
    return {
      place: 'nv:10443',
      send,
      stream: () => Promise.reject(new Error('nothing is streamed')),
      close: async () => undefined,
    };
  }

  async #send(n: number, { method = 'GET', path, body }: NvRequest, pass?: Pass) {
    const isSignIn = method === 'POST';
    const { loss } = this.#living[n]!;
    const cut = () => netError('HTTP_CUT', { host: 'nv', port: 10443, bytes: 0, reason: 'ECONNRESET' });
    if (isSignIn && loss === 'question') throw cut();
    const answer = await this.controller.answer('rest', {
      method,
      path,
      query: new URLSearchParams(),
      headers: pass?.kind === 'session' ? { 'x-auth-token': pass.token } : {},
      body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
      signal: new AbortController().signal,
    });
    const text = String(answer.body);
    if (isSignIn)
      this.#noteSignIn(answer.status, text, (body as { password: { password: string } }).password.password);
    if (isSignIn && loss === 'answer') throw cut();
    return { status: answer.status, headers: answer.headers, body: Buffer.from(text) };
  }

  #noteSignIn(status: number, text: string, password: string): void {
    if (status === 200) this.#openedWith.set(JSON.parse(text).token.token, password);
    else this.#sent.set(password, (this.#sent.get(password) ?? 0) + 1);
  }
}

describe('an account of a controller', () => {
  test('is never blocked, and has few sessions, whatever befalls those who sign in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.boolean(),
        fc.array(happening, { minLength: 1, maxLength: 20 }),
        async (s, isHopeless, happenings) => {
          const account = new Account(s, isHopeless);
          for (const what of happenings) {
            await account.happen(what);
            expect(account.judged.isBlocked).toBe(false);
            expect(account.judged.sessions).toBeLessThanOrEqual(12);
          }
          await account.everybodyMayAgain();
          expect(account.judged.isBlocked).toBe(false);
        },
      ),
      { numRuns: 100, seed: 7, endOnFailure: false },
    );
  });
});
