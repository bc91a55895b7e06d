import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openCursor, sealCursor } from '#store';

const key = new Uint8Array(32).fill(7);
const now = Date.UTC(2026, 2, 1);
const bound = '/api/v1/clusters?state=healthy&sort=-name';
const place = { value: 'münchen-1', id: 'clu_1' };
const sealed = sealCursor(place, bound, key, now);

describe('a cursor', () => {
  test('gives the place back, for its list and in time', () => {
    expect(openCursor(sealed, bound, key, now + 86_400_000)).toEqual(place);
    expect(sealed).toMatch(/^[\w-]+\.[\w-]+$/);
  });

  test('is refused for another list, with another key, and when a day is over', () => {
    expect(openCursor(sealed, `${bound}&q=x`, key, now)).toBeUndefined();
    expect(openCursor(sealed, '', key, now)).toBeUndefined();
    expect(openCursor(sealed, bound, new Uint8Array(32), now)).toBeUndefined();
    expect(openCursor(sealed, bound, key, now + 86_400_001)).toBeUndefined();
  });

  test.each([
    '',
    '.',
    'a',
    'a.b',
    'a.b.c',
    `${'a'.repeat(5_000)}.b`,
    `${sealed}.`,
    `.${sealed}`,
    `${sealed}=`,
    `${sealed} `,
    '\u0000',
    `${sealed.split('.')[0]}.`,
  ])('%j is refused', (text) => {
    expect(openCursor(text, bound, key, now)).toBeUndefined();
  });

  test('is refused wherever one character is changed', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    for (let at = 0; at < sealed.length; at++) {
      if (sealed[at] === '.') continue;
      for (const step of [1, 32]) {
        const other = letters[(letters.indexOf(sealed[at]!) + step) % 64];
        const changed = sealed.slice(0, at) + other + sealed.slice(at + 1);
        expect([at, openCursor(changed, bound, key, now)]).toEqual([at, undefined]);
      }
    }
  });

  test('keeps every place, and refuses every text', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, text) => {
        const anything = value as Parameters<typeof sealCursor>[0];
        const back = openCursor(sealCursor(anything, bound, key, now), bound, key, now);
        expect(JSON.stringify(back)).toBe(JSON.stringify(value));
        expect(openCursor(text, bound, key, now)).toBeUndefined();
      }),
      { seed: 1 },
    );
  });
});
