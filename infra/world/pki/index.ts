export {
  type Certified,
  clientCertificate,
  createCa,
  serverCertificate,
  type Validity,
} from './certificates.ts';
