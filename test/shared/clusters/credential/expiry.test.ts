import { expect, test } from 'vitest';
import { type Expiry, expiryStage, expiryWarning } from '../../../../shared/clusters/credential/expiry.ts';
import { day } from '../../../../shared/time/index.ts';

const now = Date.parse('2026-03-01T10:00:00Z');

test.each([
  [31, undefined],
  [30, 30],
  [7.5, 30],
  [7, 7],
  [1, 1],
  [0.001, 1],
  [0, undefined],
  [-1, undefined],
])('%s days ahead the stage is %s', (days, stage) => {
  expect(expiryStage(now + days * day, now)).toBe(stage);
});

test.each<[Expiry['of'], string]>([
  ['token', 'TOKEN_EXPIRES_SOON'],
  ['certificate', 'CERT_EXPIRES_SOON'],
  ['ca', 'CA_EXPIRES_SOON'],
  ['serverCertificate', 'SERVER_CERT_EXPIRES_SOON'],
])('a %s has a warning of its own', (of, code) => {
  const at = now + 5 * day;
  expect(expiryWarning({ of, subject: 'ada', at }, now)).toEqual({
    code,
    values: { subject: 'ada', when: '2026-03-06T10:00:00.000Z', days: 7 },
  });
  expect(expiryWarning({ of, subject: 'ada', at: now + 40 * day }, now)).toBeUndefined();
});
