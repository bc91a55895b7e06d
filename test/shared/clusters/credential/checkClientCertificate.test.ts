import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { clientCertificate } from '../../../../infra/world/pki/index.ts';
import { checkClientCertificate } from '../../../../shared/clusters/credential/checkClientCertificate.ts';
import { iso } from '../../../../shared/time/index.ts';
import { ada, ben, ca, faultOf, future, now, past, server, valid, warned } from './aCa.ts';

describe('a client certificate', () => {
  const check = (certificate: string, key: string) => checkClientCertificate({ certificate, key }, now);
  const key = (type: string, options: object): string =>
    generateKeyPairSync(type as 'ec', options as { namedCurve: string })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString();

  test('tells whom Kubernetes will take us for, and until when', () => {
    const { failure, warnings, expiries, evidence } = check(ada.certPem + ca.certPem, ada.keyPem);
    expect({ failure, warnings }).toEqual({ failure: null, warnings: [] });
    expect(evidence).toMatchObject({
      subject: 'ada',
      groups: ['operators', 'staff'],
      issuer: 'CN=kubernetes',
      notAfter: iso(valid.notAfter),
      keyKind: 'EC prime256v1',
    });
    expect(expiries).toEqual([{ of: 'certificate', subject: 'ada', at: valid.notAfter }]);
  });

  test.each([
    ['with the key of another', ada.certPem, ben.keyPem, 'KEY_MISMATCH'],
    ['with a key of another kind', ada.certPem, key('rsa', { modulusLength: 2048 }), 'KEY_MISMATCH'],
    ['behind that of its issuer', ca.certPem + ada.certPem, ada.keyPem, 'KEY_MISMATCH'],
    ['of garbage', 'garbage', ada.keyPem, 'CERT_INVALID: is not PEM'],
    ['exchanged for its key', ada.keyPem, ada.certPem, 'CERT_INVALID: holds a private key'],
    ['without a key', ada.certPem, '', 'KEY_INVALID: is not PEM'],
    ['with two keys', ada.certPem, ada.keyPem + ben.keyPem, 'KEY_INVALID: holds more than one private key'],
    ['with a key for agreement alone', ada.certPem, key('x25519', {}), 'KEY_INVALID: is of a kind'],
    [
      'with an RSA key of 1,024 bits',
      ada.certPem,
      key('rsa', { modulusLength: 1024 }),
      'KEY_INVALID: is of a kind',
    ],
    ['with a damaged key', ada.certPem, ada.keyPem.replace(/^M/m, 'A'), 'KEY_INVALID: is damaged'],
  ])('%s is refused', (_, certificate, given, fault) => {
    expect(faultOf(check(certificate, given))).toMatch(new RegExp(`^${fault}`));
  });

  // To the API server this is a plain 401 (test idea 12).
  test.each([
    ['has expired', past, 'CERT_EXPIRED_LOCAL'],
    ['is not valid yet', future, 'CERT_NOT_YET_VALID_LOCAL'],
  ])('that %s is named with its subject', (_, validity, code) => {
    const own = clientCertificate(ca, { commonName: 'ada', ...validity });
    const { failure, evidence } = check(own.certPem, own.keyPem);
    expect(failure).toMatchObject({ code, values: { subject: 'ada' } });
    expect(evidence).toMatchObject({ subject: 'ada' });
  });

  test('made for servers is told of', () => {
    expect(warned(check(server.certPem, server.keyPem))).toEqual(['CERT_NOT_FOR_CLIENTS']);
  });

  test.each([
    ['pkcs1', { type: 'pkcs1', format: 'pem' }],
    ['pkcs8', { type: 'pkcs8', format: 'pem' }],
  ])('may have an RSA key in %s', (_, form) => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const pem = rsa.export(form as { type: 'pkcs1'; format: 'pem' }).toString();
    expect(faultOf(check(ada.certPem, pem))).toBe('KEY_MISMATCH');
  });

  test('may have an EC key with its parameters before it, as OpenSSL writes it', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
    const pem = parameters + privateKey.export({ type: 'sec1', format: 'pem' }).toString();
    expect(faultOf(check(ada.certPem, pem))).toBe('KEY_MISMATCH');
  });
});
