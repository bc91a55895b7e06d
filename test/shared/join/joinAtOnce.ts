import { expect } from 'vitest';
import { type Millis, minute } from '#time';
import { QuietClock } from '../../fixtures/quietClock.ts';
import { Federation } from './aFederation.ts';
import { aJoiner, bodyOf } from './aJoiner.ts';

const processes = 4;

/**
 * Stores whose joins come at once to a primary that takes one after another: who waits 20 s for its lock is sent away,
 * who waited 10 s for its answer has gone, and is taken in all the same. `probeTakes`: to answer the primary, which asks
 * while it holds its one lock.
 */
export async function joinAtOnce({ size, probeTakes }: { size: number; probeTakes: Millis }): Promise<void> {
  const federation = new Federation(new QuietClock({ grain: 200 }));
  const { clock } = federation;
  const primary = federation.addPrimary();
  let [busy, gone] = [0, 0];
  federation.intercept = async ({ from, path }, go) => {
    if (from === 'primary' && path === '/v1/fed/joint_test_internal') await clock.sleep(probeTakes);
    const answer = await go();
    if (path === '/v1/fed/join' && answer.status === 500) {
      if (String(answer.body).includes('"code":19')) busy++;
      else gone++;
    }
    return answer;
  };
  const first = aJoiner({ federation });
  const { table, vault } = first;
  const stores = Array.from({ length: size }, (_, i) => federation.add(`store-${i + 1}`));
  const ids = await Promise.all(
    stores.map((store) => first.register(store.controller.name, bodyOf(store, primary))),
  );
  const others = Array.from({ length: processes - 1 }, () => aJoiner({ federation, table, vault }));
  for (const joiner of [first, ...others]) joiner.live();

  const areIn = () =>
    primary.controller.state.members.length === size &&
    stores.every(({ controller }) => controller.state.role === 'joint');
  expect(await clock.passUntil(areIn, 60 * minute)).toBe(true);
  const isSettled = async () => {
    const states = await Promise.all(ids.map(async (id) => (await first.dataOf(id)).state.is));
    return states.every((is) => is === 'joined');
  };
  expect(await clock.passUntil(isSettled, 10 * minute)).toBe(true);
  // The lock was felt, and what it did was put right.
  expect(busy + gone).toBeGreaterThan(10);
  const listed = primary.controller.state.members.map(({ id, name }) => `${name} ${id}`).sort();
  const own = stores.map(({ controller: { name, state } }) => `${name}-abcdef ${state.own!.id}`).sort();
  expect(listed).toEqual(own);
  for (const { controller } of [primary, ...stores])
    expect(controller.accounts.signIns().every(({ refused, isBlocked }) => refused === 0 && !isBlocked)).toBe(
      true,
    );
  // Who opened a session closed it, or nobody uses it any more.
  await clock.pass(6 * minute);
  const used = stores.filter(({ controller }) => controller.accounts.liveSessions() > 1);
  expect(used.map(({ controller }) => controller.name)).toEqual([]);
}
