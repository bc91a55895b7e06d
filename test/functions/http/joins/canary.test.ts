import { expect, test } from 'vitest';
import { MemoryTable } from '#store';
import { sightings } from '../../../fixtures/canaries.ts';
import { start } from '../anApp.ts';
import { aBody, aFederation, aToken, secrets } from './aFederation.ts';

const chinese = { 'accept-language': 'zh' };

test('no secret that came in ever goes out: not in answers, events, the trail, the log, counts, or the store', async () => {
  const table = new MemoryTable(() => start);
  const federation = await aFederation({ ports: { table } });
  const answers: [string, unknown][] = [];
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    who = federation.operator,
  ) => {
    const answer = await federation.at.call(who, method, path, body, headers);
    answers.push([`${method} ${path}: ${answer.status}`, [answer.body, ...answer.headers]]);
    return answer;
  };
  const password = { type: 'password', username: 'joiner', password: secrets.password };
  const apiKey = { type: 'apiKey', name: 'drover', secret: secrets.keySecret };
  const fed = { type: 'password', username: 'fed', password: secrets.primaryPassword };
  const token = aToken();
  const canaries = { ...secrets, token };
  const controller = { address: 'alpha.example:10443', credential: apiKey };
  const joins = '/api/v1/joins';

  // Taken.
  const whole = { ...aBody('alpha'), primary: { rest: '10.10.0.1:10443', credential: fed } };
  expect((await call('POST', joins, whole, { 'idempotency-key': 'k' })).status).toBe(201);
  await call('POST', joins, whole, { 'idempotency-key': 'k' });
  await call('POST', joins, whole);
  await call('PATCH', `${joins}/alpha`, { token });
  expect((await call('PATCH', `${joins}/alpha`, { controller }, { 'if-match': '*' })).status).toBe(200);
  // Refused, wherever it may be noticed.
  const cluster = { cluster: secrets.password, namespace: 'a', service: 'b', port: 1, credential: apiKey };
  for (const body of [
    { ...aBody('beta'), [secrets.password]: 1 },
    { ...aBody('beta'), password: secrets.password },
    { ...aBody('beta'), controller: { ...controller, credential: { ...password, type: 'apiKey' } } },
    {
      ...aBody('beta'),
      controller: { ...controller, credential: { ...apiKey, secret: `${secrets.keySecret}\n` } },
    },
    { ...aBody('beta'), controller: { ...controller, ca: secrets.password } },
    { ...aBody('beta'), controller: { ...controller, fingerprint: secrets.keySecret } },
    {
      ...aBody('beta'),
      controller: { ...controller, address: `https://joiner:${secrets.password}@a.example:1` },
    },
    { ...aBody('beta'), token: `${token} ${secrets.ticket}!` },
    { ...aBody('beta'), token: JSON.stringify({ context: secrets.ticket }) },
    { ...aBody('beta'), tokenUrl: `https://joiner:${secrets.password}@tokens.example/` },
    { ...aBody('beta'), join: false },
    `{"controller": {"credential": "${secrets.password}`,
    ...[{ ...aBody('beta'), storeId: undefined, controller: { credential: password } }],
  ]) {
    for (const headers of [{}, chinese]) {
      const refused = await call('POST', joins, body, headers);
      // A name that is asked for is repeated where it is the name that is wrong.
      expect([400, 422]).toContain(refused.status);
      if (typeof body === 'object' && secrets.password in body) answers.pop();
    }
  }
  expect((await call('PATCH', `${joins}/alpha`, { controller: { address: 'b.example:1' } })).status).toBe(
    422,
  );
  expect(
    (
      await call(
        'PATCH',
        `${joins}/alpha`,
        { controller: { ...cluster, cluster: 'none' } },
        { 'if-match': '*' },
      )
    ).status,
  ).toBe(422);
  for (const text of [token, secrets.ticket, aToken('')]) {
    await call('POST', '/api/v1/join-tokens/decode', { token: text });
    await call('POST', '/api/v1/join-tokens/decode', { token: text, also: text }, chinese);
  }
  // Done with.
  for (const verb of ['preflight', 'retry', 'leave']) await call('POST', `${joins}/alpha/${verb}`);
  await call('POST', `${joins}/preflight`, { ids: ['alpha'] });
  await call('GET', '/metrics/neuvector?membership=alpha');
  await call('DELETE', `${joins}/alpha?leave=true`);
  for (const path of ['', '/alpha', '/alpha/history']) await call('GET', `${joins}${path}`);
  const admin = await federation.at.token('admin');
  const audit = await call('GET', '/api/v1/audit?limit=200', undefined, {}, admin);
  expect(audit.body.items.length).toBeGreaterThan(5);
  await call('GET', '/metrics');

  const places: [string, unknown][] = [
    ...answers,
    ['the log', federation.at.logged],
    ['what is counted', federation.at.counted],
    ...[...table.all()].map((item): [string, unknown] => [`the item ${item.pk} ${item.sk}`, item]),
  ];
  expect(places.length).toBeGreaterThan(60);
  expect(sightings(canaries, places)).toEqual([]);
  expect(await federation.worker.opened('alpha')).toMatchObject({
    controller: { credential: { secret: secrets.keySecret } },
    token,
  });
});
