import { afterAll, beforeAll, expect, test } from 'vitest';
import { contract, inGroups, numbers, type Subject } from './contract.ts';
import type { Emulator } from './dynalite.ts';
import { subjectOver } from './dynamo.ts';
import { startDynamodbLocal, whyNoDynamodbLocal } from './dynamodbLocal.ts';

const missing = await whyNoDynamodbLocal();

if (missing === undefined) {
  let emulator: Emulator;
  let subject: Subject & { close(): void };
  beforeAll(async () => {
    emulator = await startDynamodbLocal();
    subject = await subjectOver(emulator);
  }, 300_000);
  afterAll(async () => {
    subject.close();
    await emulator.close();
  });
  contract('DynamoDB Local', () => subject);

  test('a read of many that is more than an answer can hold comes in several', async () => {
    const all = numbers(60).map((sk) => ({ pk: 'many', sk }));
    await inGroups(all, (key) => subject.table.put({ ...key, text: 'x'.repeat(300_000) }));
    const found = await subject.table.getMany(all);
    expect(found.map(({ sk }) => sk).toSorted()).toEqual(all.map(({ sk }) => sk));
  });
} else {
  test('DynamoDB Local', ({ skip }) => {
    if (process.env.CI === 'true') throw new Error(`The store must be tested on DynamoDB Local: ${missing}.`);
    skip(`${missing}; the store is not tested on DynamoDB Local here.`);
  });
}
