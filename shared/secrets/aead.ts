import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';

const ivBytes = 12;
const tagBytes = 16;

/** AES-256-GCM with a random nonce: nonce, tag, ciphertext. A key must not seal more than 2^32 times. */
export function encrypt(key: Uint8Array | KeyObject, plain: Uint8Array, bound: string): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(bound));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

/** Undefined where key, text or what is bound to it are not those it was made with. */
export function decrypt(key: Uint8Array | KeyObject, sealed: Uint8Array, bound: string): Buffer | undefined {
  if (sealed.byteLength < ivBytes + tagBytes) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, ivBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(Buffer.from(bound));
  decipher.setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes));
  const body = decipher.update(sealed.subarray(ivBytes + tagBytes));
  try {
    return Buffer.concat([body, decipher.final()]);
  } catch {
    // OpenSSL has one reason only: the tag does not fit.
    return undefined;
  }
}
