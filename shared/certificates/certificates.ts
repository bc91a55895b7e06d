import { X509Certificate } from 'node:crypto';
import type { Text } from '#errors';
import { shown } from '#errors';
import { type Instant, iso } from '#time';
import { pemBlocks, type Read } from './pem.ts';

/** What can be told of a certificate: nothing in it is secret. */
export interface CertificateView {
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  readonly notBefore: string;
  readonly notAfter: string;
  /** SHA-256 of the whole, as OpenSSL spells it: AB:CD:… */
  readonly fingerprint: string;
}

export interface Certificates {
  readonly list: readonly [X509Certificate, ...X509Certificate[]];
  /** Written anew: the blocks alone, one after the other. */
  readonly pem: string;
}

export function readCertificates(text: string): Read<Certificates> {
  const blocks = pemBlocks(text);
  if ('reason' in blocks) return blocks;
  const list: X509Certificate[] = [];
  for (const { label, der } of blocks.value) {
    if (label.endsWith('PRIVATE KEY')) return { reason: privateKey };
    if (label !== 'CERTIFICATE') return { reason: otherBlock };
    const certificate = parsed(der);
    if (!certificate) return { reason: damaged(list.length + 1) };
    list.push(certificate);
  }
  const [first, ...others] = list;
  if (!first) return { reason: damaged(1) };
  return {
    value: { list: [first, ...others], pem: list.map((certificate) => certificate.toString()).join('') },
  };
}

/** Undefined for what is no certificate, for bytes behind one, and for dates that are none. */
function parsed(der: Buffer): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(der);
    const isWhole = certificate.raw.equals(der);
    return isWhole && !Number.isNaN(startsAt(certificate) + endsAt(certificate)) ? certificate : undefined;
  } catch {
    // OpenSSL's reason says nothing to the reader, and may repeat bytes.
    return undefined;
  }
}

export const startsAt = (certificate: X509Certificate): Instant => certificate.validFromDate.getTime();
export const endsAt = (certificate: X509Certificate): Instant => certificate.validToDate.getTime();

export const certificateView = (certificate: X509Certificate): CertificateView => ({
  subject: oneLine(certificate.subject),
  issuer: oneLine(certificate.issuer),
  serial: certificate.serialNumber,
  notBefore: iso(startsAt(certificate)),
  notAfter: iso(endsAt(certificate)),
  fingerprint: certificate.fingerprint256,
});

/** Node writes one attribute per line. A certificate may have no subject at all. */
const oneLine = (name: string | undefined): string => shown((name ?? '').split('\n').join(', '));

const privateKey: Text = {
  en: 'holds a private key, which has no place here',
  zh: '包含私钥，私钥不应放在此处',
};
const otherBlock: Text = {
  en: 'holds something else than certificates',
  zh: '包含证书以外的内容',
};
const damaged = (number: number): Text => ({
  en: `holds a damaged certificate (number ${number})`,
  zh: `包含损坏的证书（第 ${number} 个）`,
});
