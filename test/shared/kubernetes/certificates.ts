import { day } from '#time';
import type { Identity } from '../../../infra/world/faults/connectionMode.ts';
import { createCa, serverCertificate } from '../../../infra/world/pki/index.ts';

const now = Date.now();
export const valid = { notBefore: now - day, notAfter: now + day };
export const ca = createCa({ commonName: 'kubernetes', ...valid });
const names = ['127.0.0.1', 'localhost', 'api.example.com'] as const;

export const identity: Identity = {
  ca,
  caName: 'kubernetes',
  names,
  server: serverCertificate(ca, { names, ...valid }),
};
