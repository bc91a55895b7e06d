export {
  type Certified,
  clientCertificate,
  createCa,
  selfSignedCertificate,
  serverCertificate,
  type Validity,
} from './certificates.ts';
