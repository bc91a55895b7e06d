import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { checkCa } from '../../../../shared/clusters/credential/checkCa.ts';
import { iso } from '../../../../shared/time/index.ts';
import { ca, faultOf, newCa, now, oldCa, server, valid, warned } from './aCa.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('a CA', () => {
  // Node takes all of these without a word and then trusts nobody.
  test.each([
    ['garbage', 'garbage', 'CA_INVALID: is not PEM'],
    ['nothing', '', 'CA_INVALID: is not PEM'],
    ['cut off', ca.certPem.slice(0, -40), 'CA_INVALID: is cut off'],
    ['without its first line', ca.certPem.slice(28), 'CA_INVALID: is cut off'],
    ['of two that run together', ca.certPem.slice(0, 200) + ca.certPem, 'CA_INVALID: is cut off'],
    ['with a letter missing', ca.certPem.replace('MII', 'MI'), 'CA_INVALID: is damaged'],
    [
      'with a byte changed at its start',
      ca.certPem.replace('MII', 'AII'),
      'CA_INVALID: holds a damaged certificate (number 1)',
    ],
    ['in DER', new X509Certificate(ca.certPem).raw.toString('utf8'), 'CA_INVALID: is DER'],
    [
      'without its lines',
      new X509Certificate(ca.certPem).raw.toString('base64'),
      'CA_INVALID: has no BEGIN and END lines',
    ],
    ['in base64', base64(ca.certPem), 'CA_INVALID: is PEM in base64'],
    ['in base64 twice', base64(base64(ca.certPem)), 'CA_INVALID: is PEM in base64'],
    ['that is a key', ca.keyPem, 'CA_INVALID: holds a private key'],
    ['followed by its key', ca.certPem + ca.keyPem, 'CA_INVALID: holds a private key'],
    [
      'that is a public key',
      generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      'CA_INVALID: holds something else',
    ],
    ['over 256 kB', ca.certPem.repeat(500), 'CA_INVALID: is larger'],
    ['that has expired', oldCa.certPem, 'CA_EXPIRED'],
    ['of tomorrow', newCa.certPem, 'CA_NOT_YET_VALID'],
  ])('%s is refused (test idea 13)', (_, pem, fault) => {
    expect(faultOf(checkCa(pem, now))).toMatch(new RegExp(`^${fault.replace(/[()]/g, '\\$&')}`));
  });

  test('of bytes behind the certificate is refused', () => {
    const more = Buffer.concat([new X509Certificate(ca.certPem).raw, Buffer.from('more')]);
    const pem = `-----BEGIN CERTIFICATE-----\n${more.toString('base64')}\n-----END CERTIFICATE-----\n`;
    expect(faultOf(checkCa(pem, now))).toBe('CA_INVALID: holds a damaged certificate (number 1)');
  });

  test.each([
    ['Windows line ends', ca.certPem.replaceAll('\n', '\r\n')],
    ['indentation', ca.certPem.replaceAll('\n', '\n    ')],
    ['an explanation above', `# the CA of the shop\n${ca.certPem}`],
  ])('with %s is taken', (_, pem) => {
    expect(checkCa(pem, now).failure).toBeNull();
  });

  test('tells who it is and when it ends', () => {
    const { evidence, expiries, warnings } = checkCa(ca.certPem, now);
    expect(evidence?.certificates).toEqual([
      {
        subject: 'CN=kubernetes',
        issuer: 'CN=kubernetes',
        serial: expect.stringMatching(/^[0-9A-F]+$/),
        notBefore: iso(valid.notBefore),
        notAfter: iso(valid.notAfter),
        fingerprint: new X509Certificate(ca.certPem).fingerprint256,
      },
    ]);
    expect(expiries).toEqual([{ of: 'ca', subject: 'CN=kubernetes', at: valid.notAfter }]);
    expect(warnings).toEqual([]);
  });

  test('works as long as one of a bundle does; the others are told of', () => {
    const checked = checkCa(oldCa.certPem + ca.certPem + newCa.certPem, now);
    expect(checked.failure).toBeNull();
    expect(warned(checked)).toEqual(['CA_EXPIRED', 'CA_NOT_YET_VALID']);
    expect(checked.expiries.map(({ subject }) => subject)).toEqual(['CN=kubernetes', 'CN=new']);
  });

  test('that is none is told of', () => {
    expect(warned(checkCa(server.certPem, now))).toEqual(['CA_NOT_CA']);
  });
});
