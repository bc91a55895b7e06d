import { createSocket, type Socket } from 'node:dgram';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '#time';
import { addressesIn, Names, systemResolve } from '../../../shared/net/names.ts';
import { SteppedClock, settle } from '../../fixtures/steppedClock.ts';

const never = () => new Promise<string[]>(() => undefined);
const failure = (code: string) => Object.assign(new Error(code), { code });

describe('look-ups are capped', () => {
  test('in time: a resolver that never answers costs two seconds and then gives its place back', async () => {
    const clock = new SteppedClock();
    const asked: string[] = [];
    const names = new Names({
      clock,
      atOnce: 2,
      resolve: (host) => {
        asked.push(host);
        return host.startsWith('dead') ? never() : Promise.resolve(['93.184.216.34']);
      },
    });
    const dead = ['dead1', 'dead2'].map((host) =>
      expect(names.addressesOf(host)).rejects.toMatchObject({ code: 'DNS_TIMEOUT' }),
    );
    await clock.step(1_900);
    const live = names.addressesOf('live');
    await settle();
    expect(asked).toEqual(['dead1', 'dead2']);

    await clock.step(100);
    await Promise.all(dead);
    expect(await live).toEqual(['93.184.216.34']);
    expect(clock.sleeping).toBe(0);
  });

  test('in number: never more at once than allowed, and a queue that is full says so', async () => {
    const clock = new SteppedClock();
    const names = new Names({ clock, atOnce: 3, waiting: 5, resolve: never });
    const looks = Array.from({ length: 8 }, (_, i) =>
      names.addressesOf(`host${i}`).catch((error) => error.code),
    );
    expect(names.underWay).toBe(3);
    await expect(names.addressesOf('one-more')).rejects.toMatchObject({
      code: 'DNS_BUSY',
      retryAfterSeconds: 5,
    });

    await clock.step(2_000);
    expect(await Promise.all(looks)).toEqual(Array(8).fill('DNS_TIMEOUT'));
    expect(names.underWay).toBe(0);
  });

  test('one whose time passed while it waited is never asked', async () => {
    const clock = new SteppedClock();
    const asked: string[] = [];
    const names = new Names({
      clock,
      atOnce: 1,
      resolve: (host) => {
        asked.push(host);
        return never();
      },
    });
    const looks = ['a', 'b'].map((host) => names.addressesOf(host).catch((error) => error.code));
    await clock.step(2_000);
    expect(await Promise.all(looks)).toEqual(['DNS_TIMEOUT', 'DNS_TIMEOUT']);
    expect(asked).toEqual(['a']);
  });

  test('the same name asked for at the same moment is looked up once, and afresh afterwards', async () => {
    let asked = 0;
    const names = new Names({ clock: new SteppedClock(), resolve: async () => [`10.0.0.${++asked}`] });
    const [first, second] = await Promise.all([names.addressesOf('a'), names.addressesOf('a')]);
    expect([first, second]).toEqual([['10.0.0.1'], ['10.0.0.1']]);
    expect(await names.addressesOf('a')).toEqual(['10.0.0.2']);
  });
});

describe('what a resolver reports', () => {
  test.each([
    ['ENOTFOUND', 'DNS_NXDOMAIN'],
    ['ENODATA', 'DNS_NXDOMAIN'],
    ['EBADNAME', 'DNS_NXDOMAIN'],
    ['ESERVFAIL', 'DNS_TEMPFAIL'],
    ['EREFUSED', 'DNS_TEMPFAIL'],
    ['ECONNREFUSED', 'DNS_TEMPFAIL'],
    ['ETIMEOUT', 'DNS_TEMPFAIL'],
  ])('%s is %s', async (code, expected) => {
    const names = new Names({ clock: new SteppedClock(), resolve: () => Promise.reject(failure(code)) });
    await expect(names.addressesOf('a.example')).rejects.toMatchObject({ code: expected });
  });

  test('no address at all is no such name', async () => {
    const names = new Names({ clock: new SteppedClock(), resolve: async () => [] });
    await expect(names.addressesOf('a.example')).rejects.toMatchObject({ code: 'DNS_NXDOMAIN' });
  });
});

describe('the system’s resolver', () => {
  const open: Socket[] = [];
  afterEach(() => {
    for (const socket of open.splice(0)) socket.close();
  });

  /** A name server on loopback; what it answers, if at all, is up to `answer`. */
  const nameServer = (answer: (query: Buffer) => Buffer | undefined) =>
    new Promise<{ address: string; asked: () => number; firstAsked: Promise<void> }>((resolve) => {
      const socket = createSocket('udp4');
      open.push(socket);
      let asked = 0;
      const first = Promise.withResolvers<void>();
      socket.on('message', (query, from) => {
        asked++;
        first.resolve();
        const reply = answer(query);
        if (reply) socket.send(reply, from.port, from.address);
      });
      socket.bind(0, '127.0.0.1', () =>
        resolve({
          address: `127.0.0.1:${socket.address().port}`,
          asked: () => asked,
          firstAsked: first.promise,
        }),
      );
    });

  /** The query turned into an answer: the same question, with one address where it asked for that kind. */
  const answering = (addresses: { v4?: number[]; rcode?: number }) => (query: Buffer) => {
    const question = query.subarray(12, query.indexOf(0, 12) + 5);
    const isV4 = question.readUInt16BE(question.length - 4) === 1;
    const data = isV4 && addresses.v4 ? Buffer.from(addresses.v4) : undefined;
    const header = Buffer.from([
      query[0]!,
      query[1]!,
      0x81,
      0x80 | (addresses.rcode ?? 0),
      0,
      1,
      0,
      data ? 1 : 0,
      0,
      0,
      0,
      0,
    ]);
    const record = data ? [Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]), data] : [];
    return Buffer.concat([header, question, ...record]);
  };

  test('answers every address that the name server knows', async () => {
    const server = await nameServer(answering({ v4: [93, 184, 216, 34] }));
    const names = new Names({ clock: systemClock, resolve: systemResolve([server.address]) });
    expect(await names.addressesOf('a.example')).toEqual(['93.184.216.34']);
    expect(server.asked()).toBe(2);
  });

  test('one family is enough where the name server never answers for the other', async () => {
    const reply = answering({ v4: [93, 184, 216, 34] });
    const server = await nameServer((query) =>
      query.includes(Buffer.from([0, 28, 0, 1])) ? undefined : reply(query),
    );
    const names = new Names({ clock: new SteppedClock(), resolve: systemResolve([server.address]) });
    expect(await names.addressesOf('a.example')).toEqual(['93.184.216.34']);
  });

  test('a name that does not exist', async () => {
    const server = await nameServer(answering({ rcode: 3 }));
    const names = new Names({ clock: systemClock, resolve: systemResolve([server.address]) });
    await expect(names.addressesOf('a.example')).rejects.toMatchObject({ code: 'DNS_NXDOMAIN' });
  });

  test('a name server that fails', async () => {
    const server = await nameServer(answering({ rcode: 5 }));
    const names = new Names({ clock: systemClock, resolve: systemResolve([server.address]) });
    await expect(names.addressesOf('a.example')).rejects.toMatchObject({ code: 'DNS_TEMPFAIL' });
  });

  test('a name server that never answers holds up neither other names nor file reads', async () => {
    const clock = new SteppedClock();
    const dead = await nameServer(() => undefined);
    const resolve = systemResolve([dead.address]);
    const names = new Names({ clock, resolve });
    const looks = Array.from({ length: 32 }, (_, i) =>
      names.addressesOf(`dead${i}.example`).catch((error) => error.code),
    );
    await dead.firstAsked;
    expect(names.underWay).toBe(32);
    // With getaddrinfo all of libuv's threads would be taken now, and this read would wait for them.
    expect((await readFile(import.meta.filename)).length).toBeGreaterThan(0);

    await clock.step(2_000);
    expect(new Set(await Promise.all(looks))).toEqual(new Set(['DNS_TIMEOUT']));
    expect(names.underWay).toBe(0);
  });

  test('a look-up that is given up ends at once', async () => {
    const dead = await nameServer(() => undefined);
    const stop = new AbortController();
    const look = systemResolve([dead.address])('a.example', stop.signal);
    await dead.firstAsked;
    stop.abort();
    await expect(look).rejects.toMatchObject({ code: 'ECANCELLED' });
  });

  test('localhost is this machine, and no name server is asked', async () => {
    const server = await nameServer(answering({ v4: [93, 184, 216, 34] }));
    const resolve = systemResolve([server.address]);
    const { signal } = new AbortController();
    expect(await resolve('localhost', signal)).toEqual(['127.0.0.1', '::1']);
    expect(await resolve('api.localhost', signal)).toEqual(['127.0.0.1', '::1']);
    expect(server.asked()).toBe(0);
  });

  test('the hosts file comes first', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'drover-hosts-'));
    try {
      await writeFile(join(folder, 'hosts'), '10.9.8.7 api.example # ours\n');
      const server = await nameServer(answering({ v4: [93, 184, 216, 34] }));
      const resolve = systemResolve([server.address], join(folder, 'hosts'));
      const { signal } = new AbortController();
      expect(await resolve('api.example', signal)).toEqual(['10.9.8.7']);
      expect(await resolve('other.example', signal)).toEqual(['93.184.216.34']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

test('a hosts file is read as the system reads it', () => {
  const hosts =
    '# comment\n127.0.0.1\tlocalhost\n::1 localhost ip6-localhost\n\n10.0.0.1  Api.Example api\n nonsense x\n';
  expect(addressesIn(hosts, 'localhost')).toEqual(['127.0.0.1', '::1']);
  expect(addressesIn(hosts, 'api.example')).toEqual(['10.0.0.1']);
  expect(addressesIn(hosts, 'x')).toEqual([]);
  expect(addressesIn(hosts, '10.0.0.1')).toEqual([]);
});
