import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createEngine, type HandOver, type Ports } from '#reconcile';
import { keys, MemoryTable } from '#store';
import { minute, second } from '#time';
import { aLamp, type House, lampsIn, wanting } from '../../example/lamps.ts';
import { SteppedClock } from '../../shared/time/steppedClock.ts';

const by = { actor: { kind: 'system' as const, id: 'test', name: 'test' }, action: 'lamp.create' };

function aHouse() {
  const lamps = new Map<string, boolean>();
  const dark = new Set<string>();
  const house: House = {
    look: async (id) => (dark.has(id) ? 'unreachable' : { isOn: lamps.get(id) ?? false }),
    turn: async (id, to) => void lamps.set(id, to === 'on'),
  };
  return { house, lamps, dark };
}

function aWorld() {
  const clock = new SteppedClock('2026-03-01T10:00:00Z');
  const table = new MemoryTable(() => clock.now());
  const home = aHouse();
  const queue: HandOver[] = [];
  const ports: Ports = {
    clock,
    random: randomBytes,
    couriers: {
      work: async (_area, handOver) => void queue.push(handOver),
      tick: async () => undefined,
      call: async () => null,
    },
    meter: { count: () => undefined, observe: () => undefined },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  };
  const engine = createEngine(lampsIn(home.house), { ...ports, table });
  const deliver = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await clock.runUntil(engine.work(next));
  };
  return { clock, table, engine, queue, deliver, ...home };
}

describe('a record’s life', () => {
  it('is created, brought to what is wanted, and goes to rest', async () => {
    const { engine, deliver, lamps, table } = aWorld();
    const created = await engine.records.create(
      { kind: 'lamp', name: 'porch', labels: {}, data: aLamp('on', 0), everySeconds: 60 },
      by,
    );
    expect(created.outcome).toBe('created');
    await deliver();
    const row = await engine.records.get('porch', 'lamp');
    expect(row?.data.state).toBe('lit');
    expect(lamps.get(row!.id)).toBe(true);
    const item = await table.get(keys.rowKey('lamps', row!.id));
    expect(item).toMatchObject({ confirmed: true, outbox: [] });
    expect(item).not.toHaveProperty('dueAt');
    const { events } = await engine.records.history(row!.id, { limit: 10 });
    expect(events.map((event) => event.type)).toEqual(['lamp.lit', 'lamp.created']);
  });

  it('is changed by a person and decided on afresh', async () => {
    const { engine, deliver, lamps } = aWorld();
    await engine.records.create({ kind: 'lamp', name: 'porch', labels: {}, data: aLamp('on', 0) }, by);
    await deliver();
    const changed = await engine.records.change(
      'porch',
      'lamp',
      (row) => ({ data: wanting(row.data, 'off') }),
      by,
    );
    expect(changed.outcome).toBe('changed');
    await deliver();
    const row = await engine.records.get('porch', 'lamp');
    expect(row?.data.state).toBe('dark');
    expect(lamps.get(row!.id)).toBe(false);
  });

  it('is deleted: undone outside, its name free at once, its row gone when late writers are done', async () => {
    const { engine, deliver, lamps, table, clock } = aWorld();
    await engine.records.create({ kind: 'lamp', name: 'porch', labels: {}, data: aLamp('on', 0) }, by);
    await deliver();
    const { id } = (await engine.records.get('porch', 'lamp'))!;
    await engine.records.remove('porch', 'lamp', by);
    expect((await engine.records.get(id, 'lamp'))?.deletedAt).toBe(clock.now());
    await deliver();
    expect(lamps.get(id)).toBe(false);
    expect(await engine.records.get(id, 'lamp')).toBeUndefined();
    expect(await table.get(keys.nameKey('lamp', 'porch'))).toBeUndefined();
    clock.step(15 * minute);
    await clock.runUntil(engine.tick());
    await deliver();
    expect(await table.get(keys.rowKey('lamps', id))).toBeUndefined();
    const { events } = await engine.records.history(id, { limit: 10 });
    expect(events.map((event) => event.type)).toContain('lamp.deleted');
  });

  it('backs off while it fails, recovers through the tick, and tells both', async () => {
    const { engine, deliver, dark, clock } = aWorld();
    await engine.records.create(
      { kind: 'lamp', name: 'porch', labels: {}, data: aLamp('on', 0), everySeconds: 60 },
      by,
    );
    await deliver();
    const { id } = (await engine.records.get('porch', 'lamp'))!;
    dark.add(id);
    clock.step(2 * minute);
    await clock.runUntil(engine.tick());
    await deliver();
    expect((await engine.records.get(id, 'lamp'))?.data.state).toBe('broken');
    dark.clear();
    clock.step(10 * second);
    await clock.runUntil(engine.tick());
    await deliver();
    expect((await engine.records.get(id, 'lamp'))?.data.state).toBe('lit');
  });

  it('refuses a second record of the same name', async () => {
    const { engine } = aWorld();
    const draft = { kind: 'lamp', name: 'porch', labels: {}, data: aLamp('on', 0) };
    await engine.records.create(draft, by);
    expect(await engine.records.create(draft, by)).toMatchObject({ outcome: 'nameTaken' });
  });
});
