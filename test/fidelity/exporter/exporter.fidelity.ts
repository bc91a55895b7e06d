import { expect, test } from 'vitest';
import { signIn } from '#neuvector';
import { collect } from '#neuvector/exporter';
import { systemClock } from '#time';
import {
  aController,
  aJoinToken,
  aPrimary,
  ownAddress,
  type TestController,
} from '../../infra/world/neuvector/aController.ts';
import { restOf } from '../../shared/neuvector/aWay.ts';
import { answeringServer } from './answeringServer.ts';
import { runOfficial } from './python.ts';
import { recorded, scenarioFiles } from './recordings.ts';

const login = { user: 'admin', password: 'a-good-password' };

async function bothOf(controller: TestController): Promise<{ ours: string; official: string }> {
  const way = restOf(controller);
  const { token } = await signIn(way, { username: login.user, password: login.password });
  const signedIn = { way, pass: { kind: 'session', token } } as const;
  const options = { target: '127.0.0.1', compat: true, enforcerStats: true, clock: systemClock };
  const { text } = await collect(signedIn, options);
  const { text: official } = await runOfficial({ ...login, address: `127.0.0.1:${controller.port}` });
  return { ours: Buffer.from(text).toString(), official };
}

test('of a controller in no federation both say the same', async () => {
  const { ours, official } = await bothOf(await aController());
  expect(ours).toBe(official);
});

test('of one with many workloads, too', async () => {
  const size = { hosts: 20, services: 500, workloads: 2_000, registries: 50 };
  const { ours, official } = await bothOf(await aController({ size }));
  expect(ours).toBe(official);
});

test('of a primary and of its member, too', async () => {
  const primary = await aPrimary();
  const member = await aController({ name: 'store-1' }, primary.clock);
  const body = {
    name: 'store-1',
    join_token: await aJoinToken(primary),
    joint_rest_info: ownAddress(member),
  };
  expect(await member.call('POST', '/v1/fed/join', { body })).toMatchObject({ status: 200 });
  for (const controller of [primary, member]) {
    const { ours, official } = await bothOf(controller);
    expect(ours).toContain('headquarters');
    expect(ours).toBe(official);
  }
});

test.each(scenarioFiles)('$file is what it says still', async ({ file, answers, timeZone }) => {
  await using server = await answeringServer(answers);
  const { text } = await runOfficial({ ...login, address: server.address }, { timeZone });
  expect(text).toBe(recorded(file));
});
