import { expect, test } from 'vitest';
import { eksToken, stsHost } from '../../../../shared/clusters/eks/eksToken.ts';

const now = Date.parse('2026-03-01T10:00:00.500Z');
const cluster = { region: 'eu-central-1', clusterName: 'store-42' };
const credentials = { accessKeyId: 'AKIDEXAMPLEAKIDEXAMPLE', secretAccessKey: 'a secret of the test' };
const urlOf = (token: string) =>
  new URL(Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString());

test('a token is the signed question to STS who one is, bound to the cluster', () => {
  const { token } = eksToken(cluster, credentials, now);
  expect(token).toMatch(/^k8s-aws-v1\.[\w-]+$/);
  const url = urlOf(token);
  expect(url.origin).toBe('https://sts.eu-central-1.amazonaws.com');
  expect(Object.fromEntries(url.searchParams)).toEqual({
    Action: 'GetCallerIdentity',
    Version: '2011-06-15',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': 'AKIDEXAMPLEAKIDEXAMPLE/20260301/eu-central-1/sts/aws4_request',
    'X-Amz-Date': '20260301T100000Z',
    'X-Amz-Expires': '60',
    'X-Amz-SignedHeaders': 'host;x-k8s-aws-id',
    'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test('the name of the cluster is part of what is signed, and stands nowhere in the token', () => {
  const [one, other] = ['store-42', 'store-43'].map((clusterName) =>
    urlOf(eksToken({ ...cluster, clusterName }, credentials, now).token),
  );
  expect(one!.searchParams.get('X-Amz-Signature')).not.toBe(other!.searchParams.get('X-Amz-Signature'));
  expect(one!.href).not.toContain('store-42');
});

test('the session token of an assumed role goes along', () => {
  const { token } = eksToken(cluster, { ...credentials, sessionToken: 'a+b/c=' }, now);
  expect(urlOf(token).searchParams.get('X-Amz-Security-Token')).toBe('a+b/c=');
});

test('a token is renewed a minute before its 15 minutes are over', () => {
  expect(new Date(eksToken(cluster, credentials, now).expiresAt).toISOString()).toBe(
    '2026-03-01T10:14:00.500Z',
  );
});

test.each([
  ['us-east-1', 'sts.us-east-1.amazonaws.com'],
  ['us-gov-west-1', 'sts.us-gov-west-1.amazonaws.com'],
  ['cn-northwest-1', 'sts.cn-northwest-1.amazonaws.com.cn'],
  ['us-isob-east-1', 'sts.us-isob-east-1.sc2s.sgov.gov'],
  ['eusc-de-east-1', 'sts.eusc-de-east-1.amazonaws.eu'],
])('STS of %s is %s', (region, host) => {
  expect(stsHost(region)).toBe(host);
});

test.each([
  [{ region: 'evil.example/?', clusterName: 'a' }, 'region'],
  [{ region: 'eu-central-1', clusterName: 'a\r\nHost: evil' }, 'clusterName'],
])('what would change the address or the header is refused: %j', (given, at) => {
  expect(() => eksToken(given, credentials, now)).toThrowError(
    expect.objectContaining({ code: 'EKS_INVALID', values: expect.objectContaining({ at }) }),
  );
});
