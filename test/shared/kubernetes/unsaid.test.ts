import { expect, test } from 'vitest';
import { unsaid } from '../../../shared/kubernetes/unsaid.ts';

const token = 'a-token-of-the-test';
const answer = (body: string, headers: Record<string, string | string[] | undefined> = {}) => ({
  headers,
  body: Buffer.from(body),
});

test('what was sent is not in what comes back, wherever it stands', () => {
  const { body, headers } = unsaid(
    answer(`{"message":"${token} and ${token}"}`, { a: `x ${token}`, b: ['y', token], c: undefined, d: 'z' }),
    token,
  );
  expect(Buffer.from(body).toString()).toBe('{"message":"[redacted] and [redacted]"}');
  expect(headers).toEqual({ a: 'x [redacted]', b: ['y', '[redacted]'], c: undefined, d: 'z' });
});

test('what does not repeat it is as it was', () => {
  const plain = answer('{"kind":"Pod"}', { 'content-type': 'application/json' });
  expect(unsaid(plain, token)).toBe(plain);
  expect(unsaid(plain, undefined)).toBe(plain);
  expect(unsaid(plain, 'kind')).toBe(plain);
});

test('long lists are not searched, their headers are', () => {
  const long = answer(`${' '.repeat(262_144)}${token}`, { a: token });
  expect(unsaid(long, token)).toEqual({ body: long.body, headers: { a: '[redacted]' } });
});
