import { describe, expect, test } from 'vitest';
import { recordTick } from '#metrics';
import { StoreUnanswered } from '#store';
import { anAdministrator, anApp } from './anApp.ts';

describe('readiness', () => {
  test('names an area that has never ticked, one that fell silent, and neither when both tick', async () => {
    const world = anApp({ ports: { areaNames: ['core', 'notify'] } });
    const ready = async () => {
      const { status, body } = await world.call(undefined, 'GET', '/readyz');
      return [status, body.failing];
    };
    expect(await ready()).toEqual([503, ['area core', 'area notify']]);
    await recordTick(world.table, 'core', world.ports.clock.now());
    expect(await ready()).toEqual([503, ['area notify']]);
    await recordTick(world.table, 'notify', world.ports.clock.now());
    expect(await ready()).toEqual([200, []]);
    world.pass(3 * 60_000 + 1);
    await recordTick(world.table, 'core', world.ports.clock.now());
    expect(await ready()).toEqual([503, ['area notify']]);
  });

  test('names a store that does not answer; the function is alive all the same', async () => {
    const world = anApp();
    world.table.query = async () => {
      throw new StoreUnanswered('query');
    };
    const { status, body } = await world.call(undefined, 'GET', '/readyz');
    expect([status, body.store, body.failing]).toEqual([503, 'silent', ['store']]);
    expect((await world.call(undefined, 'GET', '/health')).status).toBe(200);
  });

  test('tells strangers nothing but that: no error, no address', async () => {
    const world = anApp();
    world.table.query = async () => {
      throw new Error('connect ECONNREFUSED 10.0.0.7:8000');
    };
    expect(JSON.stringify((await world.call(undefined, 'GET', '/readyz')).body)).not.toContain('10.0.0.7');
  });
});

describe('metrics', () => {
  test('are open only where the setting says so', async () => {
    expect((await anApp().call(undefined, 'GET', '/metrics')).status).toBe(401);
    const open = anApp({ settings: { metricsPublic: true } });
    const { status, body } = await open.call(undefined, 'GET', '/metrics');
    expect([status, body]).toEqual([200, expect.stringContaining('drover_build_info')]);
  });

  test('are given to a viewer, by slices where asked', async () => {
    const world = anApp();
    const viewer = await world.token('viewer');
    for (const [query, status] of [
      ['', 200],
      ['?slices=none', 200],
      ['?slices=0-7', 200],
      ['?slices=64', 400],
      ['?slices=all', 400],
    ] as const) {
      expect([query, (await world.call(viewer, 'GET', `/metrics${query}`)).status]).toEqual([query, status]);
    }
  });
});

describe('pages', () => {
  test('say where things are, in both languages', async () => {
    const world = anApp();
    for (const path of ['/', '/sign-in', '/docs']) {
      for (const language of ['en', 'zh']) {
        const answer = await world.app.request(path, { headers: { 'accept-language': language } });
        expect([path, answer.status]).toEqual([path, 200]);
        expect(await answer.text()).toContain(`<html lang="${language}">`);
      }
    }
  });

  test('what a link holds is shown as text, whatever it holds', async () => {
    const world = anApp();
    const answer = await world.app.request(
      `/sign-in?token=${encodeURIComponent('"><script>alert(1)</script>')}`,
    );
    expect(await answer.text()).not.toContain('<script>');
  });

  test('settings are shown without secrets', async () => {
    const world = anApp({ settings: { oidcIssuer: 'https://id.example', oidcAudience: 'drover' } });
    const { body } = await world.call(await anAdministrator(world), 'GET', '/api/v1/settings');
    expect(body).toEqual({
      runtime: { tokenMaxDays: null, sessionHours: 12 },
      deployed: {
        version: '0.0.0-test',
        corsOrigins: [],
        metricsPublic: false,
        oidcIssuer: 'https://id.example',
        oidcAudience: 'drover',
        oidcRoleClaim: 'roles',
        clusterTargets: [],
        webhookTargets: [],
        allowInsecureTls: false,
        knownGood: null,
        logLevel: 'info',
      },
      controller: {},
    });
  });

  test('the longest life of tokens is a runtime setting, and is kept to', async () => {
    const world = anApp();
    const admin = await anAdministrator(world);
    await world.call(admin, 'PATCH', '/api/v1/settings', { runtime: { tokenMaxDays: 30 } });
    const make = (expiresAt: string | null) =>
      world.call(admin, 'POST', '/api/v1/tokens', { name: 'a', role: 'viewer', expiresAt });
    expect((await make(null)).body.code).toBe('TOKEN_LIFE_TOO_LONG');
    expect((await make('2026-06-01T00:00:00Z')).body.code).toBe('TOKEN_LIFE_TOO_LONG');
    expect((await make('2026-03-30T00:00:00Z')).status).toBe(201);
  });
});
