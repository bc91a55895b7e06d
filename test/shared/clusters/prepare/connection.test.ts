import { describe, expect, test } from 'vitest';
import type { ConnectionBody } from '../../../../shared/clusters/calls.ts';
import { readConnection } from '../../../../shared/clusters/prepare/connection.ts';
import { ada, aKubeconfig, base64, ca, token } from '../kubeconfig/aKubeconfig.ts';

const read = (body: ConnectionBody, leave = {}) => readConnection(body, { allowInsecure: false, ...leave });
const server = 'https://api.example.com:6443';
const byToken = { type: 'token', token } as const;
const fingerprint = 'ab'.repeat(32);

describe('a connection', () => {
  test('is read from its own fields', () => {
    const body = {
      server: `${server}/`,
      ca: ca.certPem,
      tlsServerName: 'kubernetes',
      credential: byToken,
    };
    expect(read(body)).toEqual({
      server,
      tlsServerName: 'kubernetes',
      isVerified: true,
      type: 'token',
      opened: { ca: ca.certPem, credential: byToken },
      warnings: [],
    });
  });

  test('is read from a kubeconfig, of which one context and one method are kept', () => {
    const kubeconfig = aKubeconfig({
      cluster: { server, 'certificate-authority-data': base64(ca.certPem) },
      user: { 'client-certificate-data': base64(ada.certPem), 'client-key-data': base64(ada.keyPem), token },
    });
    const connection = read({ credential: { type: 'kubeconfig', kubeconfig } });
    expect(connection).toMatchObject({ server, type: 'kubeconfig' });
    expect(connection.opened).toEqual({ ca: ca.certPem, credential: byToken });
    expect(connection.warnings.map(({ code }) => code)).toEqual(['CREDENTIAL_LEFT_OUT']);
  });

  test('trusts a fingerprint in place of a CA', () => {
    const kubeconfig = aKubeconfig({
      cluster: { server, 'certificate-authority-data': base64(ca.certPem) },
    });
    const connection = read({ fingerprint, credential: { type: 'kubeconfig', kubeconfig } });
    expect(connection.fingerprint).toMatch(/^(AB:){31}AB$/);
    expect(connection.opened.ca).toBeUndefined();
  });

  test('keeps what is secret of a proxy apart from its address', () => {
    const connection = read({
      server,
      proxy: 'http://me:p%40ss@proxy.example.com:3128',
      credential: byToken,
    });
    expect(connection.proxy).toBe('http://proxy.example.com:3128');
    expect(connection.opened.proxyCredential).toBe('me:p%40ss');
  });

  test('is unverified only by an administrator’s leave, and stays so only while that lasts', () => {
    const kubeconfig = aKubeconfig({
      cluster: { server, 'insecure-skip-tls-verify': true, 'certificate-authority-data': undefined },
    });
    const credential = { type: 'kubeconfig', kubeconfig } as const;
    expect(() => read({ credential })).toThrow(expect.objectContaining({ code: 'KUBECONFIG_INSECURE' }));
    expect(read({ credential }, { allowInsecure: true }).isVerified).toBe(false);
    expect(read({ fingerprint, credential }, { allowInsecure: true }).isVerified).toBe(true);
    const kept = { server, credential: byToken };
    expect(read(kept, { allowInsecure: true, wasInsecure: true }).isVerified).toBe(false);
    expect(read(kept, { wasInsecure: true }).isVerified).toBe(true);
    const withCa = { ...kept, ca: ca.certPem };
    expect(read(withCa, { allowInsecure: true, wasInsecure: true }).isVerified).toBe(true);
  });

  test.each<[string, Partial<ConnectionBody>, string, string?]>([
    ['no server', { server: undefined }, 'KUBECONFIG_SERVER_INVALID', 'server'],
    ['http', { server: 'http://api.example.com' }, 'KUBECONFIG_SERVER_NOT_HTTPS', 'server'],
    ['a name that is none', { tlsServerName: 'a b' }, 'KUBECONFIG_SERVER_INVALID', 'tlsServerName'],
    ['a CA that is none', { ca: 'canary' }, 'CA_INVALID', 'ca'],
    ['a fingerprint that is none', { fingerprint: 'canary' }, 'FINGERPRINT_INVALID'],
    ['a proxy that is none', { proxy: 'socks5://me:canary@proxy' }, 'PROXY_INVALID'],
    ['a proxy with a path', { proxy: 'http://me:canary@proxy/path' }, 'PROXY_INVALID'],
    ['a token in two lines', { credential: { type: 'token', token: 'can\nary' } }, 'TOKEN_INVALID', 'token'],
    [
      'a certificate that is none',
      { credential: { type: 'certificate', certificate: 'canary', key: ada.keyPem } },
      'CERT_INVALID',
      'certificate',
    ],
    [
      'a key that is none',
      { credential: { type: 'certificate', certificate: ada.certPem, key: 'canary' } },
      'KEY_INVALID',
      'key',
    ],
    [
      'half a pair of AWS keys',
      {
        credential: {
          type: 'eks',
          region: 'eu-central-1',
          clusterName: 'c',
          secretAccessKey: 'canary'.repeat(4),
        },
      },
      'EKS_INVALID',
      'accessKeyId',
    ],
  ])('with %s is refused by its field, and what was given is not repeated', (_, wrong, code, at) => {
    let error: unknown;
    try {
      read({ server, credential: byToken, ...wrong });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code, ...(at !== undefined && { values: { at } }) });
    expect(JSON.stringify([error, String(error)])).not.toContain('canary');
  });
});
