import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DroverError } from '#errors';
import { createLog, type Level, withFields } from '#log';
import { secrets } from './secrets.ts';

function aLog(level: Level = 'debug') {
  const lines: string[] = [];
  const log = createLog({ level, write: (line) => lines.push(line), now: () => 1_000 });
  return { log, lines, text: () => lines.join('') };
}

describe('a line', () => {
  it('is one JSON object with time, level, message and fields', () => {
    const { log, lines } = aLog();
    log.info('wave finished', { task: 'tsk_1', wave: 2, took: 1.5, ok: true, none: null });
    expect(JSON.parse(lines[0]!)).toEqual({
      time: '1970-01-01T00:00:01.000Z',
      level: 'info',
      message: 'wave finished',
      task: 'tsk_1',
      wave: 2,
      took: 1.5,
      ok: true,
      none: null,
    });
  });

  it('carries the fields of the calls around it, also after waiting', async () => {
    const { log, lines } = aLog();
    await withFields({ requestId: 'req_1' }, () =>
      withFields({ area: 'clusters', recordId: 'clu_1' }, async () => {
        await Promise.resolve();
        log.info('inside');
      }),
    );
    log.info('outside');
    expect(JSON.parse(lines[0]!)).toMatchObject({ requestId: 'req_1', area: 'clusters', recordId: 'clu_1' });
    expect(JSON.parse(lines[1]!)).not.toHaveProperty('requestId');
  });

  it('keeps its own time, level and message, whatever fields are called', () => {
    const { log, lines } = aLog();
    log.warn('real', { message: 'forged', level: 'debug', time: 'never', __proto__: { a: 1 } });
    expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'warn', message: 'real', message_: 'forged' });
  });

  it.each([
    ['debug', 4],
    ['info', 3],
    ['warn', 2],
    ['error', 1],
    ['silent', 0],
  ] as const)('at level %s writes %i of the four', (level, count) => {
    const { log, lines } = aLog(level);
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
    expect(lines).toHaveLength(count);
  });
});

describe('redaction', () => {
  const wrap: [string, (log: ReturnType<typeof aLog>['log'], secret: string) => void][] = [
    ['the message', (log, s) => log.info(`got ${s} from the user`)],
    ['the message, in quotes', (log, s) => log.info(`got "${s}", then '${s}'`)],
    ['the message, in JSON', (log, s) => log.info(JSON.stringify({ a: { b: s } }))],
    ['the message, in JSON in JSON', (log, s) => log.info(JSON.stringify({ a: JSON.stringify({ b: s }) }))],
    ['the message, inspected', (log, s) => log.info(inspect({ a: s }))],
    ['the message, in a query', (log, s) => log.info(`GET /x?code=${s}&y=1`)],
    ['a field', (log, s) => log.info('m', { note: s })],
    ['a nested field', (log, s) => log.info('m', { a: { b: [{ c: `x ${s}` }] } })],
    ['the name of a field', (log, s) => log.info('m', { [s]: 1 })],
    ['an array', (log, s) => log.info('m', { list: ['a', s] })],
    ['a Map', (log, s) => log.info('m', { map: new Map([['a', s]]) })],
    ['the key of a Map', (log, s) => log.info('m', { map: new Map([[s, 1]]) })],
    ['a Set', (log, s) => log.info('m', { set: new Set([s]) })],
    ['a Buffer', (log, s) => log.info('m', { body: Buffer.from(s) })],
    ['a Uint8Array', (log, s) => log.info('m', { body: new TextEncoder().encode(s) })],
    ['an error', (log, s) => log.info('m', { error: new Error(`no: ${s}`) })],
    ['a cause', (log, s) => log.info('m', { error: new Error('no', { cause: new Error(s) }) })],
    ['a cause that is text', (log, s) => log.info('m', { error: new Error('no', { cause: s }) })],
    ['an aggregate', (log, s) => log.info('m', { error: new AggregateError([new Error(s)], 'all') })],
    [
      'a property of an error',
      (log, s) => log.info('m', { error: Object.assign(new Error('x'), { body: s }) }),
    ],
    [
      'a stack',
      (log, s) => log.info('m', { error: Object.assign(new Error('x'), { stack: `Error: x\n    at ${s}` }) }),
    ],
    ['what toJSON answers', (log, s) => log.info('m', { a: { toJSON: () => ({ b: s }) } })],
    ['a URL', (log, s) => log.info('m', { url: new URL(`https://x.test/?a=${encodeURIComponent(s)}`) })],
    ['the context', (log, s) => withFields({ note: s }, () => log.info('m'))],
    ['the end of a long text', (log, s) => log.info('x '.repeat(4_080) + s)],
    ['the cut of a long text', (log, s) => log.info('x '.repeat(4_092) + s + s)],
  ];

  describe.each(Object.entries(secrets))('%s', (_kind, { text, parts }) => {
    it.each(wrap)('stays out of %s', (_place, feed) => {
      const { log, text: written } = aLog();
      feed(log, text);
      expect(written()).not.toBe('');
      for (const part of parts) {
        expect(written()).not.toContain(part);
      }
    });
  });

  it.each([
    'password',
    'passwd',
    'DB_PASSWORD',
    'secret',
    'clientSecret',
    'client_secret',
    'token',
    'accessToken',
    'id_token',
    'authorization',
    'Proxy-Authorization',
    'X-Auth-Token',
    'X-Auth-Apikey',
    'apiKey',
    'api-key',
    'cookie',
    'set-cookie',
    'credential',
    'credentials',
    'privateKey',
    'client-key-data',
    'kubeconfig',
    'sessionId',
    'aws_secret_access_key',
    'AWS_ACCESS_KEY_ID',
    'X-Amz-Signature',
    'signingKey',
    'dataKey',
    'plaintext',
    'joinToken',
    'auth',
  ])('hides what is called %s, whatever it looks like', (name) => {
    const { log, text } = aLog();
    log.info(`${name}: hunter2`, {
      [name]: 'hunter2',
      text: `{"${name}":"hunter2 and more","b":1} ${name}=hunter2`,
      nested: { [name]: { value: ['hunter2'] } },
      map: new Map([[name, 'hunter2']]),
      raw: [name, 'hunter2'],
      pairs: [[name, 'hunter2']],
      named: { name, value: 'hunter2' },
      error: Object.assign(new Error(`escaped {\\"${name}\\":\\"hunter2\\"}`), { [name]: 'hunter2' }),
    });
    expect(text()).not.toContain('hunter2');
    expect(text()).not.toContain('and more');
  });

  it('hides what is assigned to a secret name behind another name', () => {
    const { log, text } = aLog();
    log.info('error: password=hunter2, a=b=token=hunter2, tokenId=x=secret=hunter2, tokenId:token:hunter2');
    expect(text()).not.toContain('hunter2');
  });

  it('leaves alone what only tells of a secret, and ordinary values', () => {
    const { log, lines } = aLog();
    const fields = {
      tokenId: 'tok_01jd3k9qz4h8m2v6t0x5r7p1',
      tokens: 3,
      hasPassword: true,
      secretName: 'drover-reader',
      credentialVersion: 4,
      tokenExpiresAt: '2026-01-01T00:00:00.000Z',
      id: 'clu_01jd3k9qz4h8m2v6t0x5r7p1',
      digest: 'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      image: 'registry.example.com/team/app-with-a-rather-long-name/Backend2:v1.2.3',
      url: 'https://api.cluster-7.example.com:6443/api/v1/namespaces/default/configmaps?limit=50',
      path: '/api/v1/clusters/clu_01jd3k9qz4h8m2v6t0x5r7p1/validate',
      monkey: 'banana',
    };
    log.info('looked at 3 nodes: all fine', fields);
    expect(JSON.parse(lines[0]!)).toMatchObject({ ...fields, message: 'looked at 3 nodes: all fine' });
  });

  it('shows of an error its code, values and causes', () => {
    const { log, lines } = aLog();
    const text = { en: 'No {name}.', zh: '没有{name}。' };
    const entry = { status: 404, title: text, message: text, remedy: text };
    log.error('failed', {
      error: new DroverError('NOT_THERE', entry, { name: 'a' }, { cause: new Error('why') }),
    });
    const { error } = JSON.parse(lines[0]!);
    expect(error).toMatchObject({ code: 'NOT_THERE', values: { name: 'a' }, message: 'NOT_THERE: No a.' });
    expect(error.cause).toMatchObject({ name: 'Error', message: 'why' });
    expect(error.cause.stack).toContain('log.test.ts');
  });
});

describe('hostile values', () => {
  it('cannot forge a line nor steer a terminal', () => {
    const { log, lines } = aLog();
    const evil = 'a\n{"level":"error"}\r\n\u2028x\u2029y\u0085z\u001b[31m\u009b31m\u202etxt\u0000\ud800';
    log.info(evil, { [evil]: evil, error: new Error(evil) });
    expect(lines).toHaveLength(1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(lines[0]!.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e\ud800]/);
    expect(JSON.parse(lines[0]!).message).toContain('"level":"error"');
  });

  it('survive, whatever they are', () => {
    const { log, lines } = aLog();
    const circular: Record<string, unknown> = { name: 'a' };
    circular.self = circular;
    const shared = { x: 1 };
    const trap = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    );
    log.info('odd', {
      circular,
      twice: [shared, shared],
      big: 10n ** 30n,
      nan: Number.NaN,
      date: new Date(0),
      noDate: new Date(Number.NaN),
      symbol: Symbol('s'),
      fn: () => 1,
      trap,
      getter: Object.defineProperty({}, 'x', {
        enumerable: true,
        get: () => {
          throw new Error('no');
        },
      }),
      noPrototype: Object.create(null),
      headers: new Headers({ authorization: 'hunter2', accept: 'a/b' }),
      weak: new WeakMap(),
    });
    const line = JSON.parse(lines[0]!);
    expect(line).toMatchObject({
      circular: { name: 'a', self: '[circular]' },
      twice: [{ x: 1 }, { x: 1 }],
      big: '1000000000000000000000000000000',
      nan: 'NaN',
      date: '1970-01-01T00:00:00.000Z',
      noDate: 'Invalid Date',
      trap: '[unreadable]',
      getter: '[unreadable]',
      headers: { accept: 'a/b', authorization: '[redacted]' },
    });
  });

  it.each([
    ['a text of 10 MB', 'x'.repeat(10_000_000)],
    ['a text of 10 MB with gaps', 'ab=c '.repeat(2_000_000)],
    ['a million entries', Array.from({ length: 1_000_000 }, (_, i) => i)],
    ['a map of a million', new Map(Array.from({ length: 1_000_000 }, (_, i) => [i, i]))],
    [
      'an object with 100,000 fields',
      Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`f${i}`, i])),
    ],
    ['a tree that doubles', tree(30)],
    ['a deep chain', chain(100_000)],
    ['many long texts', Array.from({ length: 90 }, () => 'word '.repeat(1_000))],
  ])('stay within a line: %s', (_what, value) => {
    const { log, lines } = aLog();
    log.info('huge', { value, error: new Error('x', { cause: value }) });
    expect(lines[0]!.length).toBeLessThan(40_000);
    expect(JSON.parse(lines[0]!).message).toBe('huge');
  });

  it('never make the log throw', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.anything({
          withBigInt: true,
          withMap: true,
          withSet: true,
          withNullPrototype: true,
          withDate: true,
          withTypedArray: true,
          withSparseArray: true,
        }),
        (message, value) => {
          const { log, lines } = aLog();
          log.error(message, { value });
          expect(lines).toHaveLength(1);
          expect(lines[0]!.indexOf('\n')).toBe(lines[0]!.length - 1);
          JSON.parse(lines[0]!);
        },
      ),
      { seed: 1 },
    );
  });
});

function tree(depth: number): object {
  const below = depth === 0 ? {} : tree(depth - 1);
  return { left: below, right: below };
}

function chain(length: number): object {
  let link: object = {};
  for (let i = 0; i < length; i++) link = { link };
  return link;
}
