import { beforeEach, describe, expect, test } from 'vitest';
import { newTokenText } from '#auth';
import { anAdministrator, anApp, type TestApp } from './anApp.ts';
import { lampRoutes } from './lampRoutes.ts';

let world: TestApp;
let admin: string;
beforeEach(async () => {
  world = anApp({ areas: (ports) => [lampRoutes(ports)] });
  admin = await anAdministrator(world);
});

const audit = async (query = '') => (await world.call(admin, 'GET', `/api/v1/audit${query}`)).body;

interface Denied {
  actor: { kind: string; name: string };
  action: string;
  after: { code: string };
}

describe('the audit trail', () => {
  test('tells who did what to which record, before and after, under which request', async () => {
    const operator = await world.token('operator', { name: 'olga' });
    await world.call(operator, 'POST', '/api/v1/lamps', { name: 'porch', wants: 'on', labels: { a: 'b' } });
    const changed = await world.call(operator, 'PATCH', '/api/v1/lamps/porch', {
      wants: 'off',
      labels: { a: null },
    });
    await world.call(operator, 'DELETE', '/api/v1/lamps/porch');
    await world.call(admin, 'PATCH', '/api/v1/settings', { runtime: { sessionHours: 3 } });
    await world.settle();
    const { items } = await audit('?actor=olga&action=lamp.update');
    expect(items).toMatchObject([
      {
        actor: { kind: 'token', name: 'olga' },
        action: 'lamp.update',
        target: { kind: 'lamp', name: 'porch' },
        result: 'done',
        before: { wants: 'on', labels: { a: 'b' } },
        after: { wants: 'off', labels: {} },
        requestId: changed.headers.get('x-request-id'),
        count: 1,
      },
    ]);
  });

  test('tells what was refused, equal ones in one entry', async () => {
    const viewer = await world.token('viewer', { name: 'vera' });
    for (let i = 0; i < 5; i++) await world.call(viewer, 'DELETE', '/api/v1/lamps/porch');
    await world.call(viewer, 'GET', '/api/v1/tokens');
    const { items } = await audit('?result=denied&actor=vera');
    expect(items.map((item: { action: string; count: number }) => [item.action, item.count]).sort()).toEqual([
      ['DELETE /api/v1/lamps/{id}', 5],
      ['GET /api/v1/tokens', 1],
    ]);
    expect(items[0]).toMatchObject({
      after: { code: 'ROLE_TOO_LOW' },
      actor: { kind: 'token', name: 'vera' },
    });
    world.pass(10 * 60_000);
    await world.call(viewer, 'GET', '/api/v1/tokens');
    expect((await audit('?result=denied&actor=vera')).items).toHaveLength(3);
  });

  test('tells of every kind of refusal that has a name', async () => {
    const bound = await world.token('operator', { name: 'bo', selector: 'env=test' });
    await world.call(bound, 'POST', '/api/v1/lamps', { name: 'x', wants: 'on' });
    await world.app.request('/sign-in', { method: 'POST' });
    const { items } = await audit('?result=denied');
    expect(
      items.map(({ actor, action, after }: Denied) => [actor.kind, actor.name, action, after.code]).sort(),
    ).toEqual([
      ['anonymous', 'unknown', 'POST /sign-in', 'CSRF_REFUSED'],
      ['token', 'bo', 'POST /api/v1/lamps', 'OUT_OF_REACH'],
    ]);
  });

  test('tells of browsers that were signed in and out', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };
    const body = `token=${admin}`;
    const answer = await world.app.request('/sign-in', { method: 'POST', headers, body });
    const cookie = answer.headers.get('set-cookie')!.split(';')[0]!;
    world.pass(1000);
    await world.app.request('/sign-out', {
      method: 'POST',
      headers: { 'sec-fetch-site': 'same-origin', cookie },
    });
    const { items } = await audit('?action=session.*');
    expect(items).toMatchObject([
      { action: 'session.end', actor: { kind: 'session', name: 'administrator' } },
      { action: 'session.begin', actor: { kind: 'session', name: 'administrator' } },
    ]);
    expect(JSON.stringify(items)).not.toContain(cookie.slice(7));
  });

  test('that cannot be written does not hide the answer', async () => {
    const viewer = await world.token('viewer');
    const { add } = world.table;
    world.table.add = async () => {
      throw new Error('full');
    };
    expect((await world.call(viewer, 'GET', '/api/v1/tokens')).body.code).toBe('ROLE_TOO_LOW');
    world.table.add = add;
  });

  test('of one who tries everything stays small', async () => {
    const { id } = (await world.core.records.get('administrator', 'token'))!;
    const viewer = await world.token('viewer');
    for (let i = 0; i < 300; i++) {
      await world.call(viewer, 'DELETE', `/api/v1/lamps/lamp-${i}`);
      await world.call(newTokenText(id).text, 'GET', `/api/v1/lamps/lamp-${i}`);
    }
    expect((await audit('?result=denied&limit=200')).items.length).toBeLessThan(10);
  });

  test('pages newest first over days, and through filters that match little', async () => {
    for (let i = 0; i < 7; i++) {
      await world.call(admin, 'PATCH', '/api/v1/settings', { runtime: { sessionHours: i + 20 } });
      await world.settle();
      world.pass(26 * 3_600_000);
    }
    const seen: number[] = [];
    let query = '?action=setting.update&limit=3';
    for (let pages = 0; pages < 10 && query !== ''; pages++) {
      const page = await audit(query);
      seen.push(...page.items.map((item: { after: { sessionHours: number } }) => item.after.sessionHours));
      query = page.next === null ? '' : `?action=setting.update&limit=3&cursor=${page.next}`;
    }
    expect(seen).toEqual([26, 25, 24, 23, 22, 21, 20]);
  });

  test('pages by Link as well, like every list', async () => {
    await world.call(admin, 'POST', '/api/v1/tokens', { name: 'ci', role: 'viewer' });
    for (let i = 0; i < 2; i++) await world.call(admin, 'POST', '/api/v1/tokens/ci/rotate');
    await world.settle();
    for (const path of ['/api/v1/audit?action=token.*&limit=1', '/api/v1/tokens/ci/history?limit=1']) {
      const first = await world.call(admin, 'GET', path);
      const link = /^<(.+)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1];
      const byCursor = await world.call(admin, 'GET', `${path}&cursor=${first.body.next}`);
      expect((await world.call(admin, 'GET', link!)).body.items).toEqual(byCursor.body.items);
    }
  });

  test('is filtered by time', async () => {
    await world.call(admin, 'PATCH', '/api/v1/settings', { runtime: { sessionHours: 20 } });
    await world.settle();
    world.pass(3_600_000);
    await world.call(admin, 'PATCH', '/api/v1/settings', { runtime: { sessionHours: 21 } });
    await world.settle();
    const late = await audit('?action=setting.*&from=2026-03-01T10:30:00Z');
    expect(late.items).toMatchObject([{ after: { sessionHours: 21 } }]);
    const early = await audit('?action=setting.*&until=2026-03-01T10:30:00Z');
    expect(early.items).toMatchObject([{ after: { sessionHours: 20 } }]);
  });

  test('of a quarter in which little happened takes few turns to read', async () => {
    const { query } = world.table;
    let running = 0;
    let turns = 0;
    world.table.query = async (wish) => {
      if (running++ === 0) turns++;
      try {
        return await query.call(world.table, wish);
      } finally {
        running--;
      }
    };
    await audit();
    expect(turns).toBeLessThan(15);
  });

  test('ends after 90 days', async () => {
    await world.settle();
    expect((await audit()).items).toHaveLength(1);
    world.pass(91 * 86_400_000);
    expect((await audit()).items).toEqual([]);
  });

  test.each(['?from=yesterday', '?result=maybe', '?cursor=x', '?limit=1000', '?who=me'])(
    '%s is refused',
    async (query) => {
      expect((await world.call(admin, 'GET', `/api/v1/audit${query}`)).status).toBe(400);
    },
  );
});
