import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { checkFingerprint } from '../../../../shared/clusters/credential/checkFingerprint.ts';
import { ca, faultOf } from './aCa.ts';

describe('a fingerprint', () => {
  const spelled = new X509Certificate(ca.certPem).fingerprint256;
  const digits = spelled.replaceAll(':', '');

  test.each([
    ['Node and OpenSSL', spelled],
    ['OpenSSL with its label', `SHA256 Fingerprint=${spelled}`],
    ['OpenSSL 3 with its label', `sha256 Fingerprint=${spelled}\n`],
    ['browsers', digits.toLowerCase()],
    ['browsers in pairs', digits.match(/../g)!.join(' ')],
    ['Windows', digits.match(/../g)!.join('-')],
    ['registries', `sha256:${digits.toLowerCase()}`],
    ['keytool', `SHA256: ${spelled}`],
    ['keytool in two lines', `${spelled.slice(0, 48)}\n${spelled.slice(48)}`],
  ])('as %s spell it is understood', (_, text) => {
    expect(checkFingerprint(text).evidence).toEqual({ fingerprint: spelled });
  });

  test.each([
    [
      'a SHA-1',
      new X509Certificate(ca.certPem).fingerprint,
      'FINGERPRINT_INVALID: is a SHA-1, which can be forged',
    ],
    ['too short', digits.slice(2), 'FINGERPRINT_INVALID: is not 64 hexadecimal digits'],
    ['too long', `${digits}00`, 'FINGERPRINT_INVALID: is not 64 hexadecimal digits'],
    [
      'base64',
      Buffer.from(digits, 'hex').toString('base64'),
      'FINGERPRINT_INVALID: is not 64 hexadecimal digits',
    ],
    ['empty', '', 'FINGERPRINT_INVALID: is not 64 hexadecimal digits'],
  ])('that is %s is refused', (_, text, fault) => {
    expect(faultOf(checkFingerprint(text))).toBe(fault);
  });
});
