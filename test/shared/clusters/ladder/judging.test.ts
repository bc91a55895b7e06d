import { describe, expect, test } from 'vitest';
import { errorsOf } from '#errors';
import type { Health, Identity } from '#kubernetes';
import { kubernetesErrors } from '#kubernetes/errors';
import { hour, iso, minute, second } from '#time';
import type { Permission } from '../../../../shared/clusters/accessManifest/permissions.ts';
import type { Checked } from '../../../../shared/clusters/credential/checked.ts';
import type { LocalEvidence } from '../../../../shared/clusters/credential/checkLocally.ts';
import { found } from '../../../../shared/clusters/finding.ts';
import { judgeClock, skewOf } from '../../../../shared/clusters/ladder/judgeClock.ts';
import type { Judged, Tried } from '../../../../shared/clusters/ladder/judged.ts';
import { judgeHealth } from '../../../../shared/clusters/ladder/judgeHealth.ts';
import { judgeLoad } from '../../../../shared/clusters/ladder/judgeLoad.ts';
import { judgeLocal } from '../../../../shared/clusters/ladder/judgeLocal.ts';
import { judgeMay, shortly } from '../../../../shared/clusters/ladder/judgeMay.ts';
import { judgeSame } from '../../../../shared/clusters/ladder/judgeSame.ts';
import { judgeWhat } from '../../../../shared/clusters/ladder/judgeWhat.ts';
import { judgeWho } from '../../../../shared/clusters/ladder/judgeWho.ts';

const now = Date.parse('2026-11-21T10:00:00Z');
const place = { host: 'api', port: 6443 };
const error = errorsOf(kubernetesErrors);
const fault = (code: keyof typeof kubernetesErrors, values = {}) => ({ fault: error(code, values) });

/** `failed CODE`, `warned CODE, CODE` or `ok`. */
function said({ failure, warnings = [] }: Judged): string {
  if (failure) return `failed ${failure.code}`;
  return warnings.length > 0 ? `warned ${warnings.map(({ code }) => code).join(', ')}` : 'ok';
}

describe('clocks', () => {
  test.each([
    [0, 'ok'],
    [30 * second, 'ok'],
    [-30 * second, 'ok'],
    [31 * second, 'warned CLOCK_SKEW'],
    [-31 * second, 'warned CLOCK_SKEW'],
    [5 * minute, 'warned CLOCK_SKEW'],
    [5 * minute + second, 'failed CLOCK_SKEW'],
    [-10 * minute, 'failed CLOCK_SKEW'],
    [undefined, 'ok'],
  ])('that are %s ms apart: %s', (skew, expected) => {
    expect(said(judgeClock(skew))).toBe(expected);
  });

  test('are compared in the middle of the call that was quickest', () => {
    const sample = (date: number, sentAt: number, receivedAt: number) => ({
      date: now + date,
      sentAt: now + sentAt,
      receivedAt: now + receivedAt,
    });
    // Answered in the middle of 4 s, the date cut to the second: half a second is what is lost on average.
    expect(skewOf([sample(60_000, 0, 4_000)])).toBe(58_500);
    expect(skewOf([sample(60_000, 0, 4_000), sample(61_000, 4_000, 4_100)])).toBe(57_450);
    expect(skewOf([])).toBeUndefined();
  });
});

describe('what a credential tells of itself', () => {
  const local = (failure: Checked<LocalEvidence>['failure']): Checked<LocalEvidence> => ({
    failure,
    warnings: [found('TOKEN_NEVER_EXPIRES', { subject: 'a' })],
    expiries: [{ of: 'token', subject: 'a', at: now + hour }],
    evidence: null,
  });
  const ended = (ago: number) => found('TOKEN_EXPIRED_LOCAL', { subject: 'a', when: iso(now - ago) });

  test.each([
    [null, false, 'warned TOKEN_NEVER_EXPIRES, TOKEN_EXPIRES_SOON', undefined],
    [null, true, 'warned TOKEN_NEVER_EXPIRES', undefined],
    [found('TOKEN_INVALID'), false, 'failed TOKEN_INVALID', undefined],
    [ended(16 * minute), false, 'failed TOKEN_EXPIRED_LOCAL', undefined],
    // It may be our clock that is wrong: the cluster decides.
    [ended(14 * minute), true, 'warned TOKEN_NEVER_EXPIRES', 'TOKEN_EXPIRED_LOCAL'],
    [ended(-14 * minute), true, 'warned TOKEN_NEVER_EXPIRES', 'TOKEN_EXPIRED_LOCAL'],
  ])('%j, renewed %s: %s', (failure, renews, expected, suspected) => {
    const judged = judgeLocal(local(failure), renews, now);
    expect(said(judged)).toBe(expected);
    expect(judged.suspected?.code).toBe(suspected);
  });
});

describe('health', () => {
  const ok: Tried<Health> = { value: { healthy: true, failing: [], checks: [] } };
  const bad: Tried<Health> = { value: { healthy: false, failing: ['etcd', 'log'], checks: [] } };
  const hidden: Tried<undefined> = { value: undefined };
  const busy = fault('THROTTLED');
  const broken = fault('HTTP_5XX');
  test.each([
    [ok, ok, 'ok'],
    [ok, bad, 'warned API_NOT_READY'],
    [bad, bad, 'failed API_NOT_READY'],
    [ok, hidden, 'warned HEALTH_FORBIDDEN'],
    [hidden, hidden, 'warned HEALTH_FORBIDDEN'],
    [ok, busy, 'warned THROTTLED'],
    [busy, busy, 'warned THROTTLED'],
    [ok, broken, 'warned HTTP_5XX'],
    [broken, ok, 'failed HTTP_5XX'],
  ])('%#: %o', (livez, readyz, expected) => {
    expect(said(judgeHealth({ livez, readyz }))).toBe(expected);
  });

  test('failing checks are named', () => {
    expect(judgeHealth({ livez: ok, readyz: bad }).warnings).toMatchObject([
      { values: { endpoint: '/readyz', checks: 'etcd, log' } },
    ]);
  });
});

describe('who we are', () => {
  const known = (username: string): Tried<Identity> => ({ value: { username, groups: ['g'] } });
  const suspected = found('CERT_EXPIRED_LOCAL', { subject: 'ada', when: iso(now) });
  const own = { subject: 'ada', suspected: undefined };
  test.each([
    ['the cluster knows us', known('ada'), own, 'ok', 'ada'],
    ['it takes us for another', known('oidc:ada'), own, 'ok', 'oidc:ada'],
    ['it takes us for nobody', known('system:anonymous'), own, 'failed CREDENTIALS_NOT_PRESENTED', undefined],
    ['it gives no name', known(''), own, 'failed CREDENTIALS_NOT_PRESENTED', undefined],
    ['it is too old to say', { value: undefined }, own, 'ok', 'ada'],
    ['it is too old and so is our reading', { value: undefined }, { ...own, subject: null }, 'ok', undefined],
    ['it refuses', fault('AUTH_REJECTED'), own, 'failed AUTH_REJECTED', undefined],
    [
      'it refuses what we hold for expired',
      fault('AUTH_REJECTED'),
      { ...own, suspected },
      'failed CERT_EXPIRED_LOCAL',
      undefined,
    ],
    ['we may not ask', fault('PERMISSION_MISSING', { user: 'ada' }), own, 'ok', 'ada'],
    [
      'nobody may ask',
      fault('CREDENTIALS_NOT_PRESENTED'),
      own,
      'failed CREDENTIALS_NOT_PRESENTED',
      undefined,
    ],
    ['it is busy', fault('THROTTLED'), own, 'failed THROTTLED', undefined],
  ])('%s', (_, answer, reading, expected, username) => {
    const judged = judgeWho(answer, reading, place);
    expect(said(judged)).toBe(expected);
    expect(judged.identity?.username).toBe(username);
  });
});

describe('what we may', () => {
  const permission = (capability: Permission['capability'], resource: string): Permission => ({
    capability,
    verb: 'list',
    group: '',
    resource,
    namespace: null,
    name: null,
  });
  const wanted = [permission('watch', 'nodes'), permission('sync', 'pods'), permission('secrets', 'secrets')];
  const yes = { value: { allowed: true } };
  const no = { value: { allowed: false } };
  test.each([
    [[yes, yes, yes], 'ok'],
    [[no, yes, yes], 'failed PERMISSION_MISSING'],
    [[yes, no, yes], 'warned PERMISSION_MISSING'],
    [[yes, no, no], 'warned PERMISSION_MISSING, PERMISSION_MISSING'],
    [[no, no, no], 'failed PERMISSION_MISSING'],
    [[yes, fault('THROTTLED'), yes], 'failed THROTTLED'],
    [[fault('AUTH_REJECTED'), no, yes], 'failed AUTH_REJECTED'],
    [[fault('PERMISSION_MISSING'), yes, yes], 'warned ACCESS_REVIEW_FORBIDDEN'],
  ])('%#: %s', (answers, expected) => {
    expect(said(judgeMay(wanted, answers, { ...place, user: 'ada' }))).toBe(expected);
  });

  test('what is missing for watching is told, and beside it what is missing for the rest', () => {
    const { failure, warnings, permissions } = judgeMay(wanted, [no, no, yes], { ...place, user: 'ada' });
    expect(failure?.values).toMatchObject({ user: 'ada', permissions: 'list nodes ("watch")' });
    expect(warnings).toMatchObject([{ values: { permissions: 'list pods ("sync")' } }]);
    expect(permissions.map(({ allowed }) => allowed)).toEqual([false, false, true]);
  });

  test.each([
    [{}, 'list pods'],
    [{ group: 'apps', resource: 'deployments' }, 'list deployments.apps'],
    [{ verb: 'get', resource: 'namespaces', name: 'kube-system' }, 'get namespaces "kube-system"'],
    [
      { verb: 'create', resource: 'serviceaccounts/token', namespace: 'a', name: 'b' },
      'create serviceaccounts/token "b" in a',
    ],
    [{ verb: 'get', group: null, resource: '/livez' }, 'get /livez'],
  ])('%j is said %s', (more, expected) => {
    expect(shortly({ ...permission('watch', 'pods'), ...more })).toBe(expected);
  });
});

describe('what there is', () => {
  const api = (group: string, stale = false) => ({ group, version: 'v1', stale, resources: [] });
  test.each([
    [{ value: [api(''), api('apps')] }, 'ok'],
    [{ value: [api('')] }, 'warned API_GROUP_MISSING'],
    [{ value: [api('apps'), api('metrics.k8s.io', true)] }, 'warned DISCOVERY_PARTIAL'],
    [fault('HTTP_5XX'), 'warned HTTP_5XX'],
  ])('%#: %s', (answer, expected) => {
    expect(said(judgeWhat(answer, ['watch', 'sync']))).toBe(expected);
  });

  test('a group counts as needed only by a capability that is wanted', () => {
    expect(said(judgeWhat({ value: [api('')] }, ['watch']))).toBe('ok');
  });
});

describe('how it bears us', () => {
  const three = { value: { count: 3, exact: true } };
  test.each([
    [three, three, [10, 20, 30], 'ok'],
    [three, fault('THROTTLED'), [10], 'warned THROTTLED'],
    [fault('HTTP_5XX'), fault('HTTP_5XX'), [10], 'warned HTTP_5XX'],
    [fault('HTTP_5XX'), fault('THROTTLED'), [10], 'warned HTTP_5XX, THROTTLED'],
    [three, three, [1_000, 1_000, 9_000], 'ok'],
    [three, three, [10, 1_001, 1_001], 'warned SLOW'],
    [three, three, [], 'ok'],
  ])('%#: %s', (nodes, pods, took, expected) => {
    expect(said(judgeLoad({ nodes, pods }, took))).toBe(expected);
  });

  test('times are told by their quantiles', () => {
    const took = [50, 10, 40, 20, 30];
    const { evidence } = judgeLoad({ nodes: three, pods: three }, took);
    expect(evidence).toEqual({ nodes: 3, pods: 3, calls: 5, p50Ms: 30, p95Ms: 50, maxMs: 50 });
  });
});

describe('which cluster it is', () => {
  const other = { id: 'clu_2', name: 'store-2' };
  test.each([
    ['a', null, [], 'ok'],
    ['a', 'a', [], 'ok'],
    ['a', 'b', [], 'failed CLUSTER_IDENTITY_CHANGED'],
    ['a', 'b', [other], 'failed CLUSTER_IDENTITY_CHANGED'],
    ['a', 'a', [other], 'warned DUPLICATE_CLUSTER'],
    ['a', null, [other], 'warned DUPLICATE_CLUSTER'],
  ])('%s, registered as %s, with %j beside it: %s', (uid, before, others, expected) => {
    expect(said(judgeSame(uid, before, others))).toBe(expected);
  });
});
