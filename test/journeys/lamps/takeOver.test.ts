import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { build } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { createEngine } from '#reconcile';
import { readSettings } from '#settings';
import { keys } from '#store';
import { lambdaCouriers } from '../../../functions/couriers.ts';
import { buildDrover } from '../../../functions/ports.ts';
import { createTable } from '../../../infra/aws/createTable.ts';
import { startStore } from '../../../infra/local/store.ts';
import { aLamp, lampsIn } from '../../example/lamps.ts';
import { dataFolder, freePort } from '../drover.ts';
import { houseIn } from './houseIn.ts';

const root = join(import.meta.dirname, '../../..');

async function bundleFunctions(): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: [join(import.meta.dirname, 'functions.ts')],
    outdir: join(import.meta.dirname, '.build'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: `import{createRequire as droverRequire}from'node:module';const require=droverRequire(import.meta.url);`,
    },
    logLevel: 'warning',
  });
}

/** One emulator, as one machine of its own. */
async function startMachine(
  environment: Record<string, string>,
): Promise<{ child: ChildProcess; endpoint: string }> {
  const port = await freePort();
  const lambdaPort = port + 1_000;
  const endpoint = `http://127.0.0.1:${lambdaPort}`;
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules/serverless/bin/serverless.js'),
      ...['offline', '--host', '127.0.0.1', '--noTimeout', '--localEnvironment', '--useInProcess'],
      ...['--httpPort', String(port), '--lambdaPort', String(lambdaPort)],
    ],
    {
      cwd: import.meta.dirname,
      stdio: 'ignore',
      env: { ...process.env, ...environment, DROVER_LAMBDA_ENDPOINT: endpoint },
    },
  );
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  while (
    !(await fetch(endpoint).then(
      () => true,
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error('The emulator ended before it was ready.');
    await wait(50);
  }
  return { child, endpoint };
}

test('a machine dies at work, and another takes its record over within 40 s', {
  timeout: 120_000,
}, async () => {
  await bundleFunctions();
  const store = await startStore(join(await dataFolder(), 'table'));
  onTestFinished(() => store.close());
  await createTable(store.endpoint, 'lamps');
  const environment = {
    DROVER_STORE_ENDPOINT: store.endpoint,
    DROVER_TABLE: 'lamps',
    DROVER_FUNCTIONS: 'lamps',
    AWS_REGION: 'local',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  const [doomed, other] = await Promise.all([startMachine(environment), startMachine(environment)]);

  // What the API would do: the work goes to one machine, the tick that watches over it runs on another.
  const ports = buildDrover({ ...process.env, ...environment });
  const couriersTo = (endpoint: string) =>
    lambdaCouriers(
      readSettings({ ...environment, DROVER_LAMBDA_ENDPOINT: endpoint }),
      ports.clock,
      ports.log,
    );
  const couriers = { ...couriersTo(doomed.endpoint), tick: couriersTo(other.endpoint).tick };
  const { records } = createEngine(lampsIn(houseIn(ports.table)), { ...ports, couriers });
  const by = { actor: { kind: 'system' as const, id: 'test', name: 'test' }, action: 'lamp.create' };
  const data = aLamp('on', ports.clock.now(), { blinks: 8 });
  const created = await records.create(
    { kind: 'lamp', name: 'porch', labels: {}, everySeconds: 60, data },
    by,
  );
  if (created.outcome !== 'created') throw new Error(created.outcome);
  const { id } = created.row;
  const row = async () => (await ports.table.get(keys.rowKey('lamps', id)))!;

  while ((await row()).owner === undefined) await wait(50);
  await wait(3_000);
  const before = await row();
  doomed.child.kill('SIGKILL');
  const died = performance.now();
  while ((await row()).owner === before.owner) await wait(100);
  const taken = performance.now() - died;
  expect(taken).toBeLessThan(40_000);
  console.log(`taken over after ${(taken / 1000).toFixed(1)} s`);

  // The other goes on where the first was, to the end, and nothing is told twice.
  while ((await records.get(id, 'lamp'))?.data.state !== 'lit') await wait(200);
  const { events } = await records.history(id, { limit: 10 });
  expect(events.map(({ type }) => type).sort()).toEqual(['lamp.created', 'lamp.lit']);
});
