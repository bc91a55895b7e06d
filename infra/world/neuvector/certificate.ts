import { type Certified, selfSignedCertificate, type Validity } from '../pki/index.ts';

export const controllerNames = [
  ...(['127.0.0.1', 'localhost'] as const),
  'neuvector-svc-controller.neuvector',
] as const;

/** Signed by itself, as NeuVector's own is where nobody gave it another. */
export const controllerCertificate = (valid: Validity): Certified =>
  selfSignedCertificate({ names: controllerNames, ...valid });
