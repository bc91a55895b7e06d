import { expect, test } from 'vitest';
import { keys, type Query } from '#store';
import { settle } from '../../fixtures/steppedClock.ts';
import { anEvent, aWorld, tableWith, type World } from './aNotify.ts';

const ended = async (world: World, tick: Promise<unknown>): Promise<number> => {
  let isDone = false;
  const started = world.clock.now();
  void tick.finally(() => {
    isDone = true;
  });
  await settle();
  while (!isDone) await world.clock.step(500);
  return world.clock.now() - started;
};

test('an idle tick looks twice, five to ten seconds apart, and ends', async () => {
  const world = aWorld();
  const tick = world.notify().tick();
  const took = await ended(world, tick);
  expect(took).toBeGreaterThanOrEqual(5_000);
  expect(took).toBeLessThanOrEqual(10_500);
  expect(await tick).toEqual({ looks: 2, handedOver: 0 });
});

test('while something is due within a minute it stays, but never beyond 55 s', async () => {
  const world = aWorld();
  await world.put(anEvent({ at: world.clock.now() + 30_000 }));
  const tick = world.notify().tick();
  const took = await ended(world, tick);
  expect(took).toBeGreaterThan(44_000);
  expect(took).toBeLessThanOrEqual(55_500);
  // Nobody worked on it: it was handed over again after 20 s, not at every look.
  expect(world.handedOver.length).toBeLessThanOrEqual(2);
  expect(world.handedOver.length).toBeGreaterThanOrEqual(1);
});

test('all shards are paged through to now, and what is due later is left', async () => {
  const world = aWorld();
  // Pages of three: without paging on, the fourth of a shard would not be seen.
  const table = tableWith(world.table, {
    query: (query: Query) => world.table.query({ ...query, limit: 3 }),
  });
  const due = Array.from({ length: 120 }, () => anEvent());
  await world.put(...due, anEvent({ at: world.clock.now() + 3_600_000 }));
  const tick = world.notify({ table }).tick();
  await settle();
  const ids = world.handedOver.flatMap((one) => (one.kind === 'step' ? one.ids : []));
  expect([...ids].sort()).toEqual(due.map(({ id }) => `history#clu_1\n${id}`).sort());
  expect(world.handedOver.every((one) => one.kind === 'step' && one.ids.length <= 50)).toBe(true);
  await ended(world, tick);
});

test('what failed before is never in one group with what did not', async () => {
  const world = aWorld();
  world.behave.set('https://whk_1.example/', () => 500);
  await world.put(...Array.from({ length: 5 }, () => anEvent()));
  await world.round(world.notify());
  await world.clock.step(60_000);
  await world.put(...Array.from({ length: 5 }, () => anEvent()));
  const tick = world.notify().tick();
  await settle();
  const groups = world.handedOver.map((one) =>
    one.kind === 'step' ? one.ids.map((id) => id.split('#')[0]) : [],
  );
  expect(groups.map((group) => [...new Set(group)])).toEqual([['history'], ['delivery']]);
  const slow = await world.table.query({
    index: 'due',
    partition: keys.duePartition('deliveries', 'near', 0),
  });
  expect(slow.items).toEqual([]);
  await ended(world, tick);
});
