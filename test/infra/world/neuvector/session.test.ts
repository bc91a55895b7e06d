import { once } from 'node:events';
import { connect } from 'node:tls';
import { expect, test } from 'vitest';
import { hour, minute, second } from '#time';
import { aController, ask } from './aController.ts';

const credentials = (username: string, password = 'a-good-password', more = {}) => ({
  body: { password: { username, password, ...more } },
});
const failed = { code: 3, error: 'Authentication failed', message: 'Authentication failed' };

test('who signs in is given a session, and fields by name in the order of letters', async () => {
  const { port } = await aController();
  const { status, text, body, headers } = await ask(port, 'POST', '/v1/auth', credentials('admin'));
  expect({ status, body }).toMatchObject({
    status: 200,
    body: {
      need_to_reset_password: false,
      password_days_until_expire: -1,
      token: { username: 'admin', password: '', role: 'admin', timeout: 300, login_count: 1 },
    },
  });
  expect(headers['content-type']).toBe('application/json');
  expect(text.indexOf('"blocked_for_failed_login"')).toBeLessThan(text.indexOf('"default_password"'));
  expect(body.token.token.split('.')).toHaveLength(3);
});

test.each([
  ['no JSON', 'no', 400, 6],
  ['nothing', '', 400, 6],
  ['no password', {}, 400, 6],
  ['null', 'null', 400, 6],
  ['a password of a wrong type', { password: { username: 'admin', password: 1 } }, 400, 6],
  ['a wrong password', { password: { username: 'admin', password: 'wrong' } }, 401, 3],
  ['an empty password', { password: { username: 'admin', password: '' } }, 401, 3],
  ['an unknown user', { password: { username: 'eve', password: 'wrong' } }, 401, 3],
  [
    'other letters’ case, and more than is asked for',
    { PassWord: { UserName: 'admin', password: 'a-good-password' }, more: 1 },
    200,
    undefined,
  ],
])('a sign-in with %s is answered', async (_, body, status, code) => {
  const { port } = await aController();
  const answer = await ask(port, 'POST', '/v1/auth', { body });
  expect([answer.status, answer.body.code]).toEqual([status, code]);
});

test('the fifth wrong password blocks the account for an hour, and each try makes it an hour again', async () => {
  const { port, clock } = await aController();
  const codes = [];
  for (let i = 0; i < 5; i++)
    codes.push((await ask(port, 'POST', '/v1/auth', credentials('admin', 'wrong'))).body.code);
  expect(codes).toEqual([3, 3, 3, 3, 47]);
  clock.step(59 * minute);
  const blocked = await ask(port, 'POST', '/v1/auth', credentials('admin'));
  expect(blocked).toMatchObject({
    status: 401,
    body: { code: 47, message: 'Temporarily blocked because of too many login failures' },
  });
  clock.step(59 * minute);
  expect((await ask(port, 'POST', '/v1/auth', credentials('admin'))).body.code).toBe(47);
  expect((await ask(port, 'POST', '/v1/auth', credentials('reader'))).status).toBe(200);
  clock.step(hour);
  expect((await ask(port, 'POST', '/v1/auth', credentials('admin'))).status).toBe(200);
});

test('a right password ends the counting of wrong ones', async () => {
  const { port } = await aController();
  for (let i = 0; i < 4; i++) await ask(port, 'POST', '/v1/auth', credentials('admin', 'wrong'));
  expect((await ask(port, 'POST', '/v1/auth', credentials('admin'))).status).toBe(200);
  expect((await ask(port, 'POST', '/v1/auth', credentials('admin', 'wrong'))).body.code).toBe(3);
});

test('an account that must be reset gives no token until it has a new password that is no weak one', async () => {
  const user = { username: 'admin', password: 'bootstrap', role: 'admin', mustReset: true } as const;
  const { port } = await aController({ users: [user] });
  const ask1 = (more: object) => ask(port, 'POST', '/v1/auth', credentials('admin', 'bootstrap', more));
  expect(await ask1({})).toMatchObject({ status: 200, body: { need_to_reset_password: true, token: null } });
  expect(await ask1({ new_password: 'weak' })).toMatchObject({
    status: 400,
    body: { code: 14, error: 'Password is weak', password_profile_basic: { min_len: 6 } },
  });
  expect((await ask1({ new_password: 'strong-enough' })).body.token.username).toBe('admin');
  expect((await ask(port, 'POST', '/v1/auth', credentials('admin', 'strong-enough'))).status).toBe(200);
});

test('an expired password is told as such', async () => {
  const user = { username: 'admin', password: 'old', role: 'admin', isPasswordExpired: true } as const;
  const { port } = await aController({ users: [user] });
  const answer = await ask(port, 'POST', '/v1/auth', credentials('admin', 'old'));
  expect(answer).toMatchObject({ status: 401, body: { code: 48, message: 'Password expired' } });
});

test('a user has 32 sessions; the 33rd is refused until one is closed', async () => {
  const { port, signIn } = await aController();
  const tokens: string[] = [];
  for (let i = 0; i < 32; i++) tokens.push(await signIn());
  expect((await ask(port, 'POST', '/v1/auth', credentials('admin'))).body).toEqual(failed);
  expect((await ask(port, 'POST', '/v1/auth', credentials('reader'))).status).toBe(200);
  expect(await ask(port, 'DELETE', '/v1/auth', { token: tokens[0]! })).toMatchObject({
    status: 200,
    text: '',
  });
  expect((await ask(port, 'POST', '/v1/auth', credentials('admin'))).status).toBe(200);
});

test('a session ends when nobody uses it, when it is closed, and in any case after six hours', async () => {
  const { port, signIn, clock } = await aController();
  const seen = async (token: string) => (await ask(port, 'GET', '/v1/fed/member', { token })).status;
  const idle = await signIn();
  clock.step(299 * second);
  expect(await seen(idle)).toBe(200);
  clock.step(299 * second);
  expect((await ask(port, 'PATCH', '/v1/auth', { token: idle })).status).toBe(200);
  clock.step(300 * second);
  expect(await seen(idle)).toBe(401);
  const used = await signIn();
  for (let i = 0; i < 6 * 12 * 2 - 1; i++) {
    clock.step(150 * second);
    expect(await seen(used)).toBe(200);
  }
  clock.step(150 * second);
  expect(await seen(used)).toBe(401);
});

test('until 5.4.0 a session that is over is told so by 408', async () => {
  const { port, signIn, clock } = await aController({ settings: { version: '5.4.0' } });
  const token = await signIn();
  clock.step(hour);
  expect(await ask(port, 'GET', '/v1/host', { token })).toMatchObject({ status: 408, body: failed });
  expect((await ask(port, 'GET', '/v1/host', { token: 'a.b.c' })).status).toBe(401);
});

test('a session of another controller counts for nothing', async () => {
  const one = await aController();
  const other = await aController({ name: 'other' });
  const answer = await ask(other.port, 'GET', '/v1/host', { token: await one.signIn() });
  expect(answer).toMatchObject({ status: 401, body: failed });
});

test('an API key needs no session, and is only looked at where there is no token', async () => {
  const { port, signIn, controller, clock } = await aController();
  const status = async (sent: object) => (await ask(port, 'GET', '/v1/host', sent)).status;
  expect(await status({ key: 'read:s3cret' })).toBe(200);
  expect(controller.accounts.liveSessions()).toBe(0);
  expect(await status({ key: 'read:wrong' })).toBe(401);
  expect(await status({ key: 'read' })).toBe(401);
  expect(await status({})).toBe(401);
  expect(await status({ key: 'read:s3cret', token: 'wrong' })).toBe(401);
  expect(await status({ key: 'wrong', token: await signIn() })).toBe(200);
  const created = await ask(port, 'POST', '/v1/api_key', {
    key: 'all:s3cret',
    body: { apikey: { apikey_name: 'new', expiration_type: 'onehour', role: 'reader' } },
  });
  const key = `new:${created.body.apikey.apikey_secret}`;
  expect(await status({ key })).toBe(200);
  clock.step(hour);
  expect(await status({ key })).toBe(401);
});

test.each([
  ['nobody', 'GET', '/v1/host', 403],
  ['nobody', 'PATCH', '/v1/auth', 200],
  ['reader', 'GET', '/v1/host', 200],
  ['reader', 'GET', '/v1/fed/member', 200],
  ['reader', 'POST', '/v1/fed/join', 403],
  ['reader', 'POST', '/v1/fed/promote', 403],
  ['admin', 'POST', '/v1/fed/join', 400],
  ['admin', 'GET', '/v1/fed/join_token', 403],
])('%s may %s %s: %i', async (user, method, path, status) => {
  const { port, signIn } = await aController();
  const answer = await ask(port, method, path, { token: await signIn(user) });
  expect(answer.status).toBe(status);
  if (status === 403)
    expect(answer.body).toEqual({ code: 25, error: 'Object access denied', message: 'Object access denied' });
});

test.each([
  ['GET', '/v1/nothing', 404, 1, 'URL not found'],
  ['GET', '/v1/fed/join_internal', 404, 1, 'URL not found'],
  ['GET', '/v1/fed/join', 405, 2, 'Method not allowed'],
])('%s %s is answered %i %i', async (method, path, status, code, message) => {
  const { port } = await aController();
  const answer = await ask(port, method, path);
  expect(answer).toMatchObject({ status, body: { code, error: message, message } });
});

test('a path that ends with a stroke is sent to where it is, with its query', async () => {
  const { port } = await aController();
  const answer = await ask(port, 'GET', '/v1/scan/platform/?a=1', { key: 'read:s3cret' });
  expect(answer).toMatchObject({ status: 301, headers: { location: '/v1/scan/platform?a=1' } });
});

test('longer answers are compressed for who can read it, shorter ones are not', async () => {
  const { port } = await aController();
  const encoding = async (path: string, accepted: string) =>
    (await ask(port, 'GET', path, { key: 'read:s3cret', headers: { 'accept-encoding': accepted } })).headers[
      'content-encoding'
    ];
  expect(await encoding('/v1/workload?brief=true', 'gzip, deflate')).toBe('gzip');
  expect(await encoding('/v1/workload?brief=true', 'identity')).toBeUndefined();
  expect(await encoding('/v1/debug/admission_stats', 'gzip')).toBeUndefined();
});

test.each([
  ['5.6.0', 'TLSv1.2', 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'],
  ['5.6.0', 'TLSv1.3', undefined],
  ['5.5.3', 'TLSv1.1', undefined],
] as const)('version %s meets a client that speaks %s: %s', async (version, spoken, code) => {
  const { port } = await aController({ settings: { version } });
  const ciphers = 'DEFAULT@SECLEVEL=0';
  const socket = connect({
    ...{ host: '127.0.0.1', port, minVersion: spoken, maxVersion: spoken, ciphers },
    rejectUnauthorized: false,
  });
  const met = await Promise.race([
    once(socket, 'secureConnect').then(() => undefined),
    once(socket, 'error').then(([error]) => (error as NodeJS.ErrnoException).code),
  ]).catch((error: NodeJS.ErrnoException) => error.code);
  socket.destroy();
  expect(met).toBe(code);
});

test('before 5.2.0 there are no API keys', async () => {
  const { port } = await aController({ settings: { version: '5.1.3' } });
  expect((await ask(port, 'GET', '/v1/host', { key: 'read:s3cret' })).status).toBe(401);
});
