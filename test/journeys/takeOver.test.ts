import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { dynamoTable, keys } from '#store';
import { startDrover } from './drover.ts';

test.each([
  { mode: 'one process', args: [] },
  { mode: 'threads', args: ['--threads'] },
])('a killed worker’s record is taken over within 40 s, handlers in $mode', async ({ args }) => {
  const { address, data } = await startDrover({ args });
  const token = (await readFile(join(data, 'admin-token'), 'utf8')).trim();
  const created = await fetch(`${address}/api/v1/tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'orphan', role: 'viewer' }),
  });
  const { id } = (await created.json()) as { id: string };

  const log = await readFile(join(data, 'drover.log'), 'utf8');
  const [, store, lambda] = /^Store .*: (\S+)\nFunctions .*: (\S+)\n/.exec(log)!;
  const table = dynamoTable({ tableName: 'drover-local', endpoint: store! });
  onTestFinished(() => table.close());
  const row = async () => (await table.get(keys.rowKey('core', id)))!;
  const until = async (holds: (item: Awaited<ReturnType<typeof row>>) => boolean) => {
    while (!holds(await row())) await new Promise((resolve) => setTimeout(resolve, 100));
  };
  const isSettled = ({ owner, dueAt }: Awaited<ReturnType<typeof row>>) =>
    owner === undefined && dueAt === undefined;
  await until(isSettled);

  const worker = spawn(process.execPath, [join(import.meta.dirname, 'dyingWorker.ts'), id], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      DROVER_TABLE: 'drover-local',
      DROVER_STORE_ENDPOINT: store!,
      DROVER_LAMBDA_ENDPOINT: lambda!,
    },
  });
  onTestFinished(() => void worker.kill('SIGKILL'));
  await once(worker.stdout, 'data');
  const { owner } = await row();
  expect(owner).toBeDefined();
  worker.kill('SIGKILL');
  const died = Date.now();
  await until((item) => item.owner !== owner);
  expect(Date.now() - died).toBeLessThan(40_000);
  await until(isSettled);
});
