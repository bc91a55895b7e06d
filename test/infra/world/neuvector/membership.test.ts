import { expect, test, vi } from 'vitest';
import { minute, second } from '#time';
import { ticket } from '../../../../infra/world/neuvector/federation/tickets.ts';
import { aController, aJoinToken, aPrimary, ask, ownAddress } from './aController.ts';
import { joining, membersOf, statusesOf, step } from './joining.ts';

const fed = { key: 'fed:s3cret' };

async function joined() {
  const given = await joining();
  const { status } = await given.join();
  expect(status).toBe(200);
  const { id } = (await membersOf(given.primary))[0]!;
  return { ...given, id };
}

test('who promotes a cluster is signed out, and is an administrator of the federation from then on', async () => {
  const one = await aController();
  const token = await one.signIn();
  const readers = await one.signIn('reader');
  const address = { server: 'nv.example.com', port: 11_443 };
  const promoted = await one.call('POST', '/v1/fed/promote', { token, body: { master_rest_info: address } });
  expect(promoted).toMatchObject({ status: 200 });
  expect(promoted.body).toEqual({
    deploy_repo_scan_data: false,
    fed_role: 'master',
    master_cluster: {
      ...{ disabled: false, name: '', secret: '', user: '', status: '', rest_version: '' },
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      rest_info: address,
    },
  });
  expect((await one.call('GET', '/v1/fed/member', { token })).status).toBe(401);
  expect((await one.call('GET', '/v1/fed/member', { token: readers })).status).toBe(200);
  const again = await one.signIn();
  expect((await one.call('GET', '/v1/fed/join_token', { token: again })).status).toBe(200);
});

test.each([
  ['no address', {}],
  ['half an address', { master_rest_info: { server: 'a' } }],
  ['an unknown proxy', { master_rest_info: { server: 'a', port: 1 }, use_proxy: 'socks' }],
])('a promotion with %s is in a wrong format', async (_, body) => {
  const one = await aController();
  expect(await one.call('POST', '/v1/fed/promote', { body })).toMatchObject({
    status: 400,
    body: { code: 6 },
  });
});

/** Each has one role that it needs; everything else is told to be not allowed. */
test.each([
  ['POST', '/v1/fed/demote'],
  ['GET', '/v1/fed/join_token'],
  ['POST', '/v1/fed/deploy'],
  ['GET', '/v1/fed/view/x'],
  ['DELETE', '/v1/fed/cluster/x'],
  ['GET', '/v1/fed/cluster/x/v1/host'],
  ['POST', '/v1/fed/leave'],
  ['POST', '/v1/fed/remove_internal'],
  ['POST', '/v1/fed_auth'],
])('%s %s is not for a cluster in no federation', async (method, path) => {
  const one = await aController();
  const answer = await one.call(method, path, { ...fed, body: method === 'POST' ? {} : undefined });
  expect(answer).toMatchObject({ status: 400, body: { code: 4, message: 'Operation not allowed' } });
});

test('a member that leaves is listed no more, and is clean after a while', async () => {
  const { primary, member, join } = await joined();
  expect(await member.call('POST', '/v1/fed/leave', { body: { force: false } })).toMatchObject({
    status: 200,
    text: '',
  });
  expect(await statusesOf(primary)).toEqual([]);
  const { body } = await member.call('GET', '/v1/fed/member');
  expect(body).toMatchObject({ fed_role: '', joint_clusters: null, local_rest_info: ownAddress(member) });
  expect(body).not.toHaveProperty('master_cluster');
  expect((await join()).body.message).toContain('cleanup');
  member.clock.step(5 * second);
  // Its address is still known.
  expect((await join({ joint_rest_info: null })).status).toBe(200);
});

test('a cleanup counts as done after five minutes, however long it takes', async () => {
  const { member, join } = await joined();
  member.controller.settings.cleanupMillis = 60 * minute;
  await member.call('POST', '/v1/fed/leave', { body: {} });
  member.clock.step(5 * minute - 1);
  expect((await join()).body.message).toContain('cleanup');
  member.clock.step(1);
  expect((await join()).status).toBe(200);
});

test('one that the primary does not know, or cannot be asked, only leaves by force, and stays a ghost there', async () => {
  const { primary, member, id } = await joined();
  const leave = (force: boolean) => member.call('POST', '/v1/fed/leave', { body: { force } });
  await primary.federation.switchOn({ kind: 'refused' });
  expect(await leave(false)).toMatchObject({
    status: 500,
    body: { code: 39, message: expect.stringContaining('connect: connection refused') },
  });
  await primary.federation.clear();
  primary.controller.change({ members: [] });
  expect(await leave(false)).toMatchObject({ status: 500, body: { code: 39, message: '404 Not Found' } });
  await primary.federation.switchOn({ kind: 'refused' });
  expect((await leave(true)).status).toBe(200);
  expect((await member.call('GET', '/v1/fed/member')).body.fed_role).toBe('');
  expect(id).toHaveLength(32);
});

test('a member that is put out is told so', async () => {
  const { primary, member, id } = await joined();
  expect(await primary.call('DELETE', `/v1/fed/cluster/${id}`, fed)).toMatchObject({ status: 200, text: '' });
  expect(await statusesOf(primary)).toEqual([]);
  expect((await member.call('GET', '/v1/fed/member')).body.fed_role).toBe('');
  expect(await primary.call('DELETE', `/v1/fed/cluster/${id}`, fed)).toMatchObject({
    status: 400,
    body: { code: 7, message: 'Object not found' },
  });
});

test('a member that was put out while nobody could tell it finds out when it asks, and stays a member by name', async () => {
  const { primary, member, id, join } = await joined();
  await member.rest.switchOn({ kind: 'refused' });
  expect((await primary.call('DELETE', `/v1/fed/cluster/${id}`, fed)).status).toBe(200);
  await member.rest.clear();
  await step(minute + second, member, primary);
  expect((await member.call('GET', '/v1/fed/member')).body).toMatchObject({
    fed_role: 'joint',
    joint_clusters: [{ status: 'kicked' }],
    master_cluster: { status: 'disconnected' },
  });
  expect((await join()).body.code).toBe(4);
  expect((await member.call('POST', '/v1/fed/leave', { body: { force: true } })).status).toBe(200);
  member.clock.step(5 * second);
  expect((await join()).status).toBe(200);
});

test('a primary that is one no more puts everyone out', async () => {
  const { primary, member } = await joined();
  expect(await primary.call('POST', '/v1/fed/demote', fed)).toMatchObject({ status: 200, text: '' });
  expect((await member.call('GET', '/v1/fed/member')).body.fed_role).toBe('');
  expect((await primary.call('GET', '/v1/fed/member')).body.fed_role).toBe('');
  expect(primary.controller.accounts.users.map(({ role }) => role)).toContain('admin');
});

test('rules are brought to members that are asked to fetch them', async () => {
  const { primary, member, id } = await joined();
  await step(second, member, primary);
  await step(2 * second, member, primary);
  primary.controller.changeRules();
  const deploy = (body: object) => primary.call('POST', '/v1/fed/deploy', { ...fed, body });
  expect((await deploy({ ids: [id] })).body).toEqual({ results: { [id]: 2 } });
  await step(0, member, primary);
  await step(2 * second, member, primary);
  expect(await statusesOf(primary)).toEqual(['store-1 synced']);
  expect((await deploy({})).body).toEqual({ results: { [id]: 203 } });
  expect(await deploy({ ids: ['other'] })).toMatchObject({ status: 400, body: { code: 6 } });
  await member.rest.switchOn({ kind: 'refused' });
  expect(await deploy({})).toMatchObject({ status: 400, body: { code: 40 } });
});

test('requests to a member go through the primary', async () => {
  const { primary, member, id } = await joined();
  const through = (path: string, method = 'GET') => primary.call(method, `/v1/fed/cluster/${id}${path}`, fed);
  expect((await through('/v1/fed/member')).body.fed_role).toBe('joint');
  expect((await through('/v1/host')).body).toEqual((await member.call('GET', '/v1/host')).body);
  expect(await through('/v1/fed/leave', 'POST')).toMatchObject({ status: 403, body: { code: 4 } });
  expect(await primary.call('GET', '/v1/fed/cluster/x/v1/host', fed)).toMatchObject({
    status: 400,
    body: { code: 37, message: 'Unable to authenticate with the cluster' },
  });
  expect((await primary.call('GET', `/v1/fed/view/${id}`, fed)).body).toEqual({ compatible: true });
  await member.rest.switchOn({ kind: 'refused' });
  expect(await through('/v1/host')).toMatchObject({
    status: 500,
    body: { code: 38, message: 'Unable to forward request to the cluster' },
  });
  expect(primary.controller.state.members[0]!.status).toBe('disconnected');
});

const fixed = {
  master: 'Cluster name cannot be modified when there is other cluster in the federation',
  joint: 'Cluster name cannot be modified after joining the federation',
  masterAt: 'Exposed REST server info is read-only when there is other cluster in the federation',
  jointAt: 'Exposed REST server info is read-only because this cluster already joins the federation',
  scan: 'Options for scan data deployment can only be configured on primary cluster',
};
const at = { rest_info: { server: 'elsewhere', port: 1 } };

test.each([
  ['member', { name: '' }, 400, 6, 'Request in wrong format'],
  ['member', { rest_info: { server: '', port: 1 } }, 400, 6, 'Request in wrong format'],
  ['member', { use_proxy: 'x' }, 400, 6, 'Request in wrong format'],
  ['member', { name: 'other' }, 400, 39, fixed.joint],
  ['member', at, 400, 39, fixed.jointAt],
  ['member', { deploy_repo_scan_data: true }, 400, 39, fixed.scan],
  ['member', { name: 'store-1' }, 200, undefined, undefined],
  ['primary', { name: 'other' }, 400, 39, fixed.master],
  ['primary', at, 400, 39, fixed.masterAt],
  ['primary', { poll_interval: 2, deploy_repo_scan_data: true }, 200, undefined, undefined],
] as const)('a %s that is configured as %o answers %i %s', async (who, body, status, code, message) => {
  const given = await joined();
  const answer = await given[who].call('PATCH', '/v1/fed/config', { ...fed, body });
  expect([answer.status, answer.body?.code, answer.body?.message]).toEqual([status, code, message]);
});

test('a cluster in no federation is renamed and moved as one likes', async () => {
  const one = await aController();
  expect(await one.call('PATCH', '/v1/fed/config', { body: { name: 'x', ...at } })).toMatchObject({
    status: 200,
    text: '',
  });
  expect(one.controller.state).toMatchObject({ clusterName: 'x', localRestInfo: at.rest_info });
});

test('who waits twenty seconds for the federation’s lock is told that it is taken', async () => {
  const one = await aController();
  let free = () => {};
  void one.controller.lock.hold(() => new Promise<void>((resolve) => (free = resolve)));
  let isAnswered = false;
  const waiting = one.call('POST', '/v1/fed/promote', { key: 'none', body: {} }).then((answer) => {
    isAnswered = true;
    return answer;
  });
  await vi.waitUntil(() => one.controller.lock.waiting === 1);
  one.clock.step(20 * second - 1);
  await new Promise(setImmediate);
  expect(isAnswered).toBe(false);
  one.clock.step(1);
  expect(await waiting).toMatchObject({
    status: 500,
    body: { code: 19, error: 'Acquire cluster lock failed', message: 'Acquire cluster lock failed' },
  });
  free();
  expect((await one.call('POST', '/v1/fed/promote', { key: 'none' })).status).toBe(401);
});

/** What controllers ask each other, as anybody can send it. */
test.each([
  ['rest', '/v1/fed/ping_internal', {}, 410, 6, 'Request in wrong format'],
  ['rest', '/v1/fed/joint_test_internal', {}, 400, 6, 'Request in wrong format'],
  ['federation', '/v1/fed/join_internal', 'no', 400, 6, 'Request in wrong format'],
  ['federation', '/v1/fed/join_internal', { joint_cluster: { name: 'a' } }, 426, 102, '102'],
  ['federation', '/v1/fed/join_internal', { fed_kv_version: 'later' }, 426, 101, '101'],
  ['federation', '/v1/fed/join_internal', { fed_kv_version: 'BB38FD65' }, 417, 39, 'Invalid data'],
  [
    'federation',
    '/v1/fed/join_internal',
    { fed_kv_version: 'BB38FD65', join_ticket: '*' },
    417,
    39,
    'illegal base64 data at input byte 0',
  ],
  ['federation', '/v1/fed/poll_internal', 'no', 400, 6, 'Request in wrong format'],
  ['federation', '/v1/fed/poll_internal', { id: 'x' }, 410, 6, 'Request in wrong format'],
  ['federation', '/v1/fed/leave_internal', { id: '' }, 400, 6, 'Request in wrong format'],
  ['federation', '/v1/fed/leave_internal', { id: 'x' }, 404, 6, 'Fail to leave federation'],
] as const)(
  'a primary’s %s listener answers a forged %s %o with %i %i',
  async (listener, path, body, status, code, message) => {
    const primary = await aPrimary();
    const answer = await ask(primary[listener].port, 'POST', path, { body });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.body.message).toBe(code > 100 ? 'Unknown error' : message);
  },
);

test('a member’s ticket lasts two minutes, and is of that member', async () => {
  const { primary, id } = await joined();
  const poll = (joint_ticket: string) =>
    ask(primary.federation.port, 'POST', '/v1/fed/poll_internal', { body: { id, joint_ticket } });
  const { secret } = primary.controller.state.members[0]!;
  const good = ticket(secret, primary.clock.now() + 2 * minute);
  expect((await poll(good)).status).toBe(200);
  primary.clock.step(2 * minute);
  expect(await poll(good)).toMatchObject({ status: 400, body: { code: 39, message: 'token expired' } });
  expect(await poll(ticket('f'.repeat(32), primary.clock.now() + minute))).toMatchObject({
    status: 400,
    body: { code: 39 },
  });
});

test('a primary takes joins itself where it is told to be as earlier exporters expect it', async () => {
  const primary = await aPrimary();
  const token = Buffer.from(JSON.stringify({ s: '127.0.0.1', p: 443 })).toString('base64');
  const body = { name: 'r1', join_token: token, joint_rest_info: { server: 'r1.example.com', port: 443 } };
  const join = (sent: object = {}) => primary.call('POST', '/v1/fed/join', { body, ...sent });
  expect((await join()).body.code).toBe(4);
  primary.controller.settings.acceptsDirectJoin = true;
  expect((await join({ key: 'none' })).status).toBe(401);
  expect((await join({ body: { ...body, name: '' } })).status).toBe(400);
  expect(await join()).toMatchObject({ status: 200, text: '' });
  expect((await join()).status).toBe(409);
  const direct = await ask(primary.federation.port, 'POST', '/v1/fed/join', {
    ...fed,
    body: { ...body, name: 'r2' },
  });
  expect(direct.status).toBe(200);
  expect(await statusesOf(primary)).toEqual(['r1 joined', 'r2 joined']);
});

test('a join whose answer is lost has been carried out', async () => {
  const { member, join, primary } = await joining();
  await member.rest.switchOn({ kind: 'reset', times: 1, on: { path: '/v1/fed/join' } });
  await expect(join()).rejects.toMatchObject({
    code: expect.stringMatching(/^(ECONNRESET|UND_ERR_SOCKET)$/),
  });
  expect((await member.call('GET', '/v1/fed/member')).body.fed_role).toBe('joint');
  expect(await statusesOf(primary)).toEqual(['store-1 joined']);
  expect((await join()).body).toMatchObject({ code: 4 });
  expect(await aJoinToken(primary)).not.toBe('');
});
