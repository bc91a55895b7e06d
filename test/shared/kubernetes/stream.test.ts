import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { KubeConnection, KubeStream } from '#kubernetes';
import { aTlsServer, ok } from '../../fixtures/aTlsServer.ts';
import { ca } from '../../fixtures/clusterCertificates.ts';
import { SteppedClock, settle } from '../../fixtures/steppedClock.ts';
import { connected, ports, portsAt } from './aWorldCluster.ts';

const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

const until = async (isSo: () => boolean) => {
  while (!isSo()) await settle(1);
};

async function streaming(respond: Parameters<typeof aTlsServer>[0], clock?: SteppedClock) {
  const server = await aTlsServer(respond);
  const access = { server: `https://127.0.0.1:${server.port}`, ca: ca.certPem };
  const connection = await connected(access, clock ? portsAt(clock) : ports);
  return { server, connection };
}

async function textOf({ body }: KubeStream): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

const packed = (zipped: Buffer) =>
  Buffer.concat([
    Buffer.from(`${head}Content-Encoding: gzip\r\nContent-Length: ${zipped.length}\r\n\r\n`),
    zipped,
  ]);

test('a stream is read while it arrives', async () => {
  let more = () => {};
  const { connection } = await streaming((socket) => {
    socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n${chunk('one')}`);
    more = () => void socket.write(`${chunk('two')}0\r\n\r\n`);
  });
  const { status, body } = await connection.stream({ path: '/', headers: { 'x-auth-token': 'a' } });
  const pieces = body[Symbol.asyncIterator]();
  expect([status, Buffer.from((await pieces.next()).value).toString()]).toEqual([200, 'one']);
  more();
  expect(Buffer.from((await pieces.next()).value).toString()).toBe('two');
  expect((await pieces.next()).done).toBe(true);
});

test('streams and answers go over the same connections, and a stream that was read gives its own back', async () => {
  const { server, connection } = await streaming((socket) => socket.write(ok('{"a":1}')));
  for (let i = 0; i < 20; i++) {
    expect(await textOf(await connection.stream({ path: '/' }))).toBe('{"a":1}');
    expect((await connection.send({ path: '/' })).json()).toEqual({ a: 1 });
    expect((await (await connection.stream({ path: '/' })).whole()).json()).toEqual({ a: 1 });
  }
  expect(server.connections).toBeLessThanOrEqual(2);
});

test('a packed stream is unpacked', async () => {
  const { connection } = await streaming((socket) => socket.write(packed(gzipSync('x'.repeat(200_000)))));
  expect(await textOf(await connection.stream({ path: '/' }))).toBe('x'.repeat(200_000));
});

test.each<[string, string | Buffer, string]>([
  ['is cut', `${head}Content-Length: 100\r\n\r\n{"kind":`, 'HTTP_CUT'],
  ['is cut between chunks', `${head}Transfer-Encoding: chunked\r\n\r\n${chunk('one')}`, 'HTTP_CUT'],
  ['is packed and cut', packed(gzipSync(Buffer.alloc(50_000, 'ab'))).subarray(0, -20), 'HTTP_CUT'],
  ['is packed and cut, and looks whole', packed(gzipSync('abc'.repeat(99)).subarray(0, 20)), 'HTTP_CUT'],
  ['is said to be packed', packed(Buffer.from('{"kind":"Table"}')), 'HTTP_INVALID'],
  ['is a bomb', packed(gzipSync(Buffer.alloc(50_000_000))), 'RESPONSE_TOO_LARGE'],
  ['is too long', `${head}Content-Length: 2000000\r\n\r\n${'x'.repeat(2_000_000)}`, 'RESPONSE_TOO_LARGE'],
])('a stream that %s', async (_, wire, code) => {
  const { server, connection } = await streaming((socket) => socket.end(wire));
  const stream = await connection.stream({ path: '/' });
  await expect(textOf(stream)).rejects.toMatchObject({ code });
  await until(() => server.open.size === 0);
});

test('a stream is taken whole only up to what is allowed', async () => {
  const { connection } = await streaming((socket) => socket.write(ok(' '.repeat(100_000))));
  const [short, long] = [await connection.stream({ path: '/' }), await connection.stream({ path: '/' })];
  expect((await short.whole(100_000)).body).toHaveLength(100_000);
  await expect(long.whole(99_999)).rejects.toMatchObject({
    code: 'RESPONSE_TOO_LARGE',
    values: { bytes: 99_999 },
  });
  await Promise.all([short.ended, long.ended]);
});

test('a stream that is left ends its connection, and its place is another’s', async () => {
  const { server, connection } = await streaming((socket, request) => {
    socket.write(
      request.startsWith('GET /long') ? `${head}Content-Length: 100000\r\n\r\n${'x'.repeat(50_000)}` : ok(),
    );
  });
  for (let i = 0; i < 4; i++) {
    const { body } = await connection.stream({ path: '/long' });
    for await (const _ of body) break;
  }
  expect((await connection.send({ path: '/' })).status).toBe(200);
  await until(() => server.open.size === 1);
});

const beginning = (connection: KubeConnection, timeout = 5_000) => connection.stream({ path: '/', timeout });

test('a stream that does not end is late, whether it is read or not, and holds its place no longer', async () => {
  const clock = new SteppedClock();
  const { server, connection } = await streaming((socket, request) => {
    socket.write(request.startsWith('GET /fast') ? ok() : `${head}Content-Length: 100\r\n\r\n{`);
  }, clock);
  const [read, unread] = [await beginning(connection), await beginning(connection)];
  const failed = expect(textOf(read)).rejects.toMatchObject({ code: 'HTTP_TIMEOUT', values: { ms: 5_000 } });
  const next = connection.send({ path: '/fast', timeout: 60_000 });
  await clock.step(5_000);
  await failed;
  expect((await next).status).toBe(200);
  await expect(textOf(unread)).rejects.toMatchObject({ code: 'HTTP_TIMEOUT' });
  await until(() => server.open.size === 1);
});

test('who waits behind streams and gives up is not sent; nothing goes on behind a stream that has ended', async () => {
  const clock = new SteppedClock();
  let end = () => {};
  const { server, connection } = await streaming((socket) => {
    socket.write(`${head}Content-Length: 2\r\n\r\n{`);
    end = () => void socket.write('}');
  }, clock);
  const [left, read] = [await beginning(connection), await beginning(connection)];
  const stop = new AbortController();
  const waiting = expect(connection.send({ path: '/waits', signal: stop.signal })).rejects.toMatchObject({
    code: 'CALL_ABORTED',
  });
  await settle();
  stop.abort();
  await waiting;
  end();
  expect(await textOf(read)).toBe('{}');
  for await (const _ of left.body) break;
  await until(() => clock.sleeping === 0);
  expect(server.recorded.map(({ text }) => text).join()).not.toContain('/waits');
});

test('a stream whose answer does not begin is late', async () => {
  const clock = new SteppedClock();
  const { server, connection } = await streaming(() => {}, clock);
  const failed = expect(beginning(connection)).rejects.toMatchObject({ code: 'HTTP_TIMEOUT' });
  await until(() => server.recorded[0]?.text.endsWith('\r\n\r\n') ?? false);
  await clock.step(5_000);
  await failed;
});

test('a stream is given up', async () => {
  const { server, connection } = await streaming((socket) =>
    socket.write(`${head}Content-Length: 100\r\n\r\n{`),
  );
  await expect(connection.stream({ path: '/', signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'CALL_ABORTED',
  });
  const stop = new AbortController();
  const stream = await connection.stream({ path: '/', signal: stop.signal });
  const failed = expect(textOf(stream)).rejects.toMatchObject({ code: 'CALL_ABORTED' });
  stop.abort();
  await failed;
  await until(() => server.open.size === 0);
});

test('closing ends streams, also those that nobody reads', async () => {
  const { server, connection } = await streaming((socket) =>
    socket.write(`${head}Content-Length: 100\r\n\r\n{`),
  );
  const [read] = [await connection.stream({ path: '/' }), await connection.stream({ path: '/' })];
  const failed = expect(textOf(read)).rejects.toMatchObject({ code: 'CALL_ABORTED' });
  await connection.close();
  await failed;
  await until(() => server.open.size === 0);
});

test('a kept connection that is closed just then is no matter to a stream', async () => {
  const { connection } = await streaming((socket, _, nth) => {
    if (nth === 0) socket.write(ok());
    else socket.destroy();
  });
  await connection.send({ path: '/a' });
  expect(await textOf(await connection.stream({ path: '/b' }))).toBe('{}');
});

test('a token that a stream repeats is not shown', async () => {
  const server = await aTlsServer((socket) =>
    socket.write(`HTTP/1.1 500 X\r\nX-A: a-long-token\r\nContent-Length: 12\r\n\r\na-long-token`),
  );
  const connection = await connected({
    server: `https://127.0.0.1:${server.port}`,
    ca: ca.certPem,
    bearer: () => 'a-long-token',
  });
  const stream = await connection.stream({ path: '/' });
  expect(stream.headers['x-a']).toBe('[redacted]');
  expect(Buffer.from((await stream.whole()).body).toString()).toBe('[redacted]');
});
