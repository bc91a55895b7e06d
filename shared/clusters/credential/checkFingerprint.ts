import type { Text } from '#errors';
import { found } from '../finding.ts';
import { type Checked, refused } from './checked.ts';

export interface FingerprintEvidence {
  /** As Node and OpenSSL spell it: AB:CD:… */
  readonly fingerprint: string;
}

/** The SHA-256 of a certificate as browsers, OpenSSL, keytool and shells print it. */
export function checkFingerprint(text: string): Checked<FingerprintEvidence> {
  const digits = text
    .trim()
    .replace(/^sha-?256(?:\s*fingerprint)?\s*[:=]\s*/i, '')
    .replace(/(?<=[0-9a-f]{2})[:\s-]+(?=[0-9a-f]{2})/gi, '');
  if (!/^[0-9a-f]{64}$/i.test(digits)) {
    return refused(found('FINGERPRINT_INVALID', { reason: /^[0-9a-f]{40}$/i.test(digits) ? isSha1 : isNot }));
  }
  const fingerprint = digits.toUpperCase().match(/../g)!.join(':');
  return { failure: null, warnings: [], expiries: [], evidence: { fingerprint } };
}

const isSha1: Text = { en: 'is a SHA-1, which can be forged', zh: '是可被伪造的 SHA-1' };
const isNot: Text = { en: 'is not 64 hexadecimal digits', zh: '不是 64 个十六进制数字' };
