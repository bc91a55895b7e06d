import { beforeEach, describe, expect, test } from 'vitest';
import { anAdministrator, anApp, type TestApp } from './anApp.ts';
import { lampRoutes } from './lampRoutes.ts';

let world: TestApp;
let admin: string;
let bound: string;
beforeEach(async () => {
  world = anApp({ areas: (ports) => [lampRoutes(ports)] });
  admin = await anAdministrator(world);
  bound = await world.token('operator', { name: 'night-shift', selector: 'room in (hall, attic)' });
  for (const [name, room] of [
    ['hall-1', 'hall'],
    ['cellar-1', 'cellar'],
  ]) {
    await world.call(admin, 'POST', '/api/v1/lamps', { name, wants: 'on', labels: { room } });
  }
});

const tries: [string, string, unknown?, Record<string, string>?][] = [
  ['GET', '/api/v1/lamps/cellar-1'],
  ['GET', '/api/v1/lamps/cellar-1/history'],
  ['GET', '/api/v1/lamps/cellar-1?wait=1&version=9'],
  ['PATCH', '/api/v1/lamps/cellar-1', { wants: 'off' }],
  ['PATCH', '/api/v1/lamps/cellar-1', { labels: { room: 'hall' } }],
  ['PATCH', '/api/v1/lamps/cellar-1', { wants: 'off' }, { 'if-match': '"99"' }],
  ['PUT', '/api/v1/lamps/cellar-1', { wants: 'off', labels: { room: 'hall' } }],
  ['DELETE', '/api/v1/lamps/cellar-1'],
  ['DELETE', '/api/v1/lamps/cellar-1', undefined, { 'if-match': '"99"' }],
  ['POST', '/api/v1/lamps/cellar-1/blink', {}, { 'if-match': '"1"' }],
];

describe('a token bound to labels', () => {
  test.each(tries)('%s %s: what is out of reach is not there', async (method, path, body, headers) => {
    const answer = await world.call(bound, method, path, body, headers);
    expect([answer.status, answer.body.code]).toEqual([404, 'RECORD_UNKNOWN']);
    const mine = await world.call(bound, method, path.replace('cellar', 'hall'), body, headers);
    expect(mine.status).not.toBe(404);
  });

  test('lists and searches see its records alone', async () => {
    for (const query of ['', '?labels=room=cellar', '?q=cellar', '?sort=-name&limit=1']) {
      const { body } = await world.call(bound, 'GET', `/api/v1/lamps${query}`);
      expect(JSON.stringify(body)).not.toContain('cellar-1');
    }
    const { body } = await world.call(bound, 'GET', '/api/v1/lamps');
    expect(body.items).toHaveLength(1);
  });

  test('a cursor of another’s list is no way round', async () => {
    await world.call(admin, 'POST', '/api/v1/lamps', {
      name: 'a-cellar',
      wants: 'on',
      labels: { room: 'cellar' },
    });
    const { body } = await world.call(admin, 'GET', '/api/v1/lamps?limit=1');
    const refused = await world.call(bound, 'GET', `/api/v1/lamps?limit=1&cursor=${body.next}`);
    expect(refused.body.code).toBe('CURSOR_INVALID');
  });

  test.each([{ room: 'cellar' }, {}, { room: 'Hall' }])(
    'does not create outside of it: %j',
    async (labels) => {
      const refused = await world.call(bound, 'POST', '/api/v1/lamps', { name: 'new', wants: 'on', labels });
      expect([refused.status, refused.body.code]).toEqual([403, 'OUT_OF_REACH']);
      expect((await world.call(admin, 'GET', '/api/v1/lamps/new')).status).toBe(404);
    },
  );

  test.each([
    ['PATCH', { labels: { room: 'cellar' } }],
    ['PATCH', { labels: { room: null } }],
    ['PUT', { labels: {}, wants: 'on' }],
  ])('does not move a record out of its own sight: %s %j', async (method, body) => {
    const refused = await world.call(bound, method, '/api/v1/lamps/hall-1', body);
    expect([refused.status, refused.body.code]).toEqual([403, 'OUT_OF_REACH']);
    expect((await world.call(admin, 'GET', '/api/v1/lamps/hall-1')).body.version).toBe(1);
  });

  test('moves a record within its reach', async () => {
    const moved = await world.call(bound, 'PATCH', '/api/v1/lamps/hall-1', { labels: { room: 'attic' } });
    expect(moved.body.labels).toEqual({ room: 'attic' });
  });

  test('does not see what a record did while it was elsewhere', async () => {
    await world.call(admin, 'PATCH', '/api/v1/lamps/cellar-1', { wants: 'off' });
    await world.call(admin, 'PATCH', '/api/v1/lamps/cellar-1', { labels: { room: 'hall' } });
    const all = await world.call(admin, 'GET', '/api/v1/lamps/cellar-1/history');
    expect(all.body.items[0].record.labels).toEqual({ room: 'cellar' });
    const { body } = await world.call(bound, 'GET', '/api/v1/lamps/cellar-1/history');
    for (const event of body.items) expect(event.record.labels).toEqual({ room: 'hall' });
  });

  test('sees neither audit nor tokens nor settings, and no metrics of the whole fleet', async () => {
    for (const path of ['/api/v1/audit', '/api/v1/tokens', '/api/v1/settings', '/metrics']) {
      expect([path, (await world.call(bound, 'GET', path)).status]).toEqual([path, 403]);
    }
  });

  test('is told its bound', async () => {
    const { body } = await world.call(bound, 'GET', '/api/v1/whoami');
    expect(body).toMatchObject({ role: 'operator', selector: 'room in (hall, attic)' });
  });
});

describe('roles', () => {
  const rows: [string, string, unknown?][] = [
    ['POST', '/api/v1/lamps', { name: 'new', wants: 'on' }],
    ['PATCH', '/api/v1/lamps/hall-1', { wants: 'off' }],
    ['DELETE', '/api/v1/lamps/hall-1'],
  ];

  test.each(rows)('a viewer does not %s %s', async (method, path, body) => {
    const viewer = await world.token('viewer');
    const refused = await world.call(viewer, method, path, body);
    expect([refused.status, refused.body.code]).toEqual([403, 'ROLE_TOO_LOW']);
    expect((await world.call(viewer, 'GET', '/api/v1/lamps/hall-1')).status).toBe(200);
  });

  test.each([
    ['GET', '/api/v1/tokens'],
    ['POST', '/api/v1/tokens'],
    ['POST', '/api/v1/tokens/administrator/rotate'],
    ['DELETE', '/api/v1/tokens/administrator'],
    ['GET', '/api/v1/audit'],
    ['GET', '/api/v1/settings'],
    ['PATCH', '/api/v1/settings'],
  ])('an operator does not %s %s', async (method, path) => {
    const operator = await world.token('operator');
    expect((await world.call(operator, method, path)).status).toBe(403);
  });

  test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])(
    'nobody is let in without a credential: %s',
    async (method) => {
      const answer = await world.call(undefined, method, '/api/v1/lamps/hall-1');
      expect([401, 405]).toContain(answer.status);
    },
  );

  test('the role comes before the body: who may not learns nothing of what would be right', async () => {
    const viewer = await world.token('viewer');
    const refused = await world.call(viewer, 'POST', '/api/v1/lamps', '{"bad json');
    expect(refused.status).toBe(403);
  });
});
