import { parseArgs } from 'node:util';
import { second } from '#time';
import { groups } from './cases/index.ts';
import { compare, explain } from './play/compare.ts';
import { connect } from './play/connection.ts';
import { playAll } from './play/playAll.ts';
import { recordingOf } from './recordings.ts';
import { startSimulated } from './simulated.ts';

/** For a person: in what the simulation differs from the recordings. `npm run fidelity:show [GROUP [WORDS OF A CASE]]` */
const [group, words = ''] = parseArgs({ allowPositionals: true }).positionals;
const chosen = Object.fromEntries(
  Object.entries(groups)
    .filter(([name]) => group === undefined || name === group)
    .map(([name, cases]) => [
      name,
      Object.fromEntries(Object.entries(cases).filter(([title]) => title.includes(words))),
    ]),
);
const world = await startSimulated();
const connection = connect(world, 5 * second);
for (const [name, transcripts] of Object.entries(await playAll(chosen, connection, 8))) {
  const recording = await recordingOf(name);
  for (const [title, transcript] of Object.entries(transcripts)) {
    const differences = compare(recording[title] ?? [], transcript);
    if (differences.length > 0) console.log(`\n## ${name}: ${title}\n${explain(differences)}`);
  }
}
for (const fault of world.faults) console.error(fault);
await connection.close();
await world.stop();
