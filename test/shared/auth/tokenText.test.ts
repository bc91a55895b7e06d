import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSameHash, newTokenText, recordIdOf, sha256 } from '#auth';
import { newId } from '#time';

const made = () => newTokenText(newId('tok', Date.parse('2026-03-01T10:00:00Z')));

describe('a token’s text', () => {
  test('names its record, and is kept as its hash', () => {
    const id = newId('tok', Date.parse('2026-03-01T10:00:00Z'));
    const { text, sha256: hash } = newTokenText(id);
    expect(text).toMatch(/^drv_[0-9a-hjkmnp-tv-z]{61}$/);
    expect(recordIdOf(text)).toBe(id);
    expect(hash).toBe(sha256(text));
  });

  test('with any one letter mistyped, left out or doubled is known to be wrong without a read', () => {
    const { text } = made();
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: text.length - 1 }),
        fc.constantFrom(...'0123456789abcdefghjkmnpqrstvwxyz'),
        (at, letter) => {
          const mistyped = text.slice(0, at) + letter + text.slice(at + 1);
          if (mistyped !== text) expect(recordIdOf(mistyped)).toBeUndefined();
          expect(recordIdOf(text.slice(0, at) + text.slice(at + 1))).toBeUndefined();
          expect(recordIdOf(text.slice(0, at) + letter + text.slice(at))).toBeUndefined();
        },
      ),
      { seed: 1 },
    );
  });

  test('is not made out of any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => recordIdOf(`drv_${text}`) === undefined),
      { seed: 1 },
    );
  });

  test('secrets differ, and their hashes compare equal only to themselves', () => {
    const [one, other] = [made(), made()];
    expect(one.text.slice(26, 58)).not.toBe(other.text.slice(26, 58));
    expect(isSameHash(one.sha256, one.sha256)).toBe(true);
    expect(isSameHash(one.sha256, other.sha256)).toBe(false);
    expect(isSameHash('', '')).toBe(false);
  });
});
