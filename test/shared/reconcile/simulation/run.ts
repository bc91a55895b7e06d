import { parseArgs } from 'node:util';
import { runSchedule } from './schedule.ts';

/**
 * Runs seeded schedules: `node run.ts --from 1 --count 5000`. Prints the seed of the first that goes wrong and
 * ends with 1; `--from SEED --count 1` replays it.
 */
const { values } = parseArgs({
  options: { from: { type: 'string', default: '1' }, count: { type: 'string', default: '1000' } },
});
const from = Number(values.from);
const count = Number(values.count);
let operations = 0;
for (let seed = from; seed < from + count; seed++) {
  const result = await runSchedule(seed);
  operations += result.operations;
  if (result.wrong.length > 0) {
    console.log(JSON.stringify({ seed, wrong: result.wrong.slice(0, 10) }, null, 2));
    process.exit(1);
  }
}
console.log(JSON.stringify({ schedules: count, operations }));
