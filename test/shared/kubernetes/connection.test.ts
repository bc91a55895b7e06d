import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { asked, connect, type KubeAccess, type KubeConnection, tableRows } from '#kubernetes';
import { aTlsServer, listening, ok } from '../../fixtures/aTlsServer.ts';
import { ca } from '../../fixtures/clusterCertificates.ts';
import { SteppedClock, settle } from '../../fixtures/steppedClock.ts';
import { connected, ports, portsAt } from './aWorldCluster.ts';

const to = ({ port }: { port: number }, more: Partial<KubeAccess> = {}): KubeAccess => ({
  server: `https://127.0.0.1:${port}`,
  ca: ca.certPem,
  ...more,
});

const until = async (isSo: () => boolean) => {
  while (!isSo()) await settle(1);
};

describe('a request', () => {
  test('carries what it is given, under the path of the server', async () => {
    const server = await aTlsServer((socket) => socket.write(ok('{"kind":"Pod"}', 'X-A: b\r\n')));
    const connection = await connected(
      to(server, { server: `https://127.0.0.1:${server.port}/k8s/clusters/x/` }),
    );
    const answer = await connection.send({
      method: 'PATCH',
      path: '/api/v1/pods/a%20b',
      query: { limit: 500, watch: undefined, dryRun: 'All', force: true },
      body: { a: 'ü' },
      contentType: 'application/merge-patch+json',
    });
    expect(answer).toMatchObject({
      status: 200,
      asked: { host: '127.0.0.1', port: server.port, method: 'PATCH', path: '/api/v1/pods/a%20b' },
    });
    expect(answer.headers['x-a']).toBe('b');
    expect(answer.json()).toEqual({ kind: 'Pod' });
    expect(connection.address).toBe('127.0.0.1');
    const [line, ...lines] = server.recorded[0]!.text.split('\r\n');
    expect(line).toBe('PATCH /k8s/clusters/x/api/v1/pods/a%20b?limit=500&dryRun=All&force=true HTTP/1.1');
    expect(lines).toEqual(
      expect.arrayContaining([
        `host: 127.0.0.1:${server.port}`,
        'user-agent: drover/1.2.3',
        'accept: application/json',
        'content-type: application/merge-patch+json',
        'content-length: 10',
      ]),
    );
    expect(server.recorded[0]!.text).not.toMatch(/accept-encoding|authorization|cookie/i);
  });

  test('one after another goes over one connection', async () => {
    const server = await aTlsServer();
    const connection = await connected(to(server));
    for (let i = 0; i < 100; i++) await connection.send({ path: '/version' });
    expect(server.connections).toBe(1);
  });

  test('many at once go over two connections', async () => {
    const server = await aTlsServer();
    const connection = await connected(to(server));
    const all = Array.from({ length: 50 }, (_, i) => connection.send({ path: `/${i}` }));
    expect((await Promise.all(all)).every(({ status }) => status === 200)).toBe(true);
    expect(server.connections).toBe(2);
  });

  test('whose kept connection is closed just then is sent again, if it only reads', async () => {
    const server = await aTlsServer((socket, _, nth) => {
      if (nth === 0) socket.write(ok());
      else socket.destroy();
    });
    const connection = await connected(to(server));
    await connection.send({ path: '/a' });
    expect((await connection.send({ path: '/b' })).status).toBe(200);
    await expect(connection.send({ method: 'POST', path: '/c', body: {} })).rejects.toMatchObject({
      code: 'HTTP_CUT',
    });
    expect(server.recorded.map(({ text }) => text.match(/\/[abc] /g))).toEqual([
      ['/a ', '/b '],
      ['/b ', '/c '],
    ]);
  });

  test('is sent once where a fresh connection is closed', async () => {
    const server = await aTlsServer((socket) => socket.destroy());
    const connection = await connected(to(server));
    await expect(connection.send({ path: '/a' })).rejects.toMatchObject({ code: 'HTTP_CUT' });
    expect(server.connections).toBe(1);
  });

  test('that cannot be sent is no fault of the cluster’s', async () => {
    const server = await aTlsServer();
    const connection = await connected(to(server));
    await expect(connection.send({ path: '/not escaped' })).rejects.toThrow('invalid request path');
    const sealed = await connected(
      to(server, {
        bearer: () => {
          throw new Error('sealed');
        },
      }),
    );
    await expect(sealed.send({ path: '/' })).rejects.toThrow('sealed');
    expect(server.connections).toBe(0);
  });

  test('is not led elsewhere', async () => {
    const other = await aTlsServer();
    const server = await aTlsServer((socket) =>
      socket.write(
        `HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:${other.port}/\r\nContent-Length: 0\r\n\r\n`,
      ),
    );
    const connection = await connected(to(server));
    await expect(asked(connection, { path: '/version' })).rejects.toMatchObject({ code: 'REDIRECTED' });
    expect(other.connections).toBe(0);
  });
});

describe('time', () => {
  async function stepped(server: {
    port: number;
  }): Promise<{ clock: SteppedClock; connection: KubeConnection }> {
    const clock = new SteppedClock();
    return { clock, connection: await connected(to(server), portsAt(clock)) };
  }

  test('is up where a server takes connections and does not speak', async () => {
    let heard = 0;
    const server = createServer((socket) => {
      socket.on('error', () => {}).on('data', () => heard++);
    });
    const { port, open } = await listening(server);
    const { clock, connection } = await stepped({ port });
    const failed = expect(connection.send({ path: '/', timeout: 5_000 })).rejects.toMatchObject({
      code: 'TLS_TIMEOUT',
      values: { ms: 5_000 },
    });
    await until(() => heard > 0);
    await clock.step(5_000);
    await failed;
    // The connecting goes on for who asks next, and has its own time.
    await clock.step(3_000);
    await until(() => open.size === 0);
  });

  test('is up where a server takes a request and does not answer; who waits behind it is not sent', async () => {
    const server = await aTlsServer(() => {});
    const { clock, connection } = await stepped(server);
    const late = (path: string, timeout: number) =>
      expect(connection.send({ path, timeout })).rejects.toMatchObject({
        code: 'HTTP_TIMEOUT',
        values: { ms: timeout },
      });
    const sent = [late('/a', 10_000), late('/b', 10_000)];
    const waiting = late('/c', 9_000);
    await until(() => server.recorded.filter(({ text }) => text.endsWith('\r\n\r\n')).length === 2);
    await clock.step(9_000);
    await waiting;
    await clock.step(1_000);
    await Promise.all(sent);
    await until(() => server.open.size === 0);
    expect(server.recorded.map(({ text }) => text).join()).not.toContain('/c');
  });

  test('is up where an answer drips in, byte by byte', async () => {
    const drip = ok(' '.repeat(100));
    let sent = 0;
    let send = () => {};
    const server = await aTlsServer((socket) => {
      send = () => void socket.write(drip[sent++]!);
    });
    const { clock, connection } = await stepped(server);
    const failed = expect(connection.send({ path: '/', timeout: 60_000 })).rejects.toMatchObject({
      code: 'HTTP_TIMEOUT',
    });
    await until(() => server.recorded[0]?.text.endsWith('\r\n\r\n') ?? false);
    for (let i = 0; i < 60; i++) {
      send();
      await clock.step(1_000);
    }
    await failed;
    expect(sent).toBe(60);
  });
});

describe('an answer', () => {
  const answering = async (wire: string | Buffer, ends = false) => {
    const server = await aTlsServer((socket) => {
      socket.write(wire);
      if (ends) socket.end();
    });
    return { server, connection: await connected(to(server)) };
  };
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
  const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;

  test.each<[string, string | Buffer, boolean, string]>([
    ['half its headers', `${head}Content-Le`, true, 'HTTP_CUT'],
    ['half its body', `${head}Content-Length: 100\r\n\r\n{"kind":`, true, 'HTTP_CUT'],
    ['half its chunks', `${head}Transfer-Encoding: chunked\r\n\r\n5\r\n{"ki`, true, 'HTTP_CUT'],
    [
      'a change of protocol',
      'HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n',
      false,
      'HTTP_CUT',
    ],
    ['a status of none', 'HTTP/1.1 999999 X\r\n\r\n', false, 'HTTP_INVALID'],
    ['a nul in a header', `${head}X: \0\r\n\r\n`, false, 'HTTP_INVALID'],
    ['a folded header', `${head}X: a\r\n b\r\nContent-Length: x\r\n\r\n`, false, 'HTTP_INVALID'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.9\r\n', false, 'HTTP_INVALID'],
    ['endless headers', `${head}${'X-Long: header\r\n'.repeat(4_000)}`, false, 'HTTP_INVALID'],
    [
      'more than may be told beforehand',
      `${head}Content-Length: 1048577\r\n\r\n`,
      false,
      'RESPONSE_TOO_LARGE',
    ],
    [
      'more than may be, in chunks',
      `${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(17)}`,
      false,
      'RESPONSE_TOO_LARGE',
    ],
  ])('with %s', async (_, wire, ends, code) => {
    const { server, connection } = await answering(wire, ends);
    await expect(connection.send({ path: '/' })).rejects.toMatchObject({ code });
    await until(() => server.open.size === 0);
  });

  test('may be as large as is allowed', async () => {
    const { connection } = await answering(ok(' '.repeat(1_000_000)));
    expect((await connection.send({ path: '/' })).body).toHaveLength(1_000_000);
    await expect(connection.send({ path: '/', maxBytes: 999_999 })).rejects.toMatchObject({
      code: 'RESPONSE_TOO_LARGE',
      values: { bytes: 999_999 },
    });
  });

  const packed = (zipped: Buffer, length = zipped.length) =>
    Buffer.concat([
      Buffer.from(`${head}Content-Encoding: gzip\r\nContent-Length: ${length}\r\n\r\n`),
      zipped,
    ]);

  test('of a table is unpacked', async () => {
    const table = { kind: 'Table', columnDefinitions: [{ name: 'Name' }], rows: [{ cells: ['a'] }] };
    const { server, connection } = await answering(packed(gzipSync(JSON.stringify(table))));
    const page = await tableRows(connection, '/api/v1/pods');
    expect(page.rows).toEqual([['a']]);
    expect(server.recorded[0]!.text).toContain('accept-encoding: gzip\r\n');
  });

  test.each<[string, Buffer, string]>([
    ['a bomb', gzipSync(Buffer.alloc(50_000_000)), 'RESPONSE_TOO_LARGE'],
    ['cut', gzipSync(JSON.stringify({ a: 'b'.repeat(1_000) })).subarray(0, 20), 'HTTP_CUT'],
    ['not packed at all', Buffer.from('{"kind":"Table"}'), 'HTTP_INVALID'],
  ])('that is packed and %s', async (_, zipped, code) => {
    const { connection } = await answering(packed(zipped));
    await expect(tableRows(connection, '/api/v1/pods')).rejects.toMatchObject({ code });
  });

  test('that is no JSON is not from Kubernetes, and what it says is not told', async () => {
    const { connection } = await answering(
      'HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 6\r\n\r\ncanary',
    );
    const answer = await connection.send({ path: '/version' });
    expect(() => answer.json()).toThrow(
      expect.objectContaining({
        code: 'NOT_KUBERNETES',
        message: expect.not.stringContaining('canary'),
        values: expect.objectContaining({ contentType: 'text/html' }),
      }),
    );
  });
});

describe('what is given up', () => {
  test('before it began sends nothing', async () => {
    const server = await aTlsServer();
    const connection = await connected(to(server));
    await expect(connection.send({ path: '/', signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'CALL_ABORTED',
    });
    expect(server.connections).toBe(0);
  });

  test('in the middle ends its connection and leaves others alone', async () => {
    const server = await aTlsServer((socket, request) => {
      if (request.startsWith('GET /fast')) socket.write(ok());
    });
    const connection = await connected(to(server));
    const stop = new AbortController();
    const failed = expect(connection.send({ path: '/slow', signal: stop.signal })).rejects.toMatchObject({
      code: 'CALL_ABORTED',
    });
    await until(() => server.recorded[0]?.text.endsWith('\r\n\r\n') ?? false);
    const other = connection.send({ path: '/fast' });
    stop.abort();
    await failed;
    expect((await other).status).toBe(200);
    await until(() => server.open.size === 1);
  });

  test('by closing: everything that runs or waits, and no socket is left', async () => {
    const server = await aTlsServer(() => {});
    const connection = await connect(ports, to(server));
    const all = Array.from({ length: 5 }, () =>
      expect(connection.send({ path: '/' })).rejects.toMatchObject({ code: 'CALL_ABORTED' }),
    );
    await until(() => server.recorded.length === 2);
    await connection.close();
    await Promise.all(all);
    await until(() => server.open.size === 0);
    await expect(connection.send({ path: '/' })).rejects.toMatchObject({ code: 'CALL_ABORTED' });
  });

  test('by closing while it connects', async () => {
    const { port, open } = await listening(createServer((socket) => socket.resume()));
    const connection = await connect(ports, to({ port }));
    const failed = expect(connection.send({ path: '/' })).rejects.toMatchObject({ code: 'CALL_ABORTED' });
    await until(() => open.size === 1);
    await connection.close();
    await failed;
    await until(() => open.size === 0);
  });
});

describe('a connection that is made again', () => {
  // A continued session shows no certificate to compare a fingerprint with.
  test.each([
    ['continues its TLS session where a CA', 'ca', true],
    ['begins a TLS session where a fingerprint', 'fingerprint', false],
  ] as const)('%s verifies the server', async (_name, by, isContinued) => {
    const server = await aTlsServer((socket, _, nth) => {
      const answer = ok(JSON.stringify(socket.isSessionReused()), nth === 1 ? 'Connection: close\r\n' : '');
      socket.write(answer);
    });
    const probe = await ports.net.probeTls(
      await ports.net.vet('cluster', `https://127.0.0.1:${server.port}`),
    );
    const { sha256 } = probe.chain[0]!;
    const connection = await connected({
      server: `https://127.0.0.1:${server.port}`,
      ...(by === 'ca' ? { ca: ca.certPem } : { fingerprint: sha256 }),
    });
    const reused: unknown[] = [];
    for (let i = 0; i < 3; i++) reused.push((await connection.send({ path: '/' })).json());
    expect(reused).toEqual([false, false, isContinued]);
  });

  test('connects to the addresses that were vetted first, whatever the name says later', async () => {
    const server = await aTlsServer((socket) => socket.write(ok('{}', 'Connection: close\r\n')));
    let asked = 0;
    const own = portsAt(new SteppedClock(), async () =>
      ++asked === 1 ? ['127.0.0.1'] : ['169.254.169.254'],
    );
    const access = to(server, { server: `https://api.example.com:${server.port}` });
    const connection = await connected(access, own);
    for (let i = 0; i < 3; i++) expect((await connection.send({ path: '/' })).status).toBe(200);
    expect(asked).toBe(1);
    await expect(connect(own, access)).rejects.toMatchObject({
      code: 'TARGET_FORBIDDEN',
    });
  });
});
