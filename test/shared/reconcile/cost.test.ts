import { expect, it, vi } from 'vitest';
import { keys } from '#store';
import { minute } from '#time';
import { aLamp } from '../../example/lamps.ts';
import { aWorld, by } from './aWorld.ts';

/** Many lamps that are as they should be, looked at every five minutes. */
async function aQuietHerd(count: number) {
  const world = aWorld();
  const { engine, clock, table, deliver } = world;
  const slices = new Set<number>();
  for (let n = 0; n < count; n++) {
    const id = engine.records.newId('lamp');
    slices.add(keys.sliceOf(id));
    await engine.records.create(
      { kind: 'lamp', id, name: `lamp-${n}`, labels: {}, data: aLamp('off', 0), everySeconds: 300 },
      by,
    );
  }
  await deliver();
  const writes = (['put', 'update', 'delete', 'add'] as const).map((verb) => vi.spyOn(table, verb));
  const written = () => writes.reduce((sum, { mock }) => sum + mock.calls.length, 0);
  const tickOnce = async () => {
    await clock.runUntil(engine.tick());
    return world.queue.filter(({ kind }) => kind === 'round').length;
  };
  return { ...world, written, tickOnce, slices };
}

it('a round over records at rest costs two writes per slice, and none per record that is as it was', async () => {
  const { clock, tickOnce, deliver, written, looks, slices } = await aQuietHerd(400);
  await clock.step(6 * minute);
  const rounds = await tickOnce();
  expect(rounds).toBe(slices.size);
  const [before, looked] = [written(), looks()];
  await deliver();
  expect(looks() - looked).toBe(400);
  expect(written() - before).toBe(2 * rounds);
});

it('a tick over records of which none is due costs the same few reads, however many there are', async () => {
  const readsOf = async (count: number) => {
    const { clock, table, tickOnce, deliver } = await aQuietHerd(count);
    await clock.step(6 * minute);
    await tickOnce();
    await deliver();
    const before = table.units.read;
    expect(await tickOnce()).toBe(0);
    return table.units.read - before;
  };
  const reads = await readsOf(400);
  expect(reads).toBeLessThan(50);
  expect(await readsOf(100)).toBe(reads);
});
