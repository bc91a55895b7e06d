import { describe, expect, test } from 'vitest';
import { MemoryTable } from '#store';
import { contract } from './contract.ts';
import { laggingIndex } from './lagging.ts';

let contractNow = 0;
const atOnce = laggingIndex(new MemoryTable(() => contractNow), { now: () => contractNow, lag: () => 0 });
contract('a lagging index that does not lag', () => ({
  table: atOnce,
  setNow: (millis) => {
    contractNow = millis;
  },
}));

describe('a lagging index', () => {
  function aLaggingTable(...lags: number[]) {
    let now = 0;
    const table = laggingIndex(new MemoryTable(() => now), {
      now: () => now,
      lag: () => lags.shift() ?? 100,
    });
    const listed = async () => {
      const { items } = await table.query({ index: 'due', partition: 'd' });
      return items.map(({ sk, dueSk }) => `${sk}@${dueSk}`);
    };
    return { table, listed, pass: (millis: number) => (now += millis) };
  }

  test('lists an item late, in its old place, and after it is gone', async () => {
    const { table, listed, pass } = aLaggingTable();
    const key = { pk: 'a', sk: 'a' };
    await table.put({ ...key, duePk: 'd', dueSk: '1' });
    expect(await listed()).toEqual([]);
    pass(100);
    expect(await listed()).toEqual(['a@1']);
    await table.update(key, { set: { dueSk: '2' } });
    pass(50);
    await table.update(key, { remove: ['duePk', 'dueSk'] });
    expect(await listed()).toEqual(['a@1']);
    pass(50);
    expect(await listed()).toEqual(['a@2']);
    pass(50);
    expect(await listed()).toEqual([]);
    await table.add(key, { n: 1 }, { duePk: 'd', dueSk: '3' });
    await table.delete(key);
    expect((await table.get(key))?.sk).toBeUndefined();
    pass(100);
    expect(await listed()).toEqual([]);
  });

  test('what is read by key is never late', async () => {
    const { table } = aLaggingTable();
    await table.put({ pk: 'a', sk: 'a', duePk: 'd', dueSk: '1' });
    expect((await table.query({ partition: 'a' })).items).toHaveLength(1);
    expect(await table.getMany([{ pk: 'a', sk: 'a' }])).toHaveLength(1);
  });

  test('keeps the order of one item’s changes, not that of different items', async () => {
    const { table, listed, pass } = aLaggingTable(100, 10, 10);
    await table.put({ pk: 'a', sk: 'a', duePk: 'd', dueSk: '1' });
    await table.update({ pk: 'a', sk: 'a' }, { set: { dueSk: '2' } });
    await table.put({ pk: 'a', sk: 'b', duePk: 'd', dueSk: '3' });
    pass(10);
    expect(await listed()).toEqual(['b@3']);
    pass(90);
    expect(await listed()).toEqual(['a@2', 'b@3']);
  });

  test('a refused write changes nothing in it', async () => {
    const { table, listed, pass } = aLaggingTable();
    await table.put({ pk: 'a', sk: 'a', duePk: 'd', dueSk: '1' });
    await table.put({ pk: 'a', sk: 'a' }, 'absent');
    await table.delete({ pk: 'a', sk: 'a' }, { rev: 1 });
    pass(100);
    expect(await listed()).toEqual(['a@1']);
  });
});
