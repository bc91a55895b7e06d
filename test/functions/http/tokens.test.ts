import { describe, expect, test } from 'vitest';
import { anAdministrator, anApp } from './anApp.ts';

describe('API tokens', () => {
  test('an administrator makes a token that works at once, and is never shown again', async () => {
    const world = anApp();
    const admin = await anAdministrator(world);
    const made = await world.call(admin, 'POST', '/api/v1/tokens', { name: 'ci', role: 'operator' });
    expect(made.status).toBe(201);
    expect(made.body.token).toMatch(/^drv_[0-9a-hjkmnp-tv-z]{61}$/);
    expect(made.headers.get('location')).toBe(`/api/v1/tokens/${made.body.id}`);
    const who = await world.call(made.body.token, 'GET', '/api/v1/whoami');
    expect(who.body).toMatchObject({ kind: 'token', name: 'ci', role: 'operator' });
    await world.settle();
    for (const path of ['/api/v1/tokens', '/api/v1/tokens/ci', '/api/v1/tokens/ci/history']) {
      const seen = await world.call(admin, 'GET', path);
      expect(seen.status).toBe(200);
      expect(JSON.stringify(seen.body)).not.toContain(made.body.token.slice(30));
      expect(JSON.stringify(seen.body)).not.toContain('sha256');
    }
  });

  test('a revoked token is refused at once', async () => {
    const world = anApp();
    const admin = await anAdministrator(world);
    const viewer = await world.token('viewer', { name: 'tv' });
    expect((await world.call(viewer, 'GET', '/api/v1/whoami')).status).toBe(200);
    const gone = await world.call(admin, 'DELETE', '/api/v1/tokens/tv');
    expect([gone.status, gone.body.state]).toEqual([202, 'deleting']);
    expect((await world.call(viewer, 'GET', '/api/v1/whoami')).body.code).toBe('TOKEN_REFUSED');
    expect((await world.call(admin, 'DELETE', '/api/v1/tokens/tv')).status).toBe(202);
    await world.settle();
    expect((await world.call(admin, 'GET', '/api/v1/tokens/tv')).status).toBe(404);
  });

  test('the last administrator is not revoked by mistake', async () => {
    const world = anApp();
    const admin = await anAdministrator(world);
    const refused = await world.call(admin, 'DELETE', '/api/v1/tokens/administrator');
    expect([refused.status, refused.body.code]).toEqual([409, 'TOKEN_LAST_ADMIN']);
    const forced = await world.call(admin, 'DELETE', '/api/v1/tokens/administrator?force=true');
    expect(forced.status).toBe(202);
  });

  test('a rotation overlaps: both secrets work, then the old one ends', async () => {
    const world = anApp();
    const admin = await anAdministrator(world);
    const old = await world.token('viewer', { name: 'tv' });
    const turned = await world.call(admin, 'POST', '/api/v1/tokens/tv/rotate', { overlapSeconds: 600 });
    expect(turned.status).toBe(200);
    const fresh = turned.body.token;
    expect(fresh).not.toBe(old);
    expect((await world.call(old, 'GET', '/api/v1/whoami')).status).toBe(200);
    expect((await world.call(fresh, 'GET', '/api/v1/whoami')).status).toBe(200);
    world.pass(600_001);
    expect((await world.call(old, 'GET', '/api/v1/whoami')).body.code).toBe('TOKEN_EXPIRED');
    expect((await world.call(fresh, 'GET', '/api/v1/whoami')).status).toBe(200);
  });

  test('an overlap of nothing ends the old secret at once', async () => {
    const world = anApp();
    const admin = await anAdministrator(world);
    const old = await world.token('viewer', { name: 'tv' });
    await world.call(admin, 'POST', '/api/v1/tokens/tv/rotate', { overlapSeconds: 0 });
    expect((await world.call(old, 'GET', '/api/v1/whoami')).status).toBe(401);
  });

  test('a token ends when it expires, and its record says so', async () => {
    const world = anApp();
    const admin = await anAdministrator(world);
    const expiresAt = new Date(world.ports.clock.now() + 60_000).toISOString();
    const made = await world.call(admin, 'POST', '/api/v1/tokens', {
      name: 'short',
      role: 'viewer',
      expiresAt,
    });
    await world.settle();
    world.pass(60_001);
    const refused = await world.call(made.body.token, 'GET', '/api/v1/whoami');
    expect(refused.body).toMatchObject({ code: 'TOKEN_EXPIRED', status: 401 });
  });

  test.each([
    [{ name: 'x', role: 'root' }, 400, 'REQUEST_INVALID'],
    [{ name: 'X', role: 'viewer' }, 400, 'REQUEST_INVALID'],
    [{ name: 'x', role: 'viewer', admin: true }, 400, 'REQUEST_INVALID'],
    [{ name: 'x', role: 'admin', selector: 'env=test' }, 422, 'TOKEN_ADMIN_BOUND'],
    [{ name: 'x', role: 'viewer', selector: 'env==', labels: { 'bad key!': 'x' } }, 400, 'REQUEST_INVALID'],
    [{ name: 'x', role: 'viewer', selector: 'a in (' }, 422, 'SELECTOR_INVALID'],
    [{ name: 'x', role: 'viewer', expiresAt: '2020-01-01T00:00:00Z' }, 422, 'TOKEN_EXPIRY_PAST'],
    [{ name: 'administrator', role: 'viewer' }, 409, 'NAME_TAKEN'],
  ])('refuses %j', async (body, status, code) => {
    const world = anApp();
    const admin = await anAdministrator(world);
    const refused = await world.call(admin, 'POST', '/api/v1/tokens', body);
    expect([refused.status, refused.body.code]).toEqual([status, code]);
    expect(refused.body.remedy).not.toBe('');
  });

  test('use is noted to the hour, with at most one write an hour and no new version', async () => {
    const world = anApp();
    const admin = await anAdministrator(world);
    const viewer = await world.token('viewer', { name: 'tv' });
    await world.call(viewer, 'GET', '/api/v1/whoami');
    const before = await world.call(admin, 'GET', '/api/v1/tokens/tv');
    expect(before.body.lastUsedAt).toBe('2026-03-01T10:00:00.000Z');
    world.pass(30 * 60_000);
    const writes = world.table.units.write;
    await world.call(viewer, 'GET', '/api/v1/whoami');
    expect(world.table.units.write).toBe(writes);
    world.pass(31 * 60_000);
    await world.call(viewer, 'GET', '/api/v1/whoami');
    const after = await world.call(admin, 'GET', '/api/v1/tokens/tv');
    expect(after.body.lastUsedAt).toBe('2026-03-01T11:01:00.000Z');
    expect(after.body.version).toBe(before.body.version);
  });

  test('use that another process has noted within the hour is not noted again', async () => {
    const world = anApp();
    const viewer = await world.token('viewer');
    await world.call(viewer, 'GET', '/api/v1/whoami');
    const another = anApp({ ports: { table: world.table } });
    const writes = world.table.units.write;
    await another.call(viewer, 'GET', '/api/v1/whoami');
    expect(world.table.units.write).toBe(writes);
  });
});
