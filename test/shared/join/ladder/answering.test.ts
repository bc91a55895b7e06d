import { expect, test } from 'vitest';
import {
  deploy,
  fedMembers,
  type JoinBody,
  join,
  joinToken,
  leave,
  removeMember,
  type SignedIn,
  signIn,
} from '#neuvector';
import { day } from '#time';
import type { Call, Reacted } from '../../../../shared/join/ladder/answers.ts';
import { reactionToError } from '../../../../shared/join/ladder/reactionToError.ts';
import type { Reaction } from '../../../../shared/join/model.ts';
import { aController, aJoinToken, ownAddress } from '../../../infra/world/neuvector/aController.ts';
import { type Joining, joining } from '../../../infra/world/neuvector/joining.ts';
import { restOf, withKey } from '../../neuvector/aWay.ts';

/** What a call that must fail comes to. */
async function met(call: Call, asked: Promise<unknown>): Promise<Reacted> {
  try {
    await asked;
  } catch (error) {
    return reactionToError(call, error);
  }
  throw new Error('It did not fail.');
}

const fieldsOf = ({ token, member }: Joining, more: Partial<JoinBody> = {}): JoinBody => ({
  name: 'store-1',
  token,
  joint: ownAddress(member),
  ...more,
});
const joined = (given: Joining) => given.join();
const isIn = async ({ member }: Joining) =>
  (await fedMembers(withKey(member))).role === 'joint' ? 'a member' : 'none';

type Situation = [
  what: string,
  before: (given: Joining) => unknown,
  more: { key?: string; fields?: (given: Joining) => Partial<JoinBody> },
  reaction: Reaction,
  cause: string,
];

test.each<Situation>([
  ['by a reader', () => undefined, { key: 'read' }, 'stop', 'CONTROLLER_ROLE_MISSING'],
  ['of a member', joined, {}, 'look', 'JOIN_NOT_NOW'],
  [
    'while the last federation is cleaned up',
    async (given) => {
      await joined(given);
      await given.member.call('POST', '/v1/fed/leave', { body: {} });
    },
    {},
    'wait',
    'CONTROLLER_CLEANING_UP',
  ],
  [
    'with leftovers',
    ({ member }) => {
      member.controller.settings.leftovers = ['fed.group'];
    },
    {},
    'stop',
    'JOIN_LEFTOVERS',
  ],
  [
    'with a token that is none',
    () => undefined,
    { fields: () => ({ token: 'token' }) },
    'stop',
    'JOIN_REQUEST_INVALID',
  ],
  [
    'with a name that is taken',
    async ({ primary, token }) => {
      const other = await aController({ name: 'other' }, primary.clock);
      const body = { name: 'store-1', join_token: token, joint_rest_info: ownAddress(other) };
      await other.call('POST', '/v1/fed/join', { body });
    },
    {},
    'nameTaken',
    'JOIN_NAME_TAKEN',
  ],
  [
    'with a token that is over',
    ({ primary }) => primary.clock.step(day),
    {},
    'newToken',
    'JOIN_TOKEN_REFUSED',
  ],
  [
    'with a primary that is too old',
    ({ primary }) => {
      primary.controller.settings.version = '5.4.2';
    },
    {},
    'stop',
    'JOIN_PRIMARY_TOO_OLD',
  ],
  [
    'with a cluster that is too old',
    ({ member }) => {
      member.controller.settings.version = '5.4.4';
    },
    {},
    'stop',
    'JOIN_CONTROLLER_TOO_OLD',
  ],
  [
    'while the primary is upgraded',
    ({ primary }) => {
      primary.controller.settings.isUpgrading = true;
    },
    {},
    'retry',
    'JOIN_PRIMARY_UPGRADING',
  ],
  [
    'with an address where nobody is',
    () => undefined,
    { fields: () => ({ joint: { server: '127.0.0.1', port: 1 } }) },
    'slowly',
    'JOIN_ADDRESS_UNREACHED',
  ],
  [
    'to a REST port',
    () => undefined,
    { fields: ({ primary }) => ({ server: '127.0.0.1', port: primary.port }) },
    'stop',
    'JOIN_PRIMARY_WRONG_PORT',
  ],
  [
    'to a primary that does not listen',
    ({ primary }) => primary.federation.switchOn({ kind: 'refused' }),
    {},
    'look',
    'JOIN_PRIMARY_UNREACHED',
  ],
  [
    'to a proxy that has lost its primary',
    ({ primary }) => primary.federation.switchOn({ kind: 'html', code: 502 }),
    {},
    'look',
    'JOIN_PRIMARY_GATEWAY',
  ],
  [
    'to a controller behind a proxy that has lost it',
    ({ member }) => member.rest.switchOn({ kind: 'html', code: 502 }),
    {},
    'look',
    'CONTROLLER_GATEWAY',
  ],
  [
    'to a controller that is busy',
    ({ member }) => member.rest.switchOn({ kind: 'neuvector', status: 500, code: 19 }),
    {},
    'wait',
    'CONTROLLER_LOCK_BUSY',
  ],
  [
    'whose answer is lost',
    ({ member }) => member.rest.switchOn({ kind: 'reset', times: 1, on: { path: '/v1/fed/join' } }),
    {},
    'look',
    'HTTP_CUT',
  ],
  [
    'to a controller that does not listen',
    ({ member }) => member.rest.switchOn({ kind: 'refused' }),
    {},
    'retry',
    'TCP_REFUSED',
  ],
])('a join %s', async (_, before, { key, fields }, reaction, cause) => {
  const given = await joining();
  await before(given);
  const asked = join(withKey(given.member, key), fieldsOf(given, fields?.(given)));
  expect(await met('join', asked)).toMatchObject({ reaction, cause: { code: cause } });
});

test('a join whose answer was lost may have been done, which the member list tells', async () => {
  const given = await joining();
  await given.member.rest.switchOn({ kind: 'reset', times: 1, on: { path: '/v1/fed/join' } });
  const { reaction } = await met('join', join(withKey(given.member), fieldsOf(given)));
  expect([reaction, await isIn(given)]).toEqual(['look', 'a member']);
});

test('leaving: what is no member, what the primary does not know, and what it does not hear', async () => {
  const given = await joining();
  const { member, primary } = given;
  expect(await met('leave', leave(withKey(member), false))).toMatchObject({
    reaction: 'look',
    cause: { code: 'LEAVE_NOT_MEMBER' },
  });
  await joined(given);
  expect((await met('leave', leave(withKey(member, 'read'), false))).cause.values.role).toBe('admin');
  const refused = await primary.federation.switchOn({ kind: 'refused' });
  expect(await met('leave', leave(withKey(member), false))).toMatchObject({
    reaction: 'look',
    cause: { code: 'LEAVE_UNANSWERED' },
  });
  await primary.federation.switchOff(refused.id);
  primary.controller.change({ members: [] });
  expect(await met('leave', leave(withKey(member), false))).toMatchObject({
    reaction: 'force',
    cause: { code: 'LEAVE_UNKNOWN' },
  });
});

test.each<[Call, (who: SignedIn) => Promise<unknown>, Reaction, string]>([
  ['joinToken', (who) => joinToken(who), 'stop', 'JOIN_PRIMARY_NONE'],
  ['removeMember', (who) => removeMember(who, 'x'), 'stop', 'JOIN_PRIMARY_NONE'],
  ['deploy', (who) => deploy(who, ['x'], true), 'stop', 'JOIN_PRIMARY_NONE'],
])('%s of what is no primary', async (call, ask, reaction, cause) => {
  const { member } = await joining();
  // The role of a federation’s administrator, which no other cluster gives.
  const asked = ask(withKey(member, 'fed'));
  expect(await met(call, asked)).toMatchObject({ reaction, cause: { code: cause } });
});

test('at the primary: who is no administrator of it, and what is not there', async () => {
  const { primary } = await joining();
  for (const [call, ask] of [
    ['joinToken', joinToken],
    ['removeMember', (who: SignedIn) => removeMember(who, 'x')],
    ['deploy', (who: SignedIn) => deploy(who, ['x'], true)],
  ] as const) {
    const { reaction, cause } = await met(call, ask(withKey(primary, 'all')));
    expect([reaction, cause.code, cause.values.role]).toEqual([
      'stop',
      'CONTROLLER_ROLE_MISSING',
      'fedAdmin',
    ]);
  }
  expect(await met('removeMember', removeMember(withKey(primary, 'fed'), 'x'))).toMatchObject({
    reaction: 'look',
    cause: { code: 'REMOVE_GONE' },
  });
});

test('five sign-ins with a wrong password, as Drover never sends them, are each refused', async () => {
  const { member } = await joining();
  const tried = () =>
    met('signIn', signIn(restOf(member), { username: 'admin', password: 'wrong' })).then(
      ({ reaction, cause }) => `${reaction} ${cause.code}`,
    );
  const seen: string[] = [];
  for (let i = 0; i < 5; i++) seen.push(await tried());
  expect(seen).toEqual([
    ...Array.from({ length: 4 }, () => 'refused SIGN_IN_REFUSED'),
    'refused ACCOUNT_BLOCKED',
  ]);
});

test('the contract "master": what a primary says that takes no joins, and one that does', async () => {
  const given = await joining();
  const { primary } = given;
  const atPrimary = withKey(primary, 'fed');
  const fields = fieldsOf(given);
  expect(await met('joinMaster', join(atPrimary, fields))).toMatchObject({
    reaction: 'stop',
    cause: { code: 'JOIN_MASTER_CONTRACT' },
  });
  const session = { kind: 'session', token: await given.member.signIn() } as const;
  expect(await met('joinMaster', join({ ...atPrimary, pass: session }, fields))).toMatchObject({
    reaction: 'signIn',
    cause: { code: 'JOIN_MASTER_CONTRACT' },
  });
  primary.controller.settings.acceptsDirectJoin = true;
  await join(atPrimary, fields);
  expect(await met('joinMaster', join(atPrimary, fields))).toMatchObject({
    reaction: 'stop',
    cause: { code: 'JOIN_MASTER_LISTED' },
  });
  const invalid = { ...fields, token: await aJoinToken(primary), name: '' };
  expect((await met('joinMaster', join(atPrimary, invalid))).cause.code).toBe('JOIN_REQUEST_INVALID');
});
