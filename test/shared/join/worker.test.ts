import { expect, onTestFinished, test } from 'vitest';
import { ownAddress, type TestController } from '../../infra/world/neuvector/aController.ts';
import { joining, membersOf } from '../../infra/world/neuvector/joining.ts';
import { droverInProcess, type InProcess } from '../../inProcess/drover.ts';

async function aDrover(): Promise<InProcess> {
  const drover = await droverInProcess();
  onTestFinished(() => drover[Symbol.asyncDispose]());
  return drover;
}

const password = (given = 'a-good-password') => ({ type: 'password', username: 'admin', password: given });

const controllerAt = ({ port, ca }: TestController, credential: object = password()) => ({
  address: `127.0.0.1:${port}`,
  ca,
  tlsServerName: 'localhost',
  credential,
});

const statesOf = (stages: { stage: string; state: string }[]) =>
  stages.map(({ stage, state }) => `${stage} ${state}`);

test('a cluster is brought into the federation, and out of it', async () => {
  const { primary, member, token } = await joining();
  const drover = await aDrover();
  const { status, body: created } = await drover.call('POST', '/api/v1/joins', {
    name: 'store-1',
    storeId: 'u2204a',
    controller: controllerAt(member),
    advertise: ownAddress(member),
    token,
  });
  expect(status).toBe(201);
  expect(created).toMatchObject({
    state: 'waiting',
    federationName: expect.stringMatching(/^u2204a-[a-z0-9]{6}$/),
  });
  await drover.settled();

  const { body: joined } = await drover.call('GET', '/api/v1/joins/store-1');
  expect(joined).toMatchObject({ state: 'joined', cause: null, warnings: [] });
  expect(statesOf(joined.stages)).toEqual(
    [
      'settings',
      'controller',
      'session',
      'standalone',
      'token',
      'address',
      'primary',
      'join',
      'listed',
      'synced',
    ].map((stage) => `${stage} done`),
  );
  expect(await membersOf(primary)).toMatchObject([
    { name: created.federationName, rest_info: ownAddress(member) },
  ]);
  const { body: history } = await drover.call('GET', '/api/v1/joins/store-1/history');
  expect(history.items.map(({ type }: { type: string }) => type)).toEqual([
    'join.completed',
    'join.started',
    'join.created',
  ]);

  expect((await drover.call('POST', '/api/v1/joins/store-1/leave')).status).toBe(202);
  await drover.settled();
  expect((await drover.call('GET', '/api/v1/joins/store-1')).body).toMatchObject({
    state: 'left',
    cause: null,
  });
  expect(await membersOf(primary)).toEqual([]);
});

test('a wrong password is sent once', async () => {
  const { member, token } = await joining();
  const drover = await aDrover();
  await drover.call('POST', '/api/v1/joins', {
    name: 'store-1',
    clusterName: 'store-1',
    controller: controllerAt(member, password('a-wrong-password')),
    advertise: ownAddress(member),
    token,
  });
  await drover.settled();
  const { body } = await drover.call('GET', '/api/v1/joins/store-1');
  expect(body).toMatchObject({ state: 'failed', cause: 'SIGN_IN_REFUSED' });
  const { status, body: refused } = await drover.call('POST', '/api/v1/joins/store-1/retry');
  expect({ status, code: refused.code }).toEqual({ status: 409, code: 'SIGN_IN_STILL_REFUSED' });
  const preflight = await drover.call('POST', '/api/v1/joins/store-1/preflight');
  expect(preflight.body).toMatchObject({
    outcome: 'failed',
    failedStage: 'session',
    code: 'SIGN_IN_REFUSED',
  });
  const admin = member.controller.accounts.signIns().find(({ user }) => user === 'admin');
  expect(admin).toMatchObject({ refused: 1, isBlocked: false });
});

test('an end with leave=true takes it out of the federation; one without leaves it there', async () => {
  const { primary, member, token } = await joining();
  const drover = await aDrover();
  const register = async () => {
    await drover.call('POST', '/api/v1/joins', {
      name: 'store-1',
      clusterName: 'store-1',
      controller: controllerAt(member),
      advertise: ownAddress(member),
      token,
    });
    await drover.settled();
  };
  await register();
  await drover.call('DELETE', '/api/v1/joins/store-1');
  await drover.settled();
  expect(await membersOf(primary)).toHaveLength(1);
  await register();
  expect((await drover.call('GET', '/api/v1/joins/store-1')).body.state).toBe('joined');
  await drover.call('DELETE', '/api/v1/joins/store-1?leave=true');
  await drover.settled();
  expect(await membersOf(primary)).toEqual([]);
});
