import { beforeEach, describe, expect, test } from 'vitest';
import { joinArea } from '#join';
import type { Pulse } from '#reconcile';
import { keys } from '#store';
import { minute } from '#time';
import { packPulse } from '../../../../shared/reconcile/pulse.ts';
import { start } from '../anApp.ts';
import { aBody, aFederation, type Federation, secrets } from './aFederation.ts';

let federation: Federation;
beforeEach(async () => {
  federation = await aFederation();
  for (const [name, env, storeId] of [
    ['alpha', 'prod', 'u1'],
    ['beta', 'prod', 'u2'],
    ['gamma', 'test', 'u3'],
  ] as const) {
    await federation.create(name, { labels: { env }, storeId });
  }
});

const get = (path: string, who = federation.operator, headers?: Record<string, string>) =>
  federation.at.call(who, 'GET', path, undefined, headers);
const names = async (query: string, who?: string): Promise<string[]> =>
  (await get(`/api/v1/joins?${query}`, who)).body.items.map(({ name }: { name: string }) => name);

const aPrimary = { id: 'p', name: 'headquarters', server: '10.10.0.1', port: 11443, status: 'connected' };
const aMember = { id: 'm', name: 'u1-abcdef', status: 'synced', primary: aPrimary };

/** What the round of its slice would have written. */
async function looked(name: string, at: number): Promise<void> {
  const { id } = (await federation.records.get(name, 'join'))!;
  const [everySeconds, slice] = [300, keys.sliceOf(id)];
  const pulse: Pulse = { everySeconds, slice, at, beats: [{ id, at, ok: true }], failing: [] };
  const key = keys.pulseKey(joinArea.name, everySeconds, slice);
  await federation.at.table.put({ ...key, rev: 1, pulse: packPulse(pulse) });
}

describe('lists', () => {
  beforeEach(async () => {
    await federation.become('alpha', {
      state: { is: 'joined', since: start },
      member: aMember,
      checkedAt: start,
      joinedAt: start,
    });
    const cause = { code: 'NAME_TAKEN_OR_GHOST', values: {} };
    await federation.become('beta', { state: { is: 'failed', since: start, cause }, attempts: 3 });
    await federation.become('gamma', { wish: null, state: { is: 'watching', since: start, cause: null } });
  });

  test.each([
    ['state=joined', ['alpha']],
    ['state=joined,failed', ['alpha', 'beta']],
    ['cause=NAME_TAKEN_OR_GHOST', ['beta']],
    ['labels=env=prod', ['alpha', 'beta']],
    ['q=AMM', ['gamma']],
    ['primary=headquarters', ['alpha']],
    ['storeId=u2', ['beta']],
    ['join=false', ['gamma']],
    ['join=true&sort=-name', ['beta', 'alpha']],
    ['from=settings', []],
    ['sort=-attempts&limit=1', ['beta']],
    ['sort=-joinedAt&limit=1', ['alpha']],
    ['sort=-checkedAt&limit=1', ['alpha']],
  ])('?%s', async (query, expected) => {
    expect(await names(query)).toEqual(expected);
  });

  test('go on by cursor, which is good for the same filters alone', async () => {
    const page = (await get('/api/v1/joins?limit=2')).body;
    const cursor = encodeURIComponent(page.next);
    expect(await names(`limit=2&cursor=${cursor}`)).toEqual(['gamma']);
    const other = await get(`/api/v1/joins?limit=2&join=true&cursor=${cursor}`);
    expect([other.status, other.body.code]).toEqual([400, 'CURSOR_INVALID']);
  });

  test('and records tell when a round looked last, which no row knows', async () => {
    const at = start + 20 * minute;
    await looked('alpha', at);
    federation.at.pass(20 * minute);
    const iso = new Date(at).toISOString();
    expect((await get('/api/v1/joins/alpha')).body).toMatchObject({ checkedAt: iso, version: 2 });
    expect((await get('/api/v1/joins?state=joined')).body.items).toMatchObject([{ checkedAt: iso }]);
    expect((await get('/api/v1/joins/beta')).body.checkedAt).toBeNull();
  });

  test('say how old the token in use is, in whole seconds', async () => {
    const at = federation.at.ports.clock.now();
    await federation.become('alpha', {
      token: { from: 'given', at, server: '10.10.0.1', port: 11443 },
    });
    federation.at.pass(90_500);
    const { token } = (await get('/api/v1/joins/alpha')).body;
    const iso = new Date(at).toISOString();
    expect(token).toEqual({ from: 'given', at: iso, ageSeconds: 100, server: '10.10.0.1', port: 11443 });
  });

  test('say causes in the reader’s language', async () => {
    const chinese = await get('/api/v1/joins?state=failed', federation.operator, { 'accept-language': 'zh' });
    expect(chinese.body.items[0].message).toMatch(/[\u4e00-\u9fff]/);
    expect((await get('/api/v1/joins/beta')).body.message).toMatch(/^[\u0020-\u2fff]+$/);
  });
});

const aKey = { type: 'apiKey', name: 'drover', secret: secrets.keySecret };

/** Every route about one membership, and what it takes. */
const routes: [method: string, path: string, body?: unknown][] = [
  ['GET', '/api/v1/joins/ID'],
  ['GET', '/api/v1/joins/ID/history'],
  ['GET', '/metrics/neuvector?membership=ID'],
  ['GET', '/probe?target=ID'],
  ['PATCH', '/api/v1/joins/ID', { stayJoined: 'no' }],
  ['PATCH', '/api/v1/joins/ID', { controller: { credential: aKey } }],
  ['POST', '/api/v1/joins/ID/retry'],
  ['POST', '/api/v1/joins/ID/leave'],
  ['POST', '/api/v1/joins/ID/pause', { reason: 'x' }],
  ['POST', '/api/v1/joins/ID/resume'],
  ['POST', '/api/v1/joins/ID/preflight'],
  ['DELETE', '/api/v1/joins/ID'],
  ['DELETE', '/api/v1/joins/ID?leave=true'],
];

test('a token that is bound to labels sees and touches its own; unknown and forbidden answer alike', async () => {
  const bound = await federation.at.token('operator', { selector: 'env=prod' });
  expect(await names('', bound)).toEqual(['alpha', 'beta']);
  const gamma = (await get('/api/v1/joins/gamma')).body.id;
  const asked = federation.worker.asked.length;
  for (const [method, path, body] of routes) {
    const [forbidden, unknown] = await Promise.all(
      [gamma, 'mem_0000000000000000000000'].map((id) =>
        federation.at.call(bound, method, path.replace('ID', id), body, {
          'if-match': '*',
          'x-request-id': 'the-same-one',
        }),
      ),
    );
    expect([forbidden?.status, path]).toEqual([404, path]);
    expect(forbidden?.body).toEqual(unknown?.body);
  }
  const ids = { ids: [gamma] };
  for (const verb of ['retry', 'resume', 'preflight']) {
    const many = await federation.at.call(bound, 'POST', `/api/v1/joins/${verb}`, ids);
    expect(many.body.results).toMatchObject([{ problem: { code: 'RECORD_UNKNOWN' } }]);
  }
  const outside = { ...aBody('delta'), labels: { env: 'test' } };
  expect((await federation.at.call(bound, 'POST', '/api/v1/joins', outside)).status).toBe(403);
  expect(federation.worker.asked).toHaveLength(asked);
  const moved = await federation.at.call(bound, 'PATCH', '/api/v1/joins/alpha', { labels: { env: 'test' } });
  expect(moved.status).toBe(403);
});

test('viewers read and scrape, and nothing more', async () => {
  const asked = federation.worker.asked.length;
  for (const [method, path, body] of [
    ...routes.filter(([method]) => method !== 'GET'),
    ['POST', '/api/v1/joins', aBody('delta')],
    ['POST', '/api/v1/joins/retry', { ids: ['alpha'] }],
    ['POST', '/api/v1/joins/pause', { ids: ['alpha'], reason: 'x' }],
    ['POST', '/api/v1/joins/resume', { ids: ['alpha'] }],
    ['POST', '/api/v1/joins/preflight', { ids: ['alpha'] }],
  ] as typeof routes) {
    const headers = { 'if-match': '*' };
    const { status } = await federation.at.call(
      federation.viewer,
      method,
      path.replace('ID', 'alpha'),
      body,
      headers,
    );
    expect([status, path]).toEqual([403, path]);
  }
  expect(federation.worker.asked).toHaveLength(asked);
  for (const [, path] of routes.filter(([method]) => method === 'GET')) {
    expect((await get(path.replace('ID', 'alpha'), federation.viewer)).status).toBe(200);
  }
});
