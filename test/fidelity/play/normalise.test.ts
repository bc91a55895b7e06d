import { describe, expect, it } from 'vitest';
import type { Json } from './json.ts';
import { normalise } from './normalise.ts';

const uid = '3c9a8f1e-1111-4000-8000-000000000001';
const other = '3c9a8f1e-1111-4000-8000-000000000002';

const known = {
  run: 'bcdfgh',
  server: 'https://127.0.0.1:16443',
  administrator: 'some-admin',
  prefixes: new Set(['made-']),
};

const washed = (...values: Json[]): Json[] =>
  normalise(
    values.map((value) => ({ note: 'n', value })),
    known,
  ).map((entry) => ('value' in entry ? entry.value : null));

const anObject = (name: string, resourceVersion: string): Json => ({ metadata: { name, resourceVersion } });

describe('what is normalised', () => {
  it('names one uid alike wherever it stands, and another one otherwise', () => {
    const [first, second, third] = washed({ uid }, `of ${uid}`, { uid: other });
    expect(first).toEqual({ uid: '{uid of .0.value.uid}' });
    expect(second).toBe('of {uid of .0.value.uid}');
    expect(third).toEqual({ uid: '{uid of .2.value.uid}' });
  });

  it('numbers the versions of objects in their order', () => {
    expect(washed(anObject('a', '120'), anObject('b', '87'), anObject('a', '120'))).toEqual([
      anObject('a', '{version 2}'),
      anObject('b', '{version 1}'),
      anObject('a', '{version 2}'),
    ]);
  });

  it('says of the version of a list only what it is not older than', () => {
    const list = (resourceVersion: string): Json => ({ metadata: { resourceVersion } });
    expect(washed(list('86'), anObject('a', '87'), list('87'), list('99'))).toEqual([
      list('{version 0 or later}'),
      anObject('a', '{version 1}'),
      list('{version 1 or later}'),
      list('{version 1 or later}'),
    ]);
  });

  it('knows versions in messages, and leaves those that a case made up', () => {
    const message = 'too old resource version: 1 (345)';
    expect(washed(anObject('a', '340'), { message })[1]).toEqual({
      message: 'too old resource version: 1 ({version 1 or later})',
    });
  });

  it('keeps how precise a time is', () => {
    expect(washed('2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000006Z')).toEqual([
      '{time}',
      '{time with fraction}',
    ]);
  });

  it('takes names of the run, of the server and of the administrator for what they are', () => {
    expect(washed('ns-bcdfgh at https://127.0.0.1:16443 by some-admin')).toEqual([
      'ns-{run} at {server} by {administrator}',
    ]);
  });

  it('keeps what a case gave of a name that the server completed', () => {
    expect(washed({ name: 'made-x7k2q' }, 'made-x7k2q', 'made-bbbbb')).toEqual([
      { name: 'made-{suffix of .0.value.name}' },
      'made-{suffix of .0.value.name}',
      'made-{suffix of .2.value}',
    ]);
  });

  it('takes ages out of tables, and no other cell', () => {
    const table = {
      kind: 'Table',
      columnDefinitions: [{ name: 'Name' }, { name: 'Age' }],
      rows: [{ cells: ['5s', '5s'] }],
    };
    expect(washed(table)).toEqual([{ ...table, rows: [{ cells: ['5s', '{age}'] }] }]);
  });

  it('orders managed fields, whose order hangs on the second in which each write fell', () => {
    const fields = (...managers: string[]): Json => ({
      managedFields: managers.map((manager) => ({ manager })),
    });
    expect(washed(fields('b', 'a'))).toEqual(washed(fields('a', 'b')));
  });

  it('orders the fields of an object that a message quotes', () => {
    const refused = (object: string): string => `Invalid value: ${JSON.stringify(object)}: no`;
    expect(washed(refused('{"b":[2,1],"a":{}}'))).toEqual([refused('{"a":{},"b":[2,1]}')]);
  });

  it('leaves order in all other lists', () => {
    expect(washed(['b', 'a'])).toEqual([['b', 'a']]);
  });
});
