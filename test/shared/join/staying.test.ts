import { describe, expect, test } from 'vitest';
import { hour, minute } from '#time';
import type { MembershipBody } from '../../../shared/join/calls.ts';
import type { MembershipState } from '../../../shared/join/model.ts';
import { secondsToJoin } from '../../../shared/join/present.ts';
import { paused, resumed, retried } from '../../../shared/join/wishes.ts';
import { QuietClock } from '../../fixtures/quietClock.ts';
import { Federation, type Placed, refused } from './aFederation.ts';
import { aJoiner, bodyOf, type Joiner } from './aJoiner.ts';

/** A store that is a member, with all that this takes. */
async function aMember(more: MembershipBody = {}) {
  const federation = new Federation(new QuietClock({ grain: 250 }));
  const primary = federation.addPrimary();
  const store = federation.add('store-1');
  const joiner = aJoiner({ federation });
  const id = await joiner.register('store-1', bodyOf(store, primary, more));
  joiner.live();
  const become = async (is: MembershipState['is'], within = 30 * minute) => {
    const isSo = async () => (await joiner.dataOf(id)).state.is === is;
    const came = await federation.clock.passUntil(isSo, within);
    expect(came, JSON.stringify((await joiner.dataOf(id)).state)).toBe(true);
    return joiner.dataOf(id);
  };
  await become('joined');
  await federation.clock.pass(5 * minute);
  return { federation, clock: federation.clock, primary, store, joiner, id, become };
}
type Member = Awaited<ReturnType<typeof aMember>>;

/** As the primary's administrator does. */
async function dismiss({ primary, clock }: Member): Promise<void> {
  const { controller } = primary;
  const request = {
    method: 'DELETE',
    path: `/v1/fed/cluster/${controller.state.members[0]!.id}`,
    query: new URLSearchParams(),
    headers: { 'x-auth-apikey': 'drover:s3cret-of-the-key' },
    body: Buffer.alloc(0),
    signal: new AbortController().signal,
  };
  const answer = await clock.runUntil(controller.answer('rest', request), minute);
  expect(answer.status).toBe(200);
}

async function signInAs({ controller }: Placed, password: string): Promise<void> {
  const request = {
    method: 'POST',
    path: '/v1/auth',
    query: new URLSearchParams(),
    headers: {},
    body: Buffer.from(JSON.stringify({ password: { username: 'admin', password } })),
    signal: new AbortController().signal,
  };
  expect((await controller.answer('rest', request)).status).toBe(401);
}

const typesOf = async (joiner: Joiner, id: string) =>
  (await joiner.records.history(id, { limit: 50 })).events.map(({ type }) => type).toReversed();

const namesAt = ({ controller }: Placed) => controller.state.members.map(({ name }) => name);

/** Nothing that a membership goes through may ever count against an account. */
function expectNoRefusal(...controllers: Placed[]) {
  for (const { controller } of controllers)
    expect(controller.accounts.signIns().filter((one) => one.refused > 0 || one.isBlocked)).toEqual([]);
}

describe.each(['no', 'mend', 'always'] as const)('with stayJoined %s', (stayJoined) => {
  test('one that the primary put out is held, or joins again where that was wished', async () => {
    const member = await aMember({ stayJoined });
    const { joiner, id, clock, become, primary, store } = member;
    await dismiss(member);
    expect(store.controller.state.role).toBe('');
    if (stayJoined === 'always') {
      await clock.passUntil(() => primary.controller.state.members.length === 1, 30 * minute);
      await become('joined');
      expect(namesAt(primary)).toEqual(['store-1-abcdef']);
      expect(await typesOf(joiner, id)).toContain('join.lost');
    } else {
      const { state } = await become('held');
      expect(state).toMatchObject({ cause: { code: 'PUT_OUT' } });
      await clock.pass(2 * hour);
      expect(namesAt(primary)).toEqual([]);
      expect((await joiner.dataOf(id)).state.is).toBe('held');
      await joiner.wish(id, (data) => retried(data, 'store-1', clock.now()));
      expect(secondsToJoin(await joiner.dataOf(id))).toBeNull();
      await become('joined');
      expect(namesAt(primary)).toEqual(['store-1-abcdef']);
    }
    expectNoRefusal(primary, store);
  });

  test('one that the primary put out during a pause is held after it, unless it is to join always', async () => {
    const member = await aMember({ stayJoined });
    const { joiner, id, clock, become, primary } = member;
    await joiner.wish(id, (data) => paused(data, null, 'works', clock.now()));
    await dismiss(member);
    await clock.pass(hour);
    await joiner.wish(id, (data) => resumed(data, clock.now())!);
    if (stayJoined === 'always') {
      await clock.passUntil(() => primary.controller.state.members.length === 1, 30 * minute);
      await become('joined');
    } else {
      await become('held');
      expect(namesAt(primary)).toEqual([]);
    }
  });

  test('one that was put out while nobody reached it, and that says kicked, likewise', async () => {
    const member = await aMember({ stayJoined });
    const { joiner, id, clock, become, primary, store, federation } = member;
    federation.intercept = (passing, go) => (passing.from === 'primary' ? Promise.reject(refused()) : go());
    await dismiss(member);
    federation.intercept = (_, go) => go();
    await clock.passUntil(() => store.controller.state.own?.status === 'kicked', 5 * minute);
    if (stayJoined === 'always') {
      await clock.passUntil(() => primary.controller.state.members.length === 1, 30 * minute);
      await become('joined');
    } else {
      await become('held');
      await clock.pass(hour);
      expect(store.controller.state).toMatchObject({ role: 'joint', own: { status: 'kicked' } });
      await joiner.wish(id, (data) => retried(data, 'store-1', clock.now()));
      await clock.passUntil(() => primary.controller.state.members.length === 1, 30 * minute);
      await become('joined');
    }
    expect(primary.controller.state.members.map((one) => one.id)).toEqual([store.controller.state.own!.id]);
    expectNoRefusal(primary, store);
  });

  test('one whose primary cannot be reached is told so, stays, and is well when that is over', async () => {
    const { joiner, id, become, primary, store, federation } = await aMember({ stayJoined });
    const own = store.controller.state.own!.id;
    federation.intercept = ({ to }, go) => (to === 'primary' ? Promise.reject(refused()) : go());
    const { state } = await become('degraded');
    expect(state).toMatchObject({ cause: { code: 'PRIMARY_OUT_OF_TOUCH' } });
    await federation.clock.pass(2 * hour);
    federation.intercept = (_, go) => go();
    await become('joined');
    expect(store.controller.state.own!.id).toBe(own);
    expect(namesAt(primary)).toEqual(['store-1-abcdef']);
    expect((await typesOf(joiner, id)).slice(-2)).toEqual(['join.degraded', 'join.recovered']);
  });

  test('one that is out of sync for long is told so, and has its rules sent where it may be mended', async () => {
    const { joiner, id, become, clock, primary, federation } = await aMember({ stayJoined });
    let deploys = 0;
    // Polls bring nothing until somebody deploys.
    federation.intercept = async ({ path }, go) => {
      if (path === '/v1/fed/deploy') deploys++;
      if (path !== '/v1/fed/poll_internal' || deploys > 0) return go();
      return { status: 200, headers: {}, body: JSON.stringify({ result: 0, poll_interval: 1 }) };
    };
    primary.controller.changeRules();
    await clock.pass(10 * minute);
    expect((await joiner.dataOf(id)).state.is).toBe('joined');
    if (stayJoined === 'no') {
      const { state } = await become('degraded');
      expect(state).toMatchObject({ cause: { code: 'OUT_OF_SYNC' } });
      await clock.pass(hour);
      expect(deploys).toBe(0);
      deploys = 1;
    } else {
      await clock.passUntil(() => deploys > 0, hour);
      expect(deploys).toBe(1);
    }
    await become('joined');
    await clock.pass(2 * minute);
    expect(primary.controller.state.members).toMatchObject([{ status: 'synced' }]);
    expect(await typesOf(joiner, id)).toEqual(expect.arrayContaining(['join.degraded', 'join.recovered']));
  });

  test('one that somebody took to another primary is told so, and brought back where it may be mended', async () => {
    const { joiner, id, become, clock, primary, store, federation } = await aMember({ stayJoined });
    const other = federation.addPrimary('other');
    const asAdmin = async (placed: Placed, method: string, path: string, body?: object) => {
      const answer = await clock.runUntil(
        placed.controller.answer('rest', {
          method,
          path,
          query: new URLSearchParams(),
          headers: { 'x-auth-apikey': 'drover:s3cret-of-the-key' },
          body: Buffer.from(body ? JSON.stringify(body) : ''),
          signal: new AbortController().signal,
        }),
        minute,
      );
      expect(answer.status).toBe(200);
      return answer.body === '' ? undefined : JSON.parse(String(answer.body));
    };
    await asAdmin(store, 'POST', '/v1/fed/leave', { force: false });
    await clock.pass(10_000);
    const { join_token } = await asAdmin(other, 'GET', '/v1/fed/join_token');
    const away = { name: 'elsewhere', join_token, joint_rest_info: store.rest };
    await asAdmin(store, 'POST', '/v1/fed/join', away);
    expect(namesAt(other)).toEqual(['elsewhere']);
    if (stayJoined === 'no') {
      const { state } = await become('degraded');
      expect(state).toMatchObject({ cause: { code: 'WRONG_PRIMARY' } });
      await clock.pass(hour);
      expect([namesAt(primary), namesAt(other)]).toEqual([[], ['elsewhere']]);
    } else {
      await clock.passUntil(() => primary.controller.state.members.length === 1, hour);
      await become('joined');
      expect([namesAt(primary), namesAt(other)]).toEqual([['store-1-abcdef'], []]);
    }
    expect(await typesOf(joiner, id)).toContain('join.lost');
    expectNoRefusal(primary, store, other);
  });
});

describe('a wrong password', () => {
  test('is tried once, by joins, rounds, preflights and scrapes, and a retry waits for another', async () => {
    const federation = new Federation(new QuietClock({ grain: 500 }));
    const { clock } = federation;
    const [primary, store] = [federation.addPrimary(), federation.add('store-1')];
    const body = bodyOf(store, primary);
    const controller = {
      ...body.controller,
      credential: { type: 'password', username: 'admin', password: 'not-the-one' } as const,
    };
    const joiner = aJoiner({ federation });
    const ids = [];
    // Two memberships of one account: what one was told, the other need not ask.
    for (const name of ['one', 'two']) ids.push(await joiner.register(name, { ...body, controller }));
    const second = aJoiner({ federation, table: joiner.table, vault: joiner.vault });
    joiner.live();
    second.live();
    await clock.pass(3 * hour);
    for (const id of ids) {
      for (const { worker } of [joiner, second]) {
        for (let i = 0; i < 3; i++) {
          await clock.runUntil(worker.answer({ do: 'preflight', id }), minute);
          const scraped = worker.answer({ do: 'scrape', id, compat: false }).catch(() => undefined);
          await clock.runUntil(scraped, minute);
          await clock.pass(minute);
        }
      }
    }
    const [admin] = store.controller.accounts.signIns();
    expect(admin).toMatchObject({ user: 'admin', refused: 1, isBlocked: false, done: 0 });
    for (const id of ids) {
      const data = await joiner.dataOf(id);
      expect(data).toMatchObject({ state: { is: 'failed' }, refused: { of: 'controller' } });
      expect(() => retried(data, 'one', clock.now())).toThrowError(
        expect.objectContaining({ code: 'SIGN_IN_STILL_REFUSED' }),
      );
    }
  });
});

test('a password that others have blocked is used again once a person has given it again, and not before', async () => {
  const federation = new Federation(new QuietClock({ grain: 500 }));
  const { clock } = federation;
  const [primary, store] = [federation.addPrimary(), federation.add('store-1')];
  const { accounts } = store.controller;
  for (let i = 0; i < 5; i++) await signInAs(store, 'somebody-elses-mistake');
  const joiner = aJoiner({ federation });
  const body = bodyOf(store, primary);
  const id = await joiner.register('store-1', body);
  joiner.live();
  const giveAgain = async () => {
    await joiner.give(id, { controller: body.controller });
    await clock.pass(2 * minute);
    return (await joiner.dataOf(id)).state;
  };
  await clock.pass(minute);
  expect((await joiner.dataOf(id)).state).toMatchObject({ is: 'failed', cause: { code: 'ACCOUNT_BLOCKED' } });
  const tries = accounts.signIns()[0]!.refused;
  expect(await giveAgain()).toMatchObject({ is: 'failed', cause: { code: 'ACCOUNT_BLOCKED' } });
  await clock.pass(2 * hour);
  expect((await joiner.dataOf(id)).state.is).toBe('failed');
  expect(accounts.signIns()[0]!.refused).toBe(tries);
  expect(await giveAgain()).toMatchObject({ is: 'joined' });
});

describe('clocks that differ', () => {
  test.each([-30, 30])('by %i minutes between Drover and both controllers are no matter', async (minutes) => {
    const federation = new Federation(new QuietClock({ grain: 250 }));
    const primary = federation.addPrimary('primary', {}, minutes * minute);
    const store = federation.add('store-1', {}, minutes * minute);
    const joiner = aJoiner({ federation });
    const id = await joiner.register('store-1', bodyOf(store, primary));
    joiner.live();
    const isJoined = async () => (await joiner.dataOf(id)).state.is === 'joined';
    expect(await federation.clock.passUntil(isJoined, 5 * minute)).toBe(true);
    await federation.clock.pass(30 * minute);
    expect(await isJoined()).toBe(true);
  });

  test('between the two controllers are seen by what they do, and told', async () => {
    const federation = new Federation(new QuietClock({ grain: 250 }));
    const primary = federation.addPrimary('primary', {}, 10 * minute);
    const store = federation.add('store-1');
    const joiner = aJoiner({ federation });
    const id = await joiner.register('store-1', bodyOf(store, primary));
    joiner.live();
    const isTold = async () => (await joiner.dataOf(id)).state.is === 'degraded';
    expect(await federation.clock.passUntil(isTold, hour)).toBe(true);
    expect(namesAt(primary)).toEqual(['store-1-abcdef']);
  });
});

test('a cluster that still cleans up after a federation is waited for, and that counts as no try', async () => {
  const federation = new Federation(new QuietClock({ grain: 250 }));
  const primary = federation.addPrimary();
  const store = federation.add('store-1', { settings: { cleanupMillis: 4 * minute } });
  await store.controller.becomeStandalone();
  const joiner = aJoiner({ federation });
  const id = await joiner.register('store-1', bodyOf(store, primary, { maxAttempts: 2 }));
  joiner.live();
  const isJoined = async () => (await joiner.dataOf(id)).state.is === 'joined';
  expect(await federation.clock.passUntil(isJoined, 6 * minute)).toBe(true);
  expect((await joiner.dataOf(id)).attempts).toBe(0);
});

test('two Drovers that know nothing of each other join one cluster once', async () => {
  const federation = new Federation(new QuietClock({ grain: 100 }));
  const [primary, store] = [federation.addPrimary(), federation.add('store-1')];
  const joiners = [aJoiner({ federation, name: 'one' }), aJoiner({ federation, name: 'two' })];
  const ids: string[] = [];
  for (const [i, joiner] of joiners.entries())
    ids.push(await joiner.register('store-1', bodyOf(store, primary), i === 0 ? 'aaaaaa' : 'bbbbbb'));
  for (const joiner of joiners) joiner.live();
  const areJoined = async () => {
    const states = await Promise.all(joiners.map((joiner, i) => joiner.dataOf(ids[i]!)));
    return states.every(({ state }) => state.is === 'joined');
  };
  expect(await federation.clock.passUntil(areJoined, 10 * minute)).toBe(true);
  await federation.clock.pass(10 * minute);
  expect(await areJoined()).toBe(true);
  expect(primary.controller.state.members.map(({ id }) => id)).toEqual([store.controller.state.own!.id]);
  expectNoRefusal(primary, store);
});
