import { beforeEach, describe, expect, test } from 'vitest';
import { createEngine } from '#reconcile';
import { StoreUnanswered } from '#store';
import { aLamp, lampsIn } from '../../example/lamps.ts';
import { anAdministrator, anApp, type TestApp } from './anApp.ts';
import { lampRoutes } from './lampRoutes.ts';

let world: TestApp;
let admin: string;
beforeEach(async () => {
  world = anApp({ areas: (ports) => [lampRoutes(ports)] });
  admin = await anAdministrator(world);
});

const lamp = (name = 'porch', more: object = {}) => ({ name, wants: 'on', ...more });
const post = (body: unknown, headers?: Record<string, string>) =>
  world.call(admin, 'POST', '/api/v1/lamps', body, headers);

describe('records', () => {
  test('are created, answered by id or name, changed, and deleted', async () => {
    const made = await post(lamp('porch', { labels: { room: 'hall' } }));
    expect(made.status).toBe(201);
    expect(made.headers.get('location')).toBe(`/api/v1/lamps/${made.body.id}`);
    expect(made.headers.get('etag')).toBe('"1"');
    expect(made.body).toMatchObject({
      name: 'porch',
      labels: { room: 'hall' },
      version: 1,
      createdAt: '2026-03-01T10:00:00.000Z',
      state: 'pending',
      cause: null,
      message: null,
      remedy: null,
      wants: 'on',
    });
    for (const id of ['porch', made.body.id]) {
      expect((await world.call(admin, 'GET', `/api/v1/lamps/${id}`)).body).toEqual(made.body);
    }
    const patched = await world.call(admin, 'PATCH', '/api/v1/lamps/porch', { wants: 'off' });
    expect(patched.body).toMatchObject({ wants: 'off', version: 2, labels: { room: 'hall' } });
    const gone = await world.call(admin, 'DELETE', '/api/v1/lamps/porch');
    expect([gone.status, gone.body.state]).toEqual([202, 'deleting']);
    expect((await world.call(admin, 'DELETE', '/api/v1/lamps/porch')).status).toBe(202);
    const late = await world.call(admin, 'PATCH', '/api/v1/lamps/porch', { wants: 'on' });
    expect([late.status, late.body.code]).toEqual([409, 'RECORD_DELETING']);
  });

  test('of a name that is taken are refused', async () => {
    await post(lamp());
    const refused = await post(lamp());
    expect([refused.status, refused.body.code]).toEqual([409, 'NAME_TAKEN']);
  });

  test('that are not there are 404 with every verb', async () => {
    for (const [method, path, body] of [
      ['GET', '/api/v1/lamps/none', undefined],
      ['GET', '/api/v1/lamps/lmp_0000000000000000000000', undefined],
      ['GET', '/api/v1/lamps/none/history', undefined],
      ['PATCH', '/api/v1/lamps/none', {}],
      ['DELETE', '/api/v1/lamps/none', undefined],
    ] as const) {
      const answer = await world.call(admin, method, path, body);
      expect([method, answer.status, answer.body.code]).toEqual([method, 404, 'RECORD_UNKNOWN']);
    }
  });

  test('an id of one kind names nothing of another', async () => {
    const { body } = await post(lamp());
    expect((await world.call(admin, 'GET', `/api/v1/tokens/${body.id}`)).status).toBe(404);
  });

  test('a merge patch adds, replaces and removes labels; PUT replaces them', async () => {
    await post(lamp('porch', { labels: { room: 'hall', floor: '1' } }));
    const headers = { 'content-type': 'application/merge-patch+json' };
    const patch = { labels: { room: null, side: 'left' } };
    const merged = await world.call(admin, 'PATCH', '/api/v1/lamps/porch', patch, headers);
    expect(merged.body.labels).toEqual({ floor: '1', side: 'left' });
    const put = await world.call(admin, 'PUT', '/api/v1/lamps/porch', { labels: { a: 'b' }, wants: 'on' });
    expect(put.body.labels).toEqual({ a: 'b' });
  });
});

describe('conditions', () => {
  beforeEach(async () => void (await post(lamp())));

  test.each([
    ['"1"', 200],
    ['*', 200],
    ['"2"', 412],
    ['W/"1"', 412],
    ['1', 412],
    ['"1", "2"', 412],
  ])('If-Match: %s → %i', async (tag, status) => {
    const answer = await world.call(
      admin,
      'PATCH',
      '/api/v1/lamps/porch',
      { wants: 'off' },
      { 'if-match': tag },
    );
    expect(answer.status).toBe(status);
    if (status === 412) expect(answer.body.code).toBe('VERSION_STALE');
  });

  test.each([
    ['"1"', 304],
    ['W/"1"', 304],
    ['"7", "1"', 304],
    ['*', 304],
    ['"2"', 200],
  ])('If-None-Match: %s → %i', async (tag, status) => {
    const answer = await world.call(admin, 'GET', '/api/v1/lamps/porch', undefined, { 'if-none-match': tag });
    expect([answer.status, answer.headers.get('etag')]).toEqual([status, '"1"']);
    if (status === 304) expect(answer.body).toBe('');
  });

  test('an action that does harm on a stale view needs If-Match', async () => {
    const without = await world.call(admin, 'POST', '/api/v1/lamps/porch/blink');
    expect([without.status, without.body.code]).toEqual([428, 'IF_MATCH_NEEDED']);
    const stale = await world.call(admin, 'POST', '/api/v1/lamps/porch/blink', {}, { 'if-match': '"9"' });
    expect(stale.status).toBe(412);
    const done = await world.call(admin, 'POST', '/api/v1/lamps/porch/blink', undefined, {
      'if-match': '"1"',
    });
    expect(done.status).toBe(202);
  });

  test('DELETE honours If-Match', async () => {
    const stale = await world.call(admin, 'DELETE', '/api/v1/lamps/porch', undefined, { 'if-match': '"5"' });
    expect(stale.status).toBe(412);
  });

  test('?wait answers at once where the record is newer, and as it is when the time is over', async () => {
    const newer = await world.call(admin, 'GET', '/api/v1/lamps/porch?wait=20&version=0');
    expect(newer.body.version).toBe(1);
    const before = world.ports.clock.now();
    const over = await world.call(admin, 'GET', '/api/v1/lamps/porch?wait=20&version=1');
    expect([over.status, over.body.version]).toEqual([200, 1]);
    expect(world.ports.clock.now() - before).toBeGreaterThanOrEqual(20_000);
  });
});

describe('lists', () => {
  beforeEach(async () => {
    for (const [name, room, wants] of [
      ['delta', 'hall', 'on'],
      ['alpha', 'hall', 'off'],
      ['bravo', 'attic', 'on'],
      ['charlie', 'cellar', 'on'],
      ['echo', 'cellar', 'off'],
    ]) {
      await post({ name, wants, labels: { room } });
    }
  });
  const names = async (query: string) => {
    const { body } = await world.call(admin, 'GET', `/api/v1/lamps${query}`);
    return body.items.map((item: { name: string }) => item.name);
  };

  test.each([
    ['', ['alpha', 'bravo', 'charlie', 'delta', 'echo']],
    ['?sort=-name', ['echo', 'delta', 'charlie', 'bravo', 'alpha']],
    ['?wants=off', ['alpha', 'echo']],
    ['?wants=off,on&limit=2', ['alpha', 'bravo']],
    ['?state=lit', []],
    ['?q=a', ['alpha', 'bravo', 'charlie', 'delta']],
    ['?q=A', ['alpha', 'bravo', 'charlie', 'delta']],
    ['?labels=room%20in%20(hall,attic)', ['alpha', 'bravo', 'delta']],
    ['?labels=room!=hall&wants=on', ['bravo', 'charlie']],
  ])('%s', async (query, expected) => {
    expect(await names(query)).toEqual(expected);
  });

  test('pages follow each other by next and by Link, whatever is inserted meanwhile', async () => {
    const first = await world.call(admin, 'GET', '/api/v1/lamps?limit=2&labels=room');
    expect(first.body.items.map((item: { name: string }) => item.name)).toEqual(['alpha', 'bravo']);
    await post(lamp('aardvark', { labels: { room: 'hall' } }));
    await post(lamp('bravo-2', { labels: { room: 'hall' } }));
    const link = /^<(.+)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1];
    const second = await world.call(admin, 'GET', link!);
    expect(second.body.items.map((item: { name: string }) => item.name)).toEqual(['bravo-2', 'charlie']);
    const same = await names(`?limit=2&labels=room&cursor=${encodeURIComponent(first.body.next)}`);
    expect(same).toEqual(['bravo-2', 'charlie']);
    const last = await world.call(admin, 'GET', '/api/v1/lamps?limit=200');
    expect([last.body.next, last.headers.get('link')]).toEqual([null, null]);
  });

  test('a cursor is good for the list it was given out for, and no other', async () => {
    const { body } = await world.call(admin, 'GET', '/api/v1/lamps?limit=2');
    for (const query of [
      `?limit=2&wants=on&cursor=${body.next}`,
      `?sort=-name&cursor=${body.next}`,
      `?cursor=${body.next}x`,
      `?cursor=${String(body.next).slice(0, -2)}`,
      '?cursor=e30.e30',
      '?cursor=',
    ]) {
      const refused = await world.call(admin, 'GET', `/api/v1/lamps${query}`);
      expect([query, refused.status, refused.body.code]).toEqual([query, 400, 'CURSOR_INVALID']);
    }
  });

  test.each([
    ['?limit=0', 400],
    ['?limit=201', 400],
    ['?limit=ten', 400],
    ['?limit=1e1', 400],
    ['?sort=secret', 400],
    ['?colour=red', 400],
    ['?limit=1&limit=2', 400],
    ['?labels=a%20in%20(', 422],
    [`?q=${'x'.repeat(64)}`, 400],
    ['?__proto__=1', 400],
    ['?constructor=1', 400],
  ])('%s is refused: %i', async (query, status) => {
    const refused = await world.call(admin, 'GET', `/api/v1/lamps${query}`);
    expect(refused.status).toBe(status);
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
  });

  test('history is answered newest first, in pages', async () => {
    await world.call(admin, 'PATCH', '/api/v1/lamps/alpha', { wants: 'on' });
    const { body } = await world.call(admin, 'GET', '/api/v1/lamps/alpha/history?limit=1');
    expect(body.items[0]).toMatchObject({ type: 'lamp.created', at: '2026-03-01T10:00:00.000Z' });
  });
});

describe('actions on many', () => {
  beforeEach(async () => {
    for (const [name, room] of [
      ['alpha', 'hall'],
      ['bravo', 'hall'],
      ['charlie', 'attic'],
    ]) {
      await post({ name, wants: 'on', labels: { room } });
    }
  });
  const off = (query: string, body?: object, token = admin) =>
    world.call(token, 'POST', `/api/v1/lamps/switch-off${query}`, body);

  test('by labels, each answered for itself', async () => {
    const { status, body } = await off('?labels=room=hall');
    expect(status).toBe(200);
    expect(body.results).toMatchObject([
      { name: 'alpha', version: 2, problem: null },
      { name: 'bravo', version: 2, problem: null },
    ]);
    expect((await world.call(admin, 'GET', '/api/v1/lamps/charlie')).body.version).toBe(1);
  });

  test('by ids or names: what fails does not stop the others', async () => {
    const { body } = await off('', { ids: ['charlie', 'nobody', 'charlie'] });
    expect(body.results).toMatchObject([
      { name: 'charlie', problem: null },
      { id: 'nobody', problem: { code: 'RECORD_UNKNOWN', status: 404 } },
    ]);
  });

  test('never on everything because nothing was said', async () => {
    for (const [query, body] of [
      ['', undefined],
      ['', {}],
      ['?labels=', undefined],
      ['?labels=room', { ids: ['alpha'] }],
    ] as const) {
      expect((await off(query, body)).status).toBe(400);
    }
  });

  test('within the caller’s labels alone', async () => {
    const bound = await world.token('operator', { selector: 'room=attic' });
    const { body } = await off('?labels=room', undefined, bound);
    expect(body.results.map((result: { name: string }) => result.name)).toEqual(['charlie']);
    const named = await off('', { ids: ['alpha'] }, bound);
    expect(named.body.results).toMatchObject([{ problem: { code: 'RECORD_UNKNOWN' } }]);
  });
});

describe('bodies', () => {
  const raw = (
    body: string | Uint8Array<ArrayBuffer> | ReadableStream,
    headers: Record<string, string> = {},
  ) =>
    world.app.request('/api/v1/lamps', {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json', ...headers },
    });
  const outcome = async (answer: Response) => [
    answer.status,
    ((await answer.json()) as { code: string }).code,
  ];

  test.each([
    ['{"name": "x",', 400, 'JSON_INVALID'],
    ['', 400, 'BODY_MISSING'],
    ['null', 400, 'REQUEST_INVALID'],
    ['[]', 400, 'REQUEST_INVALID'],
    ['"text"', 400, 'REQUEST_INVALID'],
    ['{"name":"x","wants":"on","colour":"red"}', 400, 'REQUEST_INVALID'],
    ['{"name":"x","wants":"on","__proto__":{"admin":true}}', 400, 'REQUEST_INVALID'],
    ['{"name":"x","wants":"on","constructor":{"prototype":{}}}', 400, 'REQUEST_INVALID'],
    ['{"name":"x","wants":"on","labels":{"__proto__":"x"}}', 400, 'REQUEST_INVALID'],
    ['{"name":"../../etc","wants":"on"}', 400, 'REQUEST_INVALID'],
    ['{"name":"x","wants":"on","labels":{"a":1}}', 400, 'REQUEST_INVALID'],
    [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400, 'BODY_TOO_DEEP'],
    [`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`, 400, 'BODY_TOO_DEEP'],
  ])('%.60s → %i %s', async (body, status, code) => {
    expect(await outcome(await raw(body))).toEqual([status, code]);
  });

  test('a body that no one asked for is a mistake, not ignored', async () => {
    const refused = await world.call(admin, 'POST', '/api/v1/webhooks/none/test', {
      url: 'https://x.example',
    });
    expect([refused.status, refused.body.errors[0].path]).toEqual([400, 'url']);
  });

  test('an unknown field is refused by its name, and no value is repeated', async () => {
    const refused = await post({ name: 'x', wants: 'on', password: 'hunter2', labels: { ok: 'ok' } });
    expect(refused.body.errors).toEqual([
      { path: 'password', code: 'unknown', message: 'password is not known here' },
    ]);
    expect(JSON.stringify(refused.body)).not.toContain('hunter2');
  });

  test('several faults are told at once, by path', async () => {
    const refused = await post({ name: 'UPPER', wants: 'maybe', labels: { 'bad key!': 'x', fine: '?' } });
    const paths = refused.body.errors.map((error: { path: string }) => error.path);
    expect(paths.sort()).toEqual(['labels.bad key!', 'labels.fine', 'name', 'wants']);
  });

  test('a label may be named as JavaScript names its own things', async () => {
    const made = await post(lamp('porch', { labels: { constructor: 'acme', toString: 'x' } }));
    expect(made.status).toBe(201);
    const patched = await world.call(admin, 'PATCH', '/api/v1/lamps/porch', { labels: { toString: null } });
    expect(patched.body.labels).toEqual({ constructor: 'acme' });
  });

  test.each([
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['application/merge-patch+json', 415],
    ['application/json; charset=latin1', 415],
    ['application/json; charset=utf-8', 201],
    ['APPLICATION/JSON', 201],
  ])('content type %s → %i', async (type, status) => {
    expect((await raw(JSON.stringify(lamp()), { 'content-type': type })).status).toBe(status);
  });

  test('a compressed body is not taken', async () => {
    const answer = await raw(JSON.stringify(lamp()), { 'content-encoding': 'gzip' });
    expect(await outcome(answer)).toEqual([415, 'CONTENT_TYPE_UNSUPPORTED']);
  });

  test('more than 1 MiB is refused, announced or not', async () => {
    const big = JSON.stringify({ name: 'x', wants: 'on', labels: { a: 'y'.repeat(1_048_576) } });
    expect(await outcome(await raw(big, { 'content-length': String(big.length) }))).toEqual([
      413,
      'BODY_TOO_LARGE',
    ]);
    expect(await outcome(await raw(new Blob([big]).stream()))).toEqual([413, 'BODY_TOO_LARGE']);
  });

  test('bytes that are no UTF-8 are refused', async () => {
    const bytes = Uint8Array.from([
      ...Buffer.from('{"name":"'),
      0xff,
      0xfe,
      ...Buffer.from('","wants":"on"}'),
    ]);
    expect(await outcome(await raw(bytes))).toEqual([400, 'JSON_INVALID']);
  });

  test.each([
    ['{bad', 'en', 'The body is not valid JSON: look at character 2.'],
    ['{bad', 'zh', '请求体不是有效的 JSON：请看第 2 个字符。'],
    ['{"name":', 'en', 'The body is not valid JSON.'],
    [Uint8Array.of(0xff), 'en', 'The body is not valid JSON: it is not UTF-8.'],
    [Uint8Array.of(0xff), 'zh', '请求体不是有效的 JSON：不是 UTF-8 编码。'],
  ])('%j is told in %s where it goes wrong', async (body, language, detail) => {
    const refused = await raw(body, { 'accept-language': language });
    expect(await refused.json()).toMatchObject({ detail });
  });
});

describe('languages', () => {
  test.each([
    ['zh', 'zh'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    ['en;q=0.2, zh;q=0.9', 'zh'],
    ['fr, zh;q=0.1', 'zh'],
    ['en, zh', 'en'],
    ['zh;q=0', 'en'],
    ['de', 'en'],
    ['*', 'en'],
    [',;q=,;;', 'en'],
  ])('Accept-Language: %s → %s', async (accept, language) => {
    const answer = await world.call(admin, 'GET', '/api/v1/lamps/none', undefined, {
      'accept-language': accept,
    });
    expect(answer.headers.get('content-language')).toBe(language);
    expect(answer.body.code).toBe('RECORD_UNKNOWN');
    expect(/[\u4e00-\u9fff]/.test(answer.body.title + answer.body.detail + answer.body.remedy)).toBe(
      language === 'zh',
    );
  });

  test.each([
    ['a form', 'POST', '', lamp('UPPER')],
    [
      'a length',
      'POST',
      '',
      lamp('porch', { labels: Object.fromEntries([...'abcdefghijklmnopqrstuv'].map((one) => [one, ''])) }),
    ],
    ['a field that is not known', 'POST', '', lamp('porch', { colour: 'red' })],
    ['a field of JavaScript’s own', 'POST', '', JSON.parse('{"__proto__":{}}')],
    ['a parameter given twice', 'GET', '?limit=1&limit=2', undefined],
    ['a parameter of JavaScript’s own', 'GET', '?__proto__=1', undefined],
    ['a parameter that is too long', 'GET', `?q=${'x'.repeat(64)}`, undefined],
    ['neither labels nor ids', 'POST', '/switch-off', {}],
    ['an Idempotency-Key', 'POST', '', lamp(), { 'idempotency-key': 'a b' }],
  ])(
    '%s is refused in the reader’s language',
    async (_, method, path, body, headers: Record<string, string> = {}) => {
      const refused = await world.call(admin, method, `/api/v1/lamps${path}`, body, {
        'accept-language': 'zh',
        ...headers,
      });
      expect(refused.status).toBe(400);
      // Names of fields and patterns stay as they are; the words around them do not.
      expect(refused.body.errors[0].message).toMatch(/[\u4e00-\u9fff]/);
      expect(refused.body.errors[0].message).not.toMatch(/ (is|must|characters|entries)\b/);
    },
  );

  test('a name that does not fit is told what fits', async () => {
    const refused = await post(lamp('UPPER'));
    expect(refused.body.errors[0].message).toBe('name must match /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/');
  });
});

describe('what a failure inside tells', () => {
  test('nothing of its insides, in any language, and the log has it under the request id', async () => {
    const secret = 'at Object.<anonymous> (/srv/secret.ts:1:1)';
    world.table.query = async () => {
      throw new Error(secret);
    };
    const failed = await world.call(admin, 'GET', '/api/v1/lamps');
    expect(failed.status).toBe(500);
    expect(Object.keys(failed.body).sort()).toEqual(
      ['code', 'detail', 'errors', 'remedy', 'requestId', 'status', 'title', 'type'].sort(),
    );
    expect(JSON.stringify(failed.body)).not.toContain('secret');
    const line = world.logged.find(({ level }) => level === 'error');
    expect(line?.fields.requestId).toBe(failed.body.requestId);
    expect(String(line?.fields.error)).toContain(secret);
  });

  test('a store that does not answer is 503 and says when to try again', async () => {
    world.table.query = async () => {
      throw new StoreUnanswered('query');
    };
    const failed = await world.call(admin, 'GET', '/api/v1/lamps');
    expect([failed.status, failed.body.code]).toEqual([503, 'STORE_UNANSWERED']);
    expect(Number(failed.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('headers', () => {
  test('every answer may be nothing but what it says it is', async () => {
    for (const path of ['/health', '/nowhere', '/api/v1/lamps', '/', '/docs', '/sign-in']) {
      const { headers } = await world.app.request(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('content-security-policy')).not.toContain('unsafe');
      expect(headers.get('permissions-policy')).not.toBeNull();
      expect(headers.get('strict-transport-security')).toBeNull();
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
    const secure = await world.app.request('https://drover.example/health');
    expect(secure.headers.get('strict-transport-security')).toContain('max-age=');
  });

  test('pages load nothing from elsewhere and run no script', async () => {
    for (const path of ['/', '/docs', '/sign-in']) {
      const text = await (await world.app.request(path)).text();
      expect(text).not.toMatch(/<script|<style|\son\w+=|src="http/i);
    }
  });

  test('CORS answers only the origins that are named, and never with credentials', async () => {
    const open = anApp({ settings: { corsOrigins: ['https://portal.example'] } });
    const preflight = (origin: string) =>
      open.app.request('/api/v1/whoami', {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'GET',
          'access-control-request-headers': 'authorization',
        },
      });
    const allowed = await preflight('https://portal.example');
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://portal.example');
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
    const other = await preflight('https://evil.example');
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
  });
});

test.each(['lamps', 'webhooks'])(
  'labels of %s keep their form and their bounds in a patch, too',
  async (what) => {
    const at = anApp({
      areas: (ports) => [lampRoutes(ports)],
      answer: async () => ({ secret: 's', sealed: 's' }),
    });
    const admin = await anAdministrator(at);
    const wish = what === 'lamps' ? { wants: 'on' } : { url: 'https://a.example/' };
    await at.call(admin, 'POST', `/api/v1/${what}`, { name: 'hall', ...wish });
    const patch = async (labels: object) =>
      (await at.call(admin, 'PATCH', `/api/v1/${what}/hall`, { labels })).status;
    const ten = (letter: string) =>
      Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`${letter}${n}`, 'x']));
    for (const wrong of [{ 'no label!': 'x' }, { a: 'no value!' }, { a: 'x'.repeat(64) }]) {
      expect(await patch(wrong)).toBe(400);
    }
    expect([await patch(ten('a')), await patch(ten('b')), await patch(ten('c'))]).toEqual([200, 200, 422]);
    const { body } = await at.call(admin, 'GET', `/api/v1/${what}/hall`);
    expect(Object.keys(body.labels)).toHaveLength(20);
    expect(await patch(Object.fromEntries(Object.keys(ten('a')).map((name) => [name, null])))).toBe(200);
    expect(await patch(ten('c'))).toBe(200);
  },
);

test('however much is wrong with a body, the answer stays small', async () => {
  const at = anApp();
  const admin = await anAdministrator(at);
  const unknown = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`k${n}`, 1]));
  const bodies = [
    unknown,
    { ['k'.repeat(900_000)]: 1 },
    `{"${'k'.repeat(900_000)}":{"__proto__":1}}`,
    { name: 'x', url: 'https://a.example/', labels: unknown },
  ];
  for (const body of bodies) {
    const answer = await at.call(admin, 'POST', '/api/v1/webhooks', body);
    expect([answer.status, JSON.stringify(answer.body).length < 50_000]).toEqual([400, true]);
  }
});

test('a webhook’s type of event is no longer than one can be', async () => {
  const at = anApp({ answer: async () => ({ secret: 's', sealed: 's' }) });
  const events = [`a.${'b'.repeat(300_000)}`];
  const wish = { name: 'x', url: 'https://a.example/', events };
  expect((await at.call(await anAdministrator(at), 'POST', '/api/v1/webhooks', wish)).status).toBe(400);
});

test('an action on many reaches all that are selected, however large they are', async () => {
  const at = anApp({ areas: (ports) => [lampRoutes(ports)] });
  const admin = await anAdministrator(at);
  const { records } = createEngine(
    lampsIn({ look: async () => ({ isOn: false }), turn: async () => {} }),
    at.ports,
  );
  const by = { actor: { kind: 'system' as const, id: 'test', name: 'test' }, action: 'lamp.create' };
  const data = aLamp('on', 0, { socket: 'x'.repeat(300_000) });
  for (let n = 0; n < 14; n++) {
    await records.create({ kind: 'lamp', name: `lamp-${n}`, labels: { floor: '1' }, data }, by);
  }
  const { body } = await at.call(admin, 'POST', '/api/v1/lamps/switch-off?labels=floor%3D1');
  expect(body.results).toHaveLength(14);
});
