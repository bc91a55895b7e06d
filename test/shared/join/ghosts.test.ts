import { expect, test } from 'vitest';
import { hour, minute } from '#time';
import type { MembershipBody } from '../../../shared/join/calls.ts';
import { QuietClock } from '../../fixtures/quietClock.ts';
import { Federation, refused, reset } from './aFederation.ts';
import { aJoiner, bodyOf } from './aJoiner.ts';

/** A join of which the store never hears what the primary made of it, so many times. */
async function lost(times: number, more: (token: string) => MembershipBody = () => ({})) {
  const federation = new Federation(new QuietClock({ grain: 250 }));
  const { clock } = federation;
  const [primary, store] = [federation.addPrimary(), federation.add('store-1')];
  let left = times;
  federation.intercept = async ({ path }, go) => {
    const answer = await go();
    if (path === '/v1/fed/join_internal' && answer.status === 200 && left-- > 0) throw reset();
    return answer;
  };
  const joiner = aJoiner({ federation });
  const issued = await primary.controller.answer('rest', {
    method: 'GET',
    path: '/v1/fed/join_token',
    query: new URLSearchParams({ token_duration: '600' }),
    headers: { 'x-auth-apikey': 'drover:s3cret-of-the-key' },
    body: Buffer.alloc(0),
    signal: new AbortController().signal,
  });
  const { join_token: token } = JSON.parse(String(issued.body)) as { join_token: string };
  const id = await joiner.register('store-1', { ...bodyOf(store, primary), ...more(token) });
  joiner.live();
  const isSettled = async () => ['joined', 'failed'].includes((await joiner.dataOf(id)).state.is);
  expect(await clock.passUntil(isSettled, 2 * hour)).toBe(true);
  return { federation, clock, primary, store, joiner, data: await joiner.dataOf(id) };
}

test.each([1, 3])(
  'what %i lost answers left at the primary is cleared away, and the store is in once',
  async (times) => {
    const { primary, store, data } = await lost(times);
    expect(data.state.is).toBe('joined');
    expect(primary.controller.state.members.map(({ id }) => id)).toEqual([store.controller.state.own!.id]);
    expect(data.attempts).toBeLessThanOrEqual(2 * times);
  },
);

test('where nobody may look at the primary, what is left there is explained and left to persons', async () => {
  const { data, primary } = await lost(1, (token) => ({ token, primary: null }));
  expect(data.state).toMatchObject({ is: 'failed', cause: { code: 'NAME_TAKEN_OR_GHOST' } });
  // It is still there, and no other joined it.
  expect(primary.controller.state.members).toHaveLength(1);
});

test('where the primary knows the cluster again, it needs nobody to clear anything', async () => {
  const federation = new Federation(new QuietClock({ grain: 250 }));
  const primary = federation.addPrimary('primary', { settings: { allowsSameUidRejoin: true } });
  const store = federation.add('store-1');
  let isLost = false;
  federation.intercept = async ({ path }, go) => {
    const answer = await go();
    if (path !== '/v1/fed/join_internal' || isLost) return answer;
    isLost = true;
    throw reset();
  };
  const joiner = aJoiner({ federation });
  const id = await joiner.register('store-1', bodyOf(store, primary));
  joiner.live();
  const isJoined = async () => (await joiner.dataOf(id)).state.is === 'joined';
  expect(await federation.clock.passUntil(isJoined, 10 * minute)).toBe(true);
  expect(primary.controller.state.members.map((one) => one.id)).toEqual([store.controller.state.own!.id]);
});

test('a cluster that lives and has our name is never put out for us', async () => {
  const federation = new Federation(new QuietClock({ grain: 250 }));
  const primary = federation.addPrimary();
  const [other, store] = [federation.add('other'), federation.add('store-1')];
  const joiner = aJoiner({ federation });
  const named = { storeId: null, clusterName: 'kiosk' };
  const first = await joiner.register('other', bodyOf(other, primary, named));
  joiner.live();
  const stateOf = async (id: string) => (await joiner.dataOf(id)).state;
  expect(
    await federation.clock.passUntil(async () => (await stateOf(first)).is === 'joined', 5 * minute),
  ).toBe(true);
  // Even while it cannot be reached: another address is another cluster.
  federation.intercept = ({ to, from }, go) =>
    to === 'other' && from === 'primary' ? Promise.reject(refused()) : go();
  await federation.clock.pass(10 * minute);
  const second = await joiner.register('store-1', bodyOf(store, primary, named));
  expect(await federation.clock.passUntil(async () => (await stateOf(second)).is === 'failed', hour)).toBe(
    true,
  );
  expect(await stateOf(second)).toMatchObject({ cause: { code: 'NAME_TAKEN_AT_PRIMARY' } });
  expect(primary.controller.state.members.map(({ id }) => id)).toEqual([other.controller.state.own!.id]);
});
