import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { allowedFailures, fetchJsonOver } from '#auth';
import { anIssuer, audience, fetchJson } from '../../shared/auth/anIssuer.ts';
import { anAdministrator, anApp, type TestApp } from './anApp.ts';

let issuer: Awaited<ReturnType<typeof anIssuer>>;
let world: TestApp;
beforeAll(async () => {
  issuer = await anIssuer();
});
afterAll(() => issuer.close());
beforeEach(() => {
  world = anApp({
    settings: { oidcIssuer: issuer.issuer, oidcAudience: audience },
    ports: { fetchJson },
  });
  // The provider's tokens are made by today's clock.
  world.pass(Date.now() - world.ports.clock.now());
});

const who = (token: string) => world.call(token, 'GET', '/api/v1/whoami');

describe('signing in with an access token of a real provider', () => {
  test('the caller is who the token says, with the role of its claim', async () => {
    const { status, body } = await who(await issuer.token());
    expect([status, body]).toEqual([
      200,
      {
        kind: 'oidc',
        id: `${issuer.issuer}#robot`,
        name: 'robot',
        role: 'operator',
        selector: null,
        expiresAt: expect.any(String),
      },
    ]);
  });

  test('the role is kept to, and what was refused is in the audit trail under that name', async () => {
    const token = await issuer.token({ claims: { roles: ['viewer'] } });
    expect((await world.call(token, 'GET', '/api/v1/tokens')).status).toBe(403);
    const { body } = await world.call(await anAdministrator(world), 'GET', '/api/v1/audit?result=denied');
    expect(body.items).toMatchObject([
      { actor: { kind: 'oidc', name: 'robot' }, after: { code: 'ROLE_TOO_LOW' } },
    ]);
  });

  test('without a role there is no way in, and the claim that was looked for is named', async () => {
    const { status, body } = await who(await issuer.token({ claims: {} }));
    expect([status, body.code]).toEqual([403, 'OIDC_ROLE_MISSING']);
    expect(body.detail).toContain('"roles"');
  });

  test('refused ones are slowed by address; good ones, and API tokens, are let in all the while', async () => {
    const bad = await issuer.token({ audience: 'https://elsewhere.example' });
    const statuses: number[] = [];
    for (let i = 0; i <= allowedFailures; i++) statuses.push((await who(bad)).status);
    expect(statuses.slice(-2)).toEqual([401, 429]);
    expect((await who(await issuer.token())).status).toBe(200);
    expect((await who(await anAdministrator(world))).status).toBe(200);
  });

  test('while the provider is down such tokens are 503 with a time to come again; API tokens work', async () => {
    const token = await issuer.token();
    issuer.goDown(true);
    const answer = await who(token);
    issuer.goDown(false);
    expect([answer.status, answer.body.code]).toEqual([503, 'OIDC_UNAVAILABLE']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await who(await anAdministrator(world))).status).toBe(200);
  });

  test('makes records in its own name', async () => {
    const token = await issuer.token({ claims: { roles: ['admin'] } });
    expect((await world.call(token, 'POST', '/api/v1/tokens', { name: 'ci', role: 'viewer' })).status).toBe(
      201,
    );
    await world.settle();
    const { body } = await world.call(token, 'GET', '/api/v1/audit?action=token.create');
    expect(body.items).toMatchObject([{ actor: { kind: 'oidc', name: 'robot' }, target: { name: 'ci' } }]);
  });
});

describe('the provider’s documents', () => {
  const answering = (status: number, body: string) =>
    fetchJsonOver({ send: async () => ({ status, headers: {}, body: Buffer.from(body) }) });

  test('are fetched by the rules for webhook targets, within bounds', async () => {
    const asked: unknown[] = [];
    const read = fetchJsonOver({
      send: async (policy, outgoing) => {
        asked.push([policy, outgoing.url, outgoing.timeout, outgoing.maxBytes]);
        return { status: 200, headers: {}, body: Buffer.from('{"issuer":"x"}') };
      },
    });
    expect(await read('https://id.example/x')).toEqual({ issuer: 'x' });
    expect(asked).toEqual([['webhook', 'https://id.example/x', 5_000, 262_144]]);
  });

  test.each([
    [500, '{}'],
    [404, '{"issuer":"x"}'],
    [200, '<html>'],
    [200, ''],
  ])('answered with %i %s are none', async (status, body) => {
    await expect(answering(status, body)('https://id.example/x')).rejects.toThrow();
  });
});
