import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { KubeAccess } from '#kubernetes';
import {
  clientCertificate,
  createCa,
  selfSignedCertificate,
  serverCertificate,
} from '../../../infra/world/pki/index.ts';
import { aTlsServer, ok } from '../../fixtures/aTlsServer.ts';
import { ca, identity, valid } from '../../fixtures/clusterCertificates.ts';
import { SteppedClock } from '../../fixtures/steppedClock.ts';
import { aProxy } from '../net/aProxy.ts';
import { connected, portsAt } from './aWorldCluster.ts';

const token = 'canary-token-4711';
const bearer = () => token;
const foreignCa = createCa({ commonName: 'another', ...valid });
const selfSigned = selfSignedCertificate({ names: ['elsewhere.example'], ...valid });
const otherName = serverCertificate(ca, { names: ['elsewhere.example'], ...valid });
const fingerprintOf = (pem: string) => new X509Certificate(pem).fingerprint256;
const person = clientCertificate(ca, { commonName: 'anna', ...valid });
const certificate = { certificate: person.certPem, key: person.keyPem };

const certified = ({ certPem, keyPem }: { certPem: string; keyPem: string }) => ({
  cert: certPem,
  key: keyPem,
});

describe('to a server that is not verified, nothing is sent', () => {
  test.each<[string, object, Partial<KubeAccess>, string]>([
    ['a foreign CA was given', {}, { ca: foreignCa.certPem }, 'TLS_CA_UNKNOWN'],
    ['no CA was given', {}, {}, 'TLS_CA_UNKNOWN'],
    ['it signed itself', certified(selfSigned), { ca: ca.certPem }, 'TLS_SELF_SIGNED'],
    ['it has another name', certified(otherName), { ca: ca.certPem }, 'TLS_NAME_MISMATCH'],
    ['it lacks the TLS server name', {}, { ca: ca.certPem, tlsServerName: 'x.example' }, 'TLS_NAME_MISMATCH'],
    [
      'it has another fingerprint',
      {},
      { fingerprint: fingerprintOf(otherName.certPem) },
      'TLS_FINGERPRINT_MISMATCH',
    ],
    [
      'the fingerprint is its CA’s and the CA is given',
      {},
      { ca: ca.certPem, fingerprint: fingerprintOf(ca.certPem) },
      'TLS_FINGERPRINT_MISMATCH',
    ],
    ['the fingerprint is empty', {}, { fingerprint: '' }, 'TLS_FINGERPRINT_MISMATCH'],
    [
      'the fingerprint is half of its own',
      {},
      { fingerprint: fingerprintOf(identity.server.certPem).slice(0, 47) },
      'TLS_FINGERPRINT_MISMATCH',
    ],
  ])('%s', async (_, options, access, code) => {
    for (const credential of [{ bearer }, { certificate }]) {
      const server = await aTlsServer(undefined, options);
      const connection = await connected({
        server: `https://127.0.0.1:${server.port}`,
        ...access,
        ...credential,
      });
      const failure = await connection.send({ path: '/version' }).catch((error: Error) => error);
      expect(failure).toMatchObject({ code });
      expect(String((failure as Error).stack)).not.toContain(token);
      for (const { text, client } of server.recorded) expect({ text, client }).toEqual({ text: '' });
    }
  });
});

describe('a server is verified', () => {
  const own = fingerprintOf(identity.server.certPem);
  test.each<[string, object, Partial<KubeAccess>]>([
    ['by its CA', {}, { ca: ca.certPem }],
    ['by its fingerprint, without a CA', {}, { fingerprint: own }],
    [
      'by its fingerprint in lower case and without colons',
      {},
      { fingerprint: own.replaceAll(':', '').toLowerCase() },
    ],
    [
      'by its fingerprint, whatever names it carries',
      certified(selfSigned),
      { fingerprint: fingerprintOf(selfSigned.certPem) },
    ],
    ['by the TLS server name', certified(otherName), { ca: ca.certPem, tlsServerName: 'elsewhere.example' }],
    ['by nobody, where an administrator allows that', certified(selfSigned), { verify: false }],
  ])('%s', async (_, options, access) => {
    const server = await aTlsServer(undefined, options);
    const connection = await connected({ server: `https://127.0.0.1:${server.port}/`, bearer, ...access });
    expect((await connection.send({ path: '/version' })).status).toBe(200);
    expect(server.recorded[0]!.text).toContain(`authorization: Bearer ${token}\r\n`);
  });

  test('TLS is asked for the TLS server name, else for the host’s, and never for an address', async () => {
    const server = await aTlsServer();
    const ask = async (host: string, more: Partial<KubeAccess> = {}) => {
      const connection = await connected({
        server: `https://${host}:${server.port}`,
        ca: ca.certPem,
        ...more,
      });
      await connection.send({ path: '/version' });
      return server.recorded.at(-1)!.serverName;
    };
    expect(await ask('api.example.com')).toBe('api.example.com');
    expect(await ask('127.0.0.1')).toBe(false);
    expect(await ask('127.0.0.1', { tlsServerName: 'localhost' })).toBe('localhost');
  });
});

describe('a client certificate', () => {
  test('is shown after a connection without it, once for all that is asked', async () => {
    const server = await aTlsServer();
    const connection = await connected({
      server: `https://127.0.0.1:${server.port}`,
      ca: ca.certPem,
      certificate,
    });
    for (let i = 0; i < 3; i++) await connection.send({ path: '/version' });
    expect(server.recorded.map(({ client }) => client)).toEqual([undefined, 'anna']);
    expect(server.recorded[0]!.text).toBe('');
    await Promise.all([1, 2, 3, 4].map(() => connection.send({ path: '/version' })));
    expect(server.recorded.filter(({ client }) => client === undefined)).toHaveLength(1);
  });

  test('goes to the address that was verified and to no other of the name', async () => {
    const server = await aTlsServer((socket) => socket.write(ok('{}', 'Connection: close\r\n')));
    // Nobody listens at the other one.
    const own = portsAt(new SteppedClock(), async () => ['127.0.0.2', '127.0.0.1']);
    const access = { server: `https://api.example.com:${server.port}`, ca: ca.certPem, certificate };
    const connection = await connected(access, own);
    for (let i = 0; i < 3; i++) await connection.send({ path: '/version' });
    expect(connection.address).toBe('127.0.0.1');
    expect(server.recorded.map(({ client }) => client)).toEqual([undefined, 'anna', 'anna', 'anna']);
  });

  test('goes through a proxy as it goes without one', async () => {
    const server = await aTlsServer();
    const proxy = await aProxy({ to: server.port });
    const connection = await connected({
      server: 'https://api.example.com:6443',
      proxy: `http://proxy.example.com:${proxy.port}`,
      ca: ca.certPem,
      certificate,
    });
    for (let i = 0; i < 3; i++) expect((await connection.send({ path: '/version' })).status).toBe(200);
    expect(server.recorded.map(({ client }) => client)).toEqual([undefined, 'anna']);
    expect(proxy.asked).toHaveLength(2);
  });

  test('is shown to a server that lets nobody in without one', async () => {
    const server = await aTlsServer(undefined, { rejectUnauthorized: true });
    const access = { server: `https://127.0.0.1:${server.port}`, ca: ca.certPem };
    const connection = await connected({ ...access, certificate });
    expect((await connection.send({ path: '/version' })).status).toBe(200);
    const without = await connected(access);
    await expect(without.send({ path: '/version' })).rejects.toMatchObject({
      code: 'TLS_CLIENT_CERT_REQUIRED',
    });
  });
});

describe('a token', () => {
  test.each(['two\nlines', 'tab\tin', 'cr\r', 'space in', '', 'ünicode', 'nul\0'])(
    '%j is refused before anything is sent, and not repeated',
    async (broken) => {
      const server = await aTlsServer();
      const connection = await connected({
        server: `https://127.0.0.1:${server.port}`,
        ca: ca.certPem,
        bearer: () => `${broken}${broken && token}`,
      });
      const failure = await connection.send({ path: '/version' }).catch((error: Error) => error);
      expect(failure).toMatchObject({ code: 'BEARER_MALFORMED' });
      expect(JSON.stringify(failure) + String((failure as Error).stack)).not.toContain(token);
      expect(server.connections).toBe(0);
    },
  );

  test('is asked for anew with each request', async () => {
    const server = await aTlsServer((socket) => socket.write(ok()));
    let made = 0;
    const connection = await connected({
      server: `https://127.0.0.1:${server.port}`,
      ca: ca.certPem,
      bearer: () => `short-lived-${++made}`,
    });
    await connection.send({ path: '/a' });
    await connection.send({ path: '/b' });
    expect(server.recorded[0]!.text.match(/short-lived-\d/g)).toEqual(['short-lived-1', 'short-lived-2']);
  });
});
