import { describe, expect, it } from 'vitest';
import { type Item, keys } from '#store';
import { day, minute, second } from '#time';
import { movedTo } from '../../../example/lamps.ts';
import { carriesEvent, isPutOfRow, isSettling, Scenario } from './scenario.ts';
import type { Operation } from './sim.ts';
import { byUser } from './world.ts';

/** The interleavings that ENGINE.md lists, by their numbers. All end in calm weather with nothing amiss. */
const inStep = ({ process }: Operation) => process.name === 'step';
const inRound = ({ process }: Operation) => process.name === 'round';

async function endsWell(scenario: Scenario): Promise<void> {
  await scenario.calmDown();
  expect(scenario.verdict()).toEqual([]);
}

describe('interleavings of the engine', () => {
  it('1: settled, then crashed before anything else: the row is still listed and looked at', async () => {
    const world = new Scenario();
    world.strike(isSettling, { kind: 'crashAfter' });
    const id = await world.aLitLamp('porch');
    expect(world.row(id)?.dueAt).toBeUndefined();
    const { answer } = world.request((records) => records.list({ kind: 'lamp', limit: 10 }));
    await world.run(second);
    expect((await answer).rows.map((row) => row.id)).toEqual([id]);
    const before = world.looks.get(id)!;
    world.startCron();
    await world.run(3 * minute);
    expect(world.looks.get(id)).toBeGreaterThan(before);
    await endsWell(world);
  });

  it('2: a step, a create and a new credential touch the rows of a round that is running', async () => {
    const world = new Scenario();
    const porch = await world.aLitLamp('porch');
    const hall = await world.aLitLamp('hall');
    world.strike((op) => inRound(op) && op.verb === 'look', { kind: 'pause', for: 20 * second });
    world.startCron();
    await world.run(2 * minute + 5 * second);
    world.change('porch', () => ({ wants: 'off' }));
    world.create('attic');
    world.request((records) => records.change('hall', 'lamp', () => ({ secret: movedTo('floor') }), byUser));
    await world.run(30 * second);
    await endsWell(world);
    expect([world.state(porch), world.state(hall)]).toEqual(['dark', 'lit']);
  });

  it('3: a look fails, the user mends it, the commit is refused: looked at again, no outage is told', async () => {
    const world = new Scenario();
    const id = await world.aLitLamp('porch');
    world.dark.add(id);
    world.strike((op) => inStep(op) && op.verb === 'look', { kind: 'pause', for: 4 * second });
    world.startCron();
    while (world.row(id)?.owner === undefined) await world.run(100);
    world.dark.delete(id);
    world.request((records) => records.change('porch', 'lamp', () => ({ secret: movedTo('floor') }), byUser));
    await endsWell(world);
    expect(world.told(id)).toEqual(['lamp.created', 'lamp.lit']);
  });

  it('4: a round, and a worker, paused for ten minutes resume and write nothing over what came after', async () => {
    const world = new Scenario();
    const id = await world.aLitLamp('porch');
    const round = world.strike((op) => inRound(op) && op.verb === 'look', {
      kind: 'pause',
      for: 10 * minute,
    });
    const step = world.strike((op) => inStep(op) && op.verb === 'look', { kind: 'pause', for: 10 * minute });
    world.startCron();
    world.change('porch', () => ({ wants: 'off' }));
    await world.run(5 * minute);
    expect([round.process()?.isDead, step.process()?.isDead]).toEqual([false, false]);
    expect(world.state(id)).toBe('dark');
    const { rev } = world.row(id)!;
    await world.run(10 * minute);
    expect(world.row(id)?.rev).toBe(rev);
    await endsWell(world);
  });

  it('5: a commit refused because of a PATCH is decided afresh by the same worker, on the same lease', async () => {
    const world = new Scenario();
    const id = await world.aLitLamp('porch');
    world.change('porch', () => ({ wants: 'off' }));
    world.strike((op) => inStep(op) && op.verb === 'look', { kind: 'pause', for: 3 * second });
    await world.run(second);
    const owner = world.row(id)?.owner;
    expect(owner).toBeDefined();
    const { answer } = world.change('porch', () => ({ wants: 'on', blinks: 2 }));
    await world.run(2500);
    expect((await answer).outcome).toBe('changed');
    expect(world.row(id)?.owner).toBe(owner);
    await world.run(10 * second);
    expect(world.state(id)).toBe('lit');
    await endsWell(world);
    expect(world.told(id)).toEqual(['lamp.created', 'lamp.lit']);
  });

  it('6: a commit on the way to rest carries an event, and the worker dies before the copy', async () => {
    const world = new Scenario();
    const { id } = world.create('porch');
    world.strike(carriesEvent('lamp.lit'), { kind: 'crashAfter' });
    await world.run(5 * second);
    expect(world.told(id)).not.toContain('lamp.lit');
    await endsWell(world);
    expect(world.told(id)).toContain('lamp.lit');
  });

  it('7: two workers copy one outbox, one of them late: what was delivered stays delivered', async () => {
    const world = new Scenario();
    const id = await world.aLitLamp('porch');
    world.dark.add(id);
    world.strike(carriesEvent('lamp.broken'), { kind: 'pause', for: 2 * minute });
    world.startCron();
    await world.run(2 * minute + 45 * second);
    expect(world.deliveriesCalledFor).toBeGreaterThan(0);
    const copy = () =>
      [...world.store.items.values()].find((item) => item.pk === `history#${id}` && item.duePk);
    const delivered = copy()!;
    expect(delivered).toMatchObject({ event: { type: 'lamp.broken' } });
    const courier = world.store.for(world.process('delivery'));
    void courier.update({ pk: delivered.pk, sk: delivered.sk }, { remove: ['duePk', 'dueSk'] });
    await world.run(4 * minute);
    expect(copy()).toBeUndefined();
    await endsWell(world);
  });

  it('8: the interval changes while its round runs, and a round is killed after taking its turn', async () => {
    const world = new Scenario();
    const id = await world.aLitLamp('porch', { everySeconds: 300 });
    world.strike((op) => inRound(op) && op.verb === 'query', { kind: 'pause', for: 10 * second });
    world.startCron();
    await world.run(6 * minute);
    world.request((records) => records.change('porch', 'lamp', () => ({ everySeconds: 60 }), byUser));
    world.strike((op) => inRound(op) && op.verb === 'query', { kind: 'crashBefore' });
    await world.run(4 * minute);
    expect(world.sim.now - world.looks.get(id)!).toBeLessThan(2 * minute);
    await endsWell(world);
  });

  it('9: a tick and a hand-over are lost', async () => {
    const world = new Scenario();
    world.weather = { ...world.weather, lostHandOver: 1, lostTick: 1 };
    const { id } = world.create('porch');
    await world.run(second);
    world.weather = { ...world.weather, lostHandOver: 0, lostTick: 0 };
    world.startCron();
    await world.run(minute + 5 * second);
    expect(world.state(id)).toBe('lit');
    await endsWell(world);
  });

  it('10: a hand-over comes twice, and a PATCH during back-off is served at once', async () => {
    const world = new Scenario();
    const id = await world.aLitLamp('porch');
    world.dark.add(id);
    world.startCron();
    await world.run(4 * minute);
    expect(world.state(id)).toBe('broken');
    while (Number(world.row(id)?.dueAt) < world.sim.now + 10 * second) await world.run(second);
    const row = world.row(id)!;
    expect(row.owner).toBeUndefined();
    world.runWork({ kind: 'step', ids: [id], at: world.sim.now });
    await world.run(second);
    expect(world.row(id)).toEqual(row);
    world.dark.delete(id);
    world.change('porch', () => ({ wants: 'off' }));
    await world.run(second);
    expect(world.state(id)).toBe('dark');
    await endsWell(world);
  });

  it('11: rows that nobody can read are the oldest in a shard of many pages, and hide nothing', async () => {
    const world = new Scenario();
    const good = await world.aLitLamp('porch');
    const [template] = [world.row(good)!];
    world.store.pageSize = 3;
    const planted: Item[] = Array.from({ length: 40 }, () => {
      const id = world.nextId();
      const dueAt = world.sim.now - day;
      const due = keys.dueAttributes('lamps', 'near', id, dueAt);
      return { ...template, ...keys.rowKey('lamps', id), id, name: id, schema: 99, dueAt, ...due };
    });
    const hand = world.store.for(world.process('hand'));
    for (const item of planted) void hand.put(item);
    await world.run(second);
    world.weather = { ...world.weather, lostHandOver: 1 };
    world.change('porch', () => ({ wants: 'off' }));
    await world.run(second);
    world.weather = { ...world.weather, lostHandOver: 0 };
    await world.run(20 * second);
    expect(world.state(good)).toBe('dark');
    const errors = world.log.filter(({ message }) => message === 'a stored record cannot be read');
    expect(errors.length).toBe(planted.length);
    const kept = world.row(String(planted[7]!.id))!;
    expect(kept).toMatchObject({ schema: 99, data: template!.data as object, lane: 'slow' });
    expect(Number(kept.dueAt)).toBeGreaterThan(world.sim.now + 14 * minute);
  });

  describe('12: one name, two creators', () => {
    const operations = 5;
    const faults = ['crashBefore', 'crashAfter', 'pause'] as const;
    const cases = faults.flatMap((kind) =>
      Array.from({ length: operations }, (_, index) => ({ kind, index })),
    );
    it.each(cases)(
      'the first meets $kind at its operation $index, the second comes 16 minutes later',
      async (one) => {
        const world = new Scenario();
        let seen = 0;
        const fault =
          one.kind === 'pause' ? { kind: 'pause' as const, for: 20 * minute } : { kind: one.kind };
        world.strike(
          (op) => op.process.name === 'http' && op.verb !== 'invoke' && seen++ === one.index,
          fault,
        );
        const first = world.create('porch', { socket: 'wall' });
        await world.run(16 * minute);
        const later = world.create('porch');
        world.startCron();
        await world.run(10 * second);
        await endsWell(world);
        const alive = [first.id, later.id].filter(
          (id) => world.row(id)?.goneAt === undefined && world.row(id),
        );
        expect(alive).toHaveLength(1);
      },
    );

    it('both at once: one is told that the name is taken', async () => {
      const world = new Scenario();
      const both = [world.create('porch'), world.create('porch')];
      await world.run(5 * second);
      const outcomes = await Promise.all(both.map(({ answer }) => answer));
      expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['created', 'nameTaken']);
      await endsWell(world);
    });
  });

  it('13: a late round, a late act and a late slot come after a delete', async () => {
    const world = new Scenario();
    const id = await world.aLitLamp('porch');
    world.startCron();
    world.strike((op) => inRound(op) && op.verb === 'look', { kind: 'pause', for: 9 * minute });
    await world.run(2 * minute + 5 * second);
    world.strike((op) => op.verb === 'turn', { kind: 'lands', after: 290 * second });
    world.change('porch', () => ({ wants: 'off' }));
    await world.run(second);
    world.change('porch', () => ({ wants: 'on' }));
    world.strike((op) => op.what.includes(' slots') && op.verb === 'update', {
      kind: 'lands',
      after: 290 * second,
    });
    world.request((records) => records.change('porch', 'lamp', () => ({ secret: movedTo('floor') }), byUser));
    await world.run(2 * second);
    world.remove('porch');
    await world.run(12 * minute);
    await endsWell(world);
    expect(world.row(id)).toBeUndefined();
    expect(world.lamps.get(id)).toBe(false);
  });

  it('14: server and credential change together, with a crash between, while a step drops old slots', async () => {
    const world = new Scenario();
    const id = await world.aLitLamp('porch');
    const move = (to: string) =>
      world.request((records) => records.change('porch', 'lamp', () => ({ secret: movedTo(to) }), byUser));
    move('floor');
    world.strike((op) => op.process.name === 'http' && isPutOfRow()(op), { kind: 'crashBefore' });
    move('ceiling');
    world.strike((op) => inStep(op) && op.what.includes(' slots'), { kind: 'pause', for: 5 * second });
    await world.run(second);
    move('cellar');
    await world.run(10 * second);
    await endsWell(world);
    const slots = world.store.items.get(`side#${id} slots`)!;
    const { slot, socket } = world.row(id)!.data as { slot: string; socket: string };
    expect(slots[slot]).toEqual({ opens: socket });
  });

  it('16: a change with If-Match gets through to a row whose worker commits every two seconds', async () => {
    const world = new Scenario();
    const id = await world.aLitLamp('porch');
    world.change('porch', () => ({ blinks: 40 }));
    await world.run(21 * second);
    const before = world.row(id)!;
    expect(before.owner).toBeDefined();
    const { answer } = world.change('porch', () => ({ wants: 'off', blinks: 0 }), Number(before.version));
    await world.run(second);
    expect((await answer).outcome).toBe('changed');
    await world.run(15 * second);
    expect(world.state(id)).toBe('dark');
    await endsWell(world);
  });

  it('17: a worker dies a second after it took over from an idle system: another is there within 40 s', async () => {
    const world = new Scenario();
    const id = await world.aLitLamp('porch');
    world.startCron();
    await world.run(90 * second);
    world.change('porch', () => ({ wants: 'off' }));
    world.strike((op) => inStep(op) && op.verb === 'look', { kind: 'crashAfter' });
    await world.run(second);
    const died = world.sim.now;
    const { owner } = world.row(id)!;
    expect(owner).toBeDefined();
    while (world.row(id)?.owner === owner) await world.run(100);
    expect(world.sim.now - died).toBeLessThan(40 * second);
    await endsWell(world);
  });

  it('18: a receiver is dead for days, and no row grows', async () => {
    const world = new Scenario();
    const id = await world.aLitLamp('porch');
    world.startCron();
    let largest = 0;
    for (let n = 0; n < 60; n++) {
      if (n % 2 === 0) world.dark.add(id);
      else world.dark.delete(id);
      await world.run(2 * minute);
      largest = Math.max(largest, JSON.stringify(world.row(id)).length);
    }
    world.dark.delete(id);
    expect(world.told(id).length).toBeGreaterThan(30);
    expect(largest).toBeLessThan(4096);
    await endsWell(world);
  });

  it('19: a PATCH whose answer is lost lands later, and a DELETE finds its own success', async () => {
    const world = new Scenario();
    const id = await world.aLitLamp('porch');
    const isHttpPut = (op: Operation) => op.process.name === 'http' && isPutOfRow()(op);
    world.strike(isHttpPut, { kind: 'lands', after: 5_200 });
    const patched = world.change('porch', () => ({ wants: 'off' }));
    await world.run(20 * second);
    expect((await patched.answer).outcome).toBe('changed');
    expect(world.state(id)).toBe('dark');
    world.strike(isHttpPut, { kind: 'lostAnswer' });
    const deleted = world.remove('porch');
    world.startCron();
    // The row is marked and a worker undoes all of it before the first answer is given up.
    await world.run(2 * minute);
    expect(await deleted.answer).toMatchObject({ outcome: 'changed' });
    expect(world.told(id).filter((type) => type === 'lamp.deleted')).toHaveLength(1);
    await endsWell(world);
  });
});
