import { describe, expect, test } from 'vitest';
import {
  configure,
  decodeJoinToken,
  deploy,
  fedHealth,
  fedMembers,
  isSessionOver,
  join,
  joinToken,
  jointTest,
  leave,
  listOf,
  NvRefused,
  removeMember,
  signIn,
  signOut,
} from '#neuvector';
import { minute } from '#time';
import { aController, aPrimary, ownAddress } from '../../infra/world/neuvector/aController.ts';
import { joining, step } from '../../infra/world/neuvector/joining.ts';
import { federationOf, restOf, withKey } from './aWay.ts';

const password = 'a-good-password';
const refusalOf = async (call: Promise<unknown>) => {
  const error = await call.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(NvRefused);
  return (error as NvRefused).refusal;
};

describe('a session', () => {
  test('is opened, used and closed', async () => {
    const controller = await aController();
    const way = restOf(controller);
    const { token, idleSeconds } = await signIn(way, { username: 'admin', password });
    expect(idleSeconds).toBe(300);
    const pass = { kind: 'session', token } as const;
    expect((await fedMembers({ way, pass })).role).toBe('standalone');
    await signOut(way, token);
    expect(controller.controller.accounts.liveSessions()).toBe(0);
    const refusal = await refusalOf(fedMembers({ way, pass }));
    expect(refusal).toEqual({ status: 401, code: 3, message: 'Authentication failed' });
    expect(isSessionOver(refusal)).toBe(true);
  });

  test.each([
    ['5.6.0', 401],
    ['5.4.0', 408],
  ])('that was idle for too long in %s is over by %i', async (version, status) => {
    const controller = await aController({ settings: { version } });
    const way = restOf(controller);
    const { token } = await signIn(way, { username: 'admin', password });
    controller.clock.step(6 * minute);
    const refusal = await refusalOf(fedMembers({ way, pass: { kind: 'session', token } }));
    expect([refusal.status, isSessionOver(refusal)]).toEqual([status, true]);
  });

  test('is not opened with a password that is wrong, blocked, expired or must be changed', async () => {
    const users = [
      { username: 'admin', password, role: 'admin' as const },
      { username: 'expired', password, role: 'admin' as const, isPasswordExpired: true },
      { username: 'first', password, role: 'admin' as const, mustReset: true },
    ];
    const way = restOf(await aController({ users }));
    const codes = [];
    for (let i = 0; i < 5; i++) {
      codes.push((await refusalOf(signIn(way, { username: 'admin', password: 'wrong' }))).code);
    }
    expect(codes).toEqual([3, 3, 3, 3, 47]);
    expect(await refusalOf(signIn(way, { username: 'expired', password }))).toMatchObject({
      status: 401,
      code: 48,
    });
    await expect(signIn(way, { username: 'first', password })).rejects.toMatchObject({
      code: 'PASSWORD_MUST_CHANGE',
      values: { user: 'first' },
    });
  });
});

describe('a federation', () => {
  test('is joined, looked at, deployed to, and left', async () => {
    const { primary, member } = await joining();
    const [head, own] = [withKey(primary, 'fed'), withKey(member)];
    const token = await joinToken(head, 30);
    expect(decodeJoinToken(token)).toMatchObject({ server: '127.0.0.1', port: primary.federation.port });
    await join(own, { name: 'store-1', token, joint: ownAddress(member) });
    const seen = await fedMembers(own);
    expect(seen).toMatchObject({
      role: 'joint',
      local: ownAddress(member),
      primary: { name: 'headquarters', status: 'connected' },
      members: [{ name: 'store-1', status: 'joined', restInfo: ownAddress(member), isDisabled: false }],
    });
    const { id } = seen.members[0]!;
    // It asks for the rules, and then tells that it has them.
    for (let i = 0; i < 2; i++) await step(minute, primary, member);
    expect(await fedMembers(head)).toMatchObject({ role: 'master', members: [{ id, status: 'synced' }] });
    expect(Object.keys(await deploy(head, [id], true))).toEqual([id]);
    await leave(own, false);
    expect((await fedMembers(own)).role).toBe('standalone');
    expect((await fedMembers(head)).members).toEqual([]);
  });

  test('puts a member out', async () => {
    const { primary, member, join: send } = await joining();
    await send();
    const head = withKey(primary, 'fed');
    const { id } = (await fedMembers(head)).members[0]!;
    await removeMember(head, id);
    expect((await fedMembers(head)).members).toEqual([]);
    expect(await refusalOf(removeMember(head, id))).toMatchObject({ status: 400, code: 7 });
    await member.controller.settled();
  });

  test('is given another address', async () => {
    const controller = await aController();
    await configure(withKey(controller), { restInfo: { server: 'store.example', port: 443 } });
    expect((await fedMembers(withKey(controller))).local).toEqual({ server: 'store.example', port: 443 });
    expect(await refusalOf(configure(withKey(controller), { name: '' }))).toMatchObject({
      status: 400,
      code: 6,
    });
  });
});

describe('a stranger', () => {
  test('is a federation listener', async () => {
    await expect(fedHealth(federationOf(await aPrimary()))).resolves.toBeUndefined();
  });

  test('is a REST listener in its place', async () => {
    const primary = await aPrimary();
    await expect(fedHealth(restOf(primary))).rejects.toMatchObject({ code: 'FEDERATION_PORT_IS_REST' });
  });

  test('is standalone, or is not', async () => {
    expect(await jointTest(restOf(await aController()))).toBe('standalone');
    expect(await jointTest(restOf(await aPrimary()))).toBe('other');
  });
});

test('a list is read as it arrives', async () => {
  const controller = await aController({ size: { workloads: 300 } });
  const workloads: unknown[] = [];
  for await (const one of listOf(withKey(controller, 'read'), '/v1/workload', 'workloads', {
    brief: 'true',
  })) {
    workloads.push(one);
  }
  const { body } = await controller.call('GET', '/v1/workload');
  expect(workloads).toEqual(body.workloads);
});
