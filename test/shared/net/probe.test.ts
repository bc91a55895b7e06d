import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createNet, type Resolve } from '#net';
import { systemClock } from '#time';
import { selfSignedCertificate } from '../../../infra/world/pki/index.ts';
import { aClosedPort, aTlsServer } from '../../fixtures/aTlsServer.ts';
import { ca, identity, valid } from '../../fixtures/clusterCertificates.ts';

const aNet = (...addresses: string[]) => {
  const resolve: Resolve = async () => (addresses.length > 0 ? addresses : ['127.0.0.1']);
  return createNet({ clock: systemClock, allowLoopback: true, resolve });
};

describe('a probe of TLS', () => {
  test('shows the server’s chain, and that it is trusted', async () => {
    const server = await aTlsServer();
    const net = aNet();
    const target = await net.vet('cluster', `https://api.example.com:${server.port}`);
    const seen = await net.probeTls(target, { ca: ca.certPem });
    const own = new X509Certificate(identity.server.certPem);
    expect(seen).toMatchObject({
      address: '127.0.0.1',
      protocol: 'TLSv1.3',
      chain: [
        {
          subject: 'CN=127.0.0.1',
          issuer: 'CN=kubernetes',
          names: ['127.0.0.1', 'localhost', 'api.example.com'],
          notBefore: own.validFromDate.toISOString(),
          notAfter: own.validToDate.toISOString(),
          sha256: own.fingerprint256.replaceAll(':', '').toLowerCase(),
        },
        { subject: 'CN=kubernetes' },
      ],
    });
    expect(seen.fault).toBeUndefined();
    expect(seen.reason).toBeUndefined();
  });

  test('shows whom it does not trust all the same, and nothing is sent', async () => {
    const own = selfSignedCertificate({ names: ['elsewhere.example'], ...valid });
    const server = await aTlsServer(undefined, { cert: own.certPem, key: own.keyPem });
    const net = aNet();
    const target = await net.vet('cluster', `https://api.example.com:${server.port}`);
    const certificate = { cert: own.certPem, key: own.keyPem };
    const seen = await net.probeTls(target, certificate);
    expect(seen).toMatchObject({
      reason: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      fault: { code: 'TLS_SELF_SIGNED' },
      chain: [{ names: ['elsewhere.example'] }],
    });
    const { sha256 } = seen.chain[0]!;
    expect((await net.probeTls(target, { fingerprint: sha256 })).fault).toBeUndefined();
    expect((await net.probeTls(target, { fingerprint: '00'.repeat(32) })).fault).toMatchObject({
      code: 'TLS_FINGERPRINT_MISMATCH',
    });
    for (const { text, client } of server.recorded) expect({ text, client }).toEqual({ text: '' });
  });
});

describe('a probe of TCP', () => {
  test('asks each address for itself', async () => {
    const server = await aTlsServer();
    const net = aNet('127.0.0.1', '127.0.0.2');
    const target = await net.vet('cluster', `https://api.example.com:${server.port}`);
    expect(await net.probeTcp(target)).toMatchObject([
      { address: '127.0.0.1' },
      { address: '127.0.0.2', fault: { code: 'TCP_REFUSED' } },
    ]);
  });

  test('behind a proxy it is the proxy that is asked', async () => {
    const net = aNet();
    const port = await aClosedPort();
    const target = await net.vet('cluster', 'https://api.example.com:6443', `http://localhost:${port}`);
    expect(await net.probeTcp(target)).toMatchObject([{ fault: { code: 'PROXY_UNREACHABLE' } }]);
  });
});
