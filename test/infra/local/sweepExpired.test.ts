import { afterAll, beforeAll, expect, test } from 'vitest';
import { dynamoTable, type Item } from '#store';
import { hour, systemClock } from '#time';
import { createTable } from '../../../infra/aws/createTable.ts';
import { keepSwept, sweepExpired } from '../../../infra/local/sweepExpired.ts';
import { type Emulator, startDynalite } from '../../shared/store/dynalite.ts';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startDynalite();
});
afterAll(() => emulator.close());

async function aTable(tableName: string) {
  await createTable(emulator.endpoint, tableName);
  // Its clock stands before 1970, so that it answers what has expired.
  const clock = { ...systemClock, now: () => -1_000 };
  const table = dynamoTable({ endpoint: emulator.endpoint, tableName, clock });
  return { table, swept: { endpoint: emulator.endpoint, tableName } };
}

test('a sweep removes what has expired, over many pages, and nothing else', async () => {
  const { table, swept } = await aTable('pages');
  const now = 2_000_000_000;
  const text = 'x'.repeat(200_000);
  const items: Item[] = Array.from({ length: 24 }, (_, n) => ({
    pk: `p${n % 3}`,
    sk: String(n),
    text,
    ...(n % 3 === 1 && { expiresAt: now - (n % 2) }),
    ...(n % 3 === 2 && { expiresAt: now + 1 }),
  }));
  items.push({ pk: 'p9', sk: 'odd', expiresAt: 'soon' });
  for (const item of items) await table.put(item);
  const clock = { ...systemClock, now: () => now * 1000, sleep: async () => {} };
  expect(await sweepExpired({ ...swept, clock })).toBe(8);
  for (const { pk, sk, expiresAt } of items) {
    expect([sk, (await table.get({ pk, sk })) === undefined]).toEqual([sk, Number(expiresAt) <= now]);
  }
  expect(await sweepExpired({ ...swept, clock })).toBe(0);
  table.close();
});

test('sweeping comes back every hour, and ends when it is told to', async () => {
  const { table, swept } = await aTable('hours');
  const end = new AbortController();
  const waits: number[] = [];
  const clock = {
    now: () => waits.length * 1000,
    sleep: async (wait: number) => {
      waits.push(wait);
      if (waits.length === 3) end.abort();
    },
  };
  for (const expiresAt of [0, 1, 2, 3]) await table.put({ pk: 'a', sk: String(expiresAt), expiresAt });
  await keepSwept({ ...swept, clock }, end.signal);
  expect(waits).toEqual([hour, hour, hour]);
  const { table: fresh } = await aTable('hours');
  const left = await fresh.query({ partition: 'a' });
  expect(left.items.map(({ sk }) => sk)).toEqual(['3']);
  table.close();
  fresh.close();
});
