import { describe, expect, test } from 'vitest';
import { checkToken } from '../../../../shared/clusters/credential/checkToken.ts';
import { readToken } from '../../../../shared/clusters/credential/token.ts';
import { hour } from '../../../../shared/time/index.ts';

const now = Date.parse('2026-03-01T10:00:00Z');
const seconds = (instant: number): number => instant / 1000;
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: unknown, header: object = { alg: 'RS256', kid: 'k' }): string =>
  `${part(header)}.${part(claims)}.c2lnbmF0dXJl`;

const claims = {
  aud: ['https://kubernetes.default.svc'],
  exp: seconds(now + 48 * hour),
  iat: seconds(now),
  nbf: seconds(now),
  iss: 'https://kubernetes.default.svc.cluster.local',
  sub: 'system:serviceaccount:drover-system:drover',
  'kubernetes.io': { namespace: 'drover-system', serviceaccount: { name: 'drover', uid: 'u' } },
};
const warned = (token: string): string[] => checkToken(token, now).warnings.map(({ code }) => code);

test('a token of a service account tells whose it is, who made it and when it ends', () => {
  const { failure, warnings, expiries, evidence } = checkToken(jwt(claims), now);
  expect({ failure, warnings }).toEqual({ failure: null, warnings: [] });
  expect(expiries).toEqual([{ of: 'token', subject: claims.sub, at: now + 48 * hour }]);
  expect(evidence).toEqual({
    form: 'jwt',
    fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    subject: claims.sub,
    issuer: claims.iss,
    audiences: claims.aud,
    notBefore: '2026-03-01T10:00:00.000Z',
    issuedAt: '2026-03-01T10:00:00.000Z',
    expiresAt: '2026-03-03T10:00:00.000Z',
    serviceAccount: { namespace: 'drover-system', name: 'drover' },
    boundTo: null,
  });
});

test.each([
  ['has expired', { exp: seconds(now) }, 'TOKEN_EXPIRED_LOCAL'],
  ['expired in 1970', { exp: 0 }, 'TOKEN_EXPIRED_LOCAL'],
  ['is not valid yet', { nbf: seconds(now) + 1 }, 'TOKEN_NOT_YET_VALID'],
])('a token that %s is refused', (_, changed, code) => {
  expect(checkToken(jwt({ ...claims, ...changed }), now).failure).toMatchObject({
    code,
    values: { subject: claims.sub },
  });
});

// A stored token was bound to a pod that died: rancher#32298 (test idea 10).
test.each([
  ['pod', { 'kubernetes.io': { pod: { name: 'web-0', uid: 'u' } } }, { kind: 'Pod', name: 'web-0' }],
  ['Secret', { 'kubernetes.io': { secret: { name: 's', uid: 'u' } } }, { kind: 'Secret', name: 's' }],
  ['node', { 'kubernetes.io': { node: { name: 'n1', uid: 'u' } } }, { kind: 'Node', name: 'n1' }],
  ['Secret of old', { 'kubernetes.io/serviceaccount/secret.name': 's' }, { kind: 'Secret', name: 's' }],
])('a token bound to a %s is told of', (_, changed, boundTo) => {
  const { warnings, evidence } = checkToken(jwt({ ...claims, ...changed }), now);
  expect(warnings).toEqual([{ code: 'TOKEN_BOUND', values: { subject: claims.sub, ...boundTo } }]);
  expect(evidence?.boundTo).toEqual(boundTo);
});

test.each([
  ['no expiry', undefined],
  ['an expiry that is text', '2026'],
  ['an expiry beyond all years', 1e300],
])('a token with %s is flagged, and taken', (_, exp) => {
  const checked = checkToken(jwt({ ...claims, exp }), now);
  expect([checked.failure, checked.expiries]).toEqual([null, []]);
  expect(warned(jwt({ ...claims, exp }))).toEqual(['TOKEN_NEVER_EXPIRES']);
});

test.each([
  ['of Rancher', 'kubeconfig-u-abc123:x7k2'],
  ['with dots', 'abcdef.0123456789abcdef'],
  ['encrypted to the server', `${part({ alg: 'dir', enc: 'A256GCM' })}..aXY.Y3Q.dGFn`],
  ['whose first part is JSON of something else', `${part({ typ: 'x' })}.x.y`],
])('an opaque token %s is taken; its end is not known, and no digest of it is shown', (_, token) => {
  const { failure, evidence } = checkToken(token, now);
  expect(failure).toBeNull();
  expect(evidence).toMatchObject({ form: 'opaque', fingerprint: null, expiresAt: null });
  expect(warned(token)).toEqual(['TOKEN_EXPIRY_UNKNOWN']);
});

test.each([
  ['without its signature', jwt(claims).split('.').slice(0, 2).join('.')],
  ['with an empty signature', jwt(claims).replace(/[^.]+$/, '')],
  ['with half its claims', `${part({ alg: 'RS256' })}.${part(claims).slice(0, 40)}.x`],
  ['whose claims are a list', jwt([])],
])('a JWT %s is refused', (_, token) => {
  expect(checkToken(token, now).failure?.code).toBe('TOKEN_INVALID');
});

describe('the text of a token', () => {
  test('loses the white space around it', () => {
    expect(readToken(' \tabc\r\n')).toEqual({ value: 'abc' });
  });

  test.each([
    ['', 'is empty'],
    [' \n', 'is empty'],
    ['Bearer abc', 'begins with the word Bearer'],
    ['abc\ndef', 'has white space'],
    ['abc\r\nX-Evil: 1', 'has white space'],
    ['abc def', 'has white space'],
    ['abc\u2028def', 'has white space'],
    ['abc\0def', 'has characters'],
    ['abc\u007fdef', 'has characters'],
    ['töken', 'has characters'],
    ['a'.repeat(16_385), 'is longer'],
    [Buffer.from(jwt(claims)).toString('base64'), 'is a token in base64 once more'],
  ])('%j is refused', (text, reason) => {
    expect(readToken(text)).toMatchObject({ reason: { en: expect.stringMatching(`^${reason}`) } });
  });
});
