import { createServer as createTlsServer, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { createNet, type Resolve } from '#net';
import { systemClock } from '#time';
import { aClosedPort, aTlsServer } from '../../fixtures/aTlsServer.ts';
import { ca, identity } from '../../fixtures/clusterCertificates.ts';
import { SteppedClock, settle } from '../../fixtures/steppedClock.ts';
import { aProxy, type Behaviour } from './aProxy.ts';
import { hostile } from './hostile.ts';

const toLoopback: Resolve = async () => ['127.0.0.1'];
const aNet = (resolve: Resolve = toLoopback, clock = systemClock) =>
  createNet({ clock, allowLoopback: true, resolve });
const cluster = 'https://api.example.com:6443/';
const tls = { ca: ca.certPem };

/** A handshake with `cluster` through the proxy. */
async function through(proxy: string, net = aNet()) {
  return net.probeTls(await net.vet('cluster', cluster, proxy), tls);
}

describe('through a proxy', () => {
  test('TLS is with the target, by its name, which is left to the proxy to look up', async () => {
    const target = await aTlsServer();
    const proxy = await aProxy({ to: target.port });
    const looked: string[] = [];
    const net = aNet(async (host) => {
      looked.push(host);
      return ['127.0.0.1'];
    });
    const seen = await through(`http://proxy.example.com:${proxy.port}`, net);
    expect(seen.fault).toBeUndefined();
    expect(seen.address).toBe('127.0.0.1');
    expect(looked).toEqual(['proxy.example.com']);
    expect(proxy.asked).toEqual([
      'CONNECT api.example.com:6443 HTTP/1.1\r\nHost: api.example.com:6443\r\n\r\n',
    ]);
    await expect.poll(() => target.recorded).toMatchObject([{ serverName: 'api.example.com', text: '' }]);
  });

  test('user and password go to the proxy alone', async () => {
    const target = await aTlsServer();
    const proxy = await aProxy({ to: target.port });
    await through(`http://dro%40ver:p%3Ass@127.0.0.1:${proxy.port}/`);
    const basic = Buffer.from('dro@ver:p:ss').toString('base64');
    expect(proxy.asked[0]).toContain(`\r\nProxy-Authorization: Basic ${basic}\r\n`);
    await expect.poll(() => target.recorded).toMatchObject([{ text: '' }]);
  });

  test('an IPv6 address of the target is put in brackets', async () => {
    const proxy = await aProxy({ says: 'HTTP/1.1 403 Forbidden\r\n\r\n' });
    const net = aNet();
    const target = await net.vet('cluster', 'https://[2606:4700::1]:6443/', `http://127.0.0.1:${proxy.port}`);
    await expect(net.probeTls(target)).rejects.toMatchObject({ code: 'PROXY_DENIED' });
    expect(proxy.asked[0]).toMatch(/^CONNECT \[2606:4700::1\]:6443 HTTP\/1\.1\r\n/);
  });

  test('a proxy may be spoken to over TLS, and is verified then', async () => {
    const target = await aTlsServer();
    const { certPem: cert, keyPem: key } = identity.server;
    const proxy = await aProxy({ to: target.port }, createTlsServer({ cert, key }));
    const url = `https://localhost:${proxy.port}`;
    await expect(through(url)).rejects.toMatchObject({
      code: 'TLS_CHAIN_INCOMPLETE',
      values: { host: 'localhost' },
    });
    expect(proxy.asked).toEqual([]);
    const before = getCACertificates('default');
    setDefaultCACertificates([...before, ca.certPem]);
    try {
      expect((await through(url)).fault).toBeUndefined();
    } finally {
      setDefaultCACertificates(before);
    }
  });

  const head = 'HTTP/1.1 200 OK\r\n';
  test.each<[string, string, Behaviour]>([
    ['407', 'PROXY_AUTH_REQUIRED', { says: 'HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic\r\n\r\n' }],
    ['407, byte by byte', 'PROXY_AUTH_REQUIRED', { says: 'HTTP/1.1 407 Who?\r\n\r\n', bytewise: true }],
    ['403 and a body', 'PROXY_DENIED', { says: 'HTTP/1.0 403 Forbidden\r\n\r\nno' }],
    ['502', 'PROXY_BAD_GATEWAY', { says: 'HTTP/1.1 502 Bad Gateway\r\n\r\n' }],
    ['404 without words', 'PROXY_BAD_GATEWAY', { says: 'HTTP/1.1 404\r\n\r\n' }],
    ['301', 'PROXY_BAD_GATEWAY', { says: 'HTTP/1.1 301 Moved\r\nLocation: http://169.254.169.254/\r\n\r\n' }],
    ['half an answer', 'PROXY_BAD_GATEWAY', { says: `${head}never ends`, ends: true }],
    ['more than was asked', 'PROXY_BAD_GATEWAY', { says: `${head}\r\nmore` }],
    ['a status of four digits', 'PROXY_BAD_GATEWAY', { says: 'HTTP/1.1 2000 OK\r\n\r\n' }],
    ['another protocol', 'PROXY_BAD_GATEWAY', { says: 'SSH-2.0-OpenSSH_9.9\r\n\r\n' }],
    ['endless headers', 'PROXY_BAD_GATEWAY', { says: `${head}${'x: y\r\n'.repeat(4_000)}` }],
    ['long headers', 'PROXY_BAD_GATEWAY', { says: `${head}${'x: y\r\n'.repeat(4_000)}\r\n` }],
    ['nothing', 'PROXY_BAD_GATEWAY', 'closes'],
  ])('that answers %s: %s', async (_, code, behaviour) => {
    const proxy = await aProxy(behaviour);
    await expect(through(`http://127.0.0.1:${proxy.port}`)).rejects.toMatchObject({
      code,
      values: { host: '127.0.0.1', port: proxy.port },
    });
  });

  test('where nobody listens: PROXY_UNREACHABLE', async () => {
    const port = await aClosedPort();
    await expect(through(`http://127.0.0.1:${port}`)).rejects.toMatchObject({
      code: 'PROXY_UNREACHABLE',
      values: { host: '127.0.0.1', port, reason: 'ECONNREFUSED' },
    });
  });

  test('that takes CONNECT and says nothing has its time', async () => {
    const clock = new SteppedClock();
    const proxy = await aProxy('silent');
    const net = aNet(toLoopback, clock);
    const target = await net.vet('cluster', cluster, `http://127.0.0.1:${proxy.port}`);
    const probe = net.probeTls(target, {}, { timeout: 5_000 });
    const failed = expect(probe).rejects.toMatchObject({ code: 'PROXY_BAD_GATEWAY' });
    while (proxy.asked.length === 0) await settle(1);
    await clock.step(5_000);
    await failed;
  });
});

describe('the address of a proxy', () => {
  test.each([
    'proxy.example.com:3128',
    'socks5://127.0.0.1:1080',
    'ftp://127.0.0.1/',
    'http://',
    'http://127.0.0.1:3128/path',
    'http://127.0.0.1:3128/?q',
    'http://127.0.0.1:3128/#x',
    'http://127.0.0.1\n:3128',
    ' http://127.0.0.1:3128',
    'http://us%er:x@127.0.0.1:3128',
    '',
  ])('%j is none', async (proxy) => {
    await expect(aNet().vet('cluster', cluster, proxy)).rejects.toMatchObject({ code: 'PROXY_INVALID' });
  });

  test('is never in what is told when it holds a password', async () => {
    const failure = await aNet()
      .vet('cluster', cluster, 'http://user:canary%ZZ@127.0.0.1:3128')
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'PROXY_INVALID' });
    expect(JSON.stringify(failure) + (failure as Error).stack).not.toContain('canary');
  });

  test.each(
    hostile.filter(
      ({ policy, code, url }) =>
        policy !== 'webhook' && code === 'TARGET_FORBIDDEN' && url.startsWith('https://'),
    ),
  )('is vetted as a target is: $url', async ({ url, leadsTo }) => {
    const net = createNet({ clock: systemClock, resolve: async () => leadsTo ?? [] });
    const { hostname } = new URL(url.replaceAll('{port}', '6443'));
    const proxy = `http://${hostname}:3128`;
    await expect(net.vet('cluster', cluster, proxy)).rejects.toMatchObject({ code: 'TARGET_FORBIDDEN' });
    // An address of the target that nobody may be sent to, a proxy is not sent to either.
    if (leadsTo === undefined) {
      await expect(
        net.vet('cluster', url.replaceAll('{port}', '6443'), 'http://93.184.216.34:3128'),
      ).rejects.toMatchObject({ code: 'TARGET_FORBIDDEN' });
    }
  });
});
