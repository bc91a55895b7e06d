import { beforeEach, describe, expect, test } from 'vitest';
import { anAdministrator, anApp, type TestApp } from './anApp.ts';
import { lampRoutes } from './lampRoutes.ts';

let world: TestApp;
let admin: string;
beforeEach(async () => {
  world = anApp({ areas: (ports) => [lampRoutes(ports)] });
  admin = await anAdministrator(world);
});

const key = { 'idempotency-key': 'order-1' };
const lamp = { name: 'porch', wants: 'on' };
const post = (body: object = lamp, headers: Record<string, string> = key, token = admin) =>
  world.call(token, 'POST', '/api/v1/lamps', body, headers);

describe('Idempotency-Key', () => {
  test('gives the first answer again, byte for byte, and does nothing twice', async () => {
    const first = await post();
    const again = await post();
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
    expect((await world.call(admin, 'GET', '/api/v1/lamps')).body.items).toHaveLength(1);
  });

  test('with another payload, query or path is 422', async () => {
    await post();
    expect((await post({ ...lamp, wants: 'off' })).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
    const elsewhere = await world.call(admin, 'POST', '/api/v1/tokens', { name: 'x', role: 'viewer' }, key);
    expect(elsewhere.status).toBe(422);
  });

  test('is each caller’s own', async () => {
    await post();
    const operator = await world.token('operator');
    expect((await post({ ...lamp, name: 'hall' }, key, operator)).status).toBe(201);
  });

  test('of two that find the first one gone, one goes on', async () => {
    const token = await world.token('viewer', { name: 'ci' });
    expect(token).toBeTruthy();
    const { table } = world;
    const [put, get] = [table.put.bind(table), table.get.bind(table)];
    const rotate = () => world.call(admin, 'POST', '/api/v1/tokens/ci/rotate', {}, key);
    let refused = 0;
    let mine: Parameters<typeof get>[0] | undefined;
    const both = Promise.withResolvers<void>();
    table.put = async (item, when) => {
      if (!item.pk.startsWith('idempotency#') || refused === 2) return put(item, when);
      mine = item;
      refused += 1;
      if (refused === 2) both.resolve();
      return 'refused';
    };
    table.get = async (wanted, options) => {
      if (wanted.pk === mine?.pk) await both.promise;
      return get(wanted, options);
    };
    const answers = await Promise.all([rotate(), rotate()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await world.call(admin, 'GET', '/api/v1/tokens/ci')).body.version).toBe(2);
  });

  test('while the first is under way is 409, and says when to come again', async () => {
    const put = world.table.put.bind(world.table);
    const [underWay, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    world.table.put = async (item, when) => {
      if (item.pk.startsWith('name#')) {
        underWay.resolve();
        await held.promise;
      }
      return put(item, when);
    };
    const first = post();
    await underWay.promise;
    const second = await post();
    expect([second.status, second.body.code]).toEqual([409, 'IDEMPOTENCY_IN_FLIGHT']);
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
    held.resolve();
    expect((await first).status).toBe(201);
    expect((await post()).headers.get('idempotency-replayed')).toBe('true');
  });

  test('of many at once one is carried out', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => post()));
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    const fresh = answers.filter(
      (answer) => answer.status === 201 && !answer.headers.get('idempotency-replayed'),
    );
    expect(fresh).toHaveLength(1);
  });

  test('of a try that died is taken over after a minute', async () => {
    const put = world.table.put.bind(world.table);
    const underWay = Promise.withResolvers<void>();
    world.table.put = async (item, when) => {
      if (item.pk.startsWith('name#')) {
        underWay.resolve();
        await new Promise(() => {});
      }
      return put(item, when);
    };
    void post();
    await underWay.promise;
    world.table.put = put;
    expect((await post()).status).toBe(409);
    world.pass(60_001);
    expect((await post()).status).toBe(201);
  });

  test('of a refused request may be used again, since nothing was done', async () => {
    await post(lamp, {});
    expect((await post()).body.code).toBe('NAME_TAKEN');
    expect((await post({ ...lamp, name: 'hall' })).status).toBe(201);
  });

  test('is forgotten after a day', async () => {
    await post();
    world.pass(86_400_001);
    expect((await post()).body.code).toBe('NAME_TAKEN');
  });

  test('gives a secret again to the credential that got it; the table holds it from everyone else', async () => {
    const make = (token: string) =>
      world.call(token, 'POST', '/api/v1/tokens', { name: 'ci', role: 'viewer' }, key);
    const written: unknown[] = [];
    const { put, update } = world.table;
    world.table.put = (item, when) => {
      written.push(item);
      return put.call(world.table, item, when);
    };
    world.table.update = (at, change, when) => {
      written.push(change);
      return update.call(world.table, at, change, when);
    };
    const first = await make(admin);
    expect((await make(admin)).body.token).toBe(first.body.token);
    expect(JSON.stringify(written)).toContain('answer');
    expect(JSON.stringify(written)).not.toContain(first.body.token.slice(30));
    const turned = await world.call(admin, 'POST', '/api/v1/tokens/administrator/rotate', {});
    const other = await make(turned.body.token);
    expect([other.status, other.body.code]).toEqual([409, 'IDEMPOTENCY_ANSWER_SEALED']);
    expect(JSON.stringify(other.body)).not.toContain(first.body.token);
  });

  test.each(['x'.repeat(256), 'a b', 'a\tb', 'é'])('"%.20s" is no key', async (given) => {
    const refused = await post(lamp, { 'idempotency-key': given });
    expect([refused.status, refused.body.errors[0].path]).toEqual([400, 'header.Idempotency-Key']);
  });
});
