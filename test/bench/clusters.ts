import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Asked, RoundTold } from './clusters/droverProcess.ts';
import type { WorldTold } from './clusters/worldProcess.ts';

/**
 * `npm run bench:clusters`: what 1,000 clusters at an interval of a minute cost one Drover process, and whether those
 * that answer are looked at later when 200 of them are black holes. The simulated clusters and each Drover have
 * processes of their own; what is told is of Drover's. Its store is in its memory and counts units as DynamoDB does, so
 * the processor time has nothing of a store's client in it (`bench:store` has that).
 *
 * What it costs is measured over real minutes, since connections that are kept for a minute are part of it. Delays are
 * measured over stepped ones: a round is one tick and all 64 slices at once, as each real minute brings it, and the
 * clock is moved on between two rounds. Three Drovers take turns, so that whatever else the machine does meets all
 * alike: one with 1,000 that answer, one with 800 and 200 black holes, one with the 800 alone. A cluster's delay is the
 * time from the tick to the end of its look.
 */
const [, , given, givenRounds, givenMinutes] = process.argv;
const count = Number(given ?? 1_000);
const rounds = Number(givenRounds ?? 7);
const minutes = Number(givenMinutes ?? 3);
const dark = count / 5;
const holes = 20;
const root = import.meta.dirname;

interface Drover {
  ask<T>(asked: Asked): Promise<T>;
  end(): void;
}

await using undo = new AsyncDisposableStack();

function start(file: string, ...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [join(root, file), ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  undo.defer(async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  return child;
}

async function told<T>(child: ChildProcess): Promise<T> {
  const over = new AbortController();
  try {
    const { signal } = over;
    const ended = once(child, 'exit', { signal }).then(() => undefined);
    const answer = await Promise.race([once(child, 'message', { signal }), ended]);
    if (!answer) throw new Error(`${child.spawnargs[1]} has ended.`);
    return answer[0] as T;
  } finally {
    over.abort();
  }
}

async function startDrover(): Promise<Drover> {
  const child = start('clusters/droverProcess.ts');
  await told(child);
  return {
    async ask<T>(asked: Asked): Promise<T> {
      child.send(asked);
      const answer = await told<{ told: T; error?: string }>(child);
      if (answer.error) throw new Error(answer.error);
      return answer.told;
    },
    end: () => child.disconnect(),
  };
}

const world = await told<WorldTold>(start('clusters/worldProcess.ts', String(count), String(holes)));
console.log(`Node ${process.version}, ${availableParallelism()} processors, ${count} clusters each minute`);

const small = world.small.map((kubeconfig, i) => ({
  name: `${i < count - dark ? 'lit' : 'other'}-${i}`,
  kubeconfig,
}));
const lit = small.filter(({ name }) => name.startsWith('lit'));
const toBeDark = Array.from({ length: dark }, (_, i) => ({
  name: `dark-${i}`,
  kubeconfig: world.holes[i % holes]!.kubeconfig,
}));

const all = await startDrover();
const holed = await startDrover();
const fewer = await startDrover();
await all.ask({ do: 'register', clusters: small });
await holed.ask({ do: 'register', clusters: [...lit, ...toBeDark] });
await fewer.ask({ do: 'register', clusters: lit });

const round = (drover: Drover, isWaitedFor = false): Promise<RoundTold> =>
  drover.ask({ do: 'round', isWaitedFor, watched: 'lit' });
const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));

// Connections are made, code is compiled, and turns fall into step.
for (const drover of [all, holed, fewer, all, holed, fewer]) await round(drover);

const costs: RoundTold[] = [];
for (let i = 0; i < minutes; i++) costs.push(await round(all, true));

// Those that waited meanwhile have lost their idle connections.
for (const drover of [holed, fewer, all]) await round(drover);
await Promise.all(
  world.holes.map(({ name }, i) =>
    fetch(`${world.control}api/clusters/${name}/faults`, {
      method: 'POST',
      body: JSON.stringify({ kind: i % 2 === 0 ? 'dropped' : 'silent' }),
    }),
  ),
);
/** Whoever dials into a black hole gives up after this. */
const patience = 7;
const calm = await round(all);
const falling = await round(holed);
await pause(patience);
// Three failures and a minute, then the slow lane.
for (let i = 0; i < 4; i++) {
  await round(holed);
  await pause(patience);
}
const states = await holed.ask({ do: 'states' });

const turns: Record<'all' | 'holed' | 'fewer', RoundTold[]> = { all: [], holed: [], fewer: [] };
for (let i = 0; i < rounds; i++) {
  turns.all.push(await round(all));
  turns.holed.push(await round(holed));
  await pause(patience);
  turns.fewer.push(await round(fewer));
}

const sorted = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);
const quantile = (numbers: readonly number[], part: number) =>
  sorted(numbers)[Math.min(numbers.length - 1, Math.floor(numbers.length * part))] ?? Number.NaN;
const median = (numbers: readonly number[]) => quantile(numbers, 0.5);
const of = (told: readonly RoundTold[], pick: (one: RoundTold) => number) => median(told.map(pick));
const delays = (told: readonly RoundTold[]) => ({
  'p50 ms': Math.round(of(told, (one) => median(one.delays))),
  'p99 ms': Math.round(of(told, (one) => quantile(one.delays, 0.99))),
  'all done ms': Math.round(of(told, ({ took }) => took)),
  looked: of(told, ({ delays: each }) => each.length),
});

console.log(`\nA round of ${count} clusters, median of ${minutes} real minutes`);
console.table({
  'processor ms per check': of(costs, ({ processorMillis, checks }) => processorMillis / checks).toFixed(2),
  'requests per check': of(costs, ({ requests, checks }) => requests / checks).toFixed(2),
  'new connections per check': of(costs, ({ connections, checks }) => connections / checks).toFixed(3),
  'read units': of(costs, ({ read }) => read),
  'write units': of(costs, ({ write }) => write),
  'memory MiB': Math.round(of(costs, ({ memory }) => memory)),
  'memory at its peak MiB': Math.round(Math.max(...costs.map(({ peak }) => peak))),
  'checks, of them failed': `${of(costs, ({ checks }) => checks)}, ${of(costs, ({ failed }) => failed)}`,
});
console.log(`\nDelay of the ${lit.length} that answer, in each Drover; medians of ${rounds} rounds in turn`);
console.table({
  [`${count} that answer`]: delays(turns.all),
  [`${dark} of them black holes`]: delays(turns.holed),
  [`the ${lit.length} alone`]: delays(turns.fewer),
  [`the moment in which ${dark} go dark`]: delays([falling]),
  'all well at that moment': delays([calm]),
});
console.log('States of the one with black holes:', states);
for (const drover of [all, holed, fewer]) drover.end();
