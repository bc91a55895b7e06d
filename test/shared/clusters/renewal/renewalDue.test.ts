import { describe, expect, it } from 'vitest';
import { day, hour, minute } from '#time';
import { expiring, expiringFinding, nextStageAt } from '../../../../shared/clusters/expiring.ts';
import type { ClusterData } from '../../../../shared/clusters/model.ts';
import { isRenewed, renewalDueAt } from '../../../../shared/clusters/renewal/renewalDue.ts';
import { aView, clusterData, refused, start } from '../aCluster.ts';

const withToken = (life: number, more: Partial<ClusterData> = {}): ClusterData => {
  const credential = aView({ issuedAt: start, expiresAt: start + life });
  const { access } = clusterData();
  const expiries: ClusterData['expiries'] = [{ of: 'token', subject: credential.subject!, at: start + life }];
  return clusterData({ access: { ...access, credential }, expiries, ...more });
};
const failing = (attempt: number, failedAt: number) => ({ renewal: { attempt, failedAt, cause: refused } });

describe('the renewal of a token', () => {
  it.each([
    ['a service account’s that ends', {}, true],
    ['one of a kubeconfig', { type: 'kubeconfig' }, true],
    ['one that never ends', { expiresAt: null }, false],
    ['one of somebody else', { serviceAccount: null }, false],
    ['a certificate', { type: 'certificate' }, false],
  ] as const)('%s: %j', (_, more, isSo) => {
    expect(isRenewed(aView({ issuedAt: start, expiresAt: start + day, ...more }))).toBe(isSo);
  });

  it('is due at half of its life, spread over a tenth of it', () => {
    const data = withToken(48 * hour);
    expect([0, 0.5, 1].map((spread) => (renewalDueAt(data, spread)! - start) / hour)).toEqual([
      24, 26.4, 28.8,
    ]);
  });

  it('counts from when the token was put here, where it does not say when it was made', () => {
    const { access } = withToken(48 * hour);
    const credential = { ...access.credential, issuedAt: null, rotatedAt: start + 8 * hour };
    expect(renewalDueAt({ access: { ...access, credential }, renewal: null }, 0)).toBe(start + 28 * hour);
  });

  it.each([
    [1, 5],
    [2, 10],
    [3, 20],
    [6, 160],
    [7, 180],
    [40, 180],
  ])('that failed %i times, with a day left, is tried again after %i minutes', (attempt, minutes) => {
    const failedAt = start + 24 * hour;
    const due = renewalDueAt(withToken(48 * hour, failing(attempt, failedAt)), 0.3)!;
    expect((due - failedAt) / minute).toBe(minutes);
  });

  it('is tried more often the nearer the end, and never less than every six hours', () => {
    const waits = (left: number) =>
      (renewalDueAt(withToken(365 * day, failing(30, start + 365 * day - left)), 0)! -
        (start + 365 * day - left)) /
      minute;
    expect([100 * day, 8 * hour, 10 * minute].map(waits)).toEqual([360, 60, 5]);
  });
});

describe('the end of a token that is renewed', () => {
  const stages = (data: ClusterData, ...hours: number[]) =>
    hours.map((after) => expiring(data, start + after * hour).news.map(({ days }) => days)[0]);

  it('is told of by nobody while its renewal may still come', () => {
    expect(stages(withToken(48 * hour), 0, 24, 35)).toEqual([undefined, undefined, undefined]);
    expect(stages(withToken(hour), 0.5, 0.7)).toEqual([undefined, undefined]);
  });

  it('is told of 24 and 6 hours ahead where nobody could renew it', () => {
    expect(stages(withToken(48 * hour), 36, 41, 42, 47)).toEqual([1, 1, 0, 0]);
  });

  it('is told of in days where its renewal keeps failing, as every other end', () => {
    const half = start + 182 * day;
    const data = withToken(365 * day, failing(2, half));
    expect(stages(data, 200 * 24, 336 * 24, 359 * 24, 364 * 24 + 20)).toEqual([undefined, 30, 7, 0]);
    expect(stages(withToken(365 * day, failing(1, half)), 200 * 24)).toEqual([undefined]);
  });

  it('has appointments for what may have to be told', () => {
    const data = withToken(48 * hour);
    const at = (after: number) => (nextStageAt(data, start + after * hour)! - start) / hour;
    expect([at(25), at(36), at(42)]).toEqual([36, 42, 48]);
  });

  it('is told in hours at last', () => {
    const [expiry] = withToken(48 * hour).expiries;
    expect(expiringFinding(expiry!, 1).code).toBe('TOKEN_EXPIRES_SOON');
    expect(expiringFinding(expiry!, 0)).toMatchObject({ code: 'TOKEN_NOT_RENEWED', values: { hours: 6 } });
  });
});
