import { describe, expect, it } from 'vitest';
import {
  type Area,
  type Beat,
  createEngine,
  type FaultVerdict,
  type HandOver,
  judgeFault,
  type Ports,
  type Pulse,
  readPulses,
} from '#reconcile';
import { keys, MemoryTable } from '#store';
import { minute, second } from '#time';
import { itemOf, newRow } from '../../../shared/reconcile/row.ts';
import { bytesFrom, seeded } from '../../fixtures/chance.ts';
import { SteppedClock } from '../../fixtures/steppedClock.ts';

const now = Date.parse('2026-03-01T10:00:00Z');

const beats = (count: number, cause?: string, ago = 0): Beat[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `clu_${cause}${n}`,
    at: now - ago,
    ok: cause === undefined,
    ...(cause === undefined ? {} : { cause }),
  }));

const pulse = (everySeconds: number, ...seen: Beat[][]): Pulse => ({
  everySeconds,
  slice: 0,
  at: now,
  beats: seen.flat(),
  failing: [],
});

describe('whose fault it is', () => {
  it.each([
    ['40 % fail alike', [pulse(60, beats(12), beats(8, 'TIMEOUT'))], true, 20, 8],
    ['30 % fail alike', [pulse(60, beats(14), beats(6, 'TIMEOUT'))], false, 20, 6],
    [
      '40 % fail, each in its own way',
      [pulse(60, beats(12), beats(4, 'TIMEOUT'), beats(4, 'TLS'))],
      false,
      20,
      4,
    ],
    ['too few were looked at', [pulse(60, beats(9), beats(10, 'TIMEOUT'))], false, 19, 10],
    ['what failed did so long ago', [pulse(60, beats(20), beats(20, 'TIMEOUT', 2 * minute))], false, 20, 0],
    [
      'a longer interval looks further back',
      [pulse(300, beats(12), beats(8, 'TIMEOUT', 4 * minute))],
      true,
      20,
      8,
    ],
    [
      'it is spread over slices',
      [pulse(60, beats(6), beats(4, 'DNS')), pulse(60, beats(6), beats(4, 'DNS'))],
      true,
      20,
      8,
    ],
    ['nothing was looked at', [], false, 0, 0],
  ] as const)('%s', (_name, pulses, isSuspected, looked, failed) => {
    expect(judgeFault([...pulses], now)).toMatchObject({ isSuspected, looked, failed });
  });
});

type Data =
  | { kind: 'node'; state: 'healthy' | 'down'; failedAt: number | null }
  | { kind: 'fault'; state: 'clear' | 'suspected' };
type Seen = { isWell: boolean; isOurs: boolean } | FaultVerdict;

/** Nodes that fail when the line is cut: by us for all of them, or by themselves. */
function aFleet(size: number) {
  const clock = new SteppedClock(now);
  const table = new MemoryTable(() => clock.now());
  const down = new Set<string>();
  const isWell = (id: string) => !down.has(id);
  const fault = {
    id: 'flt_fleet',
    kind: 'fault',
    name: 'fleet',
    data: { kind: 'fault', state: 'clear' } as Data,
  };
  const area: Area<Data, Seen, never, never> = {
    name: 'fleet',
    kinds: { node: { prefix: 'nod', schema: 1 }, fault: { prefix: 'flt', schema: 1 } },
    read: (data) => data as Data,
    summarise: ({ data }) => ({
      state: data.state,
      cause: data.kind === 'node' && data.failedAt !== null ? 'TIMEOUT' : null,
    }),
    told: ({ data }) => data.state,
    present: ({ data }) => ({ state: data.state }),
    observe: async (row) => {
      if (row.data.kind === 'fault') {
        return judgeFault(await readPulses(table, 'fleet'), clock.now());
      }
      const held = await table.get(keys.rowKey('fleet', fault.id));
      return { isWell: isWell(row.id), isOurs: (held?.data as Data | undefined)?.state === 'suspected' };
    },
    decide: ({ data }, seen, _did, context) => {
      if (data.kind === 'fault') {
        if (!('isSuspected' in seen)) throw new Error('The fault row reads pulses.');
        const isOurs = seen.isSuspected || (data.state === 'suspected' && seen.isLasting);
        const state = isOurs ? 'suspected' : 'clear';
        const next =
          state === 'suspected'
            ? { kind: 'at' as const, at: context.now + minute }
            : { kind: 'rest' as const };
        if (state === data.state) return { data, next };
        return { data: { ...data, state }, events: [{ type: `fault.${state}` }], next };
      }
      if (!('isWell' in seen)) throw new Error('A node is looked at as a node.');
      if (seen.isWell) {
        const events = data.state === 'down' ? [{ type: 'node.recovered' }] : [];
        return { data: { ...data, state: 'healthy', failedAt: null }, events, next: { kind: 'rest' } };
      }
      const failedAt = data.failedAt ?? context.now;
      const mayLeave = context.now - failedAt >= minute && !seen.isOurs;
      if (data.state === 'down' || !mayLeave) {
        return { data: { ...data, failedAt }, next: { kind: 'at', at: context.now + 20 * second } };
      }
      return {
        data: { ...data, failedAt, state: 'down' },
        events: [{ type: 'node.down' }],
        next: { kind: 'retry' },
      };
    },
    act: async () => {
      throw new Error('There is nothing to do.');
    },
    look: async ({ id }) =>
      isWell(id) ? { ok: true, differs: false } : { ok: false, differs: true, cause: 'TIMEOUT' },
    intervals: [60],
    webhookEvents: [],
    backOff: { base: minute, cap: 15 * minute, slowFrom: 2 },
    faultRow: fault,
  };
  const queue: HandOver[] = [];
  const ports: Ports = {
    clock,
    random: bytesFrom(seeded(1)),
    couriers: {
      work: async (_area, handOver) => void queue.push(handOver),
      tick: async () => undefined,
      call: async () => null,
    },
    meter: { count: () => undefined, observe: () => undefined },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: console.error },
  };
  const engine = createEngine(area, { ...ports, table });
  const ids = Array.from({ length: size }, () => engine.records.newId('node'));

  return {
    ids,
    down,
    async begin() {
      for (const id of ids) {
        const data: Data = { kind: 'node', state: 'healthy', failedAt: null };
        const atRest = { dueAt: undefined, confirmed: true, everySeconds: 60, inRound: 60 };
        const row = newRow({ id, kind: 'node', name: id, labels: {}, data, last: 'a', ...atRest }, now);
        await table.put(itemOf(area, row));
      }
      for (let slice = 0; slice < keys.slices; slice++) {
        const start = clock.now() - minute;
        await table.put({
          ...keys.pulseKey('fleet', 60, slice),
          ...{ rev: 1, start, attempt: start, isDone: true, isEmpty: false },
          ...keys.shortListAttributes('fleet', 'rounds', `60/${slice}`, start),
        });
      }
    },
    /** One minute of Drover: a tick, and every worker it and they call. */
    async minute() {
      const working: Promise<unknown>[] = [];
      const until = clock.now() + minute;
      const ticking = engine.tick();
      while (clock.now() < until) {
        await new Promise((resolve) => setImmediate(resolve));
        for (let next = queue.shift(); next; next = queue.shift()) working.push(engine.work(next));
        if (queue.length === 0) await clock.step(second);
      }
      await clock.runUntil(ticking);
      for (let next = queue.shift(); next; next = queue.shift()) working.push(engine.work(next));
      void working;
    },
    async told() {
      const types: Record<string, number> = {};
      for (const id of [...ids, fault.id]) {
        const { events } = await engine.records.history(id, { limit: 50 });
        for (const { type } of events) types[type] = (types[type] ?? 0) + 1;
      }
      return types;
    },
  };
}

describe('15: much of the fleet fails alike', () => {
  it.each([300, 10_000])(
    'two fifths of %i, all at once: one event for all, and no node is called down',
    { timeout: 120_000 },
    async (size) => {
      const fleet = aFleet(size);
      await fleet.begin();
      await fleet.minute();
      for (const id of fleet.ids.slice(0, size * 0.4)) fleet.down.add(id);
      for (let n = 0; n < 2; n++) await fleet.minute();
      expect(await fleet.told()).toEqual({ 'fault.suspected': 1 });
      fleet.down.clear();
      for (let n = 0; n < 3; n++) await fleet.minute();
      expect(await fleet.told()).toEqual({ 'fault.suspected': 1, 'fault.clear': 1 });
    },
  );

  it('by their own fault, one after another: each is told', async () => {
    const fleet = aFleet(300);
    await fleet.begin();
    await fleet.minute();
    for (const id of fleet.ids.slice(0, 30)) fleet.down.add(id);
    for (let n = 0; n < 3; n++) await fleet.minute();
    expect(await fleet.told()).toEqual({ 'node.down': 30 });
  });
});
