import { request } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '#time';
import { WorldClock } from '../../../../infra/world/clock.ts';
import { presets } from '../../../../infra/world/control/presets.ts';
import { openControl } from '../../../../infra/world/control/server.ts';
import { exposeAlone, openGateway } from '../../../../infra/world/exposed.ts';
import { fault } from '../../../../infra/world/faults/fault.ts';
import { aCluster, ask, identity, json } from '../aCluster.ts';

async function control() {
  const given = { port: 0, identity, seed: 'test', clock: systemClock };
  const alone = await exposeAlone(
    aCluster(() => json({}), 'testing'),
    given,
  );
  const gateway = await openGateway(given);
  const clock = new WorldClock({ real: () => Date.parse('2026-03-01T10:00:00Z') });
  const shared = gateway.expose(aCluster(() => json({}), 'edge-1'));
  const kubeconfig = '/data/world/x.kubeconfig';
  const clusters = new Map([
    ['testing', { exposed: alone, kubeconfig }],
    ['edge-1', { exposed: shared, kubeconfig }],
  ]);
  const server = await openControl({ clusters, controllers: new Map(), clock }, 0);
  onTestFinished(async () => {
    await server[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
    await alone[Symbol.asyncDispose]();
  });
  const address = `http://127.0.0.1:${server.port}`;
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const sent = typeof body === 'string' ? body : body === undefined ? null : JSON.stringify(body);
    const answer = await request(`${address}${path}`, { method: method as 'GET', headers, body: sent });
    const text = await answer.body.text();
    const isJson = String(answer.headers['content-type']).includes('json');
    return { status: answer.statusCode, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
  };
  return { address, call, cluster: alone, clock };
}

test('a fault is switched on, met, listed and switched off', async () => {
  const { call, cluster } = await control();
  const on = await call('POST', '/api/clusters/testing/faults', { kind: 'status', code: 503 });
  expect(on).toMatchObject({ status: 201, body: { id: '1', fault: { kind: 'status', code: 503 }, hits: 0 } });
  expect(await ask(cluster.address)).toMatchObject({ status: 503 });
  expect((await call('GET', '/api/clusters')).body).toEqual({
    clusters: [
      {
        name: 'testing',
        address: cluster.address,
        kubeconfig: '/data/world/x.kubeconfig',
        faults: [expect.objectContaining({ id: '1', hits: 1 })],
      },
      expect.objectContaining({ name: 'edge-1', faults: [] }),
    ],
  });
  expect((await call('DELETE', '/api/clusters/testing/faults/1')).status).toBe(204);
  expect(await ask(cluster.address)).toMatchObject({ status: 200 });
});

test('all faults of a cluster are switched off at once', async () => {
  const { call, cluster } = await control();
  await call('POST', '/api/clusters/testing/faults', { kind: 'refused' });
  await call('POST', '/api/clusters/testing/faults', { kind: 'status', code: 500 });
  expect(await ask(cluster.address)).toEqual({ code: 'ECONNREFUSED' });
  expect((await call('DELETE', '/api/clusters/testing/faults')).status).toBe(204);
  expect(await ask(cluster.address)).toMatchObject({ status: 200 });
});

test.each([
  ['POST', '/api/clusters/nowhere/faults', { kind: 'refused' }, 404, 'WORLD_CLUSTER_UNKNOWN'],
  ['POST', '/api/clusters/testing/faults', { kind: 'flood' }, 422, 'WORLD_FAULT_INVALID'],
  ['POST', '/api/clusters/testing/faults', 'not json', 422, 'WORLD_FAULT_INVALID'],
  ['POST', '/api/clusters/edge-1/faults', { kind: 'refused' }, 409, 'WORLD_FAULT_OF_SHARED_PORT'],
  ['DELETE', '/api/clusters/testing/faults/9', undefined, 404, 'WORLD_FAULT_UNKNOWN'],
  ['POST', '/api/clock', { speed: -1 }, 422, 'WORLD_CLOCK_INVALID'],
  ['POST', '/api/clock', {}, 422, 'WORLD_CLOCK_INVALID'],
])('%s %s of %o is refused with %i %s', async (method, path, body, status, code) => {
  const { call } = await control();
  expect(await call(method, path, body)).toMatchObject({
    status,
    body: { code, remedy: expect.any(String) },
  });
  const chinese = await call(method, path, body, { 'accept-language': 'zh-CN' });
  expect(chinese.body.detail).toMatch(/[\u4e00-\u9fff]/);
});

test('the clock is stepped, stopped and made faster', async () => {
  const { call, clock } = await control();
  expect((await call('GET', '/api/clock')).body).toEqual({ now: '2026-03-01T10:00:00.000Z', speed: 1 });
  expect((await call('POST', '/api/clock', { stepMillis: 3_600_000 })).body.now).toBe(
    '2026-03-01T11:00:00.000Z',
  );
  expect((await call('POST', '/api/clock', { speed: 60 })).body.speed).toBe(60);
  expect(clock.speed).toBe(60);
});

test.each([
  ['a name of its own, as by DNS rebinding', 'GET', { host: 'evil.example' }],
  ['a name that only begins well', 'GET', { host: '127.0.0.1.evil.example' }],
  ['another page', 'POST', { origin: 'https://evil.example' }],
  ['another local page', 'POST', { origin: 'http://127.0.0.1:8080' }],
  ['a page that has no origin', 'POST', { origin: 'null' }],
  ['another site', 'POST', { 'sec-fetch-site': 'cross-site' }],
  ['another port', 'DELETE', { 'sec-fetch-site': 'same-site' }],
])('who comes from %s is refused', async (_, method, headers) => {
  const { call } = await control();
  const body = method === 'POST' ? { kind: 'refused' } : undefined;
  const refused = await call(method, '/api/clusters/testing/faults', body, headers as Record<string, string>);
  expect(refused).toMatchObject({ status: 403, body: { code: 'WORLD_FOREIGN_PAGE' } });
});

test('its own page drives it, by forms', async () => {
  const { address, call, cluster, clock } = await control();
  const form = {
    origin: address,
    'sec-fetch-site': 'same-origin',
    'content-type': 'application/x-www-form-urlencoded',
  };
  const chosen = presets.findIndex((preset) => preset.fault.kind === 'plainHttp');
  const on = await call('POST', '/clusters/testing/faults?lang=zh', `preset=${chosen}&own=`, form);
  expect(on).toMatchObject({ status: 303, headers: { location: '/?lang=zh' } });
  await call(
    'POST',
    '/clusters/testing/faults',
    `preset=0&own=${encodeURIComponent('{"kind":"hang"}')}`,
    form,
  );
  expect(cluster.list().map((active) => active.fault.kind)).toEqual(['plainHttp', 'hang']);
  await call('POST', '/clusters/testing/faults/off', 'id=1', form);
  expect(cluster.list().map((active) => active.fault.kind)).toEqual(['hang']);
  await call('POST', '/clusters/testing/faults/off', '', form);
  expect(cluster.list()).toEqual([]);
  await call('POST', '/clock', 'speed=10', form);
  await call('POST', '/clock', 'minutes=60', form);
  expect([clock.speed, new Date(clock.now()).toISOString()]).toEqual([10, '2026-03-01T11:00:00.000Z']);
});

test.each([
  ['en', 'The simulated world', 'Switch on'],
  ['zh', '模拟世界', '开启'],
])('the page speaks %s, and holds nothing that runs', async (lang, title, action) => {
  const { call } = await control();
  await call('POST', '/api/clusters/testing/faults', { kind: 'redirect', to: '"><script>alert(1)</script>' });
  const { body, headers } = await call('GET', `/?lang=${lang}`);
  expect(body).toContain(`<h1>${title}</h1>`);
  expect(body).toContain(action);
  expect(body).not.toContain('<script');
  expect(headers['content-security-policy']).toContain("default-src 'none'");
});

test.each(presets)('the page’s “$title.en” is a fault', (preset) => {
  expect(fault.parse(preset.fault)).toEqual(preset.fault);
});
