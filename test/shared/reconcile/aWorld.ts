import { createEngine, type HandOver, type Ports } from '#reconcile';
import { MemoryTable } from '#store';
import { type House, lampsIn } from '../../example/lamps.ts';
import { bytesFrom, seeded } from '../../fixtures/chance.ts';
import { SteppedClock } from '../../fixtures/steppedClock.ts';

export const by = { actor: { kind: 'system' as const, id: 'test', name: 'test' }, action: 'lamp.create' };

/** Lamps as they really are; what is in `dark` does not answer. */
function aHouse() {
  const lamps = new Map<string, boolean>();
  const dark = new Set<string>();
  let looked = 0;
  const house: House = {
    look: async (id) => {
      looked++;
      return dark.has(id) ? 'unreachable' : { isOn: lamps.get(id) ?? false };
    },
    turn: async (id, to) => void lamps.set(id, to === 'on'),
  };
  return { house, lamps, dark, looks: () => looked };
}

/** One Drover over a table in memory, whose hand-overs are carried out when a test delivers them. */
export function aWorld() {
  const clock = new SteppedClock();
  const table = new MemoryTable(() => clock.now());
  const home = aHouse();
  const queue: HandOver[] = [];
  const ticks: string[] = [];
  const ports: Ports = {
    clock,
    random: bytesFrom(seeded(1)),
    couriers: {
      work: async (_area, handOver) => void queue.push(handOver),
      tick: async (area) => void ticks.push(area),
      call: async () => null,
    },
    meter: { count: () => undefined, observe: () => undefined },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  };
  const anEngine = () => createEngine(lampsIn(home.house), { ...ports, table });
  const engine = anEngine();
  const deliver = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await clock.runUntil(engine.work(next));
  };
  return { clock, table, engine, anEngine, queue, ticks, deliver, ...home };
}
