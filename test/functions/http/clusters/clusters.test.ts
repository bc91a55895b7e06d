import { beforeEach, describe, expect, test } from 'vitest';
import { aBody, aHerd, type Herd, token } from './aHerd.ts';

let herd: Herd;
beforeEach(async () => {
  herd = await aHerd();
});

const as = (who: string, method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  herd.at.call(who, method, path, body, headers);
const operate = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  as(herd.operator, method, path, body, headers);

describe('a create', () => {
  test('tries the connection, keeps it sealed, and shows no secret', async () => {
    const made = await herd.create('alpha', { labels: { env: 'prod' }, checkEverySeconds: 60 });
    expect([made.status, made.body]).toMatchObject([201, { name: 'alpha', state: 'pending' }]);
    expect(made.headers.get('location')).toBe(`/api/v1/clusters/${made.body.id}`);
    expect(made.body).toMatchObject({
      server: 'https://alpha.example:6443',
      checkEverySeconds: 60,
      uid: 'uid-of-https://alpha.example:6443',
      credential: { type: 'token', version: 1 },
      sync: null,
      ageSeconds: null,
    });
    expect(herd.worker.asked).toMatchObject([
      { do: 'prepare', id: made.body.id, version: 1, unchecked: false },
    ]);
    expect(JSON.stringify(made.body)).not.toContain(token);
  });

  test('that fails its own check is 422 with the ladder, in the reader’s language', async () => {
    herd.worker.faults.set('https://alpha.example:6443', { step: 'tls', code: 'TLS_SELF_SIGNED' });
    const refused = await herd.create('alpha');
    expect([refused.status, refused.body.code]).toEqual([422, 'VALIDATION_FAILED']);
    expect(refused.body.validation).toMatchObject({ failedStep: 'tls', code: 'TLS_SELF_SIGNED' });
    expect(refused.body.remedy).toContain('?unchecked=true');
    expect((await operate('GET', '/api/v1/clusters/alpha')).status).toBe(404);
    const chinese = await operate('POST', '/api/v1/clusters', aBody('alpha'), { 'accept-language': 'zh' });
    expect(chinese.body.detail).toMatch(/步骤“tls”失败/);
  });
});
