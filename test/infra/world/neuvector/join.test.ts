import { expect, test, vi } from 'vitest';
import { day, hour, minute, second } from '#time';
import { aController, aJoinToken, ask, ownAddress } from './aController.ts';
import { type Joining, joining, membersOf, statusesOf, step } from './joining.ts';

test('a controller alone, a primary without members, and a member each say what they are', async () => {
  const { primary, member, join } = await joining();
  const alone = await member.call('GET', '/v1/fed/member');
  expect(alone.text).toBe(
    '{"deploy_repo_scan_data":false,"fed_role":"","joint_clusters":null,"local_rest_info":{"port":0,"server":""},"use_proxy":""}',
  );
  const address = { server: '127.0.0.1', port: primary.federation.port };
  const headquarters = {
    disabled: false,
    id: expect.stringMatching(/^[0-9a-f]{32}$/),
    name: 'headquarters',
    secret: '',
    user: '',
    status: 'active',
    rest_version: 'BB38FD65',
    rest_info: address,
  };
  expect((await primary.call('GET', '/v1/fed/member')).body).toEqual({
    deploy_repo_scan_data: false,
    fed_role: 'master',
    joint_clusters: [],
    local_rest_info: address,
    master_cluster: headquarters,
    use_proxy: '',
  });
  expect(await join()).toMatchObject({
    status: 200,
    text: '',
    headers: { 'content-type': 'application/json' },
  });
  const own = {
    ...{ disabled: false, k8s_uid: '', proxy_required: false, secret: '', user: '', name: 'store-1' },
    id: expect.stringMatching(/^[0-9a-f]{32}$/),
    rest_info: ownAddress(member),
    rest_version: '',
    status: 'joined',
  };
  expect((await member.call('GET', '/v1/fed/member')).body).toEqual({
    deploy_repo_scan_data: false,
    fed_role: 'joint',
    joint_clusters: [own],
    local_rest_info: ownAddress(member),
    master_cluster: { ...headquarters, status: 'connected', rest_version: '' },
    use_proxy: '',
  });
  expect((await primary.call('GET', '/v1/fed/member')).body.joint_clusters).toEqual([
    { ...own, rest_version: 'BB38FD65' },
  ]);
});

test('a member is joined, out of sync, and synced', async () => {
  const { primary, member, join } = await joining();
  await join();
  const seen = [await statusesOf(primary)];
  await step(second, member, primary);
  seen.push(await statusesOf(primary));
  await step(2 * second, member, primary);
  seen.push(await statusesOf(primary));
  expect(seen).toEqual([['store-1 joined'], ['store-1 out_of_sync'], ['store-1 synced']]);
  primary.controller.changeRules();
  expect(await statusesOf(primary)).toEqual(['store-1 out_of_sync']);
  await step(minute, member, primary);
  await step(2 * second, member, primary);
  expect(await statusesOf(primary)).toEqual(['store-1 synced']);
});

test('a member that does not answer is disconnected after the third ping, and connected with the next', async () => {
  const { primary, member, join } = await joining();
  await join();
  await member.rest.switchOn({ kind: 'refused' });
  // What it asks for itself would tell the primary that it is there.
  await primary.federation.switchOn({ kind: 'refused' });
  const seen: string[] = [];
  const look = async () => {
    await step(minute, primary);
    seen.push(primary.controller.state.members[0]!.status);
  };
  for (let i = 0; i < 3; i++) await look();
  await member.rest.clear();
  await look();
  expect(seen).toEqual(['joined', 'joined', 'disconnected', 'connected']);
});

test('looking at the members pings them, at most every eight seconds', async () => {
  const { primary, member, join } = await joining();
  await join();
  // The primary does not hear of it.
  await primary.federation.switchOn({ kind: 'refused' });
  const left = () => member.call('POST', '/v1/fed/leave', { body: { force: true } });
  await statusesOf(primary);
  await primary.controller.settled();
  expect((await left()).status).toBe(200);
  primary.clock.step(8 * second - 1);
  await statusesOf(primary);
  await primary.controller.settled();
  expect(await statusesOf(primary)).toEqual(['store-1 joined']);
  primary.clock.step(1);
  await statusesOf(primary);
  await primary.controller.settled();
  expect(await statusesOf(primary)).toEqual(['store-1 left']);
});

test('the token names the federation listener, and lasts as long as was asked, or an hour', async () => {
  const { primary, join, member } = await joining();
  const token = JSON.parse(Buffer.from(await aJoinToken(primary), 'base64').toString());
  expect(token).toEqual({ s: '127.0.0.1', p: primary.federation.port, t: expect.any(String) });
  for (const [query, life] of [
    ['', hour],
    ['?token_duration=5', 5 * minute],
    ['?token_duration=-5', hour],
    ['?token_duration=x', hour],
    ['?token_duration=100000', 100_000 * minute],
  ] as const) {
    const join_token = await aJoinToken(primary, query);
    member.clock.step(life - second);
    // With the name of the primary's own, refused before the ticket is looked at; with a place that is not there, after.
    expect((await join({ join_token, joint_rest_info: { server: '127.0.0.1', port: 1 } })).body.code).toBe(
      40,
    );
    member.clock.step(second);
    expect(await join({ join_token })).toMatchObject({
      status: 417,
      body: { code: 39, message: 'Federation operation failed' },
    });
  }
});

/** Each check of the joining controller, with everything wrong that is looked at later. */
test.each<[string, (joining: Joining) => Promise<unknown>, object, number, number, string]>([
  [
    'while a former membership is cleaned up, before anyone asks who sends it',
    async ({ join, member }) => {
      await join();
      await member.call('POST', '/v1/fed/leave', { body: {} });
    },
    { key: 'none' },
    400,
    4,
    'Federate rules cleanup is still ongoing. Please try again later.',
  ],
  ['by nobody', async () => {}, { key: 'none' }, 401, 3, 'Authentication failed'],
  ['by a reader', async ({ join }) => join(), { key: 'read:s3cret' }, 403, 25, 'Object access denied'],
  ['by a member', async ({ join }) => join(), { body: 'no' }, 400, 4, 'Operation not allowed'],
  [
    'with federal groups left over',
    async ({ member }) => {
      member.controller.settings.leftovers = ['fed.group', 'fed.registry'];
    },
    { body: 'no' },
    428,
    4,
    'fed.group,fed.registry',
  ],
  ['with no JSON', async () => {}, { body: 'no' }, 400, 6, 'Request in wrong format'],
])('a join %s is refused', async (_, before, sent, status, code, message) => {
  const given = await joining();
  await before(given);
  const answer = await given.join({}, sent);
  expect(answer).toMatchObject({ status, body: { code, message } });
});

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64');

test.each<[string, object]>([
  ['a port that is a text', { joint_rest_info: { server: 'a', port: '443' } }],
  ['half an address', { joint_rest_info: { server: 'a' } }],
  ['no address', { joint_rest_info: null }],
  ['a token without a ticket', { join_token: base64({ s: '127.0.0.1', p: 443 }) }],
  ['a token that is none', { join_token: 'token' }],
  ['a token without an address', { join_token: base64({ t: 'x' }) }],
  ['a proxy of an unknown kind', { use_proxy: 'socks' }],
])('a join with %s is in a wrong format, and renames nothing', async (_, fields) => {
  const { join, member } = await joining();
  expect(await join(fields)).toMatchObject({
    status: 400,
    body: { code: 6, message: 'Request in wrong format' },
  });
  expect(member.controller.state.clusterName).toBe('cluster.local');
});

test('what is given in a join counts more than what the token says', async () => {
  const { join, primary, token } = await joining();
  const ticket = JSON.parse(Buffer.from(token, 'base64').toString()).t;
  const elsewhere = base64({ s: 'nowhere.invalid', p: 1, t: ticket });
  const { port } = primary.federation;
  expect(await join({ join_token: elsewhere, server: '127.0.0.1', port })).toMatchObject({ status: 200 });
});

/** What the primary's checks come to at the joining cluster, in their order. */
test.each<[string, (joining: Joining) => unknown, object, number, number, string]>([
  [
    'the name is the primary’s',
    () => {},
    { name: 'headquarters' },
    409,
    41,
    'Another cluster with the same name already exists in the federation',
  ],
  [
    'the primary is too old',
    ({ primary }) => {
      primary.controller.settings.version = '5.4.2';
    },
    {},
    426,
    42,
    'Version of primary cluster is too old',
  ],
  [
    'the joining cluster is too old',
    ({ member }) => {
      member.controller.settings.version = '5.4.4';
    },
    {},
    426,
    43,
    'Version of managed cluster is too old',
  ],
  [
    'the primary is being upgraded',
    ({ primary }) => {
      primary.controller.settings.isUpgrading = true;
    },
    {},
    426,
    39,
    'Federation operation failed',
  ],
  [
    'another has the name, whatever the ticket',
    async ({ primary, token }) => {
      const other = await aController({ name: 'other' }, primary.clock);
      const body = { name: 'store-1', join_token: token, joint_rest_info: ownAddress(other) };
      await other.call('POST', '/v1/fed/join', { body });
      primary.clock.step(day);
    },
    {},
    409,
    41,
    'Another cluster with the same name already exists in the federation',
  ],
  [
    'the ticket is over',
    ({ primary }) => primary.clock.step(day),
    {},
    417,
    39,
    'Federation operation failed',
  ],
  [
    'the ticket is of another primary',
    () => {},
    { join_token: 'foreign' },
    417,
    39,
    'Federation operation failed',
  ],
  [
    'nobody is where the cluster says it is',
    () => {},
    { joint_rest_info: { server: '127.0.0.1', port: 1 } },
    400,
    40,
    'Managed cluster is unreachable from primary cluster',
  ],
])('a join is refused where %s', async (_, before, fields, status, code, message) => {
  const given = await joining();
  await before(given);
  const foreign = base64({
    s: '127.0.0.1',
    p: given.primary.federation.port,
    t: Buffer.alloc(80, 7).toString('base64'),
  });
  const sent = Object.entries(fields).map(([name, value]) => [name, value === 'foreign' ? foreign : value]);
  const answer = await given.join(Object.fromEntries(sent));
  expect([answer.status, answer.body?.code, answer.body?.message]).toEqual([status, code, message]);
  // Renamed all the same.
  expect(given.member.controller.state.clusterName).not.toBe('cluster.local');
});

test('who answers where the cluster says it is must be in no federation', async () => {
  const { join, primary } = await joining();
  expect((await join({ joint_rest_info: ownAddress(primary) })).body.code).toBe(40);
});

/** What is between the two, or at the address in the primary's place. */
test.each<
  [
    string,
    (joining: Joining) => Promise<Partial<Record<string, unknown>> | undefined>,
    number,
    number,
    RegExp,
  ]
>([
  ['a REST port', async ({ primary }) => ({ port: primary.port }), 404, 1, /^URL not found$/],
  [
    'a closed port',
    async () => ({ port: 1 }),
    500,
    39,
    /^dial tcp 127\.0\.0\.1:1: connect: connection refused$/,
  ],
  [
    'an unknown name',
    async () => ({ server: 'nowhere.invalid' }),
    500,
    39,
    /^dial tcp: lookup nowhere\.invalid/,
  ],
  [
    'a proxy that finds nobody',
    async ({ primary }) => {
      await primary.federation.switchOn({ kind: 'html', code: 502 });
      return {};
    },
    500,
    39,
    /^502 Bad Gateway$/,
  ],
  [
    'a page in place of an answer',
    async ({ primary }) => {
      await primary.federation.switchOn({ kind: 'html', code: 200 });
      return {};
    },
    500,
    39,
    /^invalid character '<' looking for beginning of value$/,
  ],
  [
    'a connection that is lost',
    async ({ primary }) => {
      await primary.federation.switchOn({ kind: 'resetAtOnce' });
      return {};
    },
    500,
    39,
    /^EOF$/,
  ],
  [
    'no TLS',
    async ({ primary }) => {
      await primary.federation.switchOn({ kind: 'plainHttp' });
      return {};
    },
    500,
    39,
    /^tls: first record does not look like a TLS handshake$/,
  ],
])('a join that meets %s is not carried out', async (_, before, status, code, message) => {
  const given = await joining();
  const answer = await given.join(await before(given));
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  expect(answer.body.message).toMatch(message);
});

test('a join that the primary takes after the cluster has given up is a ghost, which keeps the name until it is put out', async () => {
  const { join, primary, member } = await joining();
  const slow = {
    kind: 'latency',
    millis: 30_000,
    times: 1,
    on: { path: '/v1/fed/joint_test_internal' },
  } as const;
  await member.rest.switchOn(slow);
  const joined = join();
  await vi.waitUntil(() => member.rest.list().length === 0);
  // As long as the cluster waits for the primary, and the primary for the cluster: it asks once more.
  member.clock.step(10 * second);
  expect(await joined).toMatchObject({
    status: 500,
    body: { code: 39, message: 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)' },
  });
  await vi.waitUntil(() => primary.controller.state.members.length === 1);
  expect((await member.call('GET', '/v1/fed/member')).body.fed_role).toBe('');
  expect((await join()).body.code).toBe(41);
  await step(minute, primary);
  expect(await statusesOf(primary)).toEqual(['store-1 left']);
  const [ghost] = await membersOf(primary);
  expect(ghost!.rest_info).toEqual(ownAddress(member));
  const path = `/v1/fed/cluster/${ghost!.id}`;
  expect(await primary.call('DELETE', path, { key: 'fed:s3cret' })).toMatchObject({ status: 200, text: '' });
  expect((await join()).status).toBe(200);
});

test('a cluster that is the same may take its old place where the primary allows it', async () => {
  const { join, primary, member } = await joining();
  await join();
  const [first] = await membersOf(primary);
  await member.controller.becomeStandalone();
  member.clock.step(10 * second);
  expect((await join()).body.code).toBe(41);
  primary.controller.settings.allowsSameUidRejoin = true;
  expect((await join()).status).toBe(200);
  const now = await membersOf(primary);
  expect(now).toHaveLength(1);
  expect(now[0]!.id).not.toBe(first!.id);
});

test('of several controllers behind one address only the leader knows the fixed token', async () => {
  const uuid = '11111111-2222-4333-8444-555555555555';
  const { join, primary } = await joining({ primary: { settings: { fixedJoinToken: uuid, replicas: 3 } } });
  const join_token = base64({ s: '127.0.0.1', p: primary.federation.port, t: uuid });
  primary.clock.step(365 * day);
  expect((await join({ join_token })).status).toBe(200);
  const other = await aController({ name: 'other' }, primary.clock);
  const body = { name: 'store-2', join_token, joint_rest_info: ownAddress(other) };
  const statuses = [];
  for (let i = 0; i < 3; i++) statuses.push((await other.call('POST', '/v1/fed/join', { body })).status);
  expect(statuses).toEqual([417, 417, 200]);
});

test('many that join at once are taken one after another', async () => {
  const { primary, token } = await joining();
  const stores = await Promise.all(
    Array.from({ length: 12 }, (_, i) => aController({ name: `store-${i}` }, primary.clock)),
  );
  const answers = await Promise.all(
    stores.map((store, i) =>
      store.call('POST', '/v1/fed/join', {
        body: { name: `store-${i}`, join_token: token, joint_rest_info: ownAddress(store) },
      }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(stores.map(() => 200));
  expect(await membersOf(primary)).toHaveLength(12);
});

test('the federation listener is open while the controller is a primary, and knows no other path', async () => {
  const { primary, member } = await joining();
  const { port } = primary.federation;
  expect(await ask(port, 'GET', '/v1/fed/healthcheck')).toMatchObject({ status: 200, text: '' });
  expect(await ask(port, 'GET', '/v1/eula')).toMatchObject({ status: 404, body: { code: 1 } });
  expect((await ask(primary.port, 'GET', '/v1/eula')).body).toEqual({ eula: { accepted: true } });
  await expect(ask(member.federation.port, 'GET', '/v1/fed/healthcheck')).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
  await primary.call('POST', '/v1/fed/demote', { key: 'fed:s3cret' });
  await expect(ask(port, 'GET', '/v1/fed/healthcheck')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
