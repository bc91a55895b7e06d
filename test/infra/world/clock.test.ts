import { expect, test } from 'vitest';
import { WorldClock } from '../../../infra/world/clock.ts';

const start = Date.parse('2026-03-01T10:00:00Z');

function aClock(given: { speed?: number; ahead?: number } = {}) {
  let real = start;
  const clock = new WorldClock({ ...given, real: () => real });
  return {
    clock,
    pass(by: number) {
      real += by;
    },
  };
}

test('it goes as the real time does, from where it is ahead', () => {
  const { clock, pass } = aClock({ ahead: 5_000 });
  pass(1_000);
  expect([clock.now() - start, clock.ahead]).toEqual([6_000, 5_000]);
});

test('a new speed counts from now on', () => {
  const { clock, pass } = aClock();
  pass(1_000);
  clock.setSpeed(60);
  pass(1_000);
  expect(clock.now() - start).toBe(61_000);
  clock.setSpeed(0);
  pass(9_000);
  expect(clock.now() - start).toBe(61_000);
});

test('a step wakes those whose time has come, and no others', async () => {
  const { clock } = aClock({ speed: 0 });
  const woken: string[] = [];
  const later = new AbortController();
  void clock.sleep(1_000).then(() => woken.push('one second'));
  const hour = clock.sleep(3_600_000, later.signal).then(() => woken.push('one hour'));
  clock.step(60_000);
  await Promise.resolve();
  await Promise.resolve();
  expect(woken).toEqual(['one second']);
  later.abort();
  await hour;
});

test('who sleeps is woken at the new speed', async () => {
  const clock = new WorldClock({ speed: 0 });
  const woken = clock.sleep(3_600_000);
  clock.setSpeed(10_000_000);
  await woken;
  expect(clock.ahead).toBeGreaterThanOrEqual(3_500_000);
});
