import { slotName, slotsOf } from '#reconcile';
import { minute, second } from '#time';
import { aLamp, movedTo, wanting } from '../../../example/lamps.ts';
import type { Fault } from './sim.ts';
import { byUser, World } from './world.ts';

/** One random schedule: some minutes of storm, in which people work and everything goes wrong, then calm. */
export async function runSchedule(
  seed: number,
): Promise<{ wrong: string[]; operations: number; world: World }> {
  const world = new World(seed);
  const { sim } = world;
  const chance = (p: number) => sim.random() < p;
  const pick = <T>(values: readonly T[]): T => values[Math.floor(sim.random() * values.length)]!;

  const faultiness = pick([0, 0.002, 0.01, 0.03]);
  world.weather = {
    lostHandOver: pick([0, 0.1, 0.4]),
    doubledHandOver: pick([0, 0.2]),
    lateHandOver: pick([0, 0.1]),
    lostTick: pick([0, 0.1, 0.4]),
    skew: pick([0, 5, 30]) * second,
  };
  sim.faultOf = ({ process }) => {
    if (!chance(faultiness)) return undefined;
    const kind = pick([
      'crashBefore',
      'crashAfter',
      'lostRequest',
      'lostAnswer',
      'lands',
      'pause',
      'pause',
    ] as const);
    if (kind === 'lands') return { kind, after: sim.random() * pick([8, 60, 290]) * second };
    // A person's request is answered or given up within its function's limit.
    const longest = process.name === 'http' ? [20] : [15, 60, 320, 600];
    return kind === 'pause' ? { kind, for: sim.random() * pick(longest) * second } : ({ kind } as Fault);
  };

  const names = ['porch', 'hall', 'attic'];
  const scripts = [
    () => {
      const name = pick(names);
      const id = world.nextId();
      const slot = slotName(0, 'first');
      const data = aLamp(pick(['on', 'off']), sim.now, { blinks: pick([0, 0, 3, 12]), slot });
      const sides = slotsOf(id, slot, { opens: data.socket });
      world
        .request((records) =>
          records.create(
            { kind: 'lamp', id, name, labels: {}, everySeconds: pick([60, 300]), data, sides },
            byUser,
          ),
        )
        .answer.catch(() => undefined);
    },
    () =>
      world
        .request(async (records) => {
          const name = pick(names);
          const seen = chance(0.5) ? await records.get(name, 'lamp') : undefined;
          const by = seen ? { ...byUser, ifMatch: seen.version } : byUser;
          const wants = pick(['on', 'off'] as const);
          const blinks = pick([0, 0, 2, 8]);
          return records.change(
            name,
            'lamp',
            ({ data }) => ({ data: { ...wanting(data, wants), blinks } }),
            by,
          );
        })
        .answer.catch(() => undefined),
    () =>
      world
        .request((records) =>
          records.change(pick(names), 'lamp', () => ({ everySeconds: pick([60, 300]) }), byUser),
        )
        .answer.catch(() => undefined),
    () => {
      const secret = movedTo(pick(['wall', 'floor', 'ceiling']));
      world
        .request((records) => records.change(pick(names), 'lamp', () => ({ secret }), byUser))
        .answer.catch(() => undefined);
    },
    () =>
      world.request((records) => records.remove(pick(names), 'lamp', byUser)).answer.catch(() => undefined),
    // The world moves by itself: a lamp is switched by hand, a fuse blows, and comes back.
    () => {
      const id = pick([...world.lamps.keys(), '']);
      if (id) world.lamps.set(id, !world.lamps.get(id));
    },
    () => {
      const id = pick([...world.lamps.keys(), '']);
      if (!id) return;
      world.dark.add(id);
      sim.after(sim.random() * 4 * minute, () => world.dark.delete(id));
    },
  ];
  const storm = pick([1, 2, 3, 6]) * minute;
  const acts = 6 + Math.floor(sim.random() * 14);
  for (let n = 0; n < acts; n++) {
    // Half of it early, so that there is something to disturb.
    const at = n < 3 ? sim.random() * 30 * second : sim.random() * storm;
    const script = n < 3 ? scripts[0]! : pick(scripts);
    sim.after(at, script);
  }
  world.startCron();
  await sim.runFor(storm);
  await world.calmDown();
  return { wrong: world.verdict(), operations: sim.operations, world };
}
