import { createPrivateKey, type KeyObject } from 'node:crypto';
import { type PemBlock, pemBlocks, type Read } from '#certificates';
import type { Text } from '#errors';

export interface PrivateKey {
  readonly key: KeyObject;
  /** `RSA 2048`, `EC prime256v1`, `ED25519`. */
  readonly kind: string;
  /** Written anew, as PKCS #8. */
  readonly pem: string;
}

/** Where the DER of each block begins: OpenSSL wants to know. */
const forms: ReadonlyMap<string, 'pkcs8' | 'pkcs1' | 'sec1'> = new Map([
  ['PRIVATE KEY', 'pkcs8'],
  ['RSA PRIVATE KEY', 'pkcs1'],
  ['EC PRIVATE KEY', 'sec1'],
]);

/** Go, and so Kubernetes, knows these curves; OpenSSL refuses to use RSA keys below 2,048 bits. */
const curves = ['prime256v1', 'secp384r1', 'secp521r1'];
const shortestRsa = 2048;

export function readPrivateKey(text: string): Read<PrivateKey> {
  const blocks = pemBlocks(text);
  if ('reason' in blocks) return blocks;
  // OpenSSL writes the curve's parameters before an EC key.
  const [block, ...more] = blocks.value.filter(({ label }) => label !== 'EC PARAMETERS');
  if (!block) return { reason: noKey };
  if (more.length > 0) return { reason: several };
  if (block.isEncrypted || block.label === 'ENCRYPTED PRIVATE KEY') return { reason: passphrase };
  const key = parsed(block);
  if (key === 'other') return { reason: noKey };
  if (key === 'damaged') return { reason: damaged };
  const kind = kindOf(key);
  if (kind === undefined) return { reason: unusable };
  return { value: { key, kind, pem: key.export({ type: 'pkcs8', format: 'pem' }).toString() } };
}

function parsed({ label, der }: PemBlock): KeyObject | 'other' | 'damaged' {
  const type = forms.get(label);
  if (!type) return 'other';
  try {
    return createPrivateKey({ key: der, format: 'der', type });
  } catch {
    // OpenSSL's reason is of no use to the reader.
    return 'damaged';
  }
}

function kindOf(key: KeyObject): string | undefined {
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case 'rsa':
    case 'rsa-pss':
      return modulusLength >= shortestRsa ? `RSA ${modulusLength}` : undefined;
    case 'ec':
      return curves.includes(namedCurve) ? `EC ${namedCurve}` : undefined;
    case 'ed25519':
      return 'ED25519';
    default:
      return undefined;
  }
}

const noKey: Text = { en: 'holds no private key', zh: '不包含私钥' };
const several: Text = { en: 'holds more than one private key', zh: '包含多个私钥' };
const passphrase: Text = { en: 'is protected by a passphrase', zh: '受口令保护' };
const damaged: Text = { en: 'is damaged', zh: '已损坏' };
const unusable: Text = {
  en: 'is of a kind that Kubernetes does not take: RSA of 2,048 bits or more, EC P-256, P-384, P-521 and Ed25519 are',
  zh: '不是 Kubernetes 接受的类型：可用 RSA（2048 位以上）、EC P-256/P-384/P-521 和 Ed25519',
};
