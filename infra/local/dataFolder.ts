import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fail } from './errors.ts';

export interface DataFolder {
  readonly folder: string;
  readonly table: string;
  readonly log: string;
  readonly keyFile: string;
  readonly adminToken: string;
  /** Lets another run have it. */
  release(): void;
}

/** What a run may have left there: `--fresh` deletes these and nothing else. */
const own = ['table', 'drover.log', 'drover.log.1', 'keys', 'admin-token', 'lock', 'lock-journal'];

/** Takes the folder for this run alone. */
export async function takeDataFolder(path: string, isFresh: boolean, port: number): Promise<DataFolder> {
  const folder = resolve(path);
  try {
    await makeFolder(folder);
  } catch (error) {
    throw fail('DATA_UNWRITABLE', { folder, reason: codeOf(error) }, { cause: error });
  }
  const release = lock(folder, port);
  if (isFresh) await empty(folder);
  return {
    folder,
    table: join(folder, 'table'),
    log: join(folder, 'drover.log'),
    keyFile: join(folder, 'keys'),
    adminToken: join(folder, 'admin-token'),
    release,
  };
}

/** With those above it. Node's own way of that never ends where the system makes nothing and says ENOENT (/proc). */
async function makeFolder(folder: string, isParentThere = false): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return;
    if (code !== 'ENOENT' || isParentThere) throw error;
    await makeFolder(dirname(folder));
    await makeFolder(folder, true);
  }
}

/**
 * Two runs on one table would destroy it. Node has no file locks of its own; a transaction that is never ended is
 * one, on every platform, and the system lifts it when the process ends, however it ends.
 */
function lock(folder: string, port: number): () => void {
  try {
    const database = new DatabaseSync(join(folder, 'lock'), { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
    return () => database.close();
  } catch (error) {
    const sqliteBusy = 5;
    if (error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy) {
      throw fail('DATA_IN_USE', { folder, other: port + 1 }, { cause: error });
    }
    throw fail('DATA_UNWRITABLE', { folder, reason: codeOf(error) }, { cause: error });
  }
}

async function empty(folder: string): Promise<void> {
  const foreign = (await readdir(folder)).filter((name) => !own.includes(name));
  if (foreign.length > 0) throw fail('DATA_FOREIGN', { folder });
  for (const name of own) {
    if (!name.startsWith('lock')) await rm(join(folder, name), { recursive: true, force: true });
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error ? String('code' in error ? error.code : error.message) : String(error);
