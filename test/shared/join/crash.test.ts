import { describe, expect, test } from 'vitest';
import { minute, second } from '#time';
import { QuietClock } from '../../fixtures/quietClock.ts';
import { Federation, type Placed, reset } from './aFederation.ts';
import { aJoiner, bodyOf, type CutHere, type Joiner } from './aJoiner.ts';

/** A primary, a store, and its membership, which a process that lives no longer registered. */
async function registered() {
  const federation = new Federation(new QuietClock({ grain: 100 }));
  const primary = federation.addPrimary();
  const store = federation.add('store-1');
  const maker = aJoiner({ federation });
  const id = await maker.register('store-1', bodyOf(store, primary));
  maker.end();
  return { federation, primary, store, id, table: maker.table, vault: maker.vault };
}

const isJoined = async (joiner: Joiner, id: string): Promise<boolean> => {
  const { state } = await joiner.dataOf(id);
  return state.is === 'joined';
};

/** Whoever is in the federation is who says so, and nobody was kept waiting at the door. */
async function expectOne(joiner: Joiner, id: string, primary: Placed, store: Placed) {
  const { members } = primary.controller.state;
  const { own, role } = store.controller.state;
  expect(members.map(({ id: listed, name }) => [listed, name])).toEqual([[own?.id, 'store-1-abcdef']]);
  expect(role).toBe('joint');
  const data = await joiner.dataOf(id);
  expect(data).toMatchObject({ state: { is: 'joined' }, sent: null, refused: null });
  expect(data.attempts).toBeLessThanOrEqual(2);
  for (const { controller } of [primary, store]) {
    expect(controller.accounts.signIns().filter(({ refused }) => refused > 0)).toEqual([]);
  }
}

describe('a join', () => {
  test('that nothing hinders is one call, one entry, one event', async () => {
    const { federation, primary, store, id, ...kept } = await registered();
    const joiner = aJoiner({ federation, ...kept });
    joiner.live();
    expect(await federation.clock.passUntil(() => isJoined(joiner, id), 2 * minute)).toBe(true);
    await federation.clock.pass(10 * minute);
    await expectOne(joiner, id, primary, store);
    const { events } = await joiner.records.history(id, { limit: 50 });
    expect(events.map(({ type }) => type).toReversed()).toEqual([
      'join.created',
      'join.started',
      'join.completed',
    ]);
    expect(store.controller.accounts.liveSessions()).toBe(0);
  });

  test.each<[string, Omit<CutHere, 'number'>]>([
    ['ends before one of its writes', { at: 'write', isAfter: false }],
    ['ends after one of its writes', { at: 'write', isAfter: true }],
    ['ends before one of its calls', { at: 'call', isAfter: false }],
    ['ends after one of its calls', { at: 'call', isAfter: true }],
    ['cannot reach who it calls', { at: 'call', isAfter: false, isLost: true }],
    ['loses the answer to a call', { at: 'call', isAfter: true, isLost: true }],
  ])('whose process %s comes about once, whichever it is', async (_, cut) => {
    let number = 0;
    for (let isCut = true; isCut; ) {
      number++;
      const { federation, primary, store, id, ...kept } = await registered();
      const { clock } = federation;
      const first = aJoiner({ federation, ...kept, cut: { ...cut, number } });
      first.live();
      await clock.passUntil(async () => first.hasEnded() || isJoined(first, id), 5 * minute);
      isCut = first.done[cut.at] >= number;
      const other = aJoiner({ federation, ...kept });
      if (!cut.isLost) {
        first.end();
        other.live();
      }
      const isIn = await clock.passUntil(() => isJoined(other, id), 15 * minute);
      expect(isIn, `cut at ${number}: ${JSON.stringify((await other.dataOf(id)).state)}`).toBe(true);
      await clock.pass(90 * second);
      await expectOne(other, id, primary, store);
      first.end();
      other.end();
      // Nobody uses a session of who ended, and so it ends.
      await clock.pass(6 * minute);
      for (const { controller } of [primary, store]) expect(controller.accounts.liveSessions()).toBe(0);
    }
    expect(number).toBeGreaterThan(8);
  });

  // For its lock it may wait 20 s, for its primary 10 s, and who is there now never heard of the one that went.
  test.each(['ends', 'loses the answer'])(
    'whose process %s while it is under way is not sent again meanwhile',
    async (how) => {
      const { federation, primary, store, id, ...kept } = await registered();
      const { clock } = federation;
      const first = aJoiner({ federation, ...kept });
      const other = aJoiner({ federation, ...kept });
      let sent = 0;
      let underWay = 0;
      let most = 0;
      federation.intercept = async ({ to, path }, go) => {
        if (to !== 'store-1' || path !== '/v1/fed/join') return go();
        most = Math.max(most, ++underWay);
        const late = clock
          .sleep(40 * second)
          .then(go)
          .finally(() => {
            underWay--;
          });
        if (++sent > 1) return late;
        if (how === 'ends') {
          first.end();
          other.live();
        }
        throw reset();
      };
      first.live();
      expect(await clock.passUntil(() => isJoined(other, id), 15 * minute)).toBe(true);
      await clock.pass(90 * second);
      expect({ sent, most }).toEqual({ sent: 1, most: 1 });
      await expectOne(other, id, primary, store);
    },
  );

  test.each([
    ['is lost on its way', false],
    ['has its answer lost', true],
  ])('whose controllers’ own call %s comes about once, whichever it is', async (_, isAfter) => {
    let number = 0;
    for (let isCut = true; isCut; ) {
      number++;
      const { federation, primary, store, id, ...kept } = await registered();
      const { clock } = federation;
      const joiner = aJoiner({ federation, ...kept });
      let between = 0;
      federation.intercept = async ({ from }, go) => {
        if (from === 'drover' || ++between !== number) return go();
        if (isAfter) await go();
        throw reset();
      };
      joiner.live();
      const isIn = await clock.passUntil(() => isJoined(joiner, id), 15 * minute);
      expect(isIn, `cut at ${number}: ${JSON.stringify((await joiner.dataOf(id)).state)}`).toBe(true);
      isCut = between >= number;
      await clock.pass(2 * minute);
      await expectOne(joiner, id, primary, store);
    }
    expect(number).toBeGreaterThan(1);
  });

  test('is not sent where somebody else’s came between the look and it', async () => {
    const { federation, primary, store, id, ...kept } = await registered();
    const { clock } = federation;
    const [slow, quick] = [
      aJoiner({ federation, name: 'slow', ...kept }),
      aJoiner({ federation, name: 'quick' }),
    ];
    const theirs = await quick.register('store-1', bodyOf(store, primary), 'ghijkl');
    const sent: string[] = [];
    federation.intercept = async ({ from, path }, go) => {
      if (path === '/v1/fed/join') sent.push(from);
      const answer = await go();
      if (from === 'slow' && path === '/v1/fed/join_token') {
        quick.live();
        for (let tries = 0; tries < 20 && !(await isJoined(quick, theirs)); tries++)
          await clock.sleep(second);
      }
      return answer;
    };
    slow.live();
    expect(await clock.passUntil(() => isJoined(slow, id), 15 * minute)).toBe(true);
    expect(sent).toEqual(['quick']);
    expect(primary.controller.state.members.map(({ name }) => name)).toEqual(['store-1-ghijkl']);
  });
});
