import type { Text } from '#errors';
import type { Read } from './pem.ts';

/** The SHA-256 of a certificate as browsers, OpenSSL, keytool and shells print it; read as AB:CD:… */
export function readFingerprint(text: string): Read<string> {
  const digits = text
    .trim()
    .replace(/^sha-?256(?:\s*fingerprint)?\s*[:=]\s*/i, '')
    .replace(/(?<=[0-9a-f]{2})[:\s-]+(?=[0-9a-f]{2})/gi, '');
  if (!/^[0-9a-f]{64}$/i.test(digits)) {
    return { reason: /^[0-9a-f]{40}$/i.test(digits) ? isSha1 : isNot };
  }
  return { value: digits.toUpperCase().match(/../g)!.join(':') };
}

const isSha1: Text = { en: 'is a SHA-1, which can be forged', zh: '是可被伪造的 SHA-1' };
const isNot: Text = { en: 'is not 64 hexadecimal digits', zh: '不是 64 个十六进制数字' };
