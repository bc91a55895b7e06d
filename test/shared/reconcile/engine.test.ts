import { describe, expect, it } from 'vitest';
import type { ListPlace } from '#reconcile';
import { keys } from '#store';
import { day, minute, second } from '#time';
import { aLamp, wanting } from '../../example/lamps.ts';
import { aWorld, by } from './aWorld.ts';

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
    await clock.step(15 * minute);
    await clock.runUntil(engine.tick());
    await deliver();
    expect(await table.get(keys.rowKey('lamps', id))).toBeUndefined();
    const { events } = await engine.records.history(id, { limit: 10 });
    expect(events.map((event) => event.type)).toContain('lamp.deleted');
  });

  it('says at its end what it is told to say, in the same write, or is not deleted', async () => {
    const { engine, deliver } = aWorld();
    await engine.records.create({ kind: 'lamp', name: 'porch', labels: {}, data: aLamp('on', 0) }, by);
    await deliver();
    const { version } = (await engine.records.get('porch', 'lamp'))!;
    const refused = engine.records.remove('porch', 'lamp', by, () => {
      throw new Error('It stays.');
    });
    await expect(refused).rejects.toThrow('It stays.');
    expect((await engine.records.get('porch', 'lamp'))?.deletedAt).toBeUndefined();
    const removed = await engine.records.remove('porch', 'lamp', by, ({ data }) => wanting(data, 'off'));
    expect(removed).toMatchObject({
      outcome: 'changed',
      row: { version: version + 1, data: { wants: 'off' } },
    });
    const again = await engine.records.remove('porch', 'lamp', by, ({ data }) => wanting(data, 'on'));
    expect(again).toMatchObject({ outcome: 'unchanged', row: { data: { wants: 'off' } } });
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
    await clock.step(2 * minute);
    // The first starts the round, which sees it; the one that the round asks for hands it over.
    for (let ticks = 0; ticks < 2; ticks++) {
      await clock.runUntil(engine.tick());
      await deliver();
    }
    expect((await engine.records.get(id, 'lamp'))?.data.state).toBe('broken');
    dark.clear();
    await clock.step(10 * second);
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

const aDraft = (name: string, more = {}) => ({
  kind: 'lamp',
  name,
  labels: {},
  data: aLamp('on', 0),
  ...more,
});

describe('a record that fails', () => {
  it('gives up after so many attempts, in a state with a name, and starts anew when a person says so', async () => {
    const { engine, deliver, dark, clock } = aWorld();
    const { row } = (await engine.records.create(aDraft('porch'), by)) as { row: { id: string } };
    dark.add(row.id);
    await deliver();
    for (let tries = 0; tries < 20; tries++) {
      await clock.step(20 * minute);
      await clock.runUntil(engine.tick());
      await deliver();
    }
    expect((await engine.records.get('porch', 'lamp'))?.data).toMatchObject({
      state: 'gaveUp',
      failures: 11,
    });
    dark.delete(row.id);
    await engine.records.change(
      'porch',
      'lamp',
      ({ data }) => ({ data: { ...data, wants: 'on', failures: 0 } }),
      by,
    );
    await deliver();
    expect((await engine.records.get('porch', 'lamp'))?.data.state).toBe('lit');
  });

  it('goes into the slow lane, and comes back from it when it is well', async () => {
    const { engine, deliver, dark, clock, table } = aWorld();
    const { row } = (await engine.records.create(aDraft('porch'), by)) as { row: { id: string } };
    dark.add(row.id);
    await deliver();
    const lane = async () => (await table.get(keys.rowKey('lamps', row.id)))?.lane;
    expect(await lane()).toBe('near');
    for (let tries = 0; tries < 4; tries++) {
      await clock.step(5 * minute);
      await clock.runUntil(engine.tick());
      await deliver();
    }
    expect(await lane()).toBe('slow');
    dark.delete(row.id);
    await clock.step(20 * minute);
    await clock.runUntil(engine.tick());
    await deliver();
    expect(await lane()).toBe('near');
  });

  it('whose step throws says so, keeps its state, and is tried again', async () => {
    const { engine, deliver, house, clock } = aWorld();
    const look = house.look;
    house.look = async () => {
      throw new Error('a bug of ours');
    };
    await engine.records.create(aDraft('porch'), by);
    await deliver();
    const row = await engine.records.get('porch', 'lamp');
    expect(row).toMatchObject({ attempt: 1, trouble: { code: 'STEP_FAILED' }, data: { state: 'pending' } });
    house.look = look;
    await clock.step(10 * second);
    await clock.runUntil(engine.tick());
    await deliver();
    expect(await engine.records.get('porch', 'lamp')).toMatchObject({ attempt: 0, data: { state: 'lit' } });
    expect((await engine.records.get('porch', 'lamp'))?.trouble).toBeUndefined();
  });
});

describe('a stored record that this version cannot read', () => {
  it.each([
    ['of a newer schema', { schema: 99 }],
    ['in an unknown state', { data: { wants: 'on', state: 'exploded', since: 0 } }],
  ])('%s is reported with its key, and changed in the engine’s fields alone', async (_name, broken) => {
    const { engine, deliver, table, clock } = aWorld();
    const { row } = (await engine.records.create(aDraft('porch'), by)) as { row: { id: string } };
    await deliver();
    const key = keys.rowKey('lamps', row.id);
    const due = { dueAt: clock.now(), ...keys.dueAttributes('lamps', 'near', row.id, clock.now()) };
    await table.update(key, { set: { ...broken, ...due } });
    const before = (await table.get(key))!;
    await clock.runUntil(engine.tick());
    await deliver();
    const after = (await table.get(key))!;
    expect(Number(after.dueAt)).toBeGreaterThanOrEqual(clock.now() + 14 * minute);
    const theirs = ({ dueAt, duePk, dueSk, lane, rev, last, ...rest }: typeof after) => rest;
    expect(theirs(after)).toEqual(theirs(before));
    await expect(engine.records.get(row.id, 'lamp')).rejects.toMatchObject({ code: 'RECORD_UNREADABLE' });
    const list = await engine.records.list({ kind: 'lamp', limit: 10 });
    expect(list).toMatchObject({ rows: [], unreadable: [`${key.pk} ${key.sk}`] });
  });
});

describe('lists', () => {
  it('page through in order, and inserts between pages neither repeat nor skip what was there', async () => {
    const { engine, deliver } = aWorld();
    const names = ['ash', 'birch', 'cedar', 'elm', 'fir', 'oak', 'pine'];
    for (const name of names) await engine.records.create(aDraft(name), by);
    await deliver();
    const first = await engine.records.list({ kind: 'lamp', limit: 3 });
    expect(first.rows.map(({ name }) => name)).toEqual(['ash', 'birch', 'cedar']);
    await engine.records.create(aDraft('beech'), by);
    await engine.records.create(aDraft('dogwood'), by);
    const second = await engine.records.list({ kind: 'lamp', limit: 10, after: first.next! });
    expect(second.rows.map(({ name }) => name)).toEqual(['dogwood', 'elm', 'fir', 'oak', 'pine']);
    expect(second.next).toBeUndefined();
  });

  it('filter, sort the other way round, and count', async () => {
    const { engine, deliver, dark } = aWorld();
    for (const name of ['ash', 'birch', 'cedar']) await engine.records.create(aDraft(name), by);
    await engine.records.create(aDraft('oak', { data: aLamp('off', 0), labels: { region: 'eu' } }), by);
    dark.add((await engine.records.get('ash', 'lamp'))!.id);
    await deliver();
    const sorted = await engine.records.list({ kind: 'lamp', limit: 10, sort: '-name' });
    expect(sorted.rows.map(({ name }) => name)).toEqual(['oak', 'cedar', 'birch', 'ash']);
    const inEurope = await engine.records.list({
      kind: 'lamp',
      limit: 10,
      where: ({ labels }) => labels.region === 'eu',
    });
    expect(inEurope.rows.map(({ name }) => name)).toEqual(['oak']);
    expect(await engine.records.counts('lamp', ['state', 'cause'])).toEqual({
      state: { broken: 1, lit: 2, dark: 1 },
      cause: { LAMP_UNREACHABLE: 1, null: 3 },
    });
  });

  it('end a page of large records early, and go on after it', async () => {
    const { engine } = aWorld();
    const names = Array.from({ length: 22 }, (_, n) => `lamp-${n + 10}`);
    const data = aLamp('on', 0, { socket: 'x'.repeat(300_000) });
    for (const name of names) await engine.records.create(aDraft(name, { data }), by);
    const told: string[] = [];
    let after: ListPlace | undefined;
    do {
      const page = await engine.records.list({ kind: 'lamp', limit: 200, ...(after && { after }) });
      expect(JSON.stringify(page.rows).length).toBeLessThan(4_000_000);
      told.push(...page.rows.map(({ name }) => name));
      after = page.next;
    } while (after);
    expect(told).toEqual(names);
  });

  it('count names of JavaScript’s own like any others', async () => {
    const { engine } = aWorld();
    for (const name of ['constructor', 'valueof']) await engine.records.create(aDraft(name), by);
    expect(await engine.records.counts('lamp', ['name'])).toEqual({ name: { constructor: 1, valueof: 1 } });
  });

  it('show this process’s own writes at once, and those of others within 10 s', async () => {
    const { engine, anEngine, clock } = aWorld();
    const other = anEngine();
    const names = async (of: typeof engine) =>
      (await of.records.list({ kind: 'lamp', limit: 10 })).rows.map(({ name }) => name);
    expect([await names(engine), await names(other)]).toEqual([[], []]);
    await engine.records.create(aDraft('ash'), by);
    expect([await names(engine), await names(other)]).toEqual([['ash'], []]);
    await clock.step(10 * second);
    expect(await names(other)).toEqual(['ash']);
  });
});

describe('the records of a slice', () => {
  it('are whole, and together with those of the other slices all there are', async () => {
    const { engine, deliver, clock } = aWorld();
    const names = ['ash', 'birch', 'cedar', 'elm', 'fir', 'oak', 'pine'];
    for (const name of names) await engine.records.create(aDraft(name), by);
    const inAll = async (kind: string) => {
      const slices = Array.from({ length: keys.slices }, (_, slice) => engine.records.inSlice(kind, slice));
      return (await Promise.all(slices)).flat();
    };
    expect(await inAll('lamp')).toEqual([]);
    await deliver();
    expect((await inAll('lamp')).map(({ name, data }) => [name, data.state]).sort()).toEqual(
      names.map((name) => [name, 'lit']),
    );
    const { id } = (await engine.records.get('oak', 'lamp'))!;
    expect((await engine.records.inSlice('lamp', keys.sliceOf(id))).map((row) => row.id)).toContain(id);
    expect(await inAll('socket')).toEqual([]);
    await engine.records.remove('oak', 'lamp', by);
    await deliver();
    await clock.step(second);
    expect((await inAll('lamp')).map(({ name }) => name)).not.toContain('oak');
  });
});

describe('a history', () => {
  it('is told newest first, in pages, with what is still in the outbox', async () => {
    const { engine, deliver } = aWorld();
    const { row } = (await engine.records.create(aDraft('porch'), by)) as { row: { id: string } };
    await deliver();
    for (const wants of ['off', 'on'] as const) {
      await engine.records.change('porch', 'lamp', ({ data }) => ({ data: wanting(data, wants) }), by);
      await deliver();
    }
    await engine.records.remove('porch', 'lamp', by);
    const pages: string[][] = [];
    let after: string | undefined;
    do {
      const page = await engine.records.history(row.id, { limit: 2, ...(after ? { after } : {}) });
      pages.push(page.events.map(({ type }) => type));
      after = page.next;
    } while (after);
    expect(pages.flat()).toEqual(['lamp.deleted', 'lamp.lit', 'lamp.dark', 'lamp.lit', 'lamp.created']);
    expect(pages.slice(0, -1).every(({ length }) => length === 2)).toBe(true);
  });
});

describe('a history’s beginning', () => {
  it('is the creation, also where a person writes before the first step has come', async () => {
    const { engine, deliver, clock } = aWorld();
    const { row } = (await engine.records.create(aDraft('porch'), by)) as { row: { id: string } };
    await clock.step(1);
    await engine.records.remove('porch', 'lamp', by);
    await deliver();
    const { events } = await engine.records.history(row.id, { limit: 10 });
    expect(events.map(({ type }) => type)).toEqual(['lamp.deleted', 'lamp.created']);
  });
});

describe('the audit entry of a creation', () => {
  it('carries the time of the request, however late the first step comes', async () => {
    const { engine, deliver, clock, table } = aWorld();
    const requestedAt = clock.now();
    await engine.records.create(aDraft('porch'), by);
    await clock.step(30 * second);
    await deliver();
    const trail = Array.from({ length: keys.auditShards }, (_, shard) =>
      table.query({ partition: `audit#2026-03-01#${shard}` }),
    );
    const entries = (await Promise.all(trail)).flatMap(({ items }) => items.map(({ audit }) => audit));
    expect(entries).toMatchObject([{ action: 'lamp.create', at: requestedAt, target: { name: 'porch' } }]);
  });
});

describe('waiting for a record', () => {
  it('is answered as soon as it is newer, or as it is when the time is over', async () => {
    const { engine, deliver, clock } = aWorld();
    await engine.records.create(aDraft('porch'), by);
    await deliver();
    const { version } = (await engine.records.get('porch', 'lamp'))!;
    const waiting = engine.records.waitNewer('porch', 'lamp', version, 20);
    await engine.records.change('porch', 'lamp', ({ data }) => ({ data: wanting(data, 'off') }), by);
    expect((await clock.runUntil(waiting))?.version).toBe(version + 1);
    const before = clock.now();
    const inVain = await clock.runUntil(engine.records.waitNewer('porch', 'lamp', 999, 20));
    expect(inVain?.version).toBe(version + 1);
    expect(clock.now() - before).toBe(20 * second);
  });
});

describe('a look outside a lease that saw something new', () => {
  it('writes when the record is due alone, and asks for the tick that hands it over', async () => {
    const { engine, deliver, lamps, clock, table, queue, ticks } = aWorld();
    await engine.records.create(aDraft('porch'), by);
    await deliver();
    const { id } = (await engine.records.get('porch', 'lamp'))!;
    const before = await table.get(keys.rowKey('lamps', id));
    ticks.length = 0;
    lamps.set(id, false);
    expect(await engine.wake(id)).toBe(true);
    const { dueAt, duePk, dueSk, rev, last, ...rest } = (await table.get(keys.rowKey('lamps', id)))!;
    expect(before).toMatchObject(rest);
    expect([dueAt, ticks, queue]).toEqual([clock.now(), ['lamps'], []]);
    await clock.runUntil(engine.tick());
    await deliver();
    expect(lamps.get(id)).toBe(true);
  });

  it('has one that waits out its back-off looked at at once', async () => {
    const { engine, deliver, clock, dark, table, queue } = aWorld();
    await engine.records.create(aDraft('porch'), by);
    const { id } = (await engine.records.get('porch', 'lamp'))!;
    dark.add(id);
    await deliver();
    await clock.step(10 * minute);
    await clock.runUntil(engine.tick());
    await deliver();
    const waiting = (await table.get(keys.rowKey('lamps', id)))!;
    expect(Number(waiting.dueAt)).toBeGreaterThan(clock.now() + second);
    expect(waiting).not.toHaveProperty('owner');
    dark.delete(id);
    expect(await engine.wake(id)).toBe(true);
    expect((await table.get(keys.rowKey('lamps', id)))!.dueAt).toBe(clock.now());
    expect(queue).toEqual([]);
    await clock.runUntil(engine.tick());
    await deliver();
    expect((await engine.records.get(id, 'lamp'))!.data.state).toBe('lit');
  });

  it('asks for nothing where the record is at work already, or gone', async () => {
    const { engine, ticks } = aWorld();
    await engine.records.create(aDraft('porch'), by);
    const { id } = (await engine.records.get('porch', 'lamp'))!;
    ticks.length = 0;
    expect([await engine.wake(id), await engine.wake('lmp_0000000000000000000000'), ticks]).toEqual([
      false,
      false,
      [],
    ]);
  });
});

describe('a drain', () => {
  it('lets go what is under way, for another to take up at once, and claims nothing new', async () => {
    const { engine, anEngine, queue, clock, table } = aWorld();
    const draft = aDraft('porch', { data: aLamp('on', 0, { blinks: 5 }) });
    const { row } = (await engine.records.create(draft, by)) as { row: { id: string } };
    const worker = anEngine();
    const working = worker.work(queue.shift()!);
    await new Promise((resolve) => setImmediate(resolve));
    expect((await table.get(keys.rowKey('lamps', row.id)))?.owner).toBeDefined();
    await worker.drain();
    await working;
    const left = (await table.get(keys.rowKey('lamps', row.id)))!;
    expect(left.owner).toBeUndefined();
    expect(left.dueAt).toBe(clock.now());
    expect(await worker.work({ kind: 'step', ids: [row.id], at: clock.now() })).toEqual({
      steps: { passed: 1 },
    });
    const { steps } = await clock.runUntil(engine.work({ kind: 'step', ids: [row.id], at: clock.now() }));
    expect(steps).toEqual({ settled: 1 });
  });
});

describe('a hand-over', () => {
  it('that is older than 90 s is dropped: the tick has found the work again by then', async () => {
    const { engine, clock, queue } = aWorld();
    await engine.records.create(aDraft('porch'), by);
    const [handOver] = queue;
    await clock.step(91 * second);
    expect(await engine.work(handOver!)).toEqual({ steps: {}, isDropped: true });
  });
});

describe('a reservation', () => {
  it('whose creator died is taken back by the tick, with the secrets that lay ready', async () => {
    const { engine, table, clock } = aWorld();
    const id = engine.records.newId('lamp');
    await table.put({
      ...keys.nameKey('lamp', 'porch'),
      ...{ id, at: clock.now() },
      ...keys.shortListAttributes('lamps', 'names', 'lamp/porch', clock.now() + 15 * minute),
    });
    await table.put({ ...keys.sideKey(id, 'slots'), of: id, s0_first: { opens: 'wall' } });
    await clock.runUntil(engine.tick());
    expect(await table.get(keys.sideKey(id, 'slots'))).toBeDefined();
    await clock.step(day);
    expect(await clock.runUntil(engine.tick())).toMatchObject({ freedNames: 1 });
    expect(await table.get(keys.sideKey(id, 'slots'))).toBeUndefined();
    expect(await table.get(keys.nameKey('lamp', 'porch'))).toBeUndefined();
  });
});
