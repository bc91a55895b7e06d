export {
  type Certificates,
  type CertificateView,
  certificateView,
  endsAt,
  readCertificates,
  startsAt,
} from './certificates.ts';
export { readFingerprint } from './fingerprint.ts';
export { type PemBlock, pemBlocks, type Read, strictBase64 } from './pem.ts';
