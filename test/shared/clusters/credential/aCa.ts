import { clientCertificate, createCa, serverCertificate } from '../../../../infra/world/pki/index.ts';
import type { Checked } from '../../../../shared/clusters/credential/checked.ts';
import type { Text } from '../../../../shared/errors/index.ts';
import { day } from '../../../../shared/time/index.ts';

export const now = Date.parse('2026-03-01T10:00:00Z');
export const valid = { notBefore: now - day, notAfter: now + 90 * day };
export const past = { notBefore: now - 9 * day, notAfter: now - day };
export const future = { notBefore: now + day, notAfter: now + 9 * day };

export const ca = createCa({ commonName: 'kubernetes', ...valid });
export const oldCa = createCa({ commonName: 'old', ...past });
export const newCa = createCa({ commonName: 'new', ...future });
export const server = serverCertificate(ca, { names: ['api.example.com'], ...valid });
export const ada = clientCertificate(ca, {
  commonName: 'ada',
  organizations: ['operators', 'staff'],
  ...valid,
});
export const ben = clientCertificate(ca, { commonName: 'ben', ...valid });

/** The code, and for what is wrong with a form the words, which tell the cases apart. */
export function faultOf({ failure }: Checked<unknown>): string | undefined {
  const reason = (failure?.values.reason as Text | undefined)?.en;
  return failure ? [failure.code, reason].filter(Boolean).join(': ') : undefined;
}
export const warned = ({ warnings }: Checked<unknown>): string[] => warnings.map(({ code }) => code);
