import { request } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { controllerPresets } from '../../../../infra/world/control/presets.ts';
import { openControl } from '../../../../infra/world/control/server.ts';
import { fault } from '../../../../infra/world/faults/fault.ts';
import { aPrimary, ask } from '../neuvector/aController.ts';

async function control() {
  const primary = await aPrimary();
  const controllers = new Map([['primary', primary]]);
  const server = await openControl({ clusters: new Map(), controllers, clock: primary.clock }, 0);
  onTestFinished(() => server[Symbol.asyncDispose]());
  const address = `http://127.0.0.1:${server.port}`;
  const call = async (method: string, path: string, body?: unknown, headers = {}) => {
    const sent = typeof body === 'string' ? body : body === undefined ? null : JSON.stringify(body);
    const answer = await request(`${address}${path}`, { method: method as 'GET', headers, body: sent });
    const text = await answer.body.text();
    return { status: answer.statusCode, text, body: text.startsWith('{') ? JSON.parse(text) : undefined };
  };
  return { primary, call, address };
}

test('a controller is told with its listeners, its settings and its faults', async () => {
  const { call, primary } = await control();
  const on = await call('POST', '/api/controllers/primary/rest/faults', {
    ...{ kind: 'neuvector', status: 500, code: 19, times: 1 },
    on: { path: '/v1/fed/**', methods: ['GET'] },
  });
  expect(on).toMatchObject({ status: 201, body: { id: '1', hits: 0 } });
  const told = {
    name: 'primary',
    clusterName: 'headquarters',
    role: 'master',
    sessions: 0,
    settings: { version: '5.6.0' },
    rest: { address: `https://127.0.0.1:${primary.port}`, faults: [{ id: '1' }] },
    federation: { address: `https://127.0.0.1:${primary.federation.port}`, faults: [] },
  };
  expect((await call('GET', '/api/controllers')).body).toMatchObject({ controllers: [told] });
  expect(await primary.call('GET', '/v1/fed/member')).toMatchObject({
    status: 500,
    body: { code: 19, error: 'Acquire cluster lock failed', message: 'Acquire cluster lock failed' },
  });
  expect((await primary.call('GET', '/v1/fed/member')).status).toBe(200);
});

test('who signed in, who could not and who still is, is told by user', async () => {
  const { call, primary } = await control();
  const signIns = async () =>
    Object.fromEntries(
      (await call('GET', '/api/controllers/primary')).body.signIns.map(
        ({ user, ...rest }: { user: string }) => [user, rest],
      ),
    );
  expect(await signIns()).toMatchObject({
    admin: { done: 0, refused: 0, isBlocked: false, sessions: 0 },
  });
  const token = await primary.signIn();
  const wrong = { password: { username: 'reader', password: 'wrong' } };
  for (let i = 0; i < 4; i++) await ask(primary.port, 'POST', '/v1/auth', { body: wrong });
  expect(await signIns()).toMatchObject({
    admin: { done: 1, refused: 0, isBlocked: false, sessions: 1 },
    reader: { done: 0, refused: 4, isBlocked: false },
  });
  await ask(primary.port, 'POST', '/v1/auth', { body: wrong });
  await primary.call('DELETE', '/v1/auth', { token });
  expect(await signIns()).toMatchObject({
    admin: { done: 1, sessions: 0 },
    reader: { refused: 5, isBlocked: true },
  });
});

test('each listener fails by itself', async () => {
  const { call, primary } = await control();
  await call('POST', '/api/controllers/primary/federation/faults', { kind: 'refused' });
  await expect(ask(primary.federation.port, 'GET', '/v1/fed/healthcheck')).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
  expect((await ask(primary.port, 'GET', '/v1/eula')).status).toBe(200);
  expect((await call('DELETE', '/api/controllers/primary/federation/faults')).status).toBe(204);
  expect((await ask(primary.federation.port, 'GET', '/v1/fed/healthcheck')).status).toBe(200);
});

test('settings and users are changed while it runs', async () => {
  const { call, primary } = await control();
  const changed = await call('PATCH', '/api/controllers/primary/settings', {
    version: '5.4.0',
    leftovers: ['fed.x'],
  });
  expect(changed.body.settings).toMatchObject({ version: '5.4.0', leftovers: ['fed.x'], replicas: 1 });
  await call('PATCH', '/api/controllers/primary/users/admin', { password: 'another-one' });
  await call('PATCH', '/api/controllers/primary/users/eve', { password: 'a-new-one' });
  expect(await primary.signIn('admin', 'another-one')).toContain('.');
  expect(await primary.signIn('eve', 'a-new-one')).toContain('.');
  expect((await call('POST', '/api/controllers/primary/rules')).status).toBe(204);
});

test.each([
  ['GET', '/api/controllers/other', undefined, 404, 'WORLD_CONTROLLER_UNKNOWN'],
  ['POST', '/api/controllers/primary/other/faults', { kind: 'hang' }, 404, 'WORLD_CONTROLLER_UNKNOWN'],
  ['POST', '/api/controllers/primary/rest/faults', { kind: 'flood' }, 422, 'WORLD_FAULT_INVALID'],
  ['DELETE', '/api/controllers/primary/rest/faults/9', undefined, 404, 'WORLD_FAULT_UNKNOWN'],
  ['PATCH', '/api/controllers/primary/settings', { version: 'new' }, 422, 'WORLD_SETTING_INVALID'],
  ['PATCH', '/api/controllers/primary/users/admin', { role: 'king' }, 422, 'WORLD_SETTING_INVALID'],
])('%s %s of %o is refused with %i %s', async (method, path, body, status, code) => {
  const { call } = await control();
  expect(await call(method, path, body)).toMatchObject({ status, body: { code } });
});

test('the page shows controllers, and drives them by forms', async () => {
  const { call, address, primary } = await control();
  const form = {
    origin: address,
    'sec-fetch-site': 'same-origin',
    'content-type': 'application/x-www-form-urlencoded',
  };
  const chosen = controllerPresets.findIndex((preset) => preset.fault.kind === 'neuvector');
  await call('POST', '/controllers/primary/rest/faults?lang=zh', `preset=${chosen}&own=`, form);
  expect(primary.rest.list().map(({ fault: { kind } }) => kind)).toEqual(['neuvector']);
  const en = (await call('GET', '/?lang=en')).text;
  expect(en).toContain('NeuVector controllers');
  expect(en).toContain(`127.0.0.1:${primary.federation.port}`);
  expect((await call('GET', '/?lang=zh')).text).toContain('联邦主集群');
  await call('POST', '/controllers/primary/rest/faults/off', '', form);
  expect(primary.rest.list()).toEqual([]);
});

test.each(controllerPresets)('the page’s “$title.en” is a fault', (preset) => {
  expect(fault.parse(preset.fault)).toEqual(preset.fault);
});
