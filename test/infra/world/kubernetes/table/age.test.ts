import { expect, test } from 'vitest';
import { ageAt, humanDuration } from '../../../../../infra/world/kubernetes/table/age.ts';

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

test.each([
  [-5 * second, '<invalid>'],
  [-1.5 * second, '0s'],
  [0, '0s'],
  [119 * second, '119s'],
  [2 * minute, '2m'],
  [3 * minute + 5 * second, '3m5s'],
  [10 * minute + 59 * second, '10m'],
  [179 * minute, '179m'],
  [3 * hour, '3h'],
  [7 * hour + 59 * minute, '7h59m'],
  [8 * hour + 59 * minute, '8h'],
  [47 * hour, '47h'],
  [2 * day, '2d'],
  [3 * day + 4 * hour, '3d4h'],
  [8 * day + 4 * hour, '8d'],
  [729 * day, '729d'],
  [730 * day, '2y'],
  [3 * 365 * day + 5 * day, '3y5d'],
  [9 * 365 * day, '9y'],
])('%i ms is told as %s', (millis, words) => {
  expect(humanDuration(millis)).toBe(words);
});

test('has no age without a time', () => {
  const ageOf = ageAt(Date.parse('2026-01-01T00:02:30Z'));
  expect([ageOf('2026-01-01T00:00:00Z'), ageOf(undefined), ageOf(null)]).toEqual([
    '2m30s',
    '<unknown>',
    '<unknown>',
  ]);
});
