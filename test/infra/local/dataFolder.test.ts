import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { takeDataFolder } from '../../../infra/local/dataFolder.ts';

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'drover-data-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test('is made with those above it, for its owner alone, and taken once', async () => {
  const folder = join(await aFolder(), 'some', 'where');
  const data = await takeDataFolder(folder, false, 8080);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  await expect(takeDataFolder(folder, false, 8080)).rejects.toMatchObject({ code: 'DATA_IN_USE' });
  data.release();
  (await takeDataFolder(folder, false, 8080)).release();
});

test('is refused where a file is in the way', async () => {
  const file = join(await aFolder(), 'file');
  await writeFile(file, '');
  for (const folder of [file, join(file, 'data'), join(file, 'data', 'deeper')]) {
    await expect(takeDataFolder(folder, false, 8080)).rejects.toMatchObject({ code: 'DATA_UNWRITABLE' });
  }
});

// Root may write everywhere else.
test.each(process.platform === 'linux' ? ['/proc/drover', '/proc/drover/data'] : [])(
  'is refused where the system makes nothing: %s',
  async (folder) => {
    await expect(takeDataFolder(folder, false, 8080)).rejects.toMatchObject({ code: 'DATA_UNWRITABLE' });
  },
);
