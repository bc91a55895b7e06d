import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkLocally } from '../../../../shared/clusters/credential/checkLocally.ts';
import { ada, ben, ca, now, oldCa, warned } from './aCa.ts';

describe('all together', () => {
  test('the first failure counts, every warning and expiry is told', () => {
    const checked = checkLocally(
      {
        ca: oldCa.certPem + ca.certPem,
        credential: { type: 'certificate', certificate: ada.certPem, key: ben.keyPem },
      },
      now,
    );
    expect(checked.failure?.code).toBe('KEY_MISMATCH');
    expect(warned(checked)).toEqual(['CA_EXPIRED']);
    expect(checked.expiries.map((expiry) => expiry.of)).toEqual(['ca', 'certificate']);
    expect(checked.evidence?.ca?.certificates).toHaveLength(2);
  });

  test('whatever is given, there is an answer, and no secret in it', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '-----BEGIN CERTIFICATE-----\n',
        '-----END PRIVATE KEY-----',
        ada.certPem.slice(0, 100),
      ),
    );
    const secret = fc.stringMatching(/^[a-z0-9]{20}$/).map((random) => `S3cret${random}`);
    const around = fc.tuple(text, secret, text);
    fc.assert(
      fc.property(around, ([before, canary, after]) => {
        const given = before + canary + after;
        for (const credential of [
          { type: 'token', token: given },
          { type: 'certificate', certificate: given, key: ada.keyPem },
          { type: 'certificate', certificate: ada.certPem, key: given },
          { type: 'eks', region: 'eu-central-1', clusterName: 'a', secretAccessKey: given },
        ] as const) {
          const checked = checkLocally({ ca: given, fingerprint: given, credential }, now);
          expect(JSON.stringify(checked)).not.toContain(canary);
        }
      }),
      { numRuns: 100, seed: 1 },
    );
  });
});
