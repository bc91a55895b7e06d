import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fail } from './errors.ts';
import { codeOf, lockFolder, makeFolder } from './ownFolder.ts';

export interface DataFolder {
  readonly folder: string;
  readonly table: string;
  readonly log: string;
  readonly keyFile: string;
  readonly adminToken: string;
  /** Where the table of the run that is under way is spoken to: for who may read this folder. */
  readonly storeEndpoint: string;
  /** Which simulated clusters were ever registered. */
  readonly registered: string;
  /** Lets another run have it. */
  release(): void;
}

export const storeEndpointFile = 'store-endpoint';

/** What a run may have left there: `--fresh` deletes these and nothing else. The world sees to its own folder. */
const own = [
  ...['world', 'table', 'drover.log', 'drover.log.1', 'keys', 'admin-token', 'registered.json'],
  ...[storeEndpointFile, 'lock', 'lock-journal'],
];

/** Takes the folder for this run alone. */
export async function takeDataFolder(path: string, isFresh: boolean, port: number): Promise<DataFolder> {
  const folder = resolve(path);
  let release: ReturnType<typeof lockFolder>;
  try {
    await makeFolder(folder);
    release = lockFolder(folder);
  } catch (error) {
    throw fail('DATA_UNWRITABLE', { folder, reason: codeOf(error) }, { cause: error });
  }
  if (release === 'taken') throw fail('DATA_IN_USE', { folder, other: port + 1 });
  if (isFresh) await empty(folder);
  return {
    folder,
    table: join(folder, 'table'),
    log: join(folder, 'drover.log'),
    keyFile: join(folder, 'keys'),
    adminToken: join(folder, 'admin-token'),
    storeEndpoint: join(folder, storeEndpointFile),
    registered: join(folder, 'registered.json'),
    release,
  };
}

async function empty(folder: string): Promise<void> {
  const foreign = (await readdir(folder)).filter((name) => !own.includes(name));
  if (foreign.length > 0) throw fail('DATA_FOREIGN', { folder });
  for (const name of own) {
    if (name !== 'world' && !name.startsWith('lock'))
      await rm(join(folder, name), { recursive: true, force: true });
  }
}
