import { createHmac, generateKeyPairSync } from 'node:crypto';
import { exportJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OidcIssuer } from '#auth/oidc';
import { systemClock } from '#time';
import { anIssuer, audience, fetchJson } from './anIssuer.ts';

let real: Awaited<ReturnType<typeof anIssuer>>;
beforeAll(async () => {
  real = await anIssuer();
});
afterAll(() => real.close());

const checker = (over: { roleClaim?: string; audience?: string; issuer?: string } = {}) =>
  new OidcIssuer({ issuer: real.issuer, audience, roleClaim: 'roles', ...over }, fetchJson, systemClock);

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'let in',
    (error: { code: string }) => error.code,
  );

describe('access tokens of a real provider', () => {
  test('are let in with the role of their claim', async () => {
    const caller = await checker().check(await real.token());
    expect(caller).toMatchObject({ subject: 'robot', role: 'operator', issuer: real.issuer });
    expect(caller.expiresAt).toBeGreaterThan(Date.now());
  });

  test.each([
    ['roles', { roles: 'admin' }, 'admin'],
    ['roles', { roles: ['viewer', 'admin', 'other'] }, 'admin'],
    ['realm_access.roles', { realm_access: { roles: ['viewer'] } }, 'viewer'],
    ['https://example.com/roles', { 'https://example.com/roles': ['operator'] }, 'operator'],
  ])('role claim %s of %j gives %s', async (roleClaim, claims, role) => {
    expect((await checker({ roleClaim }).check(await real.token({ claims }))).role).toBe(role);
  });

  test.each([
    [{}],
    [{ roles: [] }],
    [{ roles: ['Admin', 'administrator', 'root'] }],
    [{ roles: { admin: true } }],
    [{ roles: 'viewer admin' }],
  ])('with the claims %j there is no role, and no way in', async (claims) => {
    expect(await refusal(checker().check(await real.token({ claims })))).toBe('OIDC_ROLE_MISSING');
  });

  test('a path through what objects inherit finds nothing', async () => {
    const token = await real.token();
    expect(await refusal(checker({ roleClaim: 'constructor.name' }).check(token))).toBe('OIDC_ROLE_MISSING');
  });

  test('for another audience are refused', async () => {
    const token = await real.token({ audience: 'https://elsewhere.example' });
    expect(await refusal(checker().check(token))).toBe('OIDC_TOKEN_REFUSED');
  });

  test('keys are read once, not at each sign-in', async () => {
    const issuer = checker();
    const token = await real.token();
    real.forget();
    await Promise.all([issuer.check(token), issuer.check(token), issuer.check(token)]);
    await issuer.check(token);
    expect(real.requests).toEqual(['/.well-known/openid-configuration', '/jwks']);
  });

  test('cannot be checked while the provider is down: a problem of ours, never a way in', async () => {
    const token = await real.token();
    real.goDown(true);
    const issuer = checker();
    expect(await refusal(issuer.check(token))).toBe('OIDC_UNAVAILABLE');
    real.forget();
    expect(await refusal(issuer.check(token))).toBe('OIDC_UNAVAILABLE');
    expect(real.requests).toEqual([]);
    real.goDown(false);
  });
});

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** An issuer of our own making, so that its tokens can be made wrong in every way. */
async function aForgery() {
  let now = Date.parse('2026-03-01T10:00:00Z');
  const issuer = 'https://issuer.example';
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  let reads = 0;
  const documents: Record<string, unknown> = {
    [`${issuer}/.well-known/openid-configuration`]: { issuer, jwks_uri: `${issuer}/keys` },
    [`${issuer}/keys`]: { keys: [jwk] },
  };
  const checks = new OidcIssuer(
    { issuer, audience, roleClaim: 'roles' },
    async (url) => {
      reads++;
      if (!(url in documents)) throw new Error('not found');
      return documents[url];
    },
    { now: () => now, sleep: async () => {} },
  );
  const claims = (over: Record<string, unknown> = {}) => ({
    iss: issuer,
    aud: audience,
    sub: 'mallory',
    roles: ['admin'],
    iat: now / 1000,
    exp: now / 1000 + 300,
    ...over,
  });
  const sign = (
    over: Record<string, unknown> = {},
    header: Record<string, unknown> = {},
    key = pair.privateKey,
  ) => new SignJWT(claims(over)).setProtectedHeader({ alg: 'RS256', kid: 'one', ...header }).sign(key);
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return {
    issuer,
    checks,
    claims,
    sign,
    encoded,
    jwk,
    pair,
    other,
    documents,
    reads: () => reads,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

describe('hostile access tokens', () => {
  test('the honest one is let in, so that the refusals below mean something', async () => {
    const { checks, sign } = await aForgery();
    expect((await checks.check(await sign())).role).toBe('admin');
  });

  test('an unsigned one (alg none) is refused', async () => {
    const { checks, claims, encoded } = await aForgery();
    for (const alg of ['none', 'None', 'NONE', '']) {
      expect(await refusal(checks.check(`${encoded({ alg, kid: 'one' })}.${encoded(claims())}.`))).toBe(
        'OIDC_TOKEN_REFUSED',
      );
    }
  });

  test('one signed with the public key as an HMAC secret is refused', async () => {
    const { checks, claims, encoded, pair, jwk } = await aForgery();
    const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    for (const secret of [pem, pem.trim(), JSON.stringify(jwk), String(jwk.n)]) {
      const text = `${encoded({ alg: 'HS256', kid: 'one' })}.${encoded(claims())}`;
      const signature = createHmac('sha256', secret).update(text).digest('base64url');
      expect(await refusal(checks.check(`${text}.${signature}`))).toBe('OIDC_TOKEN_REFUSED');
    }
  });

  test('one signed with a symmetric key is refused even where the issuer lists that key', async () => {
    const { checks, claims, encoded, documents, issuer, jwk } = await aForgery();
    const key = Buffer.from('a key that everyone can read, thirty-two bytes');
    const listed = { kty: 'oct', kid: 'shared', alg: 'HS256', k: key.toString('base64url') };
    documents[`${issuer}/keys`] = { keys: [jwk, listed] };
    const text = `${encoded({ alg: 'HS256', kid: 'shared' })}.${encoded(claims())}`;
    const signature = createHmac('sha256', key).update(text).digest('base64url');
    expect(await refusal(checks.check(`${text}.${signature}`))).toBe('OIDC_TOKEN_REFUSED');
  });

  test.each([
    ['another issuer', { iss: 'https://issuer.example.evil' }],
    ['no issuer', { iss: undefined }],
    ['another audience', { aud: 'https://elsewhere.example' }],
    ['a longer audience', { aud: `${audience}/admin` }],
    ['no audience', { aud: undefined }],
    ['no expiry', { exp: undefined }],
    ['an expiry long past', { exp: Date.parse('2026-03-01T09:59:00Z') / 1000 }],
    ['an expiry in words', { exp: 'never' }],
    ['a beginning ahead', { nbf: Date.parse('2026-03-01T10:02:00Z') / 1000 }],
    ['no subject', { sub: undefined }],
  ])('%s is refused', async (_what, over) => {
    const { checks, sign } = await aForgery();
    expect(await refusal(checks.check(await sign(over)))).toBe('OIDC_TOKEN_REFUSED');
  });

  test('half a minute of disagreement between clocks is forgiven, no more', async () => {
    const { checks, sign, pass } = await aForgery();
    const token = await sign();
    pass(329_000);
    expect((await checks.check(token)).role).toBe('admin');
    pass(2_000);
    expect(await refusal(checks.check(token))).toBe('OIDC_TOKEN_REFUSED');
  });

  test('one signed with another key is refused, whatever key its header offers or names', async () => {
    const { checks, sign, other } = await aForgery();
    const offered = await exportJWK(other.publicKey);
    for (const header of [
      {},
      { kid: '../../keys/one' },
      { kid: "one' OR 1=1" },
      { kid: undefined },
      { jwk: offered },
      { jku: 'https://evil.example/keys' },
      { x5u: 'https://evil.example/cert' },
    ]) {
      expect(await refusal(checks.check(await sign({}, header, other.privateKey)))).toBe(
        'OIDC_TOKEN_REFUSED',
      );
    }
  });

  test('header addresses are never fetched, and made-up key ids do not make the keys be read again and again', async () => {
    const { checks, sign, other, reads } = await aForgery();
    await checks.check(await sign());
    const before = reads();
    for (let i = 0; i < 20; i++) {
      const token = await sign(
        {},
        { kid: `made-up-${i}`, jku: 'https://evil.example/keys' },
        other.privateKey,
      );
      expect(await refusal(checks.check(token))).toBe('OIDC_TOKEN_REFUSED');
    }
    expect(reads()).toBe(before);
  });

  test('a key the issuer has changed to is found without waiting for the cache to age', async () => {
    const { checks, sign, other, documents, issuer, pass } = await aForgery();
    await checks.check(await sign());
    documents[`${issuer}/keys`] = {
      keys: [{ ...(await exportJWK(other.publicKey)), kid: 'two', alg: 'RS256', use: 'sig' }],
    };
    pass(31_000);
    expect((await checks.check(await sign({}, { kid: 'two' }, other.privateKey))).role).toBe('admin');
    expect(await refusal(checks.check(await sign()))).toBe('OIDC_TOKEN_REFUSED');
  });

  test('a discovery document in another’s name is not believed', async () => {
    const { checks, sign, documents, issuer } = await aForgery();
    documents[`${issuer}/.well-known/openid-configuration`] = {
      issuer: 'https://evil.example',
      jwks_uri: `${issuer}/keys`,
    };
    expect(await refusal(checks.check(await sign()))).toBe('OIDC_UNAVAILABLE');
  });

  test.each(['', '.', '..', 'a.b.c', 'eyJhbGciOiJSUzI1NiJ9..', `${'a'.repeat(8000)}.b.c`])(
    'the garbage "%s" is refused',
    async (garbage) => {
      const { checks } = await aForgery();
      expect(await refusal(checks.check(garbage))).toBe('OIDC_TOKEN_REFUSED');
    },
  );
});
