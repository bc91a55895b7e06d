import { afterAll, beforeAll, test } from 'vitest';
import { contract, type Subject } from './contract.ts';
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
} else {
  test('DynamoDB Local', ({ skip }) => {
    if (process.env.CI === 'true') throw new Error(`The store must be tested on DynamoDB Local: ${missing}.`);
    skip(`${missing}; the store is not tested on DynamoDB Local here.`);
  });
}
