import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import type { MemoryTable } from '#store';
import { joinSchema, preflightSchema } from '../../../../functions/http/joins/answers.ts';
import { sightings } from '../../../fixtures/canaries.ts';
import { ownAddress, type TestController } from '../../../infra/world/neuvector/aController.ts';
import { joining } from '../../../infra/world/neuvector/joining.ts';
import { droverInProcess } from '../../../inProcess/drover.ts';

const json = 'application/json';

test('a membership from its creation to its end: answers as the document says, and no secret in any, nor in the store', async () => {
  const password = `pass-${randomBytes(12).toString('base64url')}`;
  const users = [{ username: 'admin', password, role: 'admin' as const }];
  const { member, primary, token } = await joining({ member: { users } });
  const drover = await droverInProcess();
  onTestFinished(() => drover[Symbol.asyncDispose]());
  const answers: [string, unknown][] = [];
  const call = async (method: string, path: string, body?: unknown, headers?: Record<string, string>) => {
    const answer = await drover.call(method, path, body, headers);
    answers.push([`${method} ${path}: ${answer.status}`, [answer.body, ...answer.headers]]);
    if (answer.headers.get('content-type')?.startsWith(json) && 'controller' in answer.body) {
      expect(joinSchema.strict().safeParse(answer.body).error).toBeUndefined();
    }
    return answer;
  };
  const at = ({ port, ca }: TestController, given: string) => ({
    address: `127.0.0.1:${port}`,
    ca,
    tlsServerName: 'localhost',
    credential: { type: 'password', username: 'admin', password: given },
  });
  const store = '/api/v1/joins/store-1';
  const wrong = `wrong-${randomBytes(12).toString('base64url')}`;

  // One wrong password is sent once: whoever asks after that is told, and the account stays open.
  const made = await call('POST', '/api/v1/joins', {
    name: 'store-1',
    storeId: 'u2204a',
    controller: at(member, wrong),
    advertise: ownAddress(member),
    token,
  });
  expect(made.status).toBe(201);
  await drover.settled();
  const failed = (await call('GET', store)).body;
  expect([failed.state, failed.cause]).toEqual(['failed', 'SIGN_IN_REFUSED']);
  for (let n = 0; n < 8; n++) {
    expect((await call('POST', `${store}/retry`)).body.code).toBe('SIGN_IN_STILL_REFUSED');
    await call('POST', `${store}/preflight`, undefined, { 'accept-language': 'zh' });
    await call('GET', '/probe?target=store-1');
  }
  const credential = { type: 'password', username: 'admin', password };
  const etag = { 'if-match': failed.version === undefined ? '' : `"${failed.version}"` };
  expect((await call('PATCH', store, { controller: { credential } }, etag)).status).toBe(200);
  await drover.settled();

  const joined = (await call('GET', store)).body;
  expect(joined).toMatchObject({
    state: 'joined',
    cause: null,
    token: { from: 'given', port: expect.any(Number) },
  });
  const preflight = await call('POST', `${store}/preflight`);
  expect(preflightSchema.strict().safeParse(preflight.body).error).toBeUndefined();
  const metrics = await call('GET', '/metrics/neuvector?membership=store-1&compat=1');
  expect([metrics.status, metrics.body]).toEqual([200, expect.stringContaining('nv_fed_worker')]);
  const packed = await call('GET', '/probe?target=store-1', undefined, { 'accept-encoding': 'gzip' });
  expect(packed.headers.get('content-encoding')).toBe('gzip');
  const decoded = await call('POST', '/api/v1/join-tokens/decode', { token });
  expect(decoded.body).toMatchObject({ port: joined.primary.port, server: joined.primary.server });

  await call('DELETE', `${store}?leave=true`);
  await drover.settled();
  for (const path of [store, `${store}/history`, '/api/v1/joins', '/api/v1/audit?limit=200', '/metrics']) {
    await call('GET', path);
  }
  const { body } = await primary.call('GET', '/v1/fed/member');
  expect(body.joint_clusters ?? []).toEqual([]);

  const { t: ticket } = JSON.parse(Buffer.from(token, 'base64').toString()) as { t: string };
  const places: [string, unknown][] = [
    ...answers,
    ...[...(drover.table as MemoryTable).all()].map((item): [string, unknown] => [
      `the item ${item.pk} ${item.sk}`,
      item,
    ]),
  ];
  expect(answers.length).toBeGreaterThan(30);
  expect(sightings({ password, wrong, token, ticket }, places)).toEqual([]);
}, 30_000);
