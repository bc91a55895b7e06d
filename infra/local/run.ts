import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { DroverError, type Language } from '#errors';
import { readController, readSettings } from '#settings';
import { areaNames } from '../../functions/areas.ts';
import { functionName } from '../../functions/couriers.ts';
import type { WorldMessage } from '../world/run.ts';
import { type DataFolder, takeDataFolder } from './dataFolder.ts';
import { type Emulator, startEmulator } from './emulator.ts';
import { fail } from './errors.ts';
import type { Options } from './options.ts';
import { lambdaPortFor, requireFree, requireFreeBeside } from './ports.ts';
import { callAs, registerWorld } from './registerWorld.ts';
import { readyBlock, sentenceOf } from './say.ts';
import { stopRequested } from './stopRequested.ts';
import { localTable, startStore } from './store.ts';
import { startWorldBeside } from './worldBeside.ts';

/** Runs Drover until it is asked to stop. Answers the exit code. */
export async function runDrover(
  options: Options,
  environment: NodeJS.ProcessEnv,
  language: Language,
): Promise<number> {
  const settings = readSettings(environment);
  const port = settings.serverPort;
  const lambdaPort = lambdaPortFor(port);
  await requireFree(port, 'SERVER_PORT', port);
  await requireFree(lambdaPort, 'SERVER_PORT', port);
  const { exporterPort } = readController(settings.controller).found;
  if (exporterPort !== undefined) await requireFreeBeside(exporterPort, [port, lambdaPort]);

  await using undo = new AsyncDisposableStack();
  const data = await takeDataFolder(settings.data, options.isFresh, port);
  undo.defer(data.release);
  const stop = stopRequested(environment);
  const store = await startStore(data.table);
  undo.defer(store.close);
  await writeFile(data.storeEndpoint, store.endpoint, { mode: 0o600 });
  undo.defer(() => rm(data.storeEndpoint, { force: true }));
  // The emulator lets every page in a browser and every user of the machine invoke a function whose name it knows.
  const functions = `drover-local-${randomBytes(16).toString('hex')}`;
  const given = {
    ...environment,
    DROVER_FUNCTIONS: functions,
    DROVER_DATA: data.folder,
    DROVER_KEY_FILE: settings.keyFile ?? data.keyFile,
    DROVER_STORE_ENDPOINT: store.endpoint,
    DROVER_LAMBDA_ENDPOINT: `http://127.0.0.1:${lambdaPort}`,
  };
  const { inThreads } = options;
  const world = options.hasWorld
    ? startWorldBeside(options.isFresh, { ...environment, DROVER_DATA: data.folder }, (error) =>
        console.error(sentenceOf(error, language)),
      )
    : undefined;
  undo.defer(async () => world?.stop());
  const emulator = await startEmulator({ port, lambdaPort, inThreads, log: data.log, environment: given });
  undo.defer(emulator.stop);
  // It loads a function's code at the function's first call: until then there is time to make it, and to load what
  // makes it.
  const { createTable, bundleLocally, localAdministrator, localCouriers, keepSwept, serveExporter } =
    await import('./whileStarting.ts');
  await Promise.all([createTable(store.endpoint, localTable), bundleLocally()]);
  await emulator.untilHealthy(stop);
  if (stop.aborted) return 0;
  // The schedule's first minute is not waited for.
  await Promise.all(areaNames.map((area) => emulator.invoke(functionName({ functions }, area, 'tick'))));
  const { signIn } = await localAdministrator({ ...given, DROVER_TABLE: localTable }, data.adminToken);
  if (exporterPort !== undefined) {
    const exporter = await serveExporter(exporterPort, localCouriers(given), language);
    undo.defer(exporter.close);
  } else if (settings.controller.EXPORTER_PORT !== undefined) {
    console.error(sentenceOf(fail('EXPORTER_PORT_INVALID'), language));
  }
  await emulator.untilReady(stop);
  // Where it could not start, Drover is of use without it.
  const simulated = await Promise.race([world?.ready, aborted(stop)]);
  if (stop.aborted) return 0;

  const sweepsEnd = new AbortController();
  const sweeping = keepSwept({ endpoint: store.endpoint, tableName: localTable }, sweepsEnd.signal);
  undo.defer(async () => {
    sweepsEnd.abort();
    await sweeping;
  });

  const address = `http://127.0.0.1:${port}`;
  console.log(
    readyBlock(
      {
        address,
        signIn: `${address}${signIn}`,
        token: data.adminToken,
        data: data.folder,
        log: data.log,
        exporter: exporterPort === undefined ? undefined : `http://127.0.0.1:${exporterPort}/metrics`,
        world: simulated,
      },
      language,
    ),
  );
  // Not waited for: Drover is ready without them, and says so.
  if (simulated) void register(address, data, simulated, stop, language);
  return await untilStopped(emulator, sweeping, stop, data.log);
}

async function register(
  address: string,
  { adminToken, registered }: DataFolder,
  { kubeconfigs, controllers }: WorldMessage,
  stop: AbortSignal,
  language: Language,
): Promise<void> {
  try {
    const token = (await readFile(adminToken, 'utf8')).trim();
    await registerWorld({ kubeconfigs, controllers, kept: registered, call: callAs(address, token, stop) });
  } catch (error) {
    if (stop.aborted) return;
    console.error(error instanceof DroverError ? sentenceOf(error, language) : error);
  }
}

async function untilStopped(
  emulator: Emulator,
  sweeping: Promise<void>,
  stop: AbortSignal,
  log: string,
): Promise<number> {
  await Promise.race([aborted(stop), emulator.ended, sweeping]);
  if (!stop.aborted) throw fail('EMULATOR_ENDED', { log });
  return 0;
}

const aborted = (stop: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (stop.aborted) resolve(undefined);
    else stop.addEventListener('abort', () => resolve(undefined), { once: true });
  });
