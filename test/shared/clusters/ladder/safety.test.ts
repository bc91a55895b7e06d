import { once } from 'node:events';
import { createServer, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Net } from '#net';
import { second, systemClock } from '#time';
import {
  type Certified,
  createCa,
  selfSignedCertificate,
  serverCertificate,
} from '../../../../infra/world/pki/index.ts';
import { createEksBearers } from '../../../../shared/clusters/eks/eksBearer.ts';
import { climb } from '../../../../shared/clusters/ladder/climb.ts';
import type { LadderInput } from '../../../../shared/clusters/ladder/ladder.ts';
import { ca, client, expose, foreignCa, names, past, server, valid } from './aCluster.ts';
import { climbing, theToken } from './climbing.ts';
import * as servers from './servers.ts';
import { StandingClock } from './standingClock.ts';

let stack: AsyncDisposableStack;
beforeEach(() => {
  stack = new AsyncDisposableStack();
});
afterEach(() => stack.disposeAsync());

const ada = { type: 'certificate', certificate: client.certPem, key: client.keyPem } as const;

/** Who connected, as they said, and every byte that they sent over TLS. */
interface Recorded {
  readonly client: string | null;
  sent: string;
}

/** Records all that is said to it; `certified` says what it shows to the how-manieth connection. */
async function recording(certified: (connection: number) => Certified, asked = () => {}) {
  const recorded: Recorded[] = [];
  const show = (connection: number) => {
    const { certPem, keyPem } = certified(connection);
    return { cert: certPem, key: keyPem };
  };
  const secure = { ca: ca.certPem, requestCert: true, rejectUnauthorized: false };
  const tls = createServer({ ...show(0), ...secure }, (socket: TLSSocket) => {
    const one: Recorded = { client: socket.getPeerCertificate().subject?.CN?.toString() ?? null, sent: '' };
    recorded.push(one);
    socket
      .on('error', () => {})
      .on('data', (piece) => {
        one.sent += piece.toString('latin1');
        asked();
      });
  });
  tls.on('tlsClientError', () => {});
  let connections = 0;
  tls.on('connection', () => tls.setSecureContext({ ...show(++connections), ca: ca.certPem }));
  tls.listen(0, '127.0.0.1');
  await once(tls, 'listening');
  stack.defer(() => void tls.close());
  const { port } = tls.address() as { port: number };
  return { url: `https://127.0.0.1:${port}`, recorded, connections: () => connections };
}

const unverified: [string, Certified][] = [
  ['that has expired', serverCertificate(ca, { names, ...past })],
  ['of another CA', serverCertificate(foreignCa, { names, ...valid })],
  [
    'of an intermediate CA that is not sent',
    serverCertificate(createCa({ commonName: 'x', ...valid }), { names, ...valid }),
  ],
  ['for another name', serverCertificate(ca, { names: ['elsewhere.example'], ...valid })],
  ['that is self-signed', selfSignedCertificate({ names, ...valid })],
];

describe('to a server with a certificate', () => {
  test.each(unverified)('%s neither token nor client certificate is given', async (_, certified) => {
    const { url, recorded } = await recording(() => certified);
    const tried = [{}, { credential: ada }];
    for (const input of tried) {
      const { validation } = await climbing({ server: url, input });
      expect(validation).toMatchObject({ outcome: 'failed', failedStep: 'tls' });
    }
    expect(recorded).toEqual(tried.map(() => ({ client: null, sent: '' })));
  });

  test.each(unverified)(
    '%s that takes the place of a good one, nothing is given either',
    async (_, certified) => {
      for (const input of [{}, { credential: ada }]) {
        // The first two find out whether it is reached and who it is.
        const { url, recorded, connections } = await recording((connection) =>
          connection < 2 ? server : certified,
        );
        const { validation } = await climbing({ server: url, input });
        expect(validation).toMatchObject({ outcome: 'failed', failedStep: 'http' });
        expect(validation.code).toMatch(/^TLS_/);
        expect(recorded.map(({ client: who, sent }) => ({ who, sent }))).toEqual(
          recorded.map(() => ({ who: null, sent: '' })),
        );
        expect(connections()).toBeGreaterThan(2);
      }
    },
  );
});

test('a client certificate is shown after connections without it to the same address', async () => {
  const clock = new StandingClock();
  const { url, recorded } = await recording(
    () => server,
    () => clock.push(6 * second),
  );
  const { validation } = await climbing({ server: url, input: { credential: ada }, clock });
  expect(validation.code).toBe('HTTP_TIMEOUT');
  const shown = recorded.map(({ client: who }) => who);
  expect(shown.indexOf('ada')).toBeGreaterThan(0);
  expect(new Set(shown)).toEqual(new Set([null, 'ada']));
  // Nothing is asked by one who has not said who it is.
  expect(recorded.filter(({ client: who }) => who === null).every(({ sent }) => sent === '')).toBe(true);
});

describe('to a forbidden address there is no connection', () => {
  // Test idea 15.
  test.each([
    '127.0.0.1',
    'localhost',
    '2130706433',
    '0x7f.1',
    '[::ffff:127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '１２７.０.０.１',
    'rebound.example.com',
  ])('spelled %s', async (host) => {
    const listening = await servers.tcp(stack, () => {});
    const { validation } = await climbing({
      server: `https://${host}:${listening.port}`,
      allowLoopback: false,
      resolve: async () => ['127.0.0.1'],
    });
    expect(validation).toMatchObject({ code: 'TARGET_FORBIDDEN', failedStep: 'policy' });
    expect(listening.connections()).toBe(0);
  });

  test('also where the name leads there only when it is looked up again', async () => {
    const { port } = await expose(stack);
    let asked = 0;
    const resolve = async () => (++asked === 1 ? ['127.0.0.1'] : ['169.254.169.254']);
    const { validation } = await climbing({ server: `https://api.example.com:${port}`, resolve });
    expect(validation).toMatchObject({ code: 'TARGET_FORBIDDEN', failedStep: 'http' });
  });

  test('also where a redirect points', async () => {
    const other = await servers.tcp(stack, () => {});
    const { url } = await servers.https(stack, (_, response) => {
      response.writeHead(302, { location: `https://127.0.0.1:${other.port}/version` }).end();
    });
    expect((await climbing({ server: url })).validation.code).toBe('REDIRECTED');
    expect(other.connections()).toBe(0);
  });
});

describe('behind a proxy', () => {
  test('the proxy is told host and port, and its own password, and nothing else', async () => {
    const { port } = await expose(stack);
    const heads: string[] = [];
    const proxy = await servers.proxy(stack, (head) => {
      heads.push(head);
      return undefined;
    });
    const { validation } = await climbing({
      server: `https://api.example.com:${port}`,
      input: { proxy: `http://robot:hush@127.0.0.1:${proxy.port}` },
    });
    expect(validation).toMatchObject({ outcome: 'warning', warnings: [{ code: 'TARGET_BY_PROXY' }] });
    const authorization = `Basic ${Buffer.from('robot:hush').toString('base64')}`;
    expect(new Set(heads)).toEqual(
      new Set([
        `CONNECT api.example.com:${port} HTTP/1.1\r\nHost: api.example.com:${port}\r\nProxy-Authorization: ${authorization}\r\n\r\n`,
      ]),
    );
    expect(proxy.received()).not.toContain(await theToken());
    expect(JSON.stringify(validation)).not.toMatch(/hush|cm9ib3Q6aHVzaA/);
  });

  test('the target’s address is not looked up, and that is told', async () => {
    const { port } = await expose(stack);
    const proxy = await servers.proxy(stack);
    const asked: string[] = [];
    const { validation } = await climbing({
      server: `https://api.example.com:${port}`,
      input: { proxy: `http://proxy.example.com:${proxy.port}` },
      resolve: async (host) => {
        asked.push(host);
        return ['127.0.0.1'];
      },
    });
    expect(new Set(asked)).toEqual(new Set(['proxy.example.com']));
    const byStep = Object.fromEntries(validation.steps.map((step) => [step.step, step]));
    expect(byStep.dns).toMatchObject({ evidence: { host: 'proxy.example.com', of: 'proxy' } });
    expect(byStep.tcp).toMatchObject({ outcome: 'skipped' });
    expect(byStep.proxy).toMatchObject({
      outcome: 'warning',
      code: 'TARGET_BY_PROXY',
      evidence: { proxy: `proxy.example.com:${proxy.port}`, target: `api.example.com:${port}` },
    });
  });

  test('a server that is not verified gets nothing through it', async () => {
    const certified = serverCertificate(foreignCa, { names, ...valid });
    const { url, recorded } = await recording(() => certified);
    const proxy = await servers.proxy(stack);
    const { validation } = await climbing({
      server: url,
      input: { proxy: `http://127.0.0.1:${proxy.port}`, credential: ada },
    });
    expect(validation).toMatchObject({ code: 'TLS_CA_UNKNOWN', failedStep: 'tls' });
    expect(recorded).toEqual([{ client: null, sent: '' }]);
  });
});

// Test ideas 13 and 14: what cannot work is refused before anybody is asked.
test.each<[string, Partial<LadderInput>, string]>([
  ['a CA that is garbage', { ca: 'garbage' }, 'CA_INVALID'],
  ['a CA that is cut off', { ca: ca.certPem.slice(0, 200) }, 'CA_INVALID'],
  ['a CA in base64', { ca: Buffer.from(ca.certPem).toString('base64') }, 'CA_INVALID'],
  ['a token with a line end', { credential: { type: 'token', token: 'a\nb' } }, 'TOKEN_INVALID'],
  ['a key of another', { credential: { ...ada, key: server.keyPem } }, 'KEY_MISMATCH'],
  ['a fingerprint that is none', { fingerprint: 'x' }, 'FINGERPRINT_INVALID'],
])('%s: no look-up, no packet', async (_, input, code) => {
  const untouched = new Proxy({} as Net, {
    get(_target, name) {
      throw new Error(`The network was asked: ${String(name)}`);
    },
  });
  const given: LadderInput = {
    server: 'https://api.example.com:6443',
    credential: { type: 'token', token: 'fine' },
    capabilities: ['watch'],
    ...input,
  };
  const eks = createEksBearers({ net: untouched, clock: systemClock, environment: () => undefined });
  const { validation } = await climb(given, { net: untouched, clock: systemClock, eks });
  expect(validation).toMatchObject({ code, failedStep: 'parse' });
});

test('a CA with line ends of Windows is one', async () => {
  const { url } = await expose(stack);
  const input = { ca: ca.certPem.replaceAll('\n', '\r\n') };
  expect((await climbing({ server: url, input })).validation.outcome).toBe('ok');
});
