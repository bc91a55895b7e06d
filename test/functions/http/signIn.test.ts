import { beforeEach, describe, expect, test } from 'vitest';
import { allowedFailures, newTokenText, Sessions } from '#auth';
import { signInPath } from '#core';
import { keys } from '#store';
import { newId } from '#time';
import { anAdministrator, anApp, start, type TestApp } from './anApp.ts';

let world: TestApp;
let admin: string;
beforeEach(async () => {
  world = anApp();
  admin = await anAdministrator(world);
});

const own = { 'sec-fetch-site': 'same-origin' };

function form(fields: Record<string, string>, headers: Record<string, string> = own, base = '') {
  return world.app.request(`${base}/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  });
}

async function aLink(): Promise<string> {
  const sessions = new Sessions(world.table, world.ports.clock);
  const { id } = (await world.core.records.get('administrator', 'token'))!;
  return new URL(await signInPath(sessions, id), 'http://x').searchParams.get('token')!;
}

async function aSession(): Promise<string> {
  const answer = await form({ token: admin });
  return /^drover=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')![1]!;
}

const asBrowser = (cookie: string, method: string, path: string, headers: Record<string, string> = {}) =>
  world.app.request(path, { method, headers: { cookie: `drover=${cookie}`, ...headers } });

describe('signing in with a browser', () => {
  test('a token is exchanged for a session in a cookie that scripts and other sites cannot use', async () => {
    const answer = await form({ token: admin });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
    const cookie = answer.headers.get('set-cookie')!;
    expect(cookie).toMatch(/^drover=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain(admin.slice(4));
    const who = await asBrowser(cookie.slice(7, 50), 'GET', '/api/v1/whoami');
    expect(await who.json()).toMatchObject({ kind: 'session', name: 'administrator', role: 'admin' });
  });

  test('the page one lands on says who is signed in, and ends it', async () => {
    const cookie = await aSession();
    const signedIn = await (await asBrowser(cookie, 'GET', '/')).text();
    expect(signedIn).toContain('Signed in as administrator (admin).');
    expect(signedIn).toContain('action="/sign-out"');
    expect(signedIn).not.toContain('href="/sign-in"');
    const inChinese = await (await asBrowser(cookie, 'GET', '/', { 'accept-language': 'zh' })).text();
    expect(inChinese).toContain('已登录：administrator（admin）。');

    expect((await asBrowser(cookie, 'POST', '/sign-out', own)).headers.get('location')).toBe('/sign-in');
    const ended = await asBrowser(cookie, 'GET', '/');
    expect(ended.status).toBe(200);
    expect(await ended.text()).toContain('href="/sign-in"');
  });

  test('over https the cookie is the host’s own and secure', async () => {
    const answer = await form({ token: admin }, own, 'https://drover.example');
    expect(answer.headers.get('set-cookie')).toMatch(
      /^__Host-drover=.*; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
  });

  test('two local runs beside each other do not share a cookie', async () => {
    const name = async (host: string) =>
      (await form({ token: admin }, { ...own, host })).headers.get('set-cookie')?.split('=')[0];
    expect(await name('127.0.0.1:8080')).toBe('drover-8080');
    expect(await name('127.0.0.1:8090')).toBe('drover-8090');
  });

  test('a link works once; looking at it spends nothing', async () => {
    const link = await aLink();
    for (let i = 0; i < 3; i++) {
      const shown = await world.app.request(`/sign-in?token=${link}`);
      expect([shown.status, shown.headers.get('set-cookie')]).toEqual([200, null]);
      expect(shown.headers.get('referrer-policy')).toBe('no-referrer');
      expect(shown.headers.get('cache-control')).toBe('no-store');
    }
    expect((await world.app.request(`/sign-in?token=${link}`, { method: 'HEAD' })).status).toBe(200);
    expect((await form({ link })).status).toBe(303);
    const again = await form({ link });
    expect([again.status, again.headers.get('set-cookie')]).toEqual([401, null]);
  });

  test('of many who use a link at once, one gets in', async () => {
    const link = await aLink();
    const answers = await Promise.all(Array.from({ length: 20 }, () => form({ link })));
    expect(answers.filter((answer) => answer.status === 303)).toHaveLength(1);
  });

  test('a link ends after a quarter of an hour', async () => {
    const link = await aLink();
    world.pass(15 * 60_000 + 1);
    expect((await form({ link })).status).toBe(401);
  });

  test('a page of another site cannot sign this browser in as someone', async () => {
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'none' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      {},
    ] as Record<string, string>[]) {
      expect((await form({ token: admin }, headers)).status).toBe(403);
    }
    const older = await form({ token: admin }, { origin: 'http://localhost', host: 'localhost' });
    expect(older.status).toBe(303);
  });

  test('a session the browser came with is ended, not taken over', async () => {
    const planted = await aSession();
    const answer = await form(
      { token: await world.token('viewer') },
      { ...own, cookie: `drover=${planted}` },
    );
    const fresh = /^drover=([^;]+)/.exec(answer.headers.get('set-cookie')!)![1]!;
    expect(fresh).not.toBe(planted);
    expect((await asBrowser(planted, 'GET', '/api/v1/whoami')).status).toBe(401);
    expect(await (await asBrowser(fresh, 'GET', '/api/v1/whoami')).json()).toMatchObject({ role: 'viewer' });
  });

  test('a session made up by someone is none', async () => {
    for (const cookie of ['x', 'A'.repeat(43), '', '../../x', 'A'.repeat(5000)]) {
      expect((await asBrowser(cookie, 'GET', '/api/v1/whoami')).status).toBe(401);
    }
  });

  test('signing out ends the session, not only the cookie', async () => {
    const cookie = await aSession();
    const out = await asBrowser(cookie, 'POST', '/sign-out', own);
    expect(out.headers.get('set-cookie')).toContain('drover=;');
    expect((await asBrowser(cookie, 'GET', '/api/v1/whoami')).status).toBe(401);
  });

  test('a session ends with its time, with its token, and with its token’s rotation', async () => {
    const [timed, revoked, rotated] = [await aSession(), await aSession(), await aSession()];
    expect((await asBrowser(timed, 'GET', '/api/v1/whoami')).status).toBe(200);
    const turned = await world.call(admin, 'POST', '/api/v1/tokens/administrator/rotate', {
      overlapSeconds: 60,
    });
    expect((await asBrowser(rotated, 'GET', '/api/v1/whoami')).status).toBe(200);
    world.pass(61_000);
    expect((await asBrowser(rotated, 'GET', '/api/v1/whoami')).status).toBe(401);
    admin = turned.body.token;
    const late = await aSession();
    expect((await asBrowser(late, 'GET', '/api/v1/whoami')).status).toBe(200);
    await world.call(admin, 'DELETE', '/api/v1/tokens/administrator?force=true');
    expect((await asBrowser(late, 'GET', '/api/v1/whoami')).status).toBe(401);
    expect((await asBrowser(revoked, 'GET', '/api/v1/whoami')).status).toBe(401);
  });

  test('a second rotation does not bring back what the first one ended', async () => {
    const old = await aSession();
    const first = await world.call(admin, 'POST', '/api/v1/tokens/administrator/rotate', {
      overlapSeconds: 0,
    });
    expect((await asBrowser(old, 'GET', '/api/v1/whoami')).status).toBe(401);
    await world.call(first.body.token, 'POST', '/api/v1/tokens/administrator/rotate', {
      overlapSeconds: 600,
    });
    expect((await asBrowser(old, 'GET', '/api/v1/whoami')).status).toBe(401);
  });

  test('its length is a runtime setting', async () => {
    await world.call(admin, 'PATCH', '/api/v1/settings', { runtime: { sessionHours: 1 } });
    const cookie = await aSession();
    world.pass(3_601_000);
    expect((await asBrowser(cookie, 'GET', '/api/v1/whoami')).status).toBe(401);
  });

  test('the store holds no secret that would sign anyone in', async () => {
    const link = await aLink();
    const cookie = await aSession();
    const everything = JSON.stringify(world.table, (_key, value) => value) + JSON.stringify(await dump());
    for (const secret of [link, cookie, admin]) expect(everything).not.toContain(secret);
  });

  async function dump() {
    const { id } = (await world.core.records.get('administrator', 'token'))!;
    return [await world.table.get(keys.rowKey('core', id))];
  }
});

describe('writes by cookie', () => {
  const csrf = { 'x-drover-csrf': '1' };
  const write = (cookie: string, headers: Record<string, string>) =>
    world.app.request('/api/v1/settings', {
      method: 'PATCH',
      headers: { cookie: `drover=${cookie}`, 'content-type': 'application/json', ...headers },
      body: '{"runtime":{"sessionHours":2}}',
    });

  test('come from our own page, with the header that only it can set', async () => {
    const cookie = await aSession();
    expect((await write(cookie, { ...own, ...csrf })).status).toBe(200);
    expect((await write(cookie, { origin: 'http://localhost', host: 'localhost', ...csrf })).status).toBe(
      200,
    );
  });

  test.each([
    [{ ...own }],
    [{ ...csrf }],
    [{ ...csrf, 'sec-fetch-site': 'cross-site' }],
    [{ ...csrf, 'sec-fetch-site': 'same-site' }],
    [{ ...csrf, 'sec-fetch-site': 'cross-site', origin: 'http://localhost', host: 'localhost' }],
    [{ ...csrf, origin: 'https://evil.example', host: 'localhost' }],
    [{ ...csrf, origin: 'null', host: 'localhost' }],
    [{ ...csrf, origin: 'http://localhost.evil.example', host: 'localhost' }],
  ] as [Record<string, string>][])('are refused with %j', async (headers) => {
    const refused = await write(await aSession(), headers);
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ code: 'CSRF_REFUSED' });
  });

  test('a bearer token needs none of that', async () => {
    expect((await world.call(admin, 'PATCH', '/api/v1/settings', { runtime: {} })).status).toBe(200);
  });
});

describe('credentials', () => {
  test.each([
    ['Basic YWRtaW46YWRtaW4=', 'AUTHORIZATION_MALFORMED'],
    ['Bearer', 'AUTHORIZATION_MALFORMED'],
    ['Bearer a b', 'AUTHORIZATION_MALFORMED'],
    ['drv_x', 'AUTHORIZATION_MALFORMED'],
    ['Bearer drv_x', 'TOKEN_MISTYPED'],
    [`Bearer drv_${'0'.repeat(61)}`, 'TOKEN_MISTYPED'],
    ['Bearer eyJhbGciOiJub25lIn0.e30.', 'OIDC_NOT_CONFIGURED'],
  ])('%s → %s', async (authorization, code) => {
    const answer = await world.call(undefined, 'GET', '/api/v1/whoami', undefined, { authorization });
    expect([answer.status, answer.body.code]).toEqual([401, code]);
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
  });

  test('a mistyped token is known without asking the store', async () => {
    const before = { ...world.table.units };
    const letter = admin.at(40) === 'a' ? 'b' : 'a';
    await world.call(`${admin.slice(0, 40)}${letter}${admin.slice(41)}`, 'GET', '/api/v1/whoami');
    expect(world.table.units).toEqual(before);
  });

  test('a token in the query is refused, and not taken as one', async () => {
    for (const name of ['token', 'access_token', 'api_key', 'authorization']) {
      expect((await world.call(undefined, 'GET', `/api/v1/whoami?${name}=${admin}`)).status).toBe(401);
      const refused = await world.call(admin, 'GET', `/api/v1/whoami?${name}=${admin}`);
      expect(refused.status).toBe(400);
      expect(JSON.stringify(refused.body)).not.toContain(admin);
    }
  });

  test('a header wins over a cookie: who sends a bad token is not quietly someone else', async () => {
    const cookie = await aSession();
    const answer = await asBrowser(cookie, 'GET', '/api/v1/whoami', { authorization: 'Bearer drv_x' });
    expect(answer.status).toBe(401);
  });
});

describe('failed sign-ins', () => {
  const wrong = (id?: string) =>
    newTokenText(id ?? newId('tok', start), (n) => crypto.getRandomValues(new Uint8Array(n))).text;

  test('are told to wait; a good token from the same address is let in all the while', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < allowedFailures + 5; i++) {
      statuses.push((await world.call(wrong(), 'GET', '/api/v1/whoami')).status);
    }
    expect(statuses).toEqual([...Array(allowedFailures).fill(401), ...Array(5).fill(429)]);
    const full = await world.call(wrong(), 'GET', '/api/v1/whoami');
    expect(Number(full.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await world.call(admin, 'GET', '/api/v1/whoami')).status).toBe(200);
    expect((await form({ token: admin })).status).toBe(303);
    expect((await form({ token: wrong() })).status).toBe(429);
  });

  test('for a known token’s id never lock its holder out', async () => {
    const { id } = (await world.core.records.get('administrator', 'token'))!;
    for (let i = 0; i < allowedFailures + 5; i++) await world.call(wrong(id), 'GET', '/api/v1/whoami');
    expect((await world.call(admin, 'GET', '/api/v1/whoami')).status).toBe(200);
  });

  test('fill neither the table nor the audit trail', async () => {
    const { id } = (await world.core.records.get('administrator', 'token'))!;
    for (let i = 0; i < 200; i++) await world.call(wrong(id), 'GET', '/api/v1/whoami');
    const { body } = await world.call(admin, 'GET', '/api/v1/audit?result=denied');
    expect(body.items.map((item: { after: { code: string } }) => item.after.code).sort()).toEqual([
      'TOKEN_REFUSED',
      'TOO_MANY_FAILURES',
    ]);
    const refused = body.items.find(
      (item: { after: { code: string } }) => item.after.code === 'TOKEN_REFUSED',
    );
    expect(refused).toMatchObject({
      count: allowedFailures,
      actor: { kind: 'anonymous', name: 'administrator' },
    });
  });

  test('with ids that are none of ours leave no names in the audit trail', async () => {
    for (let i = 0; i < 10; i++) await world.call(wrong(), 'GET', '/api/v1/whoami');
    const { body } = await world.call(admin, 'GET', '/api/v1/audit?result=denied');
    expect(body.items).toEqual([]);
  });
});
