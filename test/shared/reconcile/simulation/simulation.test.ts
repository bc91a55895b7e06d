import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type PlantedBug, plantedBugs } from './plantedBugs.ts';

const root = resolve(import.meta.dirname, '../../../..');
const here = 'test/shared/reconcile/simulation';

/** The schedules run outside the test runner, so that both cores are used and planted copies stay apart. */
function runSchedules(folder: string, from: number, count: number): Promise<{ code: number; text: string }> {
  return new Promise((done) => {
    const args = [join(folder, here, 'run.ts'), '--from', String(from), '--count', String(count)];
    const child = execFile(process.execPath, args, { cwd: folder, maxBuffer: 1e8 }, (error, stdout, stderr) =>
      done({ code: error ? (child.exitCode ?? 1) : 0, text: stdout + stderr }),
    );
  });
}

describe('the engine in simulation', () => {
  it('keeps its promises in 10,000 random schedules', { timeout: 240_000 }, async () => {
    const halves = await Promise.all([runSchedules(root, 1, 5_000), runSchedules(root, 5_001, 5_000)]);
    for (const { code, text } of halves)
      expect({ code, text }).toEqual({ code: 0, text: expect.stringContaining('"schedules"') });
  });

  it('runs the same schedule for the same seed, to the last operation', async () => {
    const [first, second] = await Promise.all([runSchedules(root, 77, 3), runSchedules(root, 77, 3)]);
    expect(first.code).toBe(0);
    expect(first.text).toBe(second.text);
  });
});

describe('planted bugs', () => {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  function plant({ file, edits }: PlantedBug): string {
    const folder = mkdtempSync(join(tmpdir(), 'drover-planted-'));
    folders.push(folder);
    for (const part of [
      'shared',
      'test/shared/reconcile/simulation',
      'test/example',
      'test/fixtures',
      'package.json',
    ]) {
      cpSync(join(root, part), join(folder, part), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const path = join(folder, 'shared/reconcile', file);
    let text = readFileSync(path, 'utf8');
    for (const { from, to } of edits) {
      expect(text, `${file} no longer says: ${from}`).toContain(from);
      text = text.replace(from, () => to);
    }
    writeFileSync(path, text);
    return folder;
  }

  it.each(plantedBugs)('catches: $name', { timeout: 120_000 }, async (bug) => {
    const { code, text } = await runSchedules(plant(bug), 1, 2_000);
    expect(text).toContain('"wrong"');
    expect(code).toBe(1);
  });
});
