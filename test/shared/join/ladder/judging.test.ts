import { expect, test } from 'vitest';
import { say } from '#errors';
import { hour, minute } from '#time';
import { ladderErrors } from '../../../../shared/join/ladder/errors.ts';
import { judgeAddress } from '../../../../shared/join/ladder/judgeAddress.ts';
import { ageInWords, judgeToken } from '../../../../shared/join/ladder/judgeToken.ts';
import { sayStages } from '../../../../shared/join/ladder/sayStages.ts';

test.each([
  ['neuvector-svc-controller.neuvector.svc', 'DNS knows'],
  ['neuvector-svc-controller.neuvector.svc.cluster.local', 'DNS knows'],
  ['neuvector-svc-controller.neuvector', 'DNS knows'],
  ['Neuvector-Svc-Controller.Neuvector.SVC.', 'DNS knows'],
  ['controller', 'without a domain'],
  ['localhost', 'loopback'],
  ['127.0.0.1', 'loopback'],
  ['127.8.9.1', 'loopback'],
  ['[::1]', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['169.254.169.254', 'link-local'],
  ['fe80::1', 'link-local'],
  ['0.0.0.0', 'unspecified'],
  ['::', 'unspecified'],
  ['192.0.2.7', 'reserved'],
])('a primary can hardly reach %s: %s', (server, kind) => {
  const cause = judgeAddress({ server, port: 443 })!;
  expect(say(ladderErrors.JOIN_ADDRESS_DOUBTFUL.message, 'en', cause.values)).toContain(kind);
});

test.each([
  'cn-wukong-ru2204a.mcd.store',
  'nv.svc.example.com',
  '10.1.2.3',
  '172.16.0.9',
  '192.168.1.1',
  '100.64.0.1',
  '203.0.114.9',
  'fd00::12',
  '[2600:1f18::1]',
])('a primary may reach %s', (server) => {
  expect(judgeAddress({ server, port: 443 })).toBeUndefined();
});

const ticket = 'b3BhcXVl';
const fixed = '0b8a7a06-3f0c-4c1c-9f0e-5d9d1f0a2b3c';
const token = { server: 'p.example', port: 11443, ticket };
const now = Date.parse('2026-03-01T10:00:00Z');

test.each([
  ['fresh', token, 0, 'controller', {}],
  ['an hour old', token, hour, 'controller', {}],
  ['older', token, hour + minute, 'controller', { warning: 'JOIN_TOKEN_OLD' }],
  ['from a clock that is ahead', token, -3 * hour, 'controller', {}],
  ['fixed and old', { ...token, ticket: fixed }, 900 * hour, 'controller', {}],
  ['without ticket', { ...token, ticket: null }, 0, 'controller', { failure: 'TOKEN_WITHOUT_TICKET' }],
  ['without ticket, for a gateway', { ...token, ticket: null }, 0, 'master', {}],
] as const)('a token %s', (_, given, age, contract, expected) => {
  const { failure, warnings } = judgeToken(given, now - age, now, contract);
  expect({ failure: failure?.cause.code, warning: warnings?.[0]?.code }).toEqual(expected);
});

test('an age is told in words', () => {
  const english = (age: number) => ageInWords(age).en;
  expect([english(61 * minute), english(25 * hour + minute), english(72 * hour)]).toEqual([
    ...['1 h 1 min', '25 h 1 min', '3 days'],
  ]);
});

test('stages are told with their sentences, and without where there is nothing to say', () => {
  const answer = { status: 417, code: 39, message: 'Federation operation failed' };
  const cause = { code: 'JOIN_TOKEN_REFUSED', values: { primary: 'p.example:11443' } };
  const said = sayStages(
    [
      { stage: 'token', is: 'done', cause: null, answer: null },
      { stage: 'join', is: 'failed', cause, answer },
    ],
    'zh',
    ({ code }, language) => ({ message: `${code} ${language}`, remedy: 'r' }),
  );
  expect(said).toEqual([
    { stage: 'token', state: 'done', code: null, message: null, remedy: null, answer: null },
    { stage: 'join', state: 'failed', code: cause.code, message: `${cause.code} zh`, remedy: 'r', answer },
  ]);
});
