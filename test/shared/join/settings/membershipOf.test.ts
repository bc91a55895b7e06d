import { expect, test } from 'vitest';
import { encodeJoinToken } from '#neuvector';
import { sayFaults } from '#settings';
import { membershipOf } from '../../../../shared/join/settings/membershipOf.ts';

const forMetrics = { CTRL_API_SERVICE: 'neuvector:10443', CTRL_PASSWORD: 'secret' };
const joining = { ...forMetrics, ENABLE_FED_JOIN: 'true', PAAS_STORE_ID: 'u2204a', JOIN_TOKEN: 'eyJz' };

function bodyOf(given: Record<string, string>) {
  const described = membershipOf(given);
  if (described.is !== 'whole') throw new Error(JSON.stringify(described));
  return described.body;
}

function problemsOf(given: Record<string, string>) {
  const described = membershipOf(given);
  return described.is === 'wrong' ? sayFaults(described.problems) : undefined;
}

test.each([
  ['nothing', {}],
  ['names that other programs may have', { JOIN_ADDRESS: 'store.example', EXPORTER_PORT: '8068' }],
  ['a join that is switched off', { ENABLE_FED_JOIN: 'false', PAAS_STORE_ID: 'u2204a' }],
])('%s describes no membership', (_, given) => {
  expect(membershipOf(given)).toEqual({ is: 'absent' });
});

test('without ENABLE_FED_JOIN it is for metrics alone, and what would be needed to join is not asked for', () => {
  expect(bodyOf(forMetrics)).toEqual({
    join: false,
    controller: {
      address: 'neuvector:10443',
      credential: { type: 'password', username: 'admin', password: 'secret' },
    },
  });
});

test('with it the least there is', () => {
  expect(bodyOf(joining)).toMatchObject({
    join: true,
    storeId: 'u2204a',
    token: 'eyJz',
    maxAttempts: 10,
    stayJoined: 'mend',
    contract: 'controller',
  });
  expect(Object.keys(bodyOf(joining))).not.toContain('advertise');
  expect(Object.keys(bodyOf(joining))).not.toContain('primary');
});

test('everything that can be given', () => {
  const given = {
    ...joining,
    CTRL_USERNAME: 'joiner',
    CTRL_CA: 'PEM',
    CTRL_TLS_SERVER_NAME: 'neuvector.internal',
    JOIN_TOKEN_URL: 'https://tokens.example/one',
    JOINT_REST_SERVER: 'store.example',
    JOINT_REST_PORT: '8443',
    MASTER_CLUSTER_ADDRESS: 'primary.example',
    MASTER_CLUSTER_PORT: '11443',
    MASTER_CLUSTER_CA: 'PEM too',
    MAX_JOIN_RETRIES: '3',
    STAY_JOINED: 'always',
    JOIN_CONTRACT: 'master',
  };
  expect(bodyOf(given)).toEqual({
    join: true,
    controller: {
      address: 'neuvector:10443',
      ca: 'PEM',
      tlsServerName: 'neuvector.internal',
      credential: { type: 'password', username: 'joiner', password: 'secret' },
    },
    storeId: 'u2204a',
    token: 'eyJz',
    tokenUrl: 'https://tokens.example/one',
    advertise: { server: 'store.example', port: 8443 },
    primary: {
      federation: 'primary.example:11443',
      rest: 'primary.example:11443',
      ca: 'PEM too',
      credential: { type: 'password', username: 'joiner', password: 'secret' },
    },
    maxAttempts: 3,
    stayJoined: 'always',
    contract: 'master',
  });
});

test('later names of the advertised address win over earlier ones, each for itself', () => {
  const earlier = { JOINT_REST_SERVER: 'earlier.example', JOINT_REST_PORT: '1443' };
  expect(bodyOf({ ...joining, ...earlier, JOIN_ADDRESS: 'later.example' }).advertise).toEqual({
    server: 'later.example',
    port: 1443,
  });
  expect(bodyOf({ ...joining, JOIN_PORT: '2443' }).advertise).toEqual({ port: 2443 });
});

test('the primary’s port is 443 unless it is given, and means nothing without an address', () => {
  expect(bodyOf({ ...joining, MASTER_CLUSTER_ADDRESS: 'fd00::9' }).primary).toEqual({
    federation: '[fd00::9]:443',
  });
  expect(bodyOf({ ...joining, MASTER_CLUSTER_PORT: '11443' }).primary).toBeUndefined();
});

test('asked to join itself, the primary is where the store id says, and shown the one credential there is', () => {
  const own = { JOIN_CONTRACT: 'master', MASTER_CLUSTER_PORT: '8443' };
  expect(membershipOf({ ...joining, ...own })).toMatchObject({ problems: [{ path: 'JOINT_REST_SERVER' }] });
  const given = { ...joining, ...own, JOINT_REST_SERVER: 'own.example' };
  expect(bodyOf(given).primary).toEqual({
    rest: 'cn-wukong-ru2204a.mcd.store:8443',
    credential: { type: 'password', username: 'admin', password: 'secret' },
  });
});

test('asked to join itself, the primary is where a token that can be read says', () => {
  const token = encodeJoinToken({ server: 'hq.example', port: 11443, ticket: 'a ticket' });
  const given = { ...joining, JOIN_TOKEN: token, JOIN_CONTRACT: 'master', JOINT_REST_SERVER: 'own.example' };
  const restOf = (more: object) => bodyOf({ ...given, ...more }).primary?.rest;
  expect(restOf({})).toBe('hq.example:11443');
  expect(restOf({ MASTER_CLUSTER_PORT: '8443' })).toBe('hq.example:8443');
  expect(restOf({ MASTER_CLUSTER_ADDRESS: 'given.example' })).toBe('given.example:443');
});

test('an API key wins over user and password; its secret may hold colons', () => {
  expect(bodyOf({ ...joining, CTRL_API_KEY: 'drover:a:b=' }).controller?.credential).toEqual({
    type: 'apiKey',
    name: 'drover',
    secret: 'a:b=',
  });
});

test('all that is missing or malformed is said at once, in both languages, without any value', () => {
  const given = {
    ENABLE_FED_JOIN: 'true',
    CTRL_API_SERVICE: 'https://canary',
    JOINT_REST_PORT: 'canary',
    CTRL_CA: 'canary',
    CTRL_FINGERPRINT: 'ab'.repeat(32),
  };
  expect(problemsOf(given)).toEqual({
    en:
      'CTRL_API_SERVICE must be host:port; JOINT_REST_PORT must be a port from 1 to 65535; CTRL_PASSWORD or ' +
      'CTRL_API_KEY is missing; PAAS_STORE_ID is missing; JOIN_TOKEN or JOIN_TOKEN_URL is missing; CTRL_CA and ' +
      'CTRL_FINGERPRINT exclude each other',
    zh:
      'CTRL_API_SERVICE 应为：主机:端口；JOINT_REST_PORT 应为：1 到 65535 的端口；缺少 CTRL_PASSWORD 或 CTRL_API_KEY；' +
      '缺少 PAAS_STORE_ID；缺少 JOIN_TOKEN 或 JOIN_TOKEN_URL；CTRL_CA 与 CTRL_FINGERPRINT 不能同时设置',
  });
  expect(JSON.stringify(membershipOf(given))).not.toContain('canary');
});

test('whoever switches the join on without a controller is told that it is missing', () => {
  expect(problemsOf({ ...joining, CTRL_API_SERVICE: undefined! })?.en).toBe('CTRL_API_SERVICE is missing');
});
