import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  type Cursor,
  type Item,
  type Key,
  keys,
  type Query,
  readLarge,
  removeLarge,
  StoreRefused,
  type Table,
  type Value,
  writeLarge,
} from '#store';

/** A clock that a test sets; items expire by it. */
export interface Subject {
  table: Table;
  setNow(millis: number): void;
}

/**
 * What every implementation of the store port must do. `subject` answers the same table each time: every test
 * keeps to partitions of its own.
 */
export function contract(name: string, subject: () => Subject): void {
  let count = 0;
  const fresh = () => `${name}-${++count}`;
  const table = () => subject().table;
  const key = (): Key & Item => ({ pk: fresh(), sk: 'a' });

  async function pages(query: Query, between?: (page: number) => Promise<void>): Promise<Item[][]> {
    const all: Item[][] = [];
    let after: Cursor | undefined;
    do {
      const { items, next } = await table().query({ ...query, ...(after && { after }) });
      all.push(items);
      after = next;
      await between?.(all.length);
    } while (after && all.length < 200);
    return all;
  }
  const sorts = (items: Item[]) => items.map((item) => item.sk);
  const allSorts = async (query: Query) => sorts((await pages(query)).flat());
  const fill = (pk: string, all: string[], more: { [name: string]: Value } = {}) =>
    inGroups(all, (sk) => table().put({ pk, sk, ...more }));

  describe(`${name}: items`, () => {
    test('an item comes back as it was put', async () => {
      const k = key();
      const item: Item = {
        ...k,
        empty: '',
        text: 'grün 绿 😀',
        whole: Number.MAX_SAFE_INTEGER,
        negative: Number.MIN_SAFE_INTEGER,
        float: 0.1,
        small: 1.5e-7,
        yes: true,
        no: false,
        nothing: null,
        bytes: new Uint8Array([0, 1, 127, 128, 255]),
        noBytes: new Uint8Array(0),
        list: [1, 'two', null, [], {}, [{ deep: [''] }]],
        map: { 'with.dot': 1, 'with space': { ':v0': { '#n0': ['x'] } } },
      };
      await table().put(item);
      expect(await table().get(k)).toEqual(item);
      expect(await table().get(k, { eventually: true })).toEqual(item);
    });

    test('maps keep keys that are names of JavaScript’s own', async () => {
      const k = key();
      const labels = JSON.parse('{"constructor":"a","toString":"b","hasOwnProperty":"d","length":1}') as {
        [name: string]: Value;
      };
      await table().put({ ...k, labels });
      const found = (await table().get(k))?.labels as typeof labels;
      expect(Object.entries(found).toSorted()).toEqual(Object.entries(labels).toSorted());
      expect(Object.getPrototypeOf(found)).toBe(Object.prototype);
    });

    test('what is answered and what was given stay apart from what is stored', async () => {
      const k = key();
      const given: Item = { ...k, map: { list: [1] }, bytes: new Uint8Array([1]) };
      await table().put(given);
      (given.map as { list: number[] }).list.push(2);
      (given.bytes as Uint8Array)[0] = 9;
      const found = await table().get(k);
      (found!.map as { list: number[] }).list.push(3);
      expect(await table().get(k)).toEqual({ ...k, map: { list: [1] }, bytes: new Uint8Array([1]) });
    });

    test('an item that is not there is not answered', async () => {
      expect(await table().get(key())).toBeUndefined();
      expect(await table().delete(key())).toBe('written');
      expect(await table().query({ partition: fresh() })).toEqual({ items: [], next: undefined });
    });

    test('a put replaces the whole item', async () => {
      const k = key();
      await table().put({ ...k, old: 1 });
      await table().put({ ...k, new: 1 });
      expect(await table().get(k)).toEqual({ ...k, new: 1 });
    });

    test('an update changes what it names, and nothing else', async () => {
      const k = key();
      await table().put({ ...k, kept: 1, changed: { a: 1 }, removed: 1 });
      await table().update(k, { set: { changed: { b: 2 }, size: 'reserved' }, remove: ['removed', 'never'] });
      expect(await table().get(k)).toEqual({ ...k, kept: 1, changed: { b: 2 }, size: 'reserved' });
    });

    test('an update without condition brings an item into being', async () => {
      const k = key();
      await table().update(k, { set: { a: 1 } });
      expect(await table().get(k)).toEqual({ ...k, a: 1 });
    });

    test.each<[string, { [name: string]: unknown }]>([
      ['undefined', { x: undefined }],
      ['undefined in a map', { x: { y: undefined } }],
      ['undefined in a list', { x: [undefined] }],
      ['a date', { x: new Date(0) }],
      ['a function in a map', { x: { y: () => 1 } }],
      ['a bigint', { x: 1n }],
      ['not a number', { x: Number.NaN }],
      ['infinity', { x: Number.POSITIVE_INFINITY }],
      ['a number beyond 2^53', { x: 2 ** 53 }],
      ['a map with an empty name', { x: { '': 1 } }],
      ['a map with the name __proto__', { x: JSON.parse('{"__proto__":1}') }],
    ])('%s is refused, not stored as something else', async (_, wrong) => {
      const k = key();
      await expect(table().put({ ...k, ...wrong } as Item)).rejects.toThrow(StoreRefused);
      await expect(table().update(k, { set: wrong as { [name: string]: Value } })).rejects.toThrow(
        /attribute x holds/,
      );
      expect(await table().get(k)).toBeUndefined();
    });

    test.each<[string, Item]>([
      ['an empty partition key', { pk: '', sk: 'a' }],
      ['an empty sort key', { pk: 'a', sk: '' }],
      ['a partition key of 2049 bytes', { pk: 'x'.repeat(2049), sk: 'a' }],
      ['a sort key of 1025 bytes', { pk: 'a', sk: `${'x'.repeat(1023)}é` }],
      ['an empty index key', { pk: 'a', sk: 'a', duePk: '', dueSk: 'a' }],
      ['an index key that is a number', { pk: 'a', sk: 'a', duePk: 'a', dueSk: 1 }],
    ])('%s is refused', async (_, item) => {
      await expect(table().put(item)).rejects.toThrow(StoreRefused);
    });

    test('keys never change', async () => {
      const k = key();
      await table().put(k);
      await expect(table().update(k, { set: { sk: 'b' } })).rejects.toThrow(StoreRefused);
      await expect(table().update(k, { remove: ['pk'] })).rejects.toThrow(StoreRefused);
      await expect(table().update(k, { set: { a: 1 }, remove: ['a'] })).rejects.toThrow(StoreRefused);
    });

    test('an item of nearly 400 kB is kept, a larger one is refused by name', async () => {
      const k = key();
      const large = { ...k, text: 'x'.repeat(400 * 1024 - 200), bytes: new Uint8Array(100) };
      expect(await table().put(large)).toBe('written');
      expect((await table().get(k))?.text).toHaveLength(400 * 1024 - 200);
      await expect(table().put({ ...large, more: 'x'.repeat(300) })).rejects.toThrow(/too large/);
      await expect(table().update(k, { set: { more: 'x'.repeat(300) } })).rejects.toThrow(/too large/);
      expect((await table().get(k))?.more).toBeUndefined();
    });
  });

  describe(`${name}: conditions`, () => {
    test('absent lets the first writer alone pass', async () => {
      const k = key();
      expect(await table().put({ ...k, n: 1 }, 'absent')).toBe('written');
      expect(await table().put({ ...k, n: 2 }, 'absent')).toBe('refused');
      expect(await table().update(k, { set: { n: 3 } }, 'absent')).toBe('refused');
      expect(await table().delete(k, 'absent')).toBe('refused');
      expect(await table().get(k)).toEqual({ ...k, n: 1 });
    });

    test.each<[string, { [name: string]: string | number | boolean | undefined }, 'written' | 'refused']>([
      ['an equal number', { rev: 3 }, 'written'],
      ['another number', { rev: 4 }, 'refused'],
      ['the number as text', { rev: '3' }, 'refused'],
      ['equal text', { owner: 'me' }, 'written'],
      ['empty text', { blank: '' }, 'written'],
      ['empty text where there is some', { owner: '' }, 'refused'],
      ['an equal boolean', { status: true }, 'written'],
      ['the other boolean', { status: false }, 'refused'],
      ['an attribute that is not there', { missing: undefined }, 'written'],
      ['absence of one that is', { owner: undefined }, 'refused'],
      ['absence of one that is null', { nothing: undefined }, 'refused'],
      ['a value for one that is not there', { missing: 1 }, 'refused'],
      ['two that hold', { rev: 3, missing: undefined }, 'written'],
      ['two of which one does not hold', { rev: 3, owner: 'you' }, 'refused'],
      ['nothing', {}, 'written'],
    ])('a condition on %s', async (_, when, expected) => {
      const stored = { rev: 3, owner: 'me', blank: '', status: true, nothing: null };
      const [put, update, remove] = [key(), key(), key()];
      for (const k of [put, update, remove]) await table().put({ ...k, ...stored });
      expect(await table().put({ ...put, replaced: true }, when)).toBe(expected);
      expect(await table().update(update, { set: { rev: 9 }, remove: ['blank'] }, when)).toBe(expected);
      expect(await table().delete(remove, when)).toBe(expected);
      const isWritten = expected === 'written';
      expect(await table().get(put)).toEqual({ ...put, ...(isWritten ? { replaced: true } : stored) });
      expect((await table().get(update))?.rev).toBe(isWritten ? 9 : 3);
      expect(await table().get(remove)).toEqual(isWritten ? undefined : { ...remove, ...stored });
    });

    test('a conditional write to an item that is gone never revives it', async () => {
      const k = key();
      await table().put({ ...k, rev: 1 });
      await table().delete(k);
      expect(await table().update(k, { set: { rev: 2 } }, { rev: 1 })).toBe('refused');
      expect(await table().put({ ...k, rev: 2 }, { rev: 1, owner: undefined })).toBe('refused');
      expect(await table().delete(k, { rev: 1 })).toBe('refused');
      expect(await table().get(k)).toBeUndefined();
    });

    test('conditions see an item that has expired: it is there until it is removed', async () => {
      const k = key();
      subject().setNow(1_000_000);
      await table().put({ ...k, expiresAt: 1 });
      expect(await table().get(k)).toBeUndefined();
      expect(await table().put(k, 'absent')).toBe('refused');
      expect(await table().delete(k, { expiresAt: 1 })).toBe('written');
    });
  });

  describe(`${name}: races`, () => {
    test('of 200 creates one wins', async () => {
      const k = key();
      const outcomes = await Promise.all(
        Array.from({ length: 200 }, (_, by) => table().put({ ...k, by }, 'absent')),
      );
      expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
      expect((await table().get(k))?.by).toBe(outcomes.indexOf('written'));
    });

    test('of 200 updates from the same revision one wins', async () => {
      const k = key();
      await table().put({ ...k, rev: 7 });
      const outcomes = await Promise.all(
        Array.from({ length: 200 }, (_, by) => table().update(k, { set: { rev: 8, by } }, { rev: 7 })),
      );
      expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
      expect(await table().get(k)).toEqual({ ...k, rev: 8, by: outcomes.indexOf('written') });
    });

    test('500 additions by 50 at once lose none, and each answers another sum', async () => {
      const k = key();
      const sums: Record<string, number>[] = [];
      const adder = async () => {
        for (let n = 0; n < 10; n++) {
          sums.push(await table().add(k, { count: 1, seconds: 0.5 }, { name: 'x' }));
        }
      };
      await Promise.all(Array.from({ length: 50 }, adder));
      expect(await table().get(k)).toEqual({ ...k, count: 500, seconds: 250, name: 'x' });
      expect(new Set(sums.map((sum) => sum.count)).size).toBe(500);
      expect(Object.keys(sums[0]!).toSorted()).toEqual(['count', 'seconds']);
    });

    test('an addition keeps what else the item holds, and refuses what is no number', async () => {
      const k = key();
      await table().put({ ...k, text: 'x', list: [1] });
      expect(await table().add(k, { n: -2 })).toEqual({ n: -2 });
      await expect(table().add(k, { text: 1 })).rejects.toThrow(StoreRefused);
      expect(await table().get(k)).toEqual({ ...k, text: 'x', list: [1], n: -2 });
    });
  });

  describe(`${name}: queries`, () => {
    test('order is by bytes, not by UTF-16 units', async () => {
      const pk = fresh();
      const inOrder = ['!', 'A', 'Z', 'a', 'é', '中', '\ue000', '\uff21', '😀', '😀a', '🚀'];
      await fill(pk, inOrder.toReversed());
      expect(await allSorts({ partition: pk })).toEqual(inOrder);
      expect(await allSorts({ partition: pk, descending: true })).toEqual(inOrder.toReversed());
      expect(await allSorts({ partition: pk, from: '\uff21' })).toEqual(['\uff21', '😀', '😀a', '🚀']);
      expect(await allSorts({ partition: pk, prefix: '😀' })).toEqual(['😀', '😀a']);
    });

    test.each<[string, Omit<Query, 'partition'>, string[]]>([
      ['everything', {}, ['a', 'b', 'b#1', 'b#2', 'c']],
      ['from', { from: 'b#1' }, ['b#1', 'b#2', 'c']],
      ['from between two', { from: 'b#11' }, ['b#2', 'c']],
      ['to', { to: 'b#1' }, ['a', 'b', 'b#1']],
      ['from and to', { from: 'b', to: 'b#1' }, ['b', 'b#1']],
      ['from after to', { from: 'c', to: 'a' }, []],
      ['prefix', { prefix: 'b#' }, ['b#1', 'b#2']],
      ['an empty prefix', { prefix: '' }, ['a', 'b', 'b#1', 'b#2', 'c']],
      ['prefix and from', { prefix: 'b', from: 'b#' }, ['b#1', 'b#2']],
      ['prefix and a from before it', { prefix: 'b', from: 'a' }, ['b', 'b#1', 'b#2']],
      ['prefix and to', { prefix: 'b', to: 'b#1' }, ['b', 'b#1']],
      ['prefix outside from and to', { prefix: 'a', from: 'b', to: 'c' }, []],
      ['descending from and to', { from: 'b', to: 'c', descending: true }, ['c', 'b#2', 'b#1', 'b']],
      ['eventually', { prefix: 'c', eventually: true }, ['c']],
    ])('bounds: %s', async (_, bounds, expected) => {
      const pk = fresh();
      await fill(pk, ['b#1', 'a', 'c', 'b', 'b#2']);
      await fill(`${pk}x`, ['b']);
      expect(await allSorts({ partition: pk, ...bounds })).toEqual(expected);
      expect(await allSorts({ partition: pk, ...bounds, limit: 1 })).toEqual(expected);
      expect(await allSorts({ partition: pk, ...bounds, limit: 2 })).toEqual(expected);
    });

    test('a page holds at most its limit and says where the next begins', async () => {
      const pk = fresh();
      await fill(pk, numbers(7));
      const found = await pages({ partition: pk, limit: 3 });
      expect(found.slice(0, 3).map(sorts)).toEqual([['0', '1', '2'], ['3', '4', '5'], ['6']]);
      expect((await table().query({ partition: pk, limit: 3 })).next).toBeDefined();
      expect((await table().query({ partition: pk, limit: 8 })).next).toBeUndefined();
    });

    test.each([
      ['ascending', false],
      ['descending', true],
    ])('a cursor survives inserts and deletes between pages, %s', async (_, descending) => {
      const pk = fresh();
      const initial = numbers(20, 10);
      await fill(pk, initial);
      const seen = await pages({ partition: pk, limit: 4, descending }, async (page) => {
        if (page === 1) {
          // The item that the cursor names goes, one goes that was not reached, and some come on both sides.
          await table().delete({ pk, sk: descending ? '26' : '13' });
          await table().delete({ pk, sk: '20' });
          await fill(pk, ['00', '18b', '99']);
        }
      });
      const found = sorts(seen.flat());
      expect(found).toEqual(
        [...new Set(found)].toSorted(descending ? (a, b) => (a < b ? 1 : -1) : undefined),
      );
      const kept = initial.filter((sk) => sk !== '20' && sk !== (descending ? '26' : '13'));
      expect(found).toEqual(expect.arrayContaining([...kept, '18b']));
      expect(found).not.toContain('20');
      expect(found).not.toContain(descending ? '99' : '00');
    });

    test('more than 1 MB comes in pages', async () => {
      const pk = fresh();
      const all = numbers(30);
      await fill(pk, all, { text: 'x'.repeat(100_000) });
      const found = await pages({ partition: pk });
      expect(found.length).toBeGreaterThan(2);
      expect(sorts(found.flat())).toEqual(all);
    });

    test('only the attributes asked for come back, reserved words and dots among them', async () => {
      const k = key();
      await table().put({ ...k, name: 'n', status: 's', 'a.b': 1, a: { b: 2 }, data: 'd', expiresAt: 9e9 });
      const ask = (attributes: string[]) => table().query({ partition: k.pk, attributes });
      expect((await ask(['name', 'status', 'missing', 'name'])).items).toEqual([
        { ...k, name: 'n', status: 's' },
      ]);
      expect((await ask(['a.b'])).items).toEqual([{ ...k, 'a.b': 1 }]);
      expect((await ask([])).items).toEqual([k]);
      expect((await ask(['expiresAt', 'pk'])).items).toEqual([{ ...k, expiresAt: 9e9 }]);
    });
  });

  describe(`${name}: the due index`, () => {
    const indexed = (query: Query) => pages({ index: 'due', ...query });
    const listed = async (query: Query) => sorts((await indexed(query)).flat());

    test('lists what has both attributes, in the order of the second, keys alone', async () => {
      const [pk, due] = [fresh(), fresh()];
      await table().put({ pk, sk: 'b', duePk: due, dueSk: '2', data: 1 });
      await table().put({ pk, sk: 'a', duePk: due, dueSk: '3' });
      await table().put({ pk, sk: 'c', duePk: due, dueSk: '1' });
      await table().put({ pk, sk: 'half', duePk: due });
      await table().put({ pk, sk: 'otherHalf', dueSk: '1' });
      await table().put({ pk, sk: 'elsewhere', duePk: `${due}x`, dueSk: '1' });
      const found = (await indexed({ partition: due })).flat();
      expect(found).toEqual([
        { pk, sk: 'c', duePk: due, dueSk: '1' },
        { pk, sk: 'b', duePk: due, dueSk: '2' },
        { pk, sk: 'a', duePk: due, dueSk: '3' },
      ]);
      expect(await listed({ partition: due, to: '2' })).toEqual(['c', 'b']);
      expect(await listed({ partition: due, descending: true, limit: 2 })).toEqual(['a', 'b', 'c']);
      expect(await listed({ partition: due, from: '2', to: '2' })).toEqual(['b']);
      expect(await listed({ partition: due, prefix: '3', attributes: ['data'] })).toEqual(['a']);
    });

    test('an item moves in it, leaves it and comes back', async () => {
      const [pk, due] = [fresh(), fresh()];
      const k = { pk, sk: 'a' };
      await table().put({ pk, sk: 'b', duePk: due, dueSk: '2' });
      await table().put({ ...k, duePk: due, dueSk: '1' });
      await table().update(k, { set: { dueSk: '3' } });
      expect(await listed({ partition: due })).toEqual(['b', 'a']);
      await table().update(k, { set: { duePk: `${due}y` } });
      expect(await listed({ partition: due })).toEqual(['b']);
      expect(await listed({ partition: `${due}y` })).toEqual(['a']);
      await table().update(k, { remove: ['duePk', 'dueSk'] });
      expect(await listed({ partition: `${due}y` })).toEqual([]);
      await table().update(k, { set: { duePk: due, dueSk: '1' } });
      expect(await listed({ partition: due })).toEqual(['a', 'b']);
      await table().delete(k);
      await table().put({ pk, sk: 'b' });
      expect(await listed({ partition: due })).toEqual([]);
    });

    test('items due at the same time are each listed once, page by page', async () => {
      const [pk, due] = [fresh(), fresh()];
      await fill(pk, numbers(9), { duePk: due, dueSk: 'same' });
      await fill(`${pk}x`, numbers(9), { duePk: due, dueSk: 'same' });
      const found = (await indexed({ partition: due, limit: 4 })).flat();
      expect(found).toHaveLength(18);
      expect(new Set(found.map((item) => item.pk + item.sk)).size).toBe(18);
    });

    test('a cursor in it survives the move of the item it names', async () => {
      const [pk, due] = [fresh(), fresh()];
      for (const sk of numbers(9)) await table().put({ pk, sk, duePk: due, dueSk: sk });
      const found = await pages({ index: 'due', partition: due, limit: 3 }, async (page) => {
        if (page === 1) await table().update({ pk, sk: '2' }, { remove: ['duePk', 'dueSk'] });
        if (page === 2) await table().update({ pk, sk: '5' }, { set: { dueSk: '0' } });
      });
      expect(sorts(found.flat())).toEqual(numbers(9));
    });

    test('the keys that the engine makes page through to now, and no further', async () => {
      const [area, now] = [fresh(), Date.UTC(2026, 2, 1)];
      const ids = numbers(12).map((n) => `clu_${n}`);
      for (const [n, id] of ids.entries()) {
        const due = keys.dueAttributes(area, 'near', id, now + (n % 3) - 1);
        await table().put({ ...keys.rowKey(area, id), ...due });
      }
      const found: string[] = [];
      for (let shard = 0; shard < keys.dueShards; shard++) {
        const query = { partition: keys.duePartition(area, 'near', shard), to: keys.dueUpTo(now), limit: 2 };
        found.push(...(await indexed(query)).flat().map(keys.idOfRowKey));
      }
      expect(found.toSorted()).toEqual(ids.filter((_, n) => n % 3 !== 2).toSorted());
    });
  });

  describe(`${name}: expiry`, () => {
    test('an item past its time is read as gone, to the second', async () => {
      const k = key();
      await table().put({ ...k, expiresAt: 2_000_000_000 });
      const reads = async () => [
        (await table().get(k)) !== undefined,
        (await table().getMany([k])).length === 1,
        (await table().query({ partition: k.pk })).items.length === 1,
        (await table().query({ partition: k.pk, attributes: ['x'] })).items.length === 1,
      ];
      subject().setNow(1_999_999_999_999);
      expect(await reads()).toEqual([true, true, true, true]);
      subject().setNow(2_000_000_000_000);
      expect(await reads()).toEqual([false, false, false, false]);
    });

    test('a page full of expired items is short, and the next still follows', async () => {
      const pk = fresh();
      subject().setNow(1_000_000);
      await fill(pk, ['0', '1', '2'], { expiresAt: 1 });
      await fill(pk, ['3', '4']);
      const found = await pages({ partition: pk, limit: 2 });
      expect(found.slice(0, 3).map(sorts)).toEqual([[], ['3'], ['4']]);
    });

    test('only a number is a time', async () => {
      const k = key();
      await table().put({ ...k, expiresAt: 'never' });
      expect(await table().get(k)).toBeDefined();
    });
  });

  describe(`${name}: many`, () => {
    test.each([0, 1, 100, 101, 250])('%d keys, with doubles and some that are not there', async (n) => {
      const pk = fresh();
      const all = numbers(n);
      await fill(pk, all, { x: 1 });
      const asked = [...all, ...all.slice(0, 50), 'missing'].map((sk) => ({ pk, sk }));
      const found = await table().getMany(n === 0 ? [] : asked, { eventually: n % 2 === 0 });
      expect(sorts(found).toSorted()).toEqual(all.toSorted());
    });
  });

  describe(`${name}: large values`, () => {
    test('a value of several items is written, read, replaced and removed', async () => {
      const k = { pk: fresh(), sk: 'inventory' };
      const noise = (bytes: number) => randomBytes(bytes).toString('base64');
      for (const value of [{ noise: noise(500_000) }, { noise: noise(20) }, { noise: noise(900_000) }]) {
        expect(await writeLarge(table(), k, value)).toBe('written');
        expect(await readLarge(table(), k)).toEqual(value);
      }
      expect(await removeLarge(table(), k)).toBe('written');
      expect((await table().query({ partition: k.pk })).items).toEqual([]);
    });
  });

  describe(`${name}: units`, () => {
    test('reads count in 4 kB, half when eventual; writes in 1 kB; a refused one too', async () => {
      const k = key();
      const cost = async (call: () => Promise<unknown>) => {
        const before = { ...table().units };
        await call();
        const after = table().units;
        return { read: after.read - before.read, write: after.write - before.write };
      };
      const item = { ...k, text: 'x'.repeat(5_000) };
      expect(await cost(() => table().put(item))).toEqual({ read: 0, write: 5 });
      expect(await cost(() => table().get(k))).toEqual({ read: 2, write: 0 });
      expect(await cost(() => table().get(k, { eventually: true }))).toEqual({ read: 1, write: 0 });
      expect(await cost(() => table().query({ partition: k.pk }))).toEqual({ read: 2, write: 0 });
      expect((await cost(() => table().put(item, 'absent'))).write).toBeGreaterThan(0);
    });
  });
}

export const numbers = (n: number, from = 0): string[] => {
  const width = String(from + n - 1).length;
  return Array.from({ length: n }, (_, i) => String(from + i).padStart(width, '0'));
};

export async function inGroups<T>(all: T[], act: (one: T) => Promise<unknown>): Promise<void> {
  for (let i = 0; i < all.length; i += 20) await Promise.all(all.slice(i, i + 20).map(act));
}
