import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delayAfter, jittered } from '#reconcile';

const spec = fc.record({
  base: fc.integer({ min: 1, max: 60_000 }),
  cap: fc.integer({ min: 60_000, max: 3_600_000 }),
  slowFrom: fc.constant(4),
});
const attempt = fc.integer({ min: 1, max: 10_000 });

describe('the delay after a failure, before jitter', () => {
  it('begins with the base, never falls, and is never more than the cap', () => {
    fc.assert(
      fc.property(spec, attempt, (backOff, n) => {
        expect(delayAfter(1, backOff)).toBe(backOff.base);
        expect(delayAfter(n + 1, backOff)).toBeGreaterThanOrEqual(delayAfter(n, backOff));
        expect(delayAfter(n, backOff)).toBeLessThanOrEqual(backOff.cap);
      }),
      { seed: 1 },
    );
  });

  it('doubles until it is capped', () => {
    const backOff = { base: 10_000, cap: 300_000, slowFrom: 4 };
    expect([1, 2, 3, 4, 5, 6, 7].map((n) => delayAfter(n, backOff) / 1000)).toEqual([
      10, 20, 40, 80, 160, 300, 300,
    ]);
  });

  it('is spread by jitter over 75 to 125 %', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 1e7 }),
        fc.double({ min: 0, max: 0.999999, noNaN: true }),
        (delay, random) => {
          expect(jittered(delay, random)).toBeGreaterThanOrEqual(Math.floor(delay * 0.75));
          expect(jittered(delay, random)).toBeLessThanOrEqual(Math.ceil(delay * 1.25));
        },
      ),
      { seed: 1 },
    );
  });
});
