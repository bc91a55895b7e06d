import { beforeEach, describe, expect, test } from 'vitest';
import { aFederation, aToken, type Federation, secrets } from './aFederation.ts';

let federation: Federation;
beforeEach(async () => {
  federation = await aFederation();
});

const as = (who: string, method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  federation.at.call(who, method, path, body, headers);
const operate = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  as(federation.operator, method, path, body, headers);
const alpha = '/api/v1/joins/alpha';

describe('a create', () => {
  test('keeps what it was given sealed, and shows no secret', async () => {
    const made = await federation.create('alpha', { labels: { env: 'prod' } });
    expect([made.status, made.body]).toMatchObject([201, { name: 'alpha', state: 'waiting', join: true }]);
    expect(made.headers.get('location')).toBe(`/api/v1/joins/${made.body.id}`);
    expect(made.body).toMatchObject({
      storeId: 'u2204a',
      federationName: expect.stringMatching(/^u2204a-[a-z0-9]{6}$/),
      controller: {
        address: 'alpha.example:10443',
        verified: true,
        credential: { name: 'joiner', version: 1 },
      },
      advertise: { server: 'cn-wukong-ru2204a.mcd.store', port: 443, origin: 'derived' },
      maxAttempts: 10,
      stayJoined: 'mend',
      contract: 'controller',
      from: 'api',
    });
    expect(federation.worker.asked).toMatchObject([{ do: 'prepare', id: made.body.id, version: 1 }]);
    for (const secret of [...Object.values(secrets), aToken()])
      expect(JSON.stringify(made.body)).not.toContain(secret);
  });

  test('for metrics alone says so, and what is of the join is null', async () => {
    const { controller } = { controller: { address: 'a.example:10443', credential: aKey } };
    const made = await operate('POST', '/api/v1/joins', { name: 'alpha', join: false, controller });
    expect([made.status, made.body]).toMatchObject([
      201,
      { state: 'watching', join: false, storeId: null, advertise: null, primary: null, maxAttempts: null },
    ]);
  });
});

describe('a membership', () => {
  beforeEach(async () => {
    await federation.create('alpha', { labels: { env: 'prod' } });
  });

  test('is read, listed and deleted; the federation is left alone unless that is asked for', async () => {
    expect((await operate('GET', alpha)).body).toMatchObject({ name: 'alpha', labels: { env: 'prod' } });
    expect((await operate('GET', '/api/v1/joins')).body.items).toHaveLength(1);
    const gone = await operate('DELETE', alpha);
    expect([gone.status, gone.body.state]).toEqual([202, 'deleting']);
    expect((await federation.records.get('alpha', 'join'))?.data.leavesAtEnd).toBe(false);
    await federation.create('beta');
    await operate('DELETE', '/api/v1/joins/beta?leave=true');
    expect((await federation.records.get('beta', 'join'))?.data.leavesAtEnd).toBe(true);
    expect((await operate('DELETE', '/api/v1/joins/beta')).status).toBe(202);
    expect((await federation.records.get('beta', 'join'))?.data.leavesAtEnd).toBe(true);
  });
});

const aKey = { type: 'apiKey', name: 'drover', secret: secrets.keySecret };
