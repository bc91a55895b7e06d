import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';

export const root = resolve(import.meta.dirname, '../../../..');
export const here = 'test/shared/reconcile/simulation';

/** The schedules run outside the test runner, so that both cores are used and planted copies stay apart. */
export function runSchedules(
  folder: string,
  from: number,
  count: number,
): Promise<{ code: number; text: string }> {
  return new Promise((done) => {
    const args = [join(folder, here, 'run.ts'), '--from', String(from), '--count', String(count)];
    const child = execFile(process.execPath, args, { cwd: folder, maxBuffer: 1e8 }, (error, stdout, stderr) =>
      done({ code: error ? (child.exitCode ?? 1) : 0, text: stdout + stderr }),
    );
  });
}

/** `count` schedules from there on, on both cores; none goes wrong. */
export async function expectPromisesKept(from: number, count: number): Promise<void> {
  const half = count / 2;
  for (const { code, text } of await Promise.all([
    runSchedules(root, from, half),
    runSchedules(root, from + half, half),
  ])) {
    expect({ code, text }).toEqual({ code: 0, text: expect.stringContaining('"schedules"') });
  }
}
