import { describe, expect, it } from 'vitest';
import type { KubeConnection } from '#kubernetes';
import { createEngine, type HandOver, type Row } from '#reconcile';
import type { Opening } from '#secrets';
import { keys, MemoryTable } from '#store';
import { minute, second } from '#time';
import { clustersIn } from '../../../shared/clusters/area.ts';
import { type ClusterData, type ClustersData, fleetId, type Look } from '../../../shared/clusters/model.ts';
import { type Eyes, lookFor, observe, observeFleet } from '../../../shared/clusters/observe.ts';
import { itemOf, newRow } from '../../../shared/reconcile/row.ts';
import { bytesFrom, seeded } from '../../fixtures/chance.ts';
import { SteppedClock } from '../../fixtures/steppedClock.ts';
import { clusterData, down, ok, start } from './aCluster.ts';

/** Many clusters that are looked at every minute, on simulated time; those in `dead` do not answer. */
function aHerd(size: number) {
  const clock = new SteppedClock(start);
  const table = new MemoryTable(() => clock.now());
  const dead = new Set<string>();
  const looks = { round: 0, step: 0 };
  const meter = { count: () => undefined, observe: () => undefined };
  const eyes: Eyes = {
    clock,
    meter,
    net: { send: () => Promise.reject(new Error('not asked')) },
    reach: {
      forget: () => undefined,
      async to<T>(
        { id }: Row<ClusterData>,
        { visit }: Opening,
        _use: (connection: KubeConnection) => Promise<T>,
      ): Promise<T> {
        if (visit === 'round' || visit === 'step') looks[visit]++;
        const look: Look = dead.has(id) ? down : ok();
        return look as T;
      },
    },
    fleet: () => engine.records.get(fleetId, 'fleet'),
  };
  const queue: HandOver[] = [];
  const engine = createEngine<ClustersData>(
    clustersIn({
      observe: (row, context) => observe(eyes, row, context),
      observeFleet: (context) => observeFleet(eyes, context),
      look: (row, context) => lookFor(eyes, row, context),
      act: () => Promise.reject(new Error('nothing to do')),
      actOnSync: () => Promise.reject(new Error('nothing to do')),
    }),
    {
      clock,
      table,
      random: bytesFrom(seeded(6)),
      couriers: {
        work: async (_area, handOver) => void queue.push(handOver),
        tick: async () => undefined,
        call: async () => null,
      },
      meter,
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: console.error },
    },
  );
  const ids = Array.from({ length: size }, () => engine.records.newId('cluster'));
  const pass = async (time: number) => {
    const until = clock.now() + time;
    const working: Promise<unknown>[] = [];
    while (clock.now() < until) {
      const ticking = engine.tick();
      const next = Math.min(until, clock.now() + minute);
      while (clock.now() < next) {
        await new Promise((resolve) => setImmediate(resolve));
        for (let one = queue.shift(); one; one = queue.shift()) working.push(engine.work(one));
        if (queue.length === 0) await clock.step(second);
      }
      await clock.runUntil(ticking);
    }
    void working;
  };
  return {
    ids,
    dead,
    looks,
    pass,
    async begin() {
      for (const id of ids) {
        const atRest = { dueAt: undefined, confirmed: true, everySeconds: 60, inRound: 60 };
        const about = { id, kind: 'cluster', name: id, labels: {}, last: 'a' };
        const row = newRow<ClustersData>({ ...about, data: clusterData(), ...atRest }, start);
        await table.put(itemOf(engine.area, row));
      }
      for (let slice = 0; slice < keys.slices; slice++) {
        const turn = start - minute;
        await table.put({
          ...keys.pulseKey('clusters', 60, slice),
          ...{ rev: 1, start: turn, attempt: turn, isDone: true, isEmpty: false },
          ...keys.shortListAttributes('clusters', 'rounds', `60/${slice}`, turn),
        });
      }
      await pass(minute);
    },
    async told() {
      const types: Record<string, number> = {};
      for (const id of [...ids, fleetId]) {
        const { events } = await engine.records.history(id, { limit: 50 });
        for (const { type } of events) types[type] = (types[type] ?? 0) + 1;
      }
      return types;
    },
  };
}

describe('a herd', () => {
  it('of which a tenth dies is told of each, and the dead no longer share a round with the living', async () => {
    const herd = aHerd(300);
    await herd.begin();
    for (const id of herd.ids.slice(0, 30)) herd.dead.add(id);
    await herd.pass(4 * minute);
    expect(await herd.told()).toEqual({ 'cluster.unreachable': 30 });
    const { round } = herd.looks;
    await herd.pass(5 * minute);
    expect(herd.looks.round - round).toBe(5 * 270);
  });

  it('of which two fifths fail alike suspects itself once, and tells of the clusters when that has lasted', async () => {
    const herd = aHerd(300);
    await herd.begin();
    for (const id of herd.ids.slice(0, 120)) herd.dead.add(id);
    await herd.pass(4 * minute);
    expect(await herd.told()).toEqual({ 'fleet.own-fault-suspected': 1 });
    await herd.pass(5 * minute);
    expect(await herd.told()).toEqual({ 'fleet.own-fault-suspected': 1, 'cluster.unreachable': 120 });
  });

  it('whose own fault is over tells of no cluster', async () => {
    const herd = aHerd(300);
    await herd.begin();
    for (const id of herd.ids.slice(0, 120)) herd.dead.add(id);
    await herd.pass(3 * minute);
    herd.dead.clear();
    await herd.pass(5 * minute);
    expect(await herd.told()).toEqual({ 'fleet.own-fault-suspected': 1 });
  });
});
