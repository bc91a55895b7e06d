import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { dataFolder, freePort, spawnDrover, startDrover } from './drover.ts';

/** What one clear sentence is: a line, its remedy in it, no stack. */
async function refusal(given: Parameters<typeof spawnDrover>[0]): Promise<string> {
  const drover = await spawnDrover(given);
  expect(await drover.ended()).toBe(1);
  const said = drover.said().trim();
  expect(said.split('\n')).toHaveLength(1);
  expect(said).not.toMatch(/\bat .*:\d+:\d+/);
  return said;
}

async function occupy(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
}

test('a busy port', async () => {
  const port = await freePort();
  await occupy(port);
  expect(await refusal({ port })).toBe(
    `Port ${port} is in use; end what uses it, or choose another: SERVER_PORT=${port + 1} npm start.`,
  );
});

test('a busy port of the emulator’s own', async () => {
  const port = await freePort();
  await occupy(port + 1_000);
  expect(await refusal({ port })).toContain(`Port ${port + 1_000} is in use`);
});

test('a data folder that cannot be one', async () => {
  const inTheWay = join(await dataFolder(), 'file');
  await writeFile(inTheWay, '');
  const said = await refusal({ data: join(inTheWay, 'data') });
  expect(said).toContain(`The data folder ${join(inTheWay, 'data')} cannot be written (ENOTDIR)`);
  expect(said).toContain('DROVER_DATA=');
});

test('a data folder that is in use', async () => {
  const { data } = await startDrover();
  expect(await refusal({ data })).toContain(`Another Drover is running on the data folder ${data}`);
});

test('--fresh on a folder that holds more than Drover’s files deletes nothing', async () => {
  const data = await dataFolder();
  await mkdir(join(data, 'table'));
  await writeFile(join(data, 'thesis.txt'), '');
  expect(await refusal({ data, args: ['--fresh'] })).toContain('--fresh deletes nothing there');
  expect(await readdir(data)).toEqual(expect.arrayContaining(['table', 'thesis.txt']));
});

test('an argument it does not know', async () => {
  expect(await refusal({ args: ['--frehs'] })).toContain('npm start does not know "--frehs"');
});

test('settings that are wrong, all at once', async () => {
  const said = await refusal({ environment: { DROVER_METRICS_PUBLIC: 'maybe', DROVER_TABEL: 'x' } });
  expect(said).toContain('DROVER_METRICS_PUBLIC must be true or false');
  expect(said).toContain('DROVER_TABEL is not a setting');
});

test('in Chinese, where the locale is Chinese', async () => {
  const port = await freePort();
  await occupy(port);
  expect(await refusal({ port, environment: { LANG: 'zh_CN.UTF-8' } })).toContain(`端口 ${port} 已被占用`);
});

/** Ours that calls itself older, and a real one where this machine has it, as many have. */
const pretence = `data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'20.1.0'}})`;
const older = ['/usr/bin/node', '/usr/local/bin/node'].filter(
  (node) =>
    existsSync(node) &&
    Number.parseInt(execFileSync(node, ['-p', 'process.versions.node']).toString(), 10) < 24,
);

test.each([
  { node: process.execPath, given: ['--import', pretence] },
  ...older.map((node) => ({ node, given: [] })),
])('a Node that is too old: $node', ({ node, given }) => {
  const started = spawnSync(node, [...given, 'infra/local/start.mjs'], { encoding: 'utf8' });
  expect(started).toMatchObject({ status: 1, stdout: '' });
  expect(started.stderr.trim()).toMatch(
    /^Drover needs Node 24 and was started with v\d+\.\d+\.\d+\. .*npm install.*npm start\.$/,
  );
});

test('whoever does not know what its functions are called cannot invoke them', async () => {
  const { port } = await startDrover();
  const answer = await fetch(
    `http://127.0.0.1:${port + 1_000}/2015-03-31/functions/drover-local-core-work/invocations`,
    {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
      body: JSON.stringify({ kind: 'call', at: 0, request: { do: 'firstAdministrator', replace: true } }),
    },
  );
  expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('not found')]);
});
