import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { contract, type Subject } from './contract.ts';
import { type Emulator, startDynalite } from './dynalite.ts';
import { subjectOver } from './dynamo.ts';

// A busy machine may need longer than the default for 200 racing calls.
vi.setConfig({ testTimeout: 20_000 });

let emulator: Emulator;
let subject: Subject & { close(): void };
beforeAll(async () => {
  emulator = await startDynalite();
  subject = await subjectOver(emulator);
});
afterAll(async () => {
  subject.close();
  await emulator.close();
});
contract('dynalite in memory', () => subject);

test('what is kept on disk is there again after it was closed, index and all', async () => {
  const path = await mkdtemp(join(tmpdir(), 'drover-'));
  const item = { pk: 'a', sk: 'b', duePk: 'd', dueSk: '1', bytes: new Uint8Array([1, 0, 255]) };
  const first = await startDynalite(path);
  const writer = await subjectOver(first);
  await writer.table.put(item);
  expect(await writer.table.add({ pk: 'a', sk: 'c' }, { n: 1 })).toEqual({ n: 1 });
  writer.close();
  await first.close();

  const again = await startDynalite(path);
  const reader = await subjectOver(again);
  expect(await reader.table.get({ pk: 'a', sk: 'b' })).toEqual(item);
  expect((await reader.table.query({ index: 'due', partition: 'd' })).items).toHaveLength(1);
  expect(await reader.table.put(item, 'absent')).toBe('refused');
  expect(await reader.table.add({ pk: 'a', sk: 'c' }, { n: 1 })).toEqual({ n: 2 });
  reader.close();
  await again.close();
  await rm(path, { recursive: true });
});
