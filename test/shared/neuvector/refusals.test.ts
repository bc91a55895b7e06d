import { expect, test } from 'vitest';
import {
  configure,
  deploy,
  encodeJoinToken,
  fedHealth,
  fedMembers,
  type JoinBody,
  join,
  joinToken,
  jointTest,
  leave,
  listOf,
  NvRefused,
  type SignedIn,
  signIn,
  wayTo,
} from '#neuvector';
import { day, minute, second } from '#time';
import type { Fault } from '../../../infra/world/faults/fault.ts';
import { aClosedPort } from '../../fixtures/aTlsServer.ts';
import { SteppedClock, settle } from '../../fixtures/steppedClock.ts';
import { aController, aPrimary, ownAddress } from '../../infra/world/neuvector/aController.ts';
import { joining } from '../../infra/world/neuvector/joining.ts';
import { portsAt } from '../kubernetes/aWorldCluster.ts';
import { federationOf, restOf, withKey } from './aWay.ts';

const said = async (call: Promise<unknown>) => {
  const error = await call.catch((thrown: unknown) => thrown);
  if (!(error instanceof NvRefused)) return error;
  const { status, code, message } = error.refusal;
  return `${status}/${code} ${message}`;
};

test('a join that is refused says with which status, which code and which words', async () => {
  const { primary, member, token } = await joining();
  const own = withKey(member);
  const joint = ownAddress(member);
  const sent = (more: Partial<JoinBody> = {}, who: SignedIn = own) =>
    said(join(who, { name: 'store-1', token, joint, ...more }));
  const { settings: here } = member.controller;
  const { settings: there } = primary.controller;

  expect(await sent({}, withKey(member, 'nobody'))).toBe('401/3 Authentication failed');
  expect(await sent({}, withKey(member, 'read'))).toBe('403/25 Object access denied');
  here.leftovers = ['fed.group'];
  expect(await sent()).toBe('428/4 fed.group');
  here.leftovers = [];
  expect(await sent({ token: encodeJoinToken({ server: 'a', port: 1, ticket: null }) })).toBe(
    '400/6 Request in wrong format',
  );
  expect(await sent({ name: 'headquarters' })).toBe(
    '409/41 Another cluster with the same name already exists in the federation',
  );
  there.version = '5.4.2';
  expect(await sent()).toBe('426/42 Version of primary cluster is too old');
  there.version = '5.6.0';
  here.version = '5.4.2';
  expect(await sent()).toBe('426/43 Version of managed cluster is too old');
  here.version = '5.6.0';
  there.isUpgrading = true;
  expect(await sent()).toBe('426/39 Federation operation failed');
  there.isUpgrading = false;
  const closed = await aClosedPort();
  expect(await sent({ joint: { server: '127.0.0.1', port: closed } })).toBe(
    '400/40 Managed cluster is unreachable from primary cluster',
  );
  expect(await sent({ server: '127.0.0.1', port: primary.port })).toBe('404/1 URL not found');
  expect(await sent({ server: '127.0.0.1', port: closed })).toBe(
    `500/39 dial tcp 127.0.0.1:${closed}: connect: connection refused`,
  );
  primary.clock.step(day);
  expect(await sent()).toBe('417/39 Federation operation failed');

  expect(await sent({ token: await joinToken(withKey(primary, 'fed')) })).toBeUndefined();
  expect(await sent()).toBe('400/4 Operation not allowed');
  await primary.federation.switchOn({ kind: 'refused' });
  expect(await said(leave(own, false))).toMatch(/^500\/39 dial tcp/);
  await leave(own, true);
  expect(await sent()).toBe('400/4 Federate rules cleanup is still ongoing. Please try again later.');
});

test('what else is refused says so too', async () => {
  const primary = await aPrimary();
  const alone = await aController();
  expect(await said(joinToken(withKey(alone, 'fed')))).toBe('400/4 Operation not allowed');
  expect(await said(joinToken(withKey(primary, 'read')))).toBe('403/25 Object access denied');
  expect(await said(deploy(withKey(primary, 'fed'), ['nobody'], false))).toBe(
    '400/6 Request in wrong format',
  );
  expect(await said(leave(withKey(alone), true))).toBe('400/4 Operation not allowed');
  expect(await said(configure(withKey(alone, 'read'), { pollMinutes: 2 }))).toBe(
    '403/25 Object access denied',
  );
  expect(await said(jointTest(federationOf(primary)))).toBe('404/1 URL not found');
  primary.controller.settings.version = '5.0.6';
  expect(await said(fedMembers(withKey(primary)))).toBe('401/3 Authentication failed');
});

test.each<[Fault, unknown]>([
  [{ kind: 'refused' }, { code: 'TCP_REFUSED' }],
  [{ kind: 'resetAtOnce' }, { code: 'TLS_RESET' }],
  [{ kind: 'plainHttp' }, { code: 'TLS_NOT_TLS' }],
  [{ kind: 'certificate', problem: 'expired' }, { code: 'TLS_CERT_EXPIRED' }],
  [{ kind: 'certificate', problem: 'selfSigned' }, { code: 'TLS_SELF_SIGNED' }],
  [{ kind: 'reset' }, { code: 'HTTP_CUT' }],
  [{ kind: 'reset', afterBytes: 40 }, { code: 'HTTP_CUT' }],
  [{ kind: 'truncated', afterBytes: 40 }, { code: 'NOT_NEUVECTOR' }],
  [{ kind: 'html', code: 502 }, expect.stringMatching(/^502\/null /)],
  [{ kind: 'html', code: 200 }, { code: 'NOT_NEUVECTOR' }],
  [{ kind: 'redirect', to: 'https://login.example/' }, { code: 'REDIRECTED' }],
  [{ kind: 'neuvector', status: 500, code: 19 }, '500/19 Acquire cluster lock failed'],
])('on a way where %j is the matter, answers and lists say so', async (fault, expected) => {
  const controller = await aController();
  const who = withKey(controller);
  await controller.rest.switchOn(fault);
  for (const told of [
    await said(fedMembers(who)),
    await said(listOf(who, '/v1/workload', 'workloads').next()),
  ]) {
    if (typeof expected === 'object' && expected !== null && 'code' in expected)
      expect(told).toMatchObject(expected);
    else expect(told).toEqual(expected);
  }
});

test('a join whose answer is lost is not sent again', async () => {
  const { member, token } = await joining();
  const own = withKey(member);
  // A connection that was used may have been closed meanwhile: then, too, it may have been done.
  await fedMembers(own);
  await member.rest.switchOn({ kind: 'reset', on: { path: '/v1/fed/join' } });
  const lost = await said(join(own, { name: 'store-1', token, joint: ownAddress(member) }));
  expect(lost).toMatchObject({ code: 'HTTP_CUT' });
  expect(await fedMembers(own)).toMatchObject({ role: 'joint', members: [{ name: 'store-1' }] });
});

test('a join is waited for longer than two locks and a probe may take, other answers are not', async () => {
  const controller = await aController();
  const clock = new SteppedClock();
  const way = wayTo(portsAt(clock), { address: `127.0.0.1:${controller.port}`, ca: controller.ca });
  const who: SignedIn = { way, pass: withKey(controller).pass };
  await fedMembers(who);
  await controller.rest.switchOn({ kind: 'hang' });
  const late = async (call: Promise<unknown>, after: number) => {
    let isOver = false;
    const failed = said(call).finally(() => {
      isOver = true;
    });
    await settle();
    await clock.step(after - second);
    expect(isOver).toBe(false);
    await clock.step(second);
    expect(await failed).toMatchObject({ code: 'HTTP_TIMEOUT', values: { ms: after } });
  };
  await late(join(who, { token: 'a' }), minute);
  await late(fedMembers(who), 10 * second);
  await late(fedHealth(way, { timeout: 3 * second }), 3 * second);
  await late(signIn(way, { username: 'a', password: 'b' }), 10 * second);
  await late(listOf(who, '/v1/host', 'hosts').next(), minute);
  await way.close();
});

test('a way goes on where a connection was closed, and looks its name up anew', async () => {
  const controller = await aController();
  let lookUps = 0;
  const ports = portsAt(new SteppedClock(), async () => {
    lookUps++;
    return ['127.0.0.1'];
  });
  const way = wayTo(ports, { address: `localhost:${controller.port}`, ca: controller.ca });
  const who: SignedIn = { way, pass: withKey(controller).pass };
  expect(lookUps).toBe(0);
  for (let i = 0; i < 3; i++) await fedMembers(who);
  expect(lookUps).toBe(1);
  await controller.rest.switchOn({ kind: 'reset', times: 1 });
  await said(fedMembers(who));
  await fedMembers(who);
  expect(lookUps).toBe(2);
  await way.close();
  await expect(fedMembers({ ...who, way: restOf(controller) })).resolves.toMatchObject({
    role: 'standalone',
  });
});
