import { createServer as createPlain } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import { createServer as createTcp, type Server, type Socket } from 'node:net';
import { request } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import { createNet, type Resolve } from '#net';
import { systemClock } from '#time';
import { SteppedClock, settle } from '../../fixtures/steppedClock.ts';
import { ca, certificates, key } from '../../fixtures/tls/index.ts';

const servers: { server: Server; sockets: Set<Socket> }[] = [];
afterEach(() => {
  for (const { server, sockets } of servers.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  servers.push({ server, sockets });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as { port: number }).port;
}

type Handler = Parameters<typeof createPlain>[1];
const https = (handler: Handler, options: ServerOptions = {}) =>
  listening(createServer({ key, cert: certificates.server, ...options }, handler as never));

const toLoopback: Resolve = async () => ['127.0.0.1'];
const aNet = (resolve: Resolve = toLoopback, clock = systemClock) =>
  createNet({ clock, allowLoopback: true, resolve });

const tls = { ca };

describe('a request', () => {
  test('reaches the vetted address under its own name and brings the answer back', async () => {
    const port = await https((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk) => chunks.push(chunk));
      req.on('end', () => {
        res.setHeader(
          'x-seen',
          `${req.method} ${req.url} ${req.headers.host} ${(req.socket as never as { servername: string }).servername}`,
        );
        res.writeHead(201).end(Buffer.concat(chunks).toString().toUpperCase());
      });
    });
    const answer = await aNet().send('webhook', {
      url: `https://hooks.example.com.:${port}/a/b?c=d#e`,
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: 'hello',
      tls,
    });
    expect(answer.status).toBe(201);
    expect(Buffer.from(answer.body).toString()).toBe('HELLO');
    expect(answer.headers['x-seen']).toBe(`POST /a/b?c=d hooks.example.com:${port} hooks.example.com`);
  });

  test('a Host header does not change the name that TLS asks for', async () => {
    const port = await https((req, res) =>
      res.end((req.socket as never as { servername: string }).servername),
    );
    const answer = await aNet().send('webhook', {
      url: `https://hooks.example.com:${port}/`,
      headers: { host: 'other.example.org' },
      tls,
    });
    expect(Buffer.from(answer.body).toString()).toBe('hooks.example.com');
  });

  test('the certificate of an address is checked against the address', async () => {
    const port = await https((_, res) => res.end('ok'));
    expect((await aNet().send('cluster', { url: `https://127.0.0.1:${port}/`, tls })).status).toBe(200);
  });

  test('the TLS server name may be another than the host', async () => {
    const port = await https((_, res) => res.end('ok'), { cert: certificates.otherName });
    const url = `https://hooks.example.com:${port}/`;
    await expect(aNet().send('cluster', { url, tls })).rejects.toMatchObject({ code: 'TLS_NAME_MISMATCH' });
    const named = { ca, serverName: 'other.example.org' };
    expect((await aNet().send('cluster', { url, tls: named })).status).toBe(200);
  });

  test('proxies named in the environment are not used', async () => {
    const port = await https((_, res) => res.end('ok'));
    const proxy = await listening(createTcp((socket) => socket.destroy()));
    process.env.HTTPS_PROXY = process.env.https_proxy = `http://127.0.0.1:${proxy}`;
    try {
      expect((await aNet().send('webhook', { url: `https://localhost:${port}/`, tls })).status).toBe(200);
    } finally {
      delete process.env.HTTPS_PROXY;
      delete process.env.https_proxy;
    }
  });
});

describe('the connection stays with the vetted address', () => {
  test('a name that leads elsewhere the second time is not asked a second time', async () => {
    const port = await https((_, res) => res.end('ok'));
    let asked = 0;
    const rebinding: Resolve = async () => (++asked === 1 ? ['127.0.0.1'] : ['127.0.0.2']);
    expect((await aNet(rebinding).send('webhook', { url: `https://localhost:${port}/`, tls })).status).toBe(
      200,
    );
    expect(asked).toBe(1);
  });

  test('rebinding from a public address to loopback is refused at the next request, and an agent keeps to the first', async () => {
    let connections = 0;
    const port = await https((_, res) => res.end('secret'));
    servers.at(-1)?.server.on('connection', () => connections++);
    let asked = 0;
    const rebinding: Resolve = async () => (++asked === 1 ? ['93.184.216.34'] : ['127.0.0.1']);
    const net = createNet({ clock: systemClock, resolve: rebinding });
    const url = `https://rebind.example:${port}/`;

    const target = await net.vet('webhook', url);
    expect(target.addresses).toEqual([{ address: '93.184.216.34', family: 4 }]);
    await expect(net.send('webhook', { url, tls })).rejects.toMatchObject({ code: 'TARGET_FORBIDDEN' });
    expect(connections).toBe(0);
  });

  test('an agent dials its target and nothing else, not even an address literal', async () => {
    let connections = 0;
    const port = await https((_, res) => res.end('ok'));
    servers.at(-1)?.server.on('connection', () => connections++);
    const net = aNet();
    const agent = await net.agentFor(await net.vet('cluster', `https://localhost:${port}/`), tls);
    try {
      const answer = await request(`https://localhost:${port}/`, { dispatcher: agent });
      expect(await answer.body.text()).toBe('ok');
      expect(connections).toBe(1);
      for (const other of [
        `https://127.0.0.1:${port}/`,
        `http://localhost:${port}/`,
        `https://localhost:${port + 1}/`,
        `https://hooks.example.com:${port}/`,
      ]) {
        await expect(request(other, { dispatcher: agent })).rejects.toMatchObject({ code: 'TARGET_OTHER' });
      }
      expect(connections).toBe(1);
    } finally {
      await agent.destroy();
    }
  });

  test('an agent keeps its connection', async () => {
    let connections = 0;
    const port = await https((_, res) => res.end('ok'));
    servers.at(-1)?.server.on('connection', () => connections++);
    const net = aNet();
    const agent = await net.agentFor(await net.vet('cluster', `https://localhost:${port}/`), tls, {
      connections: 1,
    });
    try {
      for (let i = 0; i < 5; i++) {
        await (await request(`https://localhost:${port}/`, { dispatcher: agent })).body.dump();
      }
      expect(connections).toBe(1);
    } finally {
      await agent.destroy();
    }
  });

  test('where one of several addresses does not answer, the next one is tried', async () => {
    const port = await https((_, res) => res.end('ok'));
    const both: Resolve = async () => ['127.0.0.3', '127.0.0.1'];
    expect((await aNet(both).send('webhook', { url: `https://localhost:${port}/`, tls })).status).toBe(200);
  });
});

describe('redirects are refused', () => {
  test.each([301, 302, 303, 307, 308])('%i', async (status) => {
    let second = 0;
    const other = await https((_, res) => {
      second++;
      res.end();
    });
    const port = await https((_, res) =>
      res.writeHead(status, { location: `https://localhost:${other}/` }).end(),
    );
    await expect(aNet().send('webhook', { url: `https://localhost:${port}/`, tls })).rejects.toMatchObject({
      code: 'REDIRECTED',
    });
    expect(second).toBe(0);
  });
});

describe('what goes wrong has a code of its own', () => {
  const send = (port: number, more = {}) =>
    aNet().send('cluster', { url: `https://hooks.example.com:${port}/`, tls, ...more });

  test('TCP_REFUSED', async () => {
    const server = createTcp();
    const port = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    await expect(send(port)).rejects.toMatchObject({
      code: 'TCP_REFUSED',
      values: { host: 'hooks.example.com', port },
    });
  });

  test('TLS_NOT_TLS, where the port speaks HTTP in clear', async () => {
    const port = await listening(createPlain((_, res) => res.end('hello')));
    await expect(send(port)).rejects.toMatchObject({ code: 'TLS_NOT_TLS' });
  });

  test('TLS_RESET, where the connection is broken off during the handshake', async () => {
    const port = await listening(createTcp((socket) => socket.once('data', () => socket.resetAndDestroy())));
    await expect(send(port)).rejects.toMatchObject({ code: 'TLS_RESET' });
  });

  test.each([
    ['TLS_CERT_EXPIRED', certificates.expired, ca],
    ['TLS_NAME_MISMATCH', certificates.otherName, ca],
    ['TLS_SELF_SIGNED', certificates.selfSigned, ca],
    ['TLS_CHAIN_INCOMPLETE', certificates.server, certificates.selfSigned],
    ['TLS_CA_UNKNOWN', certificates.server + ca, undefined],
  ])('%s', async (code, cert, trusted) => {
    const port = await https((_, res) => res.end(), { cert });
    await expect(send(port, { tls: trusted ? { ca: trusted } : {} })).rejects.toMatchObject({ code });
  });

  test('TLS_PROTOCOL_UNSUPPORTED', async () => {
    const port = await https((_, res) => res.end(), {
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
      ciphers: 'ALL:@SECLEVEL=0',
    });
    await expect(send(port)).rejects.toMatchObject({ code: 'TLS_PROTOCOL_UNSUPPORTED' });
  });

  test('verification is given up only where the caller says so', async () => {
    const port = await https((_, res) => res.end('ok'), { cert: certificates.selfSigned });
    expect((await send(port, { tls: { verify: false } })).status).toBe(200);
  });

  test('RESPONSE_TOO_LARGE, and the connection ends', async () => {
    const port = await https((_, res) => {
      const more = () => {
        while (res.write(Buffer.alloc(65_536)));
      };
      res.on('drain', more);
      more();
    });
    await expect(send(port, { maxBytes: 100_000 })).rejects.toMatchObject({
      code: 'RESPONSE_TOO_LARGE',
      values: { bytes: 100_000 },
    });
  });

  test('an answer of just the largest size passes', async () => {
    const port = await https((_, res) => res.end(Buffer.alloc(100_000)));
    expect((await send(port, { maxBytes: 100_000 })).body.byteLength).toBe(100_000);
  });

  test('HTTP_INVALID, for headers without end', async () => {
    const port = await https((_, res) => {
      for (let i = 0; i < 100; i++) res.setHeader(`x-${i}`, 'x'.repeat(1_000));
      res.end();
    });
    await expect(send(port)).rejects.toMatchObject({ code: 'HTTP_INVALID' });
  });

  test('HTTP_CUT, where the body ends early', async () => {
    const port = await https((_, res) => {
      res.writeHead(200, { 'content-length': 100 });
      res.write('some', () => res.destroy());
    });
    await expect(send(port)).rejects.toMatchObject({ code: 'HTTP_CUT' });
  });

  test('HTTP_CUT, where there is no answer at all', async () => {
    const port = await https((req) => req.socket.destroy());
    await expect(send(port)).rejects.toMatchObject({ code: 'HTTP_CUT' });
  });
});

describe('one deadline holds for everything', () => {
  const timesOut = async (port: number, reached: Promise<unknown>, code: string, resolve = toLoopback) => {
    const clock = new SteppedClock();
    const net = createNet({ clock, allowLoopback: true, resolve });
    const answer = expect(
      net.send('webhook', { url: `https://localhost:${port}/`, tls, timeout: 10_000 }),
    ).rejects.toMatchObject({ code });
    await reached;
    await settle();
    await clock.step(10_000);
    await answer;
    expect(clock.sleeping).toBe(0);
  };

  test('TLS_TIMEOUT, where a connection is accepted and nothing follows', async () => {
    const reached = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    const port = await listening(
      createTcp((socket) => {
        socket.once('data', () => reached.resolve());
        socket.once('close', () => closed.resolve());
        socket.on('error', () => undefined);
      }),
    );
    await timesOut(port, reached.promise, 'TLS_TIMEOUT');
    // Nothing is left behind that would go on connecting.
    await closed.promise;
  });

  test('HTTP_TIMEOUT, where the request is read and never answered', async () => {
    const reached = Promise.withResolvers<void>();
    const port = await https(() => reached.resolve());
    await timesOut(port, reached.promise, 'HTTP_TIMEOUT');
  });

  test('HTTP_TIMEOUT, where the body comes byte by byte for ever', async () => {
    const reached = Promise.withResolvers<void>();
    const port = await https((_, res) => {
      res.writeHead(200, { 'content-length': 1_000_000 });
      res.write('x', () => reached.resolve());
    });
    await timesOut(port, reached.promise, 'HTTP_TIMEOUT');
  });

  test('DNS_TIMEOUT, where the resolver never answers', async () => {
    await timesOut(443, Promise.resolve(), 'DNS_TIMEOUT', () => new Promise(() => undefined));
  });

  test('CALL_ABORTED, where the caller gives up', async () => {
    const reached = Promise.withResolvers<void>();
    const port = await https(() => reached.resolve());
    const stop = new AbortController();
    const answer = aNet().send('webhook', { url: `https://localhost:${port}/`, tls, signal: stop.signal });
    const checked = expect(answer).rejects.toMatchObject({ code: 'CALL_ABORTED' });
    await reached.promise;
    stop.abort();
    await checked;
    await expect(
      aNet().send('webhook', { url: `https://localhost:${port}/`, tls, signal: stop.signal }),
    ).rejects.toMatchObject({ code: 'CALL_ABORTED' });
  });
});
