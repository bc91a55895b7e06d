import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createEngine, type Engine, type HandOver, type Ports } from '#reconcile';
import { dynamoTable, keys, type Table } from '#store';
import { minute, newId, systemClock } from '#time';
import { createTable } from '../../infra/aws/createTable.ts';
import { itemOf, newRow, type Stored } from '../../shared/reconcile/row.ts';
import { aLamp, type House, type Lamp, lampsIn } from '../example/lamps.ts';

/**
 * `npm run bench:engine`: what a herd of 10,000 records costs at rest, in lists, and when all of it is due at once,
 * on dynalite in a process of its own. `-- 2000` for another number.
 */
const count = Number(process.argv[2] ?? 10_000);

const folder = await mkdtemp(join(tmpdir(), 'drover-bench-'));
const store = spawn(
  process.execPath,
  [fileURLToPath(new URL('storeProcess.ts', import.meta.url)), join(folder, 'store')],
  { stdio: ['pipe', 'pipe', 'inherit'] },
);
const [endpointLine] = (await once(store.stdout, 'data')) as [Buffer];
const endpoint = endpointLine.toString().trim();
await createTable(endpoint, 'bench');
const table = dynamoTable({ endpoint, tableName: 'bench' });

/** Every lamp is as it should be: a look finds nothing to do. */
const house: House = { look: async () => ({ isOn: true }), turn: async () => undefined };
const area = lampsIn(house);
/** Time can be moved on, so that rounds are due. */
let ahead = 0;
const clock = { ...systemClock, now: () => systemClock.now() + ahead };
const sent: HandOver[] = [];
const ports: Ports & { table: Table } = {
  table,
  clock,
  random: randomBytes,
  couriers: {
    work: async (_area, handOver) => void sent.push(handOver),
    tick: async () => undefined,
    call: async () => null,
  },
  meter: { count: () => undefined, observe: () => undefined },
  log: { debug: () => undefined, info: () => undefined, warn: console.warn, error: console.error },
};
const engine: Engine<Lamp> = createEngine(area, ports);

function aRow(n: number): Stored<Lamp> {
  const now = clock.now();
  const labels = { region: ['eu', 'us', 'asia'][n % 3]!, store: String(n % 500), tier: 'edge' };
  const name = `lamp-${String(n).padStart(6, '0')}`;
  const data = aLamp('on', now, { state: 'lit' });
  const atRest = { dueAt: undefined, confirmed: true, everySeconds: 300, inRound: 300 };
  const id = newId('lmp', now, randomBytes);
  return newRow({ id, kind: 'lamp', name, labels, data, last: 'x'.repeat(22), ...atRest }, now);
}

interface Cost {
  ms: number;
  /** Processor time of this process: steadier than the clock on a busy machine. */
  cpuMs: number;
  read: number;
  write: number;
}

async function cost(run: () => Promise<unknown>): Promise<Cost> {
  const { read, write } = { ...table.units };
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await run();
  const ms = Math.round(performance.now() - start);
  const { user, system } = process.cpuUsage(cpu);
  return {
    ms,
    cpuMs: Math.round((user + system) / 1000),
    read: table.units.read - read,
    write: table.units.write - write,
  };
}

const figures: Record<string, Cost & { note?: string }> = {};

async function fill(): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 32) {
    const rows = Array.from({ length: Math.min(32, count - n) }, (_, i) => aRow(n + i));
    await Promise.all(rows.map((row) => table.put(itemOf(area, row))));
    ids.push(...rows.map(({ id }) => id));
  }
  return ids;
}

const ids = await fill();
// Each slice gets its turn, as the first record at rest in it would give it.
for (let slice = 0; slice < keys.slices; slice++) {
  const start = clock.now() - 300_000;
  await table.put({
    ...keys.pulseKey('lamps', 300, slice),
    ...{ rev: 1, start, attempt: start, isDone: true, isEmpty: false },
    ...keys.shortListAttributes('lamps', 'rounds', `300/${slice}`, start + 270_000),
  });
}

async function lookOnce(): Promise<void> {
  const draining = engine.tick();
  await draining;
}

// The second look of a tick waits 5 to 10 s; only the reads are of interest here.
figures['a tick, nothing due but the rounds'] = {
  ...(await cost(lookOnce)),
  note: 'ms holds the wait between looks',
};
const rounds = sent.splice(0).filter((handOver) => handOver.kind === 'round');
figures[`a round over all (${rounds.length} slices)`] = await cost(async () => {
  for (const handOver of rounds) await engine.work({ ...handOver, at: clock.now() });
});
const woken = sent.splice(0).length;
figures['a tick, nothing due at all'] = {
  ...(await cost(lookOnce)),
  note: 'ms holds the wait between looks',
};
sent.splice(0);

const where = (entry: { labels: Record<string, string> }) => entry.labels.region === 'eu';
figures['a filtered page of 50, cold'] = await cost(() =>
  engine.records.list({ kind: 'lamp', where, limit: 50 }),
);
figures['a filtered page of 50, warm'] = await cost(() =>
  engine.records.list({ kind: 'lamp', where, limit: 50 }),
);
figures['counts by state, cause and wants, warm'] = await cost(() =>
  engine.records.counts('lamp', ['state', 'cause', 'wants']),
);

ahead += 10 * minute;
for (let n = 0; n < ids.length; n += 64) await Promise.all(ids.slice(n, n + 64).map((id) => engine.wake(id)));
const stepping = await cost(async () => {
  const ticking = engine.tick();
  const done: Promise<unknown>[] = [];
  let steps = 0;
  while (steps < count) {
    const handOver = sent.shift();
    if (!handOver) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      continue;
    }
    if (handOver.kind !== 'step') continue;
    steps += handOver.ids.length;
    done.push(engine.work({ ...handOver, at: clock.now() }));
  }
  await Promise.all(done);
  void ticking;
});
figures[`${count} trivial records due: handed out, stepped, at rest`] = {
  ...stepping,
  note: `${Math.round(count / (stepping.ms / 1000))} steps/s`,
};

console.log(
  `Node ${process.version}, ${availableParallelism()} cores, ${count} records, dynalite in its own process`,
);
console.table(figures);
console.log(`records woken by the round: ${woken}`);
store.kill();
await once(store, 'exit');
await rm(folder, { recursive: true });
process.exit(0);
