import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type PlantedBug, plantedBugs } from './plantedBugs.ts';
import { expectPromisesKept, here, root, runSchedules } from './runSchedules.ts';

describe('the engine in simulation', () => {
  // `npm run test:long` adds 8,000.
  it('keeps its promises in 2,000 random schedules', { timeout: 240_000 }, () =>
    expectPromisesKept(1, 2_000),
  );

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
    for (const part of ['shared', here, 'test/example', 'test/fixtures', 'package.json']) {
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
    const { code, text } = await runSchedules(plant(bug), bug.schedulesFrom ?? 1, 2_000);
    expect(text).toContain('"wrong"');
    expect(code).toBe(1);
  });
});
