import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The key a cluster signs its service accounts' tokens with: ES256, as of a cluster with an EC key. */
export class ServiceAccountKey {
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #header: string;
  readonly #keyId: string;

  /** PEM of a P-256 key. */
  constructor(privateKey: string) {
    this.#privateKey = createPrivateKey(privateKey);
    this.#publicKey = createPublicKey(this.#privateKey);
    this.#keyId = createHash('sha256')
      .update(this.#publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64url');
    this.#header = encoded({ alg: 'ES256', kid: this.#keyId });
  }

  sign(claims: object): string {
    const body = `${this.#header}.${encoded(claims)}`;
    const key = { key: this.#privateKey, dsaEncoding: 'ieee-p1363' as const };
    return `${body}.${sign('sha256', Buffer.from(body), key).toString('base64url')}`;
  }

  /** The public half, for those who check tokens elsewhere. */
  jwk(): object {
    return { use: 'sig', alg: 'ES256', kid: this.#keyId, ...this.#publicKey.export({ format: 'jwk' }) };
  }

  /** What is wrong with a token's signature, in the server's words. */
  fault(token: string): string | undefined {
    const [header, payload, signature] = token.split('.');
    const { alg, kid } = decoded(header!) ?? {};
    if (kid !== undefined && kid !== '' && kid !== this.#keyId) return 'invalid signature, no keys found';
    const key = { key: this.#publicKey, dsaEncoding: 'ieee-p1363' as const };
    const isGood =
      alg === 'ES256' &&
      verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature!, 'base64url'));
    return isGood ? undefined : 'go-jose/go-jose: error in cryptographic primitive';
  }
}

/** What a JSON Web Token claims, trusted by no one yet; undefined when it is none. */
export function claimsOf(token: string): Record<string, unknown> | undefined {
  const parts = token.split('.');
  return parts.length === 3 ? decoded(parts[1]!) : undefined;
}

function decoded(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
