import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DroverError } from '#errors';
import { readSettings } from '#settings';
import { storeEndpointFile, takeDataFolder } from '../local/dataFolder.ts';
import { localTable, startStore } from '../local/store.ts';
import { keyError } from './errors.ts';

/** Where the table is whose keys are changed. */
export interface Installation extends AsyncDisposable {
  readonly environment: NodeJS.ProcessEnv;
  /** Whether somebody may be sealing meanwhile. */
  readonly isRunning: boolean;
}

/**
 * A deployed one is told by its settings. Else it is the local one: beside the run that has the data folder, or, where
 * nobody has it, over a table opened for this alone.
 */
export async function findInstallation(environment: NodeJS.ProcessEnv): Promise<Installation> {
  const settings = readSettings(environment);
  if (settings.storeEndpoint !== undefined || settings.kmsKey !== undefined) {
    return { environment, isRunning: true, [Symbol.asyncDispose]: async () => undefined };
  }
  await using undo = new AsyncDisposableStack();
  const folder = resolve(settings.data);
  const local = { ...environment, DROVER_DATA: folder, DROVER_TABLE: localTable };
  const over = (endpoint: string) => ({ ...local, DROVER_STORE_ENDPOINT: endpoint });
  let release: () => void;
  try {
    ({ release } = await takeDataFolder(folder, false, settings.serverPort));
  } catch (error) {
    if (!(error instanceof DroverError) || error.code !== 'DATA_IN_USE') throw error;
    const endpoint = await readFile(join(folder, storeEndpointFile), 'utf8').catch(() => undefined);
    if (endpoint === undefined) throw keyError('KEYS_NO_STORE', { folder }, { cause: error });
    return { environment: over(endpoint), isRunning: true, [Symbol.asyncDispose]: async () => undefined };
  }
  undo.defer(release);
  const store = await startStore(join(folder, 'table'));
  undo.defer(store.close);
  const held = undo.move();
  return {
    environment: over(store.endpoint),
    isRunning: false,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
