import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { StoreRefused } from '#store';
import { contract, type Subject } from './contract.ts';
import { type Emulator, startDynalite } from './dynalite.ts';
import { subjectOver } from './dynamo.ts';

// A busy machine may need longer than the default for 200 racing calls.
vi.setConfig({ testTimeout: 20_000 });

let folder: string;
let emulator: Emulator;
let subject: Subject & { close(): void };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-'));
  emulator = await startDynalite(join(folder, 'contract'));
  subject = await subjectOver(emulator);
});
afterAll(async () => {
  subject.close();
  await emulator.close();
  await rm(folder, { recursive: true });
});
contract('dynalite on disk', () => subject);

test('what is kept on disk is there again after it was closed, index and all', async () => {
  const path = join(folder, 'again');
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
});

test('what others wrote is answered, and left as it is by a change of something else', async () => {
  const key = { pk: 'foreign', sk: 'a' };
  const foreign = {
    pk: { S: key.pk },
    sk: { S: key.sk },
    texts: { SS: ['a', 'b'] },
    numbers: { NS: ['1.5', '2'] },
    binaries: { BS: [new Uint8Array([1])] },
    deep: { M: { set: { L: [{ SS: ['x'] }] } } },
  };
  const exact = { N: '12345678901234567890123456789012345678' };
  const client = new DynamoDBClient({
    endpoint: emulator.endpoint,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const write = (item: typeof foreign & { exact?: typeof exact }) =>
    client.send(new PutItemCommand({ TableName: 'drover', Item: item }));
  const stored = async () =>
    (await client.send(new GetItemCommand({ TableName: 'drover', Key: { pk: foreign.pk, sk: foreign.sk } })))
      .Item;

  await write(foreign);
  const found = (await subject.table.get(key))!;
  expect(found.texts).toEqual(new Set(['a', 'b']));
  await subject.table.put({ ...found, more: 1 });
  expect(await stored()).toEqual({ ...foreign, more: { N: '1' } });

  await write({ ...foreign, exact });
  expect((await subject.table.get(key))?.exact).toBe(1.2345678901234568e37);
  await subject.table.update(key, { set: { more: 1 } });
  expect(await stored()).toEqual({ ...foreign, exact, more: { N: '1' } });
  // Put back whole it would be another number: refused rather than spoilt.
  await expect(subject.table.put((await subject.table.get(key))!)).rejects.toThrow(StoreRefused);
  client.destroy();
});
