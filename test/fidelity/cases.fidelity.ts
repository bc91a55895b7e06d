import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { minute, second } from '#time';
import { Allowances } from './allowances.ts';
import { groups } from './cases/index.ts';
import { compare, explain } from './play/compare.ts';
import { type Connection, connect } from './play/connection.ts';
import { playAll } from './play/playAll.ts';
import { type Recording, recordingOf } from './recordings.ts';
import { startSimulated } from './simulated.ts';

let world: Awaited<ReturnType<typeof startSimulated>>;
let connections: Record<'real' | 'simulated', Connection>;
let played: Readonly<Record<'real' | 'simulated', Readonly<Record<string, Recording>>>>;
const allowances = await Allowances.read();

beforeAll(async () => {
  world = await startSimulated();
  connections = { real: connect(inject('real'), minute), simulated: connect(world, 10 * second) };
  const [real, simulated] = await Promise.all([
    playAll(groups, connections.real, 12),
    playAll(groups, connections.simulated, 4),
  ]);
  played = { real, simulated };
}, 4 * minute);

afterAll(async () => {
  await connections.real.close();
  await connections.simulated.close();
  await world.stop();
});

for (const [group, cases] of Object.entries(groups)) {
  describe(`both worlds answer alike: ${group}`, () => {
    it.each(Object.keys(cases))('%s', (title) => {
      const { real, simulated } = played;
      const differences = compare(real[group]?.[title] ?? [], simulated[group]?.[title] ?? []);
      const unexplained = allowances.unexplained(title, differences);
      expect(unexplained.length, explain(unexplained)).toBe(0);
    });
  });

  describe(`the real one answers as it is recorded: ${group}`, async () => {
    const recording = await recordingOf(group);
    it.each(Object.keys(cases))('%s', (title) => {
      const differences = compare(recording[title] ?? [], played.real[group]?.[title] ?? []);
      const unstable = allowances.unstable(title, differences);
      expect(unstable.length, explain(unstable)).toBe(0);
    });
  });
}
