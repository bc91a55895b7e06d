import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createVault, kmsKeys } from '#secrets';
import { MemoryTable } from '#store';
import { SteppedClock } from '../../fixtures/steppedClock.ts';
import { aKmsDouble } from './kmsDouble.ts';

let kms: Awaited<ReturnType<typeof aKmsDouble>>;
beforeEach(async () => {
  kms = await aKmsDouble();
  vi.stubEnv('AWS_ENDPOINT_URL_KMS', kms.endpoint);
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});
afterEach(() => {
  vi.unstubAllEnvs();
  kms.close();
});

const owner = { area: 'clusters', id: 'clu_1', version: 1 };

test('seals and opens with a data key of KMS, the scope as its encryption context', async () => {
  const table = new MemoryTable();
  const sealed = await createVault(table, kmsKeys(kms.keyId), new SteppedClock()).seal('a token', owner);
  const elsewhere = createVault(table, kmsKeys(kms.keyId), new SteppedClock());
  expect((await elsewhere.open(sealed, owner)).toString()).toBe('a token');

  expect(kms.calls.map(({ operation }) => operation)).toEqual(['GenerateDataKey', 'Decrypt']);
  const scope = sealed.split('.')[1];
  expect(kms.calls.map(({ body }) => body.EncryptionContext)).toEqual(
    Array(2).fill({ 'drover:scope': scope }),
  );
});

test('a hundred openings in five minutes cost one call, the next one after that another', async () => {
  const table = new MemoryTable();
  const clock = new SteppedClock();
  const sealed = await createVault(table, kmsKeys(kms.keyId), clock).seal('a token', owner);
  kms.calls.length = 0;
  const vault = createVault(table, kmsKeys(kms.keyId), clock);
  await Promise.all(Array.from({ length: 50 }, () => vault.open(sealed, owner)));
  await clock.step(299_000);
  for (let i = 0; i < 50; i++) await vault.open(sealed, owner);
  expect(kms.calls.length).toBe(1);
  await clock.step(1_000);
  await vault.open(sealed, owner);
  expect(kms.calls.length).toBe(2);
});

test.each([
  [400, 'AccessDeniedException', 'KEY_SERVICE_REFUSED'],
  [400, 'DisabledException', 'KEY_SERVICE_REFUSED'],
  [400, 'ThrottlingException', 'KEY_SERVICE_UNANSWERED'],
  [500, 'KMSInternalException', 'KEY_SERVICE_UNANSWERED'],
])('%i %s is %s, and nothing is kept of the failure', async (status, type, code) => {
  const vault = createVault(new MemoryTable(), kmsKeys(kms.keyId), new SteppedClock());
  kms.failWith(status, type);
  await expect(vault.seal('a token', owner)).rejects.toMatchObject({ code, values: { reason: type } });
  await expect(vault.seal('a token', owner)).rejects.toMatchObject({ code });
  expect(kms.calls.length).toBe(2);
});
