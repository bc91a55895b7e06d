import { describe, expect, test } from 'vitest';
import { type Catalogue, say } from '#errors';
import { netError } from '#net/errors';
import { neuvectorError, neuvectorErrors } from '#neuvector/errors';
import { accessError, accessErrors } from '../../../../shared/join/access/errors.ts';
import { type Call, reactionTo } from '../../../../shared/join/ladder/answers.ts';
import { ladderErrors } from '../../../../shared/join/ladder/errors.ts';
import type { Reaction } from '../../../../shared/join/model.ts';

/** As NeuVector's sources have it: what is asked, the answer's status, code and message, and what is right to do. */
type Row = [
  call: Call,
  status: number,
  code: number | null,
  message: string,
  reaction: Reaction,
  cause: string,
];

const table: Row[] = [
  // Authentication
  ['signIn', 401, 3, 'Authentication failed', 'refused', 'SIGN_IN_REFUSED'],
  ['signIn', 401, 47, 'Temporarily blocked because of too many login failures', 'refused', 'ACCOUNT_BLOCKED'],
  ['signIn', 401, 48, 'Password expired', 'refused', 'PASSWORD_EXPIRED'],
  ['signIn', 401, null, 'Unauthorized', 'refused', 'SIGN_IN_REFUSED'],
  ['signIn', 400, 6, 'Request in wrong format', 'stop', 'CONTROLLER_REFUSES'],
  ['signIn', 404, 1, 'URL not found', 'stop', 'CONTROLLER_WRONG_PORT'],
  ['member', 401, 3, 'Authentication failed', 'signIn', 'CONTROLLER_SESSION_OVER'],
  ['member', 408, 3, 'Authentication failed', 'signIn', 'CONTROLLER_SESSION_OVER'],
  ['member', 403, 25, 'Object access denied', 'stop', 'CONTROLLER_ROLE_MISSING'],
  ['member', 404, 1, 'URL not found', 'stop', 'CONTROLLER_WRONG_PORT'],
  ['member', 405, 2, 'Method not allowed', 'stop', 'CONTROLLER_REFUSES'],
  // The join, first what its own controller says
  [
    'join',
    400,
    4,
    'Federate rules cleanup is still ongoing. Please try again later.',
    'wait',
    'CONTROLLER_CLEANING_UP',
  ],
  ['join', 500, 19, 'Acquire cluster lock failed', 'wait', 'CONTROLLER_LOCK_BUSY'],
  ['join', 401, 3, 'Authentication failed', 'signIn', 'CONTROLLER_SESSION_OVER'],
  ['join', 408, 3, 'Authentication failed', 'signIn', 'CONTROLLER_SESSION_OVER'],
  ['join', 403, 25, 'Object access denied', 'stop', 'CONTROLLER_ROLE_MISSING'],
  ['join', 400, 4, 'Operation not allowed', 'look', 'JOIN_NOT_NOW'],
  ['join', 428, 4, 'fed.group-1, fed.registry', 'stop', 'JOIN_LEFTOVERS'],
  ['join', 400, 6, 'Request in wrong format', 'stop', 'JOIN_REQUEST_INVALID'],
  // then what came of it at the primary
  [
    'join',
    400,
    40,
    'Managed cluster is unreachable from primary cluster',
    'slowly',
    'JOIN_ADDRESS_UNREACHED',
  ],
  [
    'join',
    503,
    40,
    'Managed cluster is unreachable from primary cluster',
    'slowly',
    'JOIN_ADDRESS_UNREACHED',
  ],
  [
    'join',
    409,
    41,
    'Another cluster with the same name already exists in the federation',
    'nameTaken',
    'JOIN_NAME_TAKEN',
  ],
  ['join', 417, 39, 'Federation operation failed', 'newToken', 'JOIN_TOKEN_REFUSED'],
  ['join', 426, 42, 'Version of primary cluster is too old', 'stop', 'JOIN_PRIMARY_TOO_OLD'],
  ['join', 426, 43, 'Version of managed cluster is too old', 'stop', 'JOIN_CONTROLLER_TOO_OLD'],
  ['join', 426, 39, 'Federation operation failed', 'retry', 'JOIN_PRIMARY_UPGRADING'],
  ['join', 404, 1, 'URL not found', 'stop', 'JOIN_PRIMARY_WRONG_PORT'],
  ['join', 500, 4, 'Operation not allowed', 'retry', 'JOIN_PRIMARY_UNREADY'],
  ['join', 500, 39, 'dial tcp 10.0.0.5:11443: connect: connection refused', 'look', 'JOIN_PRIMARY_UNREACHED'],
  [
    'join',
    500,
    39,
    'context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    'look',
    'JOIN_PRIMARY_UNREACHED',
  ],
  ['join', 500, 39, 'EOF', 'look', 'JOIN_PRIMARY_UNREACHED'],
  ['join', 500, 39, 'tls: first record does not look like a TLS handshake', 'look', 'JOIN_PRIMARY_UNREACHED'],
  ['join', 500, 39, '502 Bad Gateway', 'look', 'JOIN_PRIMARY_GATEWAY'],
  ['join', 500, 39, 'Federation operation failed', 'look', 'JOIN_PRIMARY_UNREACHED'],
  // and what stands before its own controller
  ['join', 400, null, "Request is missing required HTTP header 'Token'", 'stop', 'CONTROLLER_IS_MANAGER'],
  ['join', 404, null, '404 page not found', 'slowly', 'CONTROLLER_NOT_ITSELF'],
  ['join', 401, null, 'Unauthorized', 'stop', 'CONTROLLER_NOT_ITSELF'],
  ['join', 403, null, 'Forbidden', 'stop', 'CONTROLLER_NOT_ITSELF'],
  ['join', 407, null, 'Proxy Authentication Required', 'stop', 'CONTROLLER_NOT_ITSELF'],
  ['join', 429, null, 'Too Many Requests', 'retry', 'CONTROLLER_GATEWAY'],
  ['join', 502, null, '502 Bad Gateway', 'look', 'CONTROLLER_GATEWAY'],
  ['join', 504, null, '', 'look', 'CONTROLLER_GATEWAY'],
  // Nobody has seen these.
  ['join', 400, 99, 'Something new', 'stop', 'CONTROLLER_REFUSES'],
  ['join', 500, 99, 'Something new', 'look', 'CONTROLLER_TROUBLE'],
  ['join', 500, 55, 'Server Error', 'look', 'CONTROLLER_TROUBLE'],
  ['join', 302, null, '', 'stop', 'CONTROLLER_NOT_ITSELF'],
  ['join', 204, null, '', 'slowly', 'CONTROLLER_NOT_ITSELF'],
  ['member', 500, 99, 'Something new', 'retry', 'CONTROLLER_TROUBLE'],
  ['member', 502, null, 'Bad Gateway', 'retry', 'CONTROLLER_GATEWAY'],
  ['member', 401, 99, 'Something new', 'signIn', 'CONTROLLER_SESSION_OVER'],
  // The contract that earlier texts describe
  ['joinMaster', 400, 6, 'Request in wrong format', 'stop', 'JOIN_REQUEST_INVALID'],
  ['joinMaster', 400, null, 'bad request', 'stop', 'JOIN_REQUEST_INVALID'],
  ['joinMaster', 400, 4, 'Operation not allowed', 'stop', 'JOIN_MASTER_CONTRACT'],
  ['joinMaster', 401, 3, 'Authentication failed', 'signIn', 'JOIN_MASTER_CONTRACT'],
  ['joinMaster', 401, null, '', 'signIn', 'JOIN_MASTER_CONTRACT'],
  ['joinMaster', 404, 1, 'URL not found', 'stop', 'JOIN_MASTER_CONTRACT'],
  ['joinMaster', 403, 25, 'Object access denied', 'stop', 'CONTROLLER_ROLE_MISSING'],
  [
    'joinMaster',
    409,
    41,
    'Another cluster with the same name already exists in the federation',
    'stop',
    'JOIN_MASTER_LISTED',
  ],
  ['joinMaster', 409, null, 'conflict', 'stop', 'JOIN_MASTER_LISTED'],
  ['joinMaster', 500, 39, 'Federation operation failed', 'retry', 'CONTROLLER_TROUBLE'],
  ['joinMaster', 503, null, '', 'retry', 'CONTROLLER_GATEWAY'],
  // Leaving
  ['leave', 400, 4, 'Operation not allowed', 'look', 'LEAVE_NOT_MEMBER'],
  ['leave', 403, 25, 'Object access denied', 'stop', 'CONTROLLER_ROLE_MISSING'],
  ['leave', 500, 39, '404 Not Found', 'force', 'LEAVE_UNKNOWN'],
  ['leave', 500, 39, 'dial tcp: connect: connection refused', 'look', 'LEAVE_UNANSWERED'],
  ['leave', 500, 19, 'Acquire cluster lock failed', 'wait', 'CONTROLLER_LOCK_BUSY'],
  ['leave', 502, null, '', 'look', 'CONTROLLER_GATEWAY'],
  // At the primary
  ['joinToken', 400, 4, 'Operation not allowed', 'stop', 'JOIN_PRIMARY_NONE'],
  ['joinToken', 403, 25, 'Object access denied', 'stop', 'CONTROLLER_ROLE_MISSING'],
  ['joinToken', 500, 7, 'Object not found', 'retry', 'JOIN_PRIMARY_UNREADY'],
  ['joinToken', 500, 55, 'Server Error', 'retry', 'JOIN_PRIMARY_UNREADY'],
  ['removeMember', 400, 7, 'Object not found', 'look', 'REMOVE_GONE'],
  ['removeMember', 403, 25, 'Object access denied', 'stop', 'CONTROLLER_ROLE_MISSING'],
  ['removeMember', 500, 39, 'Fail to dismiss managed cluster', 'retry', 'CONTROLLER_TROUBLE'],
  ['removeMember', 500, 19, 'Acquire cluster lock failed', 'wait', 'CONTROLLER_LOCK_BUSY'],
  ['deploy', 400, 40, 'Managed cluster is unreachable from primary cluster', 'slowly', 'DEPLOY_UNREACHED'],
  ['deploy', 400, 6, 'Request in wrong format', 'look', 'DEPLOY_NOTHING'],
  ['deploy', 403, 25, 'Object access denied', 'stop', 'CONTROLLER_ROLE_MISSING'],
  // Of strangers
  ['healthcheck', 404, 1, 'URL not found', 'stop', 'JOIN_PRIMARY_WRONG_PORT'],
  ['healthcheck', 502, null, 'Bad Gateway', 'retry', 'CONTROLLER_GATEWAY'],
  ['jointTest', 400, 6, 'Request in wrong format', 'slowly', 'JOIN_ADDRESS_NOT_STANDALONE'],
  ['jointTest', 404, 1, 'URL not found', 'slowly', 'JOIN_ADDRESS_WRONG_PORT'],
];

const about = {
  place: '10.0.0.9:10443',
  name: 'u1-abc123',
  advertised: 'a.example:443',
  primary: 'p.example:11443',
  user: 'admin',
  when: '2026-03-01T10:00:00Z',
  until: '2026-03-01T11:00:00Z',
};

const texts: Catalogue = { ...neuvectorErrors, ...accessErrors, ...ladderErrors };

test.each(table)('%s answered %i, code %s (%s): %s', (call, status, code, message, reaction, cause) => {
  const met = reactionTo(call, { status, code, message }, about);
  expect(met).toMatchObject({ reaction, cause: { code: cause }, answer: { status, code, message } });
  const entry = texts[cause]!;
  for (const language of ['en', 'zh'] as const) {
    for (const text of [entry.message, entry.remedy]) {
      // Nothing is left to be filled in, but for the record's own id.
      expect(say(text, language, met.cause.values).replaceAll('{id}', '')).not.toMatch(/\{\w+\}/);
    }
  }
});

test('the role that is needed is told for each call', () => {
  const roleFor = (call: Call) => reactionTo(call, { status: 403, code: 25, message: '' }).cause.values.role;
  expect((['member', 'join', 'leave', 'joinToken', 'removeMember', 'deploy'] as const).map(roleFor)).toEqual([
    ...['reader', 'admin', 'admin', 'fedAdmin', 'fedAdmin', 'fedAdmin'],
  ]);
});

test('leftovers, the advertised address and the taken name are told', () => {
  const said = (code: keyof typeof ladderErrors, status: number, number: number, message = '') => {
    const { cause } = reactionTo('join', { status, code: number, message }, about);
    expect(cause.code).toBe(code);
    return say(ladderErrors[code].message, 'en', cause.values);
  };
  expect(said('JOIN_LEFTOVERS', 428, 4, 'fed.one, fed.two')).toContain('fed.one, fed.two');
  expect(said('JOIN_ADDRESS_UNREACHED', 400, 40)).toContain('a.example:443');
  expect(said('JOIN_NAME_TAKEN', 409, 41)).toContain('u1-abc123');
});

test('a page of a proxy is told in one short line', () => {
  const page = `<html>\n<head><title>502</title></head>${'<p>Bad Gateway</p>\n'.repeat(200)}`;
  const { answer } = reactionTo('join', { status: 502, code: null, message: page });
  expect(answer!.message).toMatch(/^502 Bad Gateway Bad Gateway/);
  expect(answer!.message.length).toBeLessThan(210);
});

describe('where nobody answered', () => {
  test.each([
    ['join', 'TCP_REFUSED', 'retry'],
    ['join', 'DNS_NXDOMAIN', 'slowly'],
    ['join', 'TLS_CA_UNKNOWN', 'stop'],
    ['join', 'TARGET_FORBIDDEN', 'stop'],
    ['join', 'TLS_CERT_EXPIRED', 'slowly'],
    ['join', 'HTTP_TIMEOUT', 'look'],
    ['join', 'HTTP_CUT', 'look'],
    ['join', 'TCP_RESET', 'look'],
    ['leave', 'HTTP_CUT', 'look'],
    ['joinMaster', 'HTTP_CUT', 'retry'],
    ['member', 'HTTP_CUT', 'retry'],
    ['member', 'TCP_TIMEOUT', 'retry'],
    ['tokenUrl', 'TCP_REFUSED', 'retry'],
  ] as const)('%s met %s: %s', (call, code, reaction) => {
    const met = reactionTo(call, netError(code, { host: 'a', port: 1 }));
    expect(met).toEqual({ reaction, cause: { code, values: { host: 'a', port: 1 } }, answer: null });
  });
});

describe('where Drover does not ask', () => {
  test.each([
    ['SIGN_IN_REFUSED', 'refused'],
    ['ACCOUNT_BLOCKED', 'refused'],
    ['PASSWORD_EXPIRED', 'refused'],
    ['API_KEY_REFUSED', 'refused'],
    ['SIGN_IN_HELD', 'refused'],
    ['SIGN_IN_BUSY', 'wait'],
    ['SESSIONS_LEFT_OPEN', 'slowly'],
    ['PRIMARY_NOT_GIVEN', 'stop'],
  ] as const)('%s: %s', (code, reaction) => {
    expect(reactionTo('member', accessError(code)).reaction).toBe(reaction);
    expect(reactionTo('join', accessError(code)).reaction).toBe(reaction);
  });

  test('a password that must be changed is not tried again', () => {
    const met = reactionTo('signIn', neuvectorError('PASSWORD_MUST_CHANGE', { place: 'a:1', user: 'admin' }));
    expect(met).toMatchObject({ reaction: 'refused', cause: { code: 'PASSWORD_MUST_CHANGE' } });
  });
});

test.each([
  [401, 'stop'],
  [403, 'stop'],
  [404, 'slowly'],
  [429, 'retry'],
  [503, 'retry'],
])('an address of tokens that answers %i: %s', (status, reaction) => {
  const error = neuvectorError('JOIN_TOKEN_URL_REFUSED', { host: 'tokens.example', status });
  expect(reactionTo('tokenUrl', error)).toEqual({
    reaction,
    cause: { code: 'JOIN_TOKEN_URL_REFUSED', values: { host: 'tokens.example', status } },
    answer: null,
  });
});
