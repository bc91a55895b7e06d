import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DroverError } from '#errors';
import { readCursor, writeCursor } from '#store';

const key = new Uint8Array(32).fill(7);
const now = Date.UTC(2026, 2, 1);
const filter = { list: 'clusters', state: 'healthy', sort: '-name' };
const place = { value: 'münchen-1', id: 'clu_1' };
const written = () => writeCursor(place, filter, key, now);

function codeOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return error instanceof DroverError ? error.code : String(error);
  }
}

describe('a cursor', () => {
  test('gives the place back, with its filter and in time', () => {
    expect(readCursor(written(), filter, key, now + 86_400_000)).toEqual(place);
    expect(written()).toMatch(/^[\w-]+\.[\w-]+$/);
  });

  test('does not mind the order of the filter, nor fields that are left open', () => {
    const same = { sort: '-name', state: 'healthy', list: 'clusters', labels: undefined };
    expect(readCursor(written(), same, key, now)).toEqual(place);
  });

  test.each([
    ['another filter', { ...filter, state: 'degraded' }],
    ['one filter more', { ...filter, q: 'x' }],
    ['one filter less', { list: 'clusters', state: 'healthy' }],
    ['another list', { ...filter, list: 'tasks' }],
    ['no filter', {}],
  ])('is refused with %s', (_, other) => {
    expect(codeOf(() => readCursor(written(), other, key, now))).toBe('CURSOR_INVALID');
  });

  test('is refused when a day is over, and with another key', () => {
    expect(codeOf(() => readCursor(written(), filter, key, now + 86_400_001))).toBe('CURSOR_INVALID');
    expect(codeOf(() => readCursor(written(), filter, new Uint8Array(32), now))).toBe('CURSOR_INVALID');
  });

  test.each([
    '',
    '.',
    'a',
    'a.b',
    'a.b.c',
    `${'a'.repeat(5_000)}.b`,
    `${written()}.`,
    `.${written()}`,
    '\u0000',
    `${written().split('.')[0]}.`,
  ])('%j is refused', (text) => {
    expect(codeOf(() => readCursor(text, filter, key, now))).toBe('CURSOR_INVALID');
  });

  test('is refused wherever one character is changed', () => {
    const whole = written();
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (let at = 0; at < whole.length; at++) {
      if (whole[at] === '.') continue;
      const other = letters[(letters.indexOf(whole[at]!) + 32) % 64];
      const changed = whole.slice(0, at) + other + whole.slice(at + 1);
      expect([at, codeOf(() => readCursor(changed, filter, key, now))]).toEqual([at, 'CURSOR_INVALID']);
    }
  });

  test('keeps every place, and refuses every text', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, text) => {
        const anything = value as Parameters<typeof writeCursor>[0];
        const back = readCursor(writeCursor(anything, filter, key, now), filter, key, now);
        expect(JSON.stringify(back)).toBe(JSON.stringify(value));
        expect(codeOf(() => readCursor(text, filter, key, now))).toBe('CURSOR_INVALID');
      }),
    );
  });
});
