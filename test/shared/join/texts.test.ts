import { expect, test } from 'vitest';
import { sayCause } from '../../../shared/join/texts.ts';

test.each([
  ['of the way there', 'TCP_REFUSED'],
  ['of a cluster’s API server', 'PERMISSION_MISSING'],
  ['of the cluster that the way leads through', 'CLUSTER_PAUSED'],
  ['of what is sealed', 'SECRET_UNREADABLE'],
  ['of what answers in a controller’s place', 'NOT_NEUVECTOR'],
  ['of a sign-in', 'SIGN_IN_REFUSED'],
  ['of an answer', 'JOIN_ADDRESS_UNREACHED'],
  ['of a membership', 'OUT_OF_SYNC'],
])('a cause %s is told in both languages', (_, code) => {
  const cause = { code, values: {} };
  const [english, chinese] = [sayCause(cause, 'en'), sayCause(cause, 'zh')];
  expect(english.message).not.toBe(code);
  expect(english.remedy).not.toBe('');
  expect(chinese.message).not.toBe(english.message);
});

test('a cause that an older version kept is told by its code', () => {
  expect(sayCause({ code: 'GONE_SINCE', values: {} }, 'en')).toEqual({ message: 'GONE_SINCE', remedy: '' });
});
