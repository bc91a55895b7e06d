import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startWorldBeside } from '../../../infra/local/worldBeside.ts';

const until = { killed: "process.kill(process.pid,'SIGKILL')", failed: 'process.exit(1)' };

test.each([
  ['killed', ['WORLD_ENDED']],
  ['failed', []],
] as const)('a world that is %s before it is ready is told of: %j', async (how, expected) => {
  const data = await mkdtemp(join(tmpdir(), 'beside-'));
  onTestFinished(() => rm(data, { recursive: true, force: true }));
  const told: string[] = [];
  const environment = {
    ...process.env,
    DROVER_DATA: data,
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(until[how])}`,
  };
  const world = startWorldBeside(false, environment, ({ code }) => told.push(code));
  expect(await world.ready).toBeUndefined();
  expect(told).toEqual(expected);
});
