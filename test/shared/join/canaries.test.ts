import { expect, test } from 'vitest';
import { MemoryTable } from '#store';
import { hour, minute } from '#time';
import type { ApiAnswer, ApiRequest } from '../../../infra/world/kubernetes/api.ts';
import { present } from '../../../shared/join/present.ts';
import { leaving, retried } from '../../../shared/join/wishes.ts';
import { sightings } from '../../fixtures/canaries.ts';
import { QuietClock } from '../../fixtures/quietClock.ts';
import { Federation } from './aFederation.ts';
import { aJoiner, bodyOf } from './aJoiner.ts';

const secrets = {
  password: 'canary+of the/password=7Q',
  key: 'canary-of-the-key-0987654321',
};

/** All that it was sent, at the beginning of what an error says or of a page's title. */
const repeated = ({ headers, body }: ApiRequest, asPage: boolean): ApiAnswer => {
  const pass = headers['x-auth-token'] ?? headers['x-auth-apikey'] ?? '';
  const all = `${pass} ${Buffer.from(body)}`;
  return asPage
    ? { status: 502, headers: { 'content-type': 'text/html' }, body: `<title>${all.slice(0, 190)}</title>` }
    : {
        status: 500,
        headers: { 'content-type': 'application/json', 'x-debug': Buffer.from(all).toString('base64') },
        body: JSON.stringify({ code: 39, error: all, message: all }),
      };
};

test('what controllers repeat of passwords, keys, sessions and tokens is told nowhere and kept nowhere', async () => {
  const federation = new Federation(new QuietClock({ grain: 500 }));
  const { clock } = federation;
  const primary = federation.addPrimary('primary', {
    keys: [{ name: 'drover', secret: secrets.key, role: 'fedAdmin' }],
  });
  const store = federation.add('store-1', {
    users: [{ username: 'admin', password: secrets.password, role: 'admin' }],
  });
  const canaries: Record<string, string> = { ...secrets };
  let calls = 0;
  const asked = new Map<string, number>();
  // Each is refused once in words and once by a page, but a sign-in, of which too many would end all others.
  federation.intercept = async ({ from, method, path }, go, request) => {
    const number = ++calls;
    const key = `${method} ${path.replace(/[0-9a-f]{32}/, ':id')}`;
    const before = asked.get(key) ?? 0;
    if (from === 'drover') asked.set(key, before + 1);
    if (from === 'drover' && before < (path === '/v1/auth' ? 1 : 2)) return repeated(request, before === 1);
    const answer = await go();
    const said = String(answer.body);
    // Sessions and tokens become canaries as they are made.
    if (key === 'POST /v1/auth' && answer.status === 200) {
      const { token } = JSON.parse(said) as { token: { token: string } };
      // What is said at length is cut.
      canaries[`session ${number}`] = token.token.slice(60, 120);
    }
    if (path === '/v1/fed/join_token') {
      const { join_token } = JSON.parse(said) as { join_token: string };
      canaries[`token ${number}`] = join_token.slice(0, 90);
      canaries[`ticket ${number}`] = (
        JSON.parse(Buffer.from(join_token, 'base64').toString()) as { t: string }
      ).t;
    }
    return answer;
  };
  const table = new MemoryTable(() => clock.now());
  const joiner = aJoiner({ federation, table });
  const body = bodyOf(store, primary, { maxAttempts: 50 });
  const id = await joiner.register('store-1', {
    ...body,
    controller: {
      ...body.controller,
      credential: { type: 'password', username: 'admin', password: secrets.password },
    },
    primary: { ...body.primary, credential: { type: 'apiKey', name: 'drover', secret: secrets.key } },
  });
  joiner.live();
  const told: [string, unknown][] = [];
  const ask = async (call: Parameters<typeof joiner.worker.answer>[0]) => {
    const answer = joiner.worker.answer(call).catch((error: unknown) => error);
    told.push([`the answer to ${call.do}`, await clock.runUntil(answer, 5 * minute)]);
  };
  const seen = async () => told.push(['the record meanwhile', await joiner.dataOf(id)]);
  const is = (state: string) => async () => {
    await seen();
    return (await joiner.dataOf(id)).state.is === state;
  };
  expect(await clock.passUntil(is('joined'), hour)).toBe(true);
  for (const compat of [true, false, true]) {
    await ask({ do: 'preflight', id });
    await ask({ do: 'scrape', id, compat });
    await clock.pass(minute);
  }
  await joiner.wish(id, (data) => leaving(data, 'store-1', clock.now()));
  expect(await clock.passUntil(is('left'), hour)).toBe(true);
  await joiner.wish(id, (data) => retried(data, 'store-1', clock.now()));
  expect(await clock.passUntil(is('joined'), hour)).toBe(true);
  expect([...asked.keys()]).toEqual(
    expect.arrayContaining([
      'POST /v1/auth',
      'GET /v1/fed/member',
      'POST /v1/fed/join',
      'POST /v1/fed/leave',
    ]),
  );

  const row = (await joiner.records.get(id, 'join'))!;
  const { events } = await joiner.records.history(id, { limit: 200 });
  const places: [string, unknown][] = [
    ...told,
    ['the record', present(row)],
    ...events.map((event): [string, unknown] => ['an event', event]),
    ...joiner.lines.map((line): [string, unknown] => ['the log', line]),
    ['what is counted', joiner.counted],
    ...[...table.all()].map((item): [string, unknown] => [`the item ${item.pk} ${item.sk}`, item]),
  ];
  expect(Object.keys(canaries).length).toBeGreaterThan(6);
  expect(joiner.counted.length).toBeGreaterThan(20);
  expect(sightings(canaries, places)).toEqual([]);
});
