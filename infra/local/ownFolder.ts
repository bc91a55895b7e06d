import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** With those above it. Node's own way of that never ends where the system makes nothing and says ENOENT (/proc). */
export async function makeFolder(folder: string, isParentThere = false): Promise<void> {
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
 * Two runs on one folder would destroy it. Node has no file locks of its own; a transaction that is never ended is
 * one, on every platform, and the system lifts it when the process ends, however it ends. Answers what lifts it.
 */
export function lockFolder(folder: string): (() => void) | 'taken' {
  try {
    const database = new DatabaseSync(join(folder, 'lock'), { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
    return () => database.close();
  } catch (error) {
    const sqliteBusy = 5;
    if (error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy) return 'taken';
    throw error;
  }
}

export const codeOf = (error: unknown): string =>
  error instanceof Error ? String('code' in error ? error.code : error.message) : String(error);
