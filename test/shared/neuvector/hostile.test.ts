import { once } from 'node:events';
import { createServer } from 'node:https';
import { text as textIn } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import {
  configure,
  deploy,
  fedHealth,
  fedMembers,
  join,
  joinToken,
  jointTest,
  leave,
  listOf,
  NvRefused,
  removeMember,
  type SignedIn,
  signIn,
  signOut,
  type Way,
} from '#neuvector';
import { ok } from '../../fixtures/aTlsServer.ts';
import { spellings, textOf } from '../../fixtures/canaries.ts';
import { ca, identity } from '../../fixtures/clusterCertificates.ts';
import { aWay } from './aWay.ts';

const session = 'eyJhbGciOiJub25lIn0.the-session-of-the-test.x';
const key = 'the-secret-of-the-key';
const password = 'the-pass"word';
const ticket = 'the-join-token-of-the-test';

const withSession = (way: Way): SignedIn => ({ way, pass: { kind: 'session', token: session } });
const withKey = (way: Way): SignedIn => ({ way, pass: { kind: 'apiKey', name: 'drover', secret: key } });

const calls: Record<string, (way: Way) => Promise<unknown>> = {
  signIn: (way) => signIn(way, { username: 'admin', password }),
  signOut: (way) => signOut(way, session),
  fedMembers: (way) => fedMembers(withKey(way)),
  joinToken: (way) => joinToken(withSession(way)),
  join: (way) => join(withKey(way), { name: 'a', token: ticket }),
  leave: (way) => leave(withSession(way), true),
  removeMember: (way) => removeMember(withSession(way), 'a/../b'),
  deploy: (way) => deploy(withKey(way), ['a'], true),
  configure: (way) => configure(withSession(way), { name: 'a' }),
  fedHealth: (way) => fedHealth(way),
  jointTest: (way) => jointTest(way),
  listOf: (way) => allOf(listOf(withKey(way), '/v1/workload', 'workloads')),
};

/** What an answer is made of: all that was sent. */
type Wire = string | ((sent: string) => string);

const answer = (status: number, type: string, body: string) =>
  `HTTP/1.1 ${status} X\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const page = (sent: string) => `<html><head><title>502 Bad Gateway</title></head><body>${sent}</body></html>`;
const error = (sent: string) =>
  JSON.stringify({ code: 39, error: 'Federation operation failed', message: `no: ${sent}` });

/** A server that keeps what it is sent, and may repeat it. */
async function facing(wire: Wire) {
  const sent: string[] = [];
  const server = createServer(
    { key: identity.server.keyPem, cert: identity.server.certPem },
    async (request) => {
      const text = `${request.method} ${request.url} ${request.rawHeaders.join(' ')} ${await textIn(request)}`;
      sent.push(text);
      request.socket.write(typeof wire === 'string' ? wire : wire(text));
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as { port: number };
  return { port, sent, way: aWay(port, { ca: ca.certPem }) };
}

async function allOf(elements: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const one of elements) all.push(one);
  return all;
}

const secrets = [session, key, password, ticket];
/** Without the names by which anything could know them, and as whoever unpacked them would write them. */
const secretsIn = (sent: string) =>
  secrets.filter((secret) => sent.includes(secret) || sent.includes(JSON.stringify(secret).slice(1, -1)));

const answers: [string, Wire, object][] = [
  [
    'a page that repeats all',
    (sent) => answer(502, 'text/html', page(sent)),
    { refusal: { status: 502, code: null, message: '502 Bad Gateway' } },
  ],
  ['a page that says yes', (sent) => answer(200, 'text/html', page(sent)), { code: 'NOT_NEUVECTOR' }],
  [
    'a title that repeats all',
    (sent) => answer(502, 'text/html', `<title>${sent}</title>`),
    { refusal: { status: 502, code: null } },
  ],
  [
    'an error that repeats all',
    (sent) => answer(500, 'application/json', error(sent)),
    { refusal: { status: 500, code: 39, message: expect.stringMatching(/^no: (?:GET|POST|PATCH|DELETE) /) } },
  ],
  [
    'an error that repeats secrets alone',
    (sent) =>
      answer(500, 'application/json', JSON.stringify({ code: 55, message: secretsIn(sent).join('/') })),
    { refusal: { status: 500, code: 55 } },
  ],
  [
    'a text that repeats secrets alone, as JSON has them',
    (sent) => answer(400, 'text/plain', JSON.stringify(secretsIn(sent))),
    { refusal: { status: 400, code: null } },
  ],
  [
    'a text that repeats all',
    (sent) => answer(403, 'text/plain', sent),
    { refusal: { status: 403, code: null, message: expect.stringContaining('/v1/') } },
  ],
  [
    'half an error',
    (sent) => answer(400, 'application/json', error(sent).slice(0, -5)),
    { refusal: { status: 400, code: null } },
  ],
  ['an error without parts', answer(404, 'application/json', '{}'), { refusal: { status: 404, code: null } }],
  [
    'an error of other types',
    answer(400, 'application/json', '{"code":"6","message":[1]}'),
    { refusal: { code: null } },
  ],
  [
    'nothing at all',
    answer(503, 'application/json', ''),
    { refusal: { status: 503, code: null, message: '' } },
  ],
  ['a redirect', answer(302, 'text/html', ''), { code: 'REDIRECTED' }],
  ['something other than HTTP', 'SSH-2.0-OpenSSH_9.9\r\n', { code: 'HTTP_INVALID' }],
];

test.each(answers)('%s tells what it is and no secret, whatever was asked', async (_, wire, expected) => {
  const { way } = await facing(wire);
  for (const [name, call] of Object.entries(calls)) {
    const thrown = await call(way).catch((one: unknown) => one);
    expect(thrown, name).toBeInstanceOf(Error);
    expect(thrown, name).toMatchObject(expected);
    const told = textOf(thrown);
    for (const secret of secrets) {
      for (const spelling of spellings(secret)) expect(told, name).not.toContain(spelling);
    }
  }
});

const wrong = [
  '[]',
  '"x"',
  '5',
  'null',
  '{"token":{"token":5}}',
  '{"fed_role":"emperor"}',
  '{"joint_clusters":{}}',
];

test.each(wrong)('where something is to be told, %s is no answer of a controller', async (body) => {
  const { way } = await facing(ok(body));
  for (const name of ['signIn', 'joinToken', 'jointTest', 'fedMembers', 'deploy'] as const) {
    if (name === 'deploy' && body.startsWith('{')) continue;
    if (name === 'fedMembers' && body.startsWith('{"token')) continue;
    await expect(calls[name]!(way), name).rejects.toMatchObject({ code: 'NOT_NEUVECTOR' });
  }
});

test('what a controller leaves out or has another word for is no trouble', async () => {
  const cluster = { name: 'a', status: 'a_word_of_tomorrow', rest_info: { server: '', port: 0 }, id: null };
  const { way } = await facing(
    ok(JSON.stringify({ fed_role: 'master', joint_clusters: [cluster], more: 1 })),
  );
  expect(await fedMembers(withKey(way))).toEqual({
    role: 'master',
    local: null,
    primary: null,
    members: [{ id: '', name: 'a', status: 'a_word_of_tomorrow', restInfo: null, isDisabled: false }],
  });
});

test('a session says how long it lasts unused, within what can be', async () => {
  for (const [timeout, idleSeconds] of [
    [60, 60],
    [1e9, 300],
    ['x', 300],
    [undefined, 300],
  ]) {
    const { way } = await facing(ok(JSON.stringify({ token: { token: 'a', timeout } })));
    expect(await signIn(way, { username: 'a', password })).toEqual({ token: 'a', idleSeconds });
  }
});

test('a list that is cut, or is none, is not taken for whole', async () => {
  const told: unknown[] = [];
  const reading = async (body: string) => {
    const { way } = await facing(ok(body));
    for await (const one of listOf(withKey(way), '/v1/workload', 'workloads')) told.push(one);
  };
  await expect(reading('{"workloads":[1,2,')).rejects.toMatchObject({ code: 'NOT_NEUVECTOR' });
  await expect(reading('{"workloads":"x"}')).rejects.toMatchObject({ code: 'NOT_NEUVECTOR' });
  await expect(reading('')).rejects.toMatchObject({ code: 'NOT_NEUVECTOR' });
  await reading('{"workloads":null}');
  expect(told).toEqual([1, 2]);
});

test('a no without end is no list', async () => {
  const { way } = await facing(`HTTP/1.1 500 X\r\nContent-Length: 90000000\r\n\r\n${'x'.repeat(9_000_000)}`);
  await expect(allOf(listOf(withKey(way), '/v1/workload', 'workloads'))).rejects.toMatchObject({
    code: 'RESPONSE_TOO_LARGE',
  });
});

test('a list that nobody reads on keeps nothing open', async () => {
  const { way } = await facing(`HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"workloads":[1,2,`);
  const told = [];
  for (let i = 0; i < 6; i++) {
    const { body } = await way.stream({ path: '/v1/workload' });
    for await (const _ of body) break;
    for await (const one of listOf(withKey(way), '/v1/workload', 'workloads')) {
      told.push(one);
      break;
    }
  }
  expect(told).toEqual([1, 1, 1, 1, 1, 1]);
  // What is never read at all ends with its way.
  await way.stream({ path: '/v1/workload' });
  await way.close();
});

test('who is not known is shown no pass', async () => {
  const { port, sent } = await facing(ok());
  const way = aWay(port, {}, { verify: false });
  for (const who of [withKey(way), withSession(way)]) {
    await expect(fedMembers(who)).rejects.toThrow('not shown');
    await expect(allOf(listOf(who, '/', 'a'))).rejects.toThrow('not shown');
  }
  expect(sent).toEqual([]);
  await fedHealth(way);
  expect(sent[0]).not.toMatch(/x-auth/i);
});

test('nothing is sent to who does not prove itself', async () => {
  const { port, sent } = await facing(ok());
  await expect(fedMembers(withKey(aWay(port, {})))).rejects.toMatchObject({
    code: 'TLS_CHAIN_INCOMPLETE',
  });
  expect(sent).toEqual([]);
});

test('a pass goes as the header that NeuVector reads', async () => {
  const { sent, way } = await facing(ok('{"fed_role":""}'));
  await fedMembers(withKey(way));
  await fedMembers(withSession(way));
  const [first, second] = sent;
  expect(first).toContain(`x-auth-apikey drover:${key}`);
  expect(first).not.toContain('x-auth-token');
  expect(second).toContain(`x-auth-token ${session}`);
  expect(second).not.toContain('x-auth-apikey');
});

test('a pass that no header can carry is not sent, and not told', async () => {
  const { sent, way } = await facing(ok());
  for (const secret of ['canary\r\nx: y', 'canaryü', 'canary\0', 'canary ']) {
    const call = fedMembers({ way, pass: { kind: 'apiKey', name: 'a', secret } });
    await expect(call).rejects.toMatchObject({ code: 'PASS_MALFORMED' });
    await expect(call).rejects.not.toThrow('canary');
  }
  expect(sent).toEqual([]);
});

test('no id leads out of its place in the path', async () => {
  const { sent, way } = await facing(ok(''));
  await removeMember(withKey(way), '../../eula?x=#');
  expect(sent[0]).toMatch(/^DELETE \/v1\/fed\/cluster\/..%2F..%2Feula%3Fx%3D%23 /);
});

test('a body that is empty, or says what was not asked, is a yes to what is to be done', async () => {
  for (const body of ['', '{}', 'null']) {
    const { way } = await facing(ok(body));
    for (const name of ['signOut', 'join', 'leave', 'removeMember', 'configure', 'fedHealth']) {
      await expect(calls[name]!(way)).resolves.toBeUndefined();
    }
  }
});

test('a refusal says where it comes from', () => {
  const refused = new NvRefused({ status: 409, code: 41, message: 'taken' }, '10.0.0.1:10443');
  expect(refused.message).toBe('10.0.0.1:10443 answered 409, code 41: taken');
});
