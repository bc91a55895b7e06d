import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { second } from '#time';
import { Allowances } from '../../../fidelity/allowances.ts';
import { groups } from '../../../fidelity/cases/index.ts';
import { compare, explain } from '../../../fidelity/play/compare.ts';
import { type Connection, connect } from '../../../fidelity/play/connection.ts';
import { playAll } from '../../../fidelity/play/playAll.ts';
import { type Recording, recorded, recordingOf } from '../../../fidelity/recordings.ts';
import { startSimulated } from '../../../fidelity/simulated.ts';

// What a real API server answered is in test/fidelity/recordings. `npm run test:fidelity` holds those to a real one.

let world: Awaited<ReturnType<typeof startSimulated>>;
let connection: Connection;
let played: Readonly<Record<string, Recording>>;
const allowances = await Allowances.read();

beforeAll(async () => {
  world = await startSimulated();
  connection = connect(world, 10 * second);
  played = await playAll(groups, connection, 8);
});

afterAll(async () => {
  await connection.close();
  await world.stop();
});

for (const [group, cases] of Object.entries(groups)) {
  describe(`the simulation answers as the real one did: ${group}`, async () => {
    const recording = await recordingOf(group);
    it.each(Object.keys(cases))('%s', (title) => {
      const differences = compare(recording[title] ?? [], played[group]?.[title] ?? []);
      const unexplained = allowances.unexplained(title, differences);
      expect(unexplained.length, explain(unexplained)).toBe(0);
    });

    it('has a recording of each case, and of no other', () => {
      expect(Object.keys(recording)).toEqual(Object.keys(cases));
    });
  });
}

describe('the simulation and its cases', () => {
  it('had no fault of its own', () => {
    expect(world.faults).toEqual([]);
  });

  it('have no recordings of groups that are gone', async () => {
    expect(await recorded()).toEqual(Object.keys(groups).sort());
  });

  it('have names that tell each case from all others', () => {
    const names = Object.values(groups).flatMap((cases) => Object.keys(cases));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('need each line of DIFFERENCES.md', () => {
    expect(allowances.unneeded).toEqual([]);
  });
});
