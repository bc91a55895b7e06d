import { describe, expect, test } from 'vitest';
import { addressSubject, allowedFailures, Throttle } from '#auth';
import { MemoryTable } from '#store';

function aThrottle() {
  let now = Date.parse('2026-03-01T10:01:00Z');
  const table = new MemoryTable(() => now);
  const clock = { now: () => now, sleep: async () => {} };
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  return { table, clock, pass, throttle: new Throttle(table, clock) };
}

describe('failed sign-ins', () => {
  test('are told to wait from one more than allowed on, until the window ends', async () => {
    const { throttle, pass } = aThrottle();
    for (let i = 0; i < allowedFailures; i++) expect(await throttle.fail(['address:a'])).toBeUndefined();
    expect(await throttle.fail(['address:a'])).toEqual({ waitSeconds: 240, isFirst: true });
    expect(await throttle.fail(['address:a'])).toEqual({ waitSeconds: 240, isFirst: false });
    expect(await throttle.fail(['address:b'])).toBeUndefined();
    pass(240_000);
    expect(await throttle.fail(['address:a'])).toBeUndefined();
  });

  test('cost no writes once there are too many', async () => {
    const { throttle, table } = aThrottle();
    for (let i = 0; i <= allowedFailures; i++) await throttle.fail(['address:a']);
    const { write } = { ...table.units };
    for (let i = 0; i < 100; i++) await throttle.fail(['address:a']);
    expect(table.units.write).toBe(write);
  });

  test('of several processes add up', async () => {
    const { throttle, table, clock } = aThrottle();
    const another = new Throttle(table, clock);
    for (let i = 0; i < allowedFailures / 2; i++) {
      await throttle.fail(['address:a']);
      await another.fail(['address:a']);
    }
    expect(await another.fail(['address:a'])).toMatchObject({ isFirst: true });
  });

  test.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::9', true],
    ['2001:db8:1:2::1', '2001:0db8:0001:0002:ffff::1', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['192.0.2.7', '192.0.2.8', false],
  ])('%s and %s are one subject: %s', (one, other, isSame) => {
    expect(addressSubject(one) === addressSubject(other)).toBe(isSame);
  });
});
