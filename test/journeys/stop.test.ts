import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { dataFolder, freePort, startDrover } from './drover.ts';

const modes = [
  ['in one process', []],
  ['in threads', ['--threads']],
] as const;

/** All processes that `pid` has started, directly or not. */
function descendants(pid: number): number[] {
  const parents = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const below = (parent: number): number[] =>
    parents.filter(([, of]) => of === parent).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function untilGone(pids: number[]): Promise<void> {
  while (pids.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 50));
}

test.each(modes)('Ctrl-C ends all of it within 3 s, handlers %s', async (_, args) => {
  const drover = await startDrover({ args: [...args] });
  const all = descendants(drover.npm.pid!);
  expect(all.length).toBeGreaterThanOrEqual(2);
  const before = drover.said();
  const asked = performance.now();
  await drover.interrupt();
  // What has closed its output may need a moment more to be gone.
  await untilGone(all);
  expect(performance.now() - asked).toBeLessThan(3_000);
  expect(drover.said()).toBe(before);
});

test('SIGTERM to npm alone ends all of it', async () => {
  const drover = await startDrover();
  const all = descendants(drover.npm.pid!);
  drover.npm.kill('SIGTERM');
  await untilGone(all);
});

test.each([
  ['npm', 0],
  ['the one that npm runs', 1],
])('when %s is killed, nothing stays behind', async (_, depth) => {
  const drover = await startDrover();
  const npm = drover.npm.pid!;
  const all = descendants(npm);
  // npm may run it through a shell; the emulator's parent is the one that matters.
  const starters = all.filter((pid) => descendants(pid).length > 0);
  process.kill(depth === 0 ? npm : starters.at(-1)!, 'SIGKILL');
  await untilGone(all);
});

test('two run side by side, on neighbouring ports', async () => {
  const port = await freePort();
  const first = await startDrover({ port });
  const second = await startDrover({ port: port + 1 });
  for (const { address } of [first, second]) expect((await fetch(`${address}/health`)).status).toBe(200);
  await first.interrupt();
  expect((await fetch(`${second.address}/health`)).status).toBe(200);
});

test('a killed run’s data folder can be used again', async () => {
  const data = await dataFolder();
  const first = await startDrover({ data });
  const all = [first.npm.pid!, ...descendants(first.npm.pid!)];
  for (const pid of all) process.kill(pid, 'SIGKILL');
  await first.ended();
  const second = await startDrover({ data });
  expect((await fetch(`${second.address}/health`)).status).toBe(200);
});
