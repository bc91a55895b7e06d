import { describe, expect, test } from 'vitest';
import { judgeVersion } from '../../../../shared/clusters/ladder/judgeVersion.ts';
import { versionWindow } from '../../../../shared/clusters/ladder/versionWindow.ts';

const on = (date: string) => Date.parse(`${date}T12:00:00Z`);

describe('where a version stands', () => {
  test.each([
    // The suffixes are the vendors' own.
    ['v1.37.1', '1.37', 'supported'],
    ['v1.35.1-eks-113cf36', '1.35', 'supported'],
    ['v1.36.5+rke2r1', '1.36', 'supported'],
    ['v1.36.2-gke.1400000', '1.36', 'supported'],
    ['v1.36.0-alpha.1+simulated', '1.36', 'supported'],
    ['1.35+', '1.35', 'supported'],
    ['v1.34.9', '1.34', 'ended'],
    ['v1.33.4', '1.33', 'tooOld'],
    ['v1.9.0', '1.9', 'tooOld'],
    ['v1.38.0', '1.38', 'unknown'],
    ['v2.0.0', null, 'unknown'],
    ['v1.x', null, 'unknown'],
    ['', null, 'unknown'],
    [null, null, 'unknown'],
  ])('%s is of %s, which is %s', (version, minor, standing) => {
    expect(versionWindow(version, on('2026-11-21'))).toMatchObject({
      minor,
      standing,
      newest: '1.37',
      oldest: '1.34',
    });
  });

  test.each([
    ['2026-04-21', '1.35', '1.32', 'supported'],
    ['2026-04-22', '1.36', '1.33', 'supported'],
    ['2026-08-26', '1.37', '1.34', 'supported'],
    ['2027-02-27', '1.37', '1.34', 'supported'],
    ['2027-02-28', '1.37', '1.34', 'ended'],
  ])('on %s the newest is %s and the oldest %s; 1.35 is %s', (date, newest, oldest, standing) => {
    expect(versionWindow('v1.35.0', on(date))).toMatchObject({ newest, oldest, standing });
  });
});

test('a version that cannot be told is no failure and no warning', () => {
  for (const version of ['something-else', null]) {
    const { failure, warnings = [] } = judgeVersion(version, on('2026-11-21'));
    expect({ failure, warnings }).toEqual({ failure: undefined, warnings: [] });
  }
});
