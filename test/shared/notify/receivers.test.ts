import { describe, expect, test } from 'vitest';
import { netError } from '../../../shared/net/errors.ts';
import { settle } from '../../fixtures/steppedClock.ts';
import { anEvent, aSubscription, aWorld } from './aNotify.ts';

const tenSeconds = 10_000;

function aFleet(dead: number, healthy: number) {
  const ids = [
    ...Array.from({ length: dead }, (_, i) => `whk_dead${i}`),
    ...Array.from({ length: healthy }, (_, i) => `whk_live${i}`),
  ];
  const world = aWorld(ids.map((id) => aSubscription(id)));
  const atOnce = { now: 0, most: 0 };
  for (const id of ids.filter((name) => name.includes('dead'))) {
    world.behave.set(`https://${id}.example/`, async () => {
      atOnce.most = Math.max(atOnce.most, ++atOnce.now);
      await world.clock.sleep(tenSeconds);
      atOnce.now--;
      throw netError('HTTP_TIMEOUT', { host: id, port: 443 });
    });
  }
  return { world, atOnce, liveCount: () => world.received.filter(({ url }) => url.includes('live')).length };
}

describe('black holes', () => {
  test('beside healthy receivers delay them by nothing: all is delivered before the clock has moved', async () => {
    const { world, liveCount } = aFleet(60, 20);
    const list = Array.from({ length: 20 }, () => anEvent());
    await world.put(...list);
    const ids = list.map(({ id }) => `history#clu_1\n${id}`);
    void world.notify().work({ kind: 'step', ids, at: world.clock.now() });
    await settle(2_000);
    expect(liveCount()).toBe(20 * 20);
    expect(new Set(world.received.filter(({ url }) => url.includes('live')).map(({ at }) => at))).toEqual(
      new Set([world.clock.now()]),
    );
  });

  test('get one try at a time until they are known, and then share places of their own', async () => {
    const { world, atOnce, liveCount } = aFleet(250, 5);
    const notify = world.notify();
    const send = async (count: number) => {
      const list = Array.from({ length: count }, () => anEvent());
      await world.put(...list);
      const done = notify.work({
        kind: 'step',
        ids: list.map(({ id }) => `history#clu_1\n${id}`),
        at: world.clock.now(),
      });
      await settle(1_000);
      return done;
    };
    void send(1);
    await settle(1_000);
    // More that were never tried than there are places: those after them wait once, for ten seconds.
    expect(atOnce.most).toBe(192);
    for (let i = 0; i < 10; i++) await world.clock.step(tenSeconds);
    expect(liveCount()).toBe(5);

    // Now they are known: however many there are, the living are served at once.
    atOnce.most = 0;
    world.received.length = 0;
    void send(3);
    await settle(2_000);
    expect(liveCount()).toBe(15);
    expect(atOnce.most).toBe(64);
  });

  test('keep no receiver from being tried again when it comes back', async () => {
    const { world } = aFleet(3, 0);
    const notify = world.notify();
    const event = anEvent();
    await world.put(event);
    const done = notify.work({ kind: 'step', ids: [`history#clu_1\n${event.id}`], at: world.clock.now() });
    await world.clock.step(tenSeconds);
    await done;
    for (const { id } of world.subscriptions) world.behave.set(`https://${id}.example/`, () => 200);
    world.received.length = 0;
    await world.round(notify);
    expect(world.received.length).toBe(3);
  });
});

test.each([200, 500])(
  'a receiver that answers %i gets one delivery first, and then four at once',
  async (status) => {
    const world = aWorld();
    const underWay: number[] = [];
    let now = 0;
    world.behave.set('https://whk_1.example/', async () => {
      underWay.push(++now);
      await world.clock.sleep(100);
      now--;
      return status;
    });
    const list = Array.from({ length: 30 }, () => anEvent());
    await world.put(...list);
    const ids = list.map(({ id }) => `history#clu_1\n${id}`);
    const done = world.notify().work({ kind: 'step', ids, at: world.clock.now() });
    for (let i = 0; i < 10; i++) await world.clock.step(100);
    await done;
    expect(underWay.length).toBe(30);
    expect(underWay.slice(0, 2)).toEqual([1, 1]);
    expect(Math.max(...underWay)).toBe(4);
  },
);
