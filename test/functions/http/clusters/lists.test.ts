import { beforeEach, describe, expect, test } from 'vitest';
import { clustersArea } from '#clusters';
import type { Beat, Pulse } from '#reconcile';
import { keys } from '#store';
import { minute } from '#time';
import { packPulse } from '../../../../shared/reconcile/pulse.ts';
import { aSeen } from '../../../shared/clusters/aCluster.ts';
import { start } from '../anApp.ts';
import { aHerd, type Herd } from './aHerd.ts';
import { aNamespace, listed } from './aListing.ts';

let herd: Herd;
beforeEach(async () => {
  herd = await aHerd();
});

const get = (path: string, who = herd.operator, headers?: Record<string, string>) =>
  herd.at.call(who, 'GET', path, undefined, headers);
const names = async (query: string, who?: string): Promise<string[]> =>
  (await get(`/api/v1/clusters?${query}`, who)).body.items.map(({ name }: { name: string }) => name);

const healthy = (more: object = {}) => ({
  state: { is: 'healthy' as const, since: start },
  seen: aSeen(),
  checkedAt: start,
  ...more,
});

/** What the round of its slice would have written. */
async function pulse(beat: Beat): Promise<void> {
  const [everySeconds, slice] = [300, keys.sliceOf(beat.id)];
  const pulse: Pulse = { everySeconds, slice, at: beat.at, beats: [beat], failing: [] };
  const key = keys.pulseKey(clustersArea.name, everySeconds, slice);
  await herd.at.table.put({ ...key, rev: 1, pulse: packPulse(pulse) });
}

describe('lists', () => {
  beforeEach(async () => {
    for (const [name, env] of [
      ['alpha', 'prod'],
      ['beta', 'prod'],
      ['gamma', 'test'],
    ] as const) {
      await herd.create(name, { labels: { env } });
    }
    await herd.become('alpha', healthy({ seen: aSeen({ kubernetesVersion: 'v1.30.0', latencyMs: 90 }) }));
    const cause = { code: 'TCP_TIMEOUT', values: {} };
    await herd.become('beta', { ...healthy(), state: { is: 'unreachable', since: start, cause } });
    const expiries = [{ of: 'token' as const, subject: 'drover', at: start + 10 * 86_400_000 }];
    await herd.become('gamma', healthy({ expiries }));
  });

  test.each([
    ['state=healthy', ['alpha', 'gamma']],
    ['state=healthy,unreachable', ['alpha', 'beta', 'gamma']],
    ['cause=TCP_TIMEOUT', ['beta']],
    ['labels=env=prod', ['alpha', 'beta']],
    ['labels=env in (test)', ['gamma']],
    ['kubernetesVersion=v1.30.0', ['alpha']],
    ['q=AMM', ['gamma']],
    ['expiringWithinDays=9', []],
    ['expiringWithinDays=10', ['gamma']],
    ['uid=uid-of-https://beta.example:6443', ['beta']],
    ['sort=-name', ['gamma', 'beta', 'alpha']],
    ['sort=-latencyMs&limit=1', ['alpha']],
    ['state=healthy&sort=-name&limit=1', ['gamma']],
  ])('?%s', async (query, expected) => {
    expect(await names(query)).toEqual(expected);
  });

  test('go on by cursor, which is good for the same filters alone', async () => {
    const first = (await get('/api/v1/clusters?limit=2&expiringWithinDays=3650')).body;
    expect(first.next).toBeNull();
    const page = (await get('/api/v1/clusters?limit=2')).body;
    const cursor = encodeURIComponent(page.next);
    expect(await names(`limit=2&cursor=${cursor}`)).toEqual(['gamma']);
    const other = await get(`/api/v1/clusters?limit=2&expiringWithinDays=5&cursor=${cursor}`);
    expect([other.status, other.body.code]).toEqual([400, 'CURSOR_INVALID']);
  });

  test('21: show and touch only what the token is bound to; unknown and forbidden answer alike', async () => {
    const bound = await herd.at.token('operator', { selector: 'env=prod' });
    expect(await names('', bound)).toEqual(['alpha', 'beta']);
    const gamma = (await get('/api/v1/clusters/gamma')).body.id;
    const requests: [string, string, unknown?][] = [
      ['GET', '/api/v1/clusters/ID'],
      ['GET', '/api/v1/clusters/ID/history'],
      ['GET', '/api/v1/clusters/ID/inventory'],
      ['GET', '/api/v1/clusters/ID/inventory/pods'],
      ['GET', '/api/v1/clusters/ID/access-manifest'],
      ['PATCH', '/api/v1/clusters/ID', { checkEverySeconds: 60 }],
      ['PATCH', '/api/v1/clusters/ID', { credential: { type: 'token', token: 'a' } }],
      ['PUT', '/api/v1/clusters/ID/credentials', { credential: { type: 'token', token: 'a' } }],
      ['POST', '/api/v1/clusters/ID/check-connection'],
      ['POST', '/api/v1/clusters/ID/sync-resources'],
      ['POST', '/api/v1/clusters/ID/pause', { reason: 'x' }],
      ['POST', '/api/v1/clusters/ID/resume'],
      ['POST', '/api/v1/clusters/ID/confirm-identity'],
      ['DELETE', '/api/v1/clusters/ID'],
      ['GET', '/api/v1/namespaces/ID/default'],
      ['PATCH', '/api/v1/namespaces/ID/default', { labels: {} }],
      ['GET', '/api/kubernetes/clusters/ID/'],
      ['DELETE', '/api/kubernetes/clusters/ID/'],
    ];
    const asked = herd.worker.asked.length;
    for (const [method, path, body] of requests) {
      const [forbidden, unknown] = await Promise.all(
        [gamma, 'clu_0000000000000000000000'].map((id) =>
          herd.at.call(bound, method, path.replace('ID', id), body, {
            'if-match': '*',
            'x-request-id': 'the-same-one',
          }),
        ),
      );
      expect([forbidden?.status, path]).toEqual([404, path]);
      expect(forbidden?.body).toEqual(unknown?.body);
    }
    expect(herd.worker.asked).toHaveLength(asked);
    const moved = await herd.at.call(bound, 'PATCH', '/api/v1/clusters/alpha', { labels: { env: 'test' } });
    expect(moved.status).toBe(403);
    const outside = await herd.at.call(bound, 'POST', '/api/v1/clusters', {
      name: 'delta',
      labels: { env: 'test' },
      server: 'https://delta.example',
      credential: { type: 'token', token: 'a' },
    });
    expect([outside.status, herd.worker.asked.length]).toEqual([403, asked]);
  });

  test('tell of the same cluster registered twice, as far as one may see', async () => {
    const { uid } = (await get('/api/v1/clusters/alpha')).body;
    await herd.become('gamma', { uid });
    await get('/api/v1/clusters');
    const twice = (await get('/api/v1/clusters/alpha')).body.warnings;
    expect(twice).toMatchObject([{ code: 'DUPLICATE_CLUSTER', message: expect.stringContaining('gamma') }]);
    const chinese = await get('/api/v1/clusters/alpha', herd.operator, { 'accept-language': 'zh' });
    expect(chinese.body.warnings[0].message).toMatch(/[\u4e00-\u9fff]/);
    const bound = await herd.at.token('operator', { selector: 'env=prod' });
    expect((await get('/api/v1/clusters/alpha', bound)).body.warnings).toEqual([]);
    herd.worker.twins = ['gamma'];
    const path = '/api/v1/clusters/alpha/check-connection';
    const [all, own] = [
      await herd.at.call(herd.operator, 'POST', path),
      await herd.at.call(bound, 'POST', path),
    ];
    expect([all.body.outcome, own.body.outcome]).toEqual(['warning', 'ok']);
    expect(JSON.stringify(all.body)).toContain('gamma');
    expect(JSON.stringify(own.body)).not.toContain('gamma');
  });
});

describe('what rounds saw', () => {
  let id: string;
  beforeEach(async () => {
    ({ id } = (await herd.create('alpha')).body);
    await herd.become('alpha', healthy());
  });
  const shown = async () => (await get('/api/v1/clusters/alpha')).body;

  test('is newer than the row where nothing changed', async () => {
    const at = start + 4 * minute;
    await pulse({
      id,
      at,
      ok: true,
      latency: 7,
      counts: { nodes: 5, nodesReady: 4, pods: 50, podsRunning: 49 },
    });
    herd.at.pass(5 * minute);
    expect(await shown()).toMatchObject({
      state: 'healthy',
      checkedAt: '2026-03-01T10:04:00.000Z',
      lastSuccessAt: '2026-03-01T10:04:00.000Z',
      nodes: { total: 5, ready: 4 },
      pods: { total: 50, running: 49 },
      latencyMs: 7,
      ageSeconds: 70,
    });
    const { body } = await get('/api/v1/fleet');
    expect(body).toMatchObject({
      nodes: { total: 5, ready: 4 },
      oldestCheckedAt: '2026-03-01T10:04:00.000Z',
    });
  });

  test('a failed look tells when, and no counts', async () => {
    await pulse({ id, at: start + minute, ok: false, cause: 'TCP_TIMEOUT' });
    herd.at.pass(2 * minute);
    expect(await shown()).toMatchObject({
      checkedAt: '2026-03-01T10:01:00.000Z',
      lastSuccessAt: '2026-03-01T10:00:00.000Z',
      nodes: { total: 3 },
    });
  });

  test.each([
    ['paused, at which nobody looked', { is: 'paused', since: start, until: null, reason: 'x' }, '10:00:00'],
    ['held, where a stranger was seen', { is: 'held', since: start, uid: 'other' }, '10:04:00'],
  ] as const)('is not told of one that is %s', async (_, state, checked) => {
    await herd.become('alpha', { state });
    await pulse({ id, at: start + 4 * minute, ok: true, counts: { nodes: 5, pods: 50 } });
    herd.at.pass(5 * minute);
    const expected = { state: state.is, nodes: { total: 3 }, lastSuccessAt: '2026-03-01T10:00:00.000Z' };
    expect(await shown()).toMatchObject({ ...expected, checkedAt: `2026-03-01T${checked}.000Z` });
    const oldestCheckedAt = state.is === 'paused' ? null : '2026-03-01T10:04:00.000Z';
    expect((await get('/api/v1/fleet')).body).toMatchObject({ nodes: { total: 3 }, oldestCheckedAt });
  });

  test('9: too long ago makes it unknown: shown, filtered and counted so, with the last that is known', async () => {
    const late = 3 * 5 * minute + 5 * minute;
    herd.at.pass(late - 10_000);
    expect((await shown()).state).toBe('healthy');
    herd.at.pass(60_000);
    expect(await shown()).toMatchObject({
      state: 'unknown',
      cause: 'CHECKER_LATE',
      message: expect.stringContaining('2026-03-01T10:00'),
      nodes: { total: 3 },
      lastSuccessAt: '2026-03-01T10:00:00.000Z',
    });
    const etag = (await get('/api/v1/clusters/alpha')).headers.get('etag');
    const again = await get('/api/v1/clusters/alpha', herd.operator, { 'if-none-match': etag ?? '' });
    expect(again).toMatchObject({ status: 200, body: { state: 'unknown' } });
    expect(await names('state=unknown')).toEqual(['alpha']);
    expect(await names('cause=CHECKER_LATE')).toEqual(['alpha']);
    expect(await names('state=healthy')).toEqual([]);
    expect((await get('/api/v1/fleet')).body).toMatchObject({
      states: { unknown: 1 },
      causes: { CHECKER_LATE: 1 },
    });
    const chinese = await get('/api/v1/clusters/alpha', herd.operator, { 'accept-language': 'zh' });
    expect(chinese.body.remedy).toMatch(/[\u4e00-\u9fff]/);
    await pulse({ id, at: herd.at.ports.clock.now(), ok: true });
    herd.at.pass(10_000);
    expect((await shown()).state).toBe('healthy');
  });

  test('is not waited for of one that is paused, and longer for one in the slow lane', async () => {
    const cause = { code: 'TCP_TIMEOUT', values: {} };
    await herd.become('alpha', { state: { is: 'unreachable', since: start, cause } });
    herd.at.pass(45 * minute);
    expect((await shown()).state).toBe('unreachable');
    herd.at.pass(10 * minute);
    expect((await shown()).state).toBe('unknown');
    await herd.become('alpha', { state: { is: 'paused', since: start, until: null, reason: 'x' } });
    herd.at.pass(24 * 60 * minute);
    expect((await shown()).state).toBe('paused');
  });
});

describe('the fleet', () => {
  test('is counted by state, version, label, and by what expires', async () => {
    for (const [name, region] of Object.entries({ a: 'eu', b: 'eu', c: 'us' })) {
      await herd.create(name, { labels: { region } });
    }
    const ends = start + 5 * 86_400_000;
    await herd.become('a', healthy({ expiries: [{ of: 'ca', subject: 'CN=k', at: ends }] }));
    await herd.become('b', healthy());
    const { body } = await get('/api/v1/fleet');
    expect(body).toMatchObject({
      clusters: 3,
      states: { healthy: 2, pending: 1 },
      causes: {},
      kubernetesVersions: { 'v1.37.1': 2 },
      labels: { region: { eu: 2, us: 1 } },
      nodes: { total: 6, ready: 6 },
      pods: { total: 40, running: 38 },
      uncounted: 1,
      expiring: { withinDays: 30, count: 1, expired: 0, soonest: [{ name: 'a', of: 'ca', subject: 'CN=k' }] },
    });
    const soon = (await get('/api/v1/fleet?expiringWithinDays=4&labels=region=eu')).body;
    expect(soon).toMatchObject({ clusters: 2, expiring: { count: 0, soonest: [] } });
    const bound = await herd.at.token('viewer', { selector: 'region=us' });
    expect((await get('/api/v1/fleet', bound)).body).toMatchObject({
      clusters: 1,
      labels: { region: { us: 1 } },
    });
  });
});

describe('inventories', () => {
  let id: string;
  beforeEach(async () => {
    ({ id } = (await herd.create('alpha', { labels: { env: 'prod' } })).body);
  });

  test('are paged, with their age and what is missing of them', async () => {
    const path = '/api/v1/clusters/alpha/inventory/namespaces';
    const none = await get(path);
    expect([none.status, none.body.code]).toEqual([404, 'INVENTORY_MISSING']);
    const partial = { code: 'INVENTORY_CAPPED', values: { most: 3 } };
    const items = ['a', 'b', 'c'].map((name) => aNamespace(name));
    await listed(herd.at.table, herd.records, id, 'namespaces', items, { partial });
    herd.at.pass(90_000);
    const first = (await get(`${path}?limit=2`)).body;
    expect(first).toMatchObject({
      total: 3,
      listedAt: '2026-03-01T10:00:00.000Z',
      ageSeconds: 90,
      partial: { code: 'INVENTORY_CAPPED' },
      trouble: null,
      items: [{ name: 'a', createdAt: '2026-02-28T10:00:00.000Z' }, { name: 'b' }],
    });
    const rest = (await get(`${path}?limit=2&cursor=${encodeURIComponent(first.next)}`)).body;
    expect([rest.items.length, rest.next]).toEqual([1, null]);
    const summary = (await get('/api/v1/clusters/alpha/inventory')).body;
    expect(summary).toMatchObject({ kinds: { namespaces: { total: 3, ageSeconds: 90 } }, capacity: null });
    expect((await get('/api/v1/clusters/alpha/inventory/volumes')).status).toBe(400);
  });

  test('are asked for anew, by those who may', async () => {
    const path = '/api/v1/clusters/alpha/sync-resources';
    const stale = await herd.at.call(herd.operator, 'POST', path, undefined, { 'if-match': '"7"' });
    expect([stale.status, (await get('/api/v1/clusters/alpha/inventory')).body.state]).toEqual([412, 'none']);
    const begun = await herd.at.call(herd.operator, 'POST', path);
    expect([begun.status, begun.body.name]).toEqual([202, 'alpha']);
    expect(begun.headers.get('location')).toBe(`/api/v1/clusters/${id}/inventory`);
    expect((await get('/api/v1/clusters/alpha/inventory')).body.state).toBe('pending');
    expect((await herd.at.call(herd.viewer, 'POST', path)).status).toBe(403);
  });

  test('of namespaces are one list over all clusters', async () => {
    const beta = (await herd.create('beta', { labels: { env: 'test' } })).body.id;
    await herd.create('gamma');
    await listed(herd.at.table, herd.records, id, 'namespaces', [
      aNamespace('shop', { team: 'web' }),
      aNamespace('web'),
    ]);
    await listed(herd.at.table, herd.records, beta, 'namespaces', [aNamespace('shop')]);
    const list = async (query: string, who?: string) => {
      const { body } = await get(`/api/v1/namespaces?${query}`, who);
      return body.items.map(
        ({ cluster, name }: { cluster: { name: string }; name: string }) => `${cluster.name}/${name}`,
      );
    };
    herd.at.pass(10_000);
    expect(await list('')).toEqual(['alpha/shop', 'alpha/web', 'beta/shop']);
    expect((await get('/api/v1/fleet')).body.namespaces).toEqual({ total: 3, clusters: 2 });
    expect(await list('q=SHO')).toEqual(['alpha/shop', 'beta/shop']);
    expect(await list('cluster=beta')).toEqual(['beta/shop']);
    expect(await list('labels=team=web')).toEqual(['alpha/shop']);
    expect(await list('clusterLabels=env=test')).toEqual(['beta/shop']);
    expect(await list('', await herd.at.token('viewer', { selector: 'env=prod' }))).toEqual([
      'alpha/shop',
      'alpha/web',
    ]);
    const first = (await get('/api/v1/namespaces?limit=2')).body;
    const cursor = encodeURIComponent(first.next);
    expect(await list(`limit=2&cursor=${cursor}`)).toEqual(['beta/shop']);
  });
});

describe('namespaces', () => {
  test('are created, read and changed in their cluster by the worker', async () => {
    const { id } = (await herd.create('alpha')).body;
    const call = (method: string, path: string, body?: unknown) =>
      herd.at.call(herd.operator, method, path, body);
    const made = await call('POST', '/api/v1/namespaces', {
      cluster: 'alpha',
      name: 'shop',
      labels: { team: 'web' },
    });
    expect([made.status, made.headers.get('location')]).toEqual([201, `/api/v1/namespaces/${id}/shop`]);
    expect(herd.worker.asked.at(-1)).toMatchObject({
      do: 'createNamespace',
      cluster: id,
      by: { actor: { kind: 'token' }, requestId: expect.any(String) },
    });
    const again = await call('POST', '/api/v1/namespaces', { cluster: 'alpha', name: 'shop' });
    expect([again.status, again.body.code]).toEqual([409, 'NAMESPACE_EXISTS']);
    const patched = await call('PATCH', '/api/v1/namespaces/alpha/shop?force=true', {
      labels: { team: null, tier: 'a' },
      annotations: { note: 'n' },
    });
    expect(patched.body).toMatchObject({
      cluster: { id, name: 'alpha' },
      labels: { tier: 'a' },
      annotations: { note: 'n' },
    });
    expect(herd.worker.asked.at(-1)).toMatchObject({ force: true });
    expect((await get('/api/v1/namespaces/alpha/shop')).body.labels).toEqual({ tier: 'a' });
    expect((await get('/api/v1/namespaces/alpha/none')).body.code).toBe('NAMESPACE_NOT_FOUND');
    expect((await call('POST', '/api/v1/namespaces', { cluster: 'none', name: 'a' })).status).toBe(404);
    expect(
      (await herd.at.call(herd.viewer, 'POST', '/api/v1/namespaces', { cluster: 'alpha', name: 'b' })).status,
    ).toBe(403);
  });
});
