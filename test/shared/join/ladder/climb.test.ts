import { describe, expect, test } from 'vitest';
import { encodeJoinToken } from '#neuvector';
import { day, hour, minute } from '#time';
import { preflight } from '../../../../shared/join/ladder/preflight.ts';
import { aController, aJoinToken, ownAddress } from '../../../infra/world/neuvector/aController.ts';
import { addressOf, aStep, asAdmin, right, withKey } from '../access/aHouse.ts';
import { aClimb, failure, federationOf, told } from './aClimb.ts';

const fed = withKey('s3cret', 'fed');
const upToPrimary = [
  ...['settings done', 'controller done', 'session done', 'standalone done', 'token done'],
  // The world of tests is on one machine.
  ...['address warning JOIN_ADDRESS_DOUBTFUL', 'primary done'],
];

test('everything is there for a join', async () => {
  const { aRow, look, clock, primary, controller } = await aClimb();
  const sight = await look(await aRow());
  expect(told(sight)).toEqual(upToPrimary);
  expect(sight).toMatchObject({
    fed: { role: 'standalone' },
    listed: null,
    token: { from: 'given', server: '127.0.0.1', port: primary.federation.port },
    warnings: [{ code: 'JOIN_ADDRESS_DOUBTFUL' }],
  });
  expect(sight.latencyMs).toBeGreaterThanOrEqual(0);
  expect(sight.token!.at).toBeLessThanOrEqual(clock.now());
  expect(controller.controller.state).toMatchObject({ role: '', clusterName: 'cluster.local' });
});

test('a climb goes as far as it is asked to', async () => {
  const { aRow, look } = await aClimb();
  const row = await aRow();
  const ends = await Promise.all(
    (['session', 'standalone', 'token', 'address'] as const).map(async (upTo) => {
      const { stages } = await look(row, { upTo });
      return stages.at(-1)!.stage;
    }),
  );
  expect(ends).toEqual(['session', 'standalone', 'token', 'address']);
});

describe('settings', () => {
  test('all that is missing is named, and nobody is asked', async () => {
    const { aRow, look, account } = await aClimb();
    const sight = await look(
      await aRow({ credential: asAdmin(), wish: { storeId: null, tokenGivenAt: null } }),
    );
    expect(told(sight)).toEqual(['settings failed JOIN_SETTINGS_MISSING: stop']);
    expect(sight.stages[0]!.cause!.values.missing).toBe(
      'storeId | clusterName, token | tokenUrl | primary.credential',
    );
    expect(account()).toMatchObject({ done: 0, refused: 0 });
  });

  test('joins that go to the primary itself need to be let in there', async () => {
    const { aRow, look } = await aClimb();
    const row = await aRow();
    row.data.wish!.contract = 'master';
    const [settings] = (await look(row)).stages;
    expect(settings!.cause!.values.missing).toBe('primary.rest, primary.credential');
  });

  test('for metrics alone nothing is', async () => {
    const { aRow, look } = await aClimb();
    const sight = await look(await aRow({ data: { wish: null } }), { upTo: 'session' });
    expect(told(sight)).toEqual(['settings done', 'controller done', 'session done']);
  });
});

describe('its own controller', () => {
  test('does not listen', async () => {
    const { aRow, look, controller } = await aClimb();
    await controller.rest.switchOn({ kind: 'refused' });
    const sight = await look(await aRow());
    expect(told(sight)).toEqual(['settings done', 'controller failed TCP_REFUSED: retry']);
    expect(sight).toMatchObject({ fed: null, latencyMs: null });
  });

  test.each([withKey(), asAdmin()])('is a federation listener, asked by $type', async (credential) => {
    const { aRow, look, primary } = await aClimb();
    const row = await aRow({ credential, address: federationOf(primary) });
    expect(failure(await look(row))).toBe('controller failed CONTROLLER_WRONG_PORT: stop');
  });

  test('has a proxy before it that has lost it', async () => {
    const { aRow, look, controller } = await aClimb();
    await controller.rest.switchOn({ kind: 'html', code: 502 });
    expect(failure(await look(await aRow()))).toBe('controller failed CONTROLLER_GATEWAY: retry');
  });

  test('refuses a password once, and is not asked with it again', async () => {
    const { aRow, look, account } = await aClimb();
    const row = await aRow({ credential: asAdmin('wrong') });
    const first = await look(row);
    expect(told(first)).toEqual([
      'settings done',
      'controller done',
      'session failed SIGN_IN_REFUSED: refused',
    ]);
    const again = await look(row);
    // Of the way there nothing new is known.
    expect(told(again)).toEqual(['settings done', 'session failed SIGN_IN_REFUSED: refused']);
    expect(account().refused).toBe(1);
  });

  test('refuses an API key', async () => {
    const { aRow, look } = await aClimb();
    const sight = await look(await aRow({ credential: withKey('wrong') }));
    expect(failure(sight)).toBe('session failed API_KEY_REFUSED: refused');
  });

  test('wants another password first', async () => {
    const { aRow, look, controller } = await aClimb();
    controller.controller.accounts.users.find(({ username }) => username === 'admin')!.mustReset = true;
    const sight = await look(await aRow({ credential: asAdmin() }));
    expect(failure(sight)).toBe('session failed PASSWORD_MUST_CHANGE: refused');
  });

  test('lets nobody see the federation who has no role, which metrics do not need', async () => {
    const { aRow, look } = await aClimb();
    const row = await aRow({ credential: asAdmin(right, 'nobody') });
    expect(told(await look(row, { upTo: 'session' })).at(-1)).toBe('session done');
    const sight = await look(row);
    expect(failure(sight)).toBe('standalone failed CONTROLLER_ROLE_MISSING: stop');
    expect(sight.stages.at(-1)).toMatchObject({
      cause: { values: { role: 'reader' } },
      answer: { status: 403, code: 25 },
    });
  });

  test('is a primary itself', async () => {
    const { aRow, look, controller } = await aClimb();
    const body = { name: 'x', master_rest_info: ownAddress(controller) };
    await controller.call('POST', '/v1/fed/promote', { body });
    const sight = await look(await aRow());
    expect(failure(sight)).toBe('standalone failed CLUSTER_IS_PRIMARY: stop');
    expect(sight.fed).toEqual({ role: 'master', members: 0 });
  });
});

describe('a member already', () => {
  async function joined() {
    const climbing = await aClimb();
    const { controller, primary } = climbing;
    const body = {
      name: 'u2204a-abcdef',
      join_token: await aJoinToken(primary),
      joint_rest_info: ownAddress(controller),
    };
    const { status } = await controller.call('POST', '/v1/fed/join', { body });
    expect(status).toBe(200);
    return climbing;
  }

  test('is told as such, with the primary that a token names', async () => {
    const { aRow, look, primary } = await joined();
    const sight = await look(await aRow());
    expect(told(sight).at(-1)).toBe('standalone done');
    expect(sight).toMatchObject({
      fed: {
        role: 'joint',
        member: {
          name: 'u2204a-abcdef',
          status: 'joined',
          primary: { name: 'headquarters', server: '127.0.0.1', port: primary.federation.port },
        },
      },
      listed: null,
      token: { from: 'given', port: primary.federation.port },
    });
  });

  test('is told as the primary lists it, where the primary may be asked', async () => {
    const { aRow, look, primary } = await joined();
    const row = await aRow({ primaryCredential: fed });
    expect((await look(row)).listed).toEqual({ status: 'joined' });
    primary.controller.change({ members: [] });
    expect((await look(row)).listed).toEqual({ status: null });
    await primary.rest.switchOn({ kind: 'refused' });
    expect(await look(row)).toMatchObject({
      listed: null,
      warnings: [{ code: 'JOIN_PRIMARY_UNASKED', values: { reason: 'TCP_REFUSED' } }],
    });
  });
});

describe('the token', () => {
  const uuid = '0b8a7a06-3f0c-4c1c-9f0e-5d9d1f0a2b3c';
  test.each([
    ['is none', 'Ceci n’est pas un jeton', 'JOIN_TOKEN_NOT_BASE64'],
    ['is a fixed one', uuid, 'JOIN_TOKEN_IS_FIXED'],
    ['is damaged', Buffer.from('{"s":"p.exa').toString('base64'), 'JOIN_TOKEN_NOT_JSON'],
    ['names nobody', Buffer.from('{"s":"","p":0,"t":"x"}').toString('base64'), 'JOIN_TOKEN_WITHOUT_ADDRESS'],
    [
      'has no ticket',
      encodeJoinToken({ server: 'p.example', port: 11443, ticket: null }),
      'TOKEN_WITHOUT_TICKET',
    ],
  ])('%s', async (_, token, code) => {
    const { aRow, look } = await aClimb();
    const sight = await look(await aRow({ token }));
    expect(failure(sight)).toBe(`token failed ${code}: stop`);
    expect(JSON.stringify(sight)).not.toContain(token);
  });

  test('may be older than they usually live', async () => {
    const { aRow, look, clock } = await aClimb();
    const row = await aRow({ wish: { tokenGivenAt: clock.now() - 2 * hour } });
    expect(told(await look(row))).toContain('token warning JOIN_TOKEN_OLD');
  });

  test('of a clock that is years off is neither too old nor from the future', async () => {
    const { aRow, look, partsWith, clock } = await aClimb();
    for (const off of [-900 * day, 900 * day]) {
      const ours = { now: () => clock.now() + off, sleep: clock.sleep.bind(clock) };
      const row = await aRow({ wish: { tokenGivenAt: ours.now() - minute } });
      const sight = await look(row, {}, partsWith({ clock: ours }));
      expect(told(sight)).toEqual(upToPrimary);
    }
  });

  test('has an address where nobody is', async () => {
    const { aRow, look, primary } = await aClimb();
    await primary.rest.switchOn({ kind: 'refused' });
    const row = await aRow({ wish: { tokenGivenAt: null, tokenUrl: `https://${addressOf(primary)}/token` } });
    expect(failure(await look(row))).toBe('token failed TCP_REFUSED: retry');
  });

  test('is made by the primary, where its administrator asks for it', async () => {
    const { aRow, look } = await aClimb();
    const wish = { tokenGivenAt: null };
    const sight = await look(await aRow({ wish, primaryCredential: fed }));
    expect(told(sight)).toEqual(upToPrimary);
    expect(sight.token!.from).toBe('primary');
    const reader = withKey('s3cret', 'read');
    const refused = await look(await aRow({ wish, primaryCredential: reader }));
    expect(failure(refused)).toBe('token failed CONTROLLER_ROLE_MISSING: stop');
    expect(refused.stages.at(-1)!.cause!.values.role).toBe('fedAdmin');
    const wrong = await look(await aRow({ wish, primaryCredential: withKey('wrong', 'fed') }));
    expect(failure(wrong)).toBe('token failed API_KEY_REFUSED: refused');
  });
});

describe('the advertised address', () => {
  test('is missing, unless the controller itself has stored one', async () => {
    const { aRow, look, controller } = await aClimb();
    const wish = { storeId: null, clusterName: 'berlin', advertise: { server: null, port: null } };
    const row = await aRow({ wish });
    expect(failure(await look(row))).toBe('address failed JOIN_ADDRESS_MISSING: stop');
    controller.controller.change({ localRestInfo: { server: 'nv.berlin.example', port: 443 } });
    expect(told(await look(row))).toContain('address done');
  });

  test('is tried from here, which proves nothing', async () => {
    const { aRow, look, primary, controller } = await aClimb();
    const other = await aController();
    const probed = async (port: number) => {
      const row = await aRow({ wish: { advertise: { server: '127.0.0.1', port } } });
      const { warnings } = await look(row, { probeAdvertised: true, upTo: 'address' });
      return warnings.map(({ code }) => code).filter((code) => code !== 'JOIN_ADDRESS_DOUBTFUL');
    };
    expect(await probed(controller.port)).toEqual([]);
    expect(await probed(primary.port)).toEqual(['JOIN_ADDRESS_NOT_STANDALONE']);
    expect(await probed(primary.federation.port)).toEqual(['JOIN_ADDRESS_WRONG_PORT']);
    await other.rest.switchOn({ kind: 'refused' });
    expect(await probed(other.port)).toEqual(['JOIN_ADDRESS_UNSEEN']);
  });
});

describe('the primary', () => {
  test('is its REST port', async () => {
    const { aRow, look, primary } = await aClimb();
    const row = await aRow({ federation: addressOf(primary) });
    expect(failure(await look(row))).toBe('primary failed FEDERATION_PORT_IS_REST: stop');
    // Who takes joins for it may be just that.
    const asGateway = await aRow({ primaryCredential: fed });
    asGateway.data.wish!.contract = 'master';
    expect(told(await look(asGateway)).at(-1)).toBe('primary done');
  });

  test('does not answer here, and may answer the controller', async () => {
    const { aRow, look, primary } = await aClimb();
    const row = await aRow();
    await primary.federation.switchOn({ kind: 'refused' });
    const sight = await look(row);
    expect(told(sight).at(-1)).toBe('primary warning JOIN_PRIMARY_UNSEEN');
    expect(sight.warnings.at(-1)!.values).toMatchObject({
      primary: federationOf(primary),
      reason: 'TCP_REFUSED',
    });
  });

  test('is older than its health check', async () => {
    const { aRow, look, primary } = await aClimb();
    const row = await aRow();
    await primary.federation.switchOn({
      kind: 'neuvector',
      status: 404,
      code: 1,
      on: { path: '/v1/fed/healthcheck' },
    });
    expect(told(await look(row)).at(-1)).toBe('primary done');
  });

  test('is none', async () => {
    const { aRow, look, primary } = await aClimb();
    const row = await aRow({ primaryCredential: fed });
    await primary.call('POST', '/v1/fed/demote', { key: 'fed:s3cret' });
    expect(failure(await look(row))).toBe('primary failed JOIN_PRIMARY_NONE: stop');
  });

  test.each([
    [
      'another of this name',
      'u2204a-abcdef',
      { server: 'elsewhere.example', port: 443 },
      'synced',
      'failed NAME_TAKEN_AT_PRIMARY: stop',
    ],
    ['what an attempt left', 'u2204a-abcdef', undefined, 'left', 'warning JOIN_GHOST'],
    ['what an attempt just left', 'u2204a-abcdef', undefined, 'joined', 'warning JOIN_GHOST'],
    ['what an earlier name left', 'u2204a-zzzzzz', undefined, 'disconnected', 'warning JOIN_GHOST'],
    ['another at this address', 'berlin', undefined, 'synced', 'warning JOIN_ADDRESS_NOT_STANDALONE'],
    ['others', 'berlin', { server: 'elsewhere.example', port: 443 }, 'synced', 'done'],
  ] as const)('lists %s', async (_, name, at, status, expected) => {
    const { aRow, look, primary, controller } = await aClimb();
    const row = await aRow({ primaryCredential: fed });
    const restInfo = at ?? ownAddress(controller);
    const entry = { id: 'x', name, secret: '', user: '', k8sUid: '', restInfo, restVersion: '' };
    // Without the ping that looking sets off.
    primary.controller.pingSoon = () => undefined;
    primary.controller.change({ members: [{ ...entry, status, pingErrors: 0 }] });
    expect(told(await look(row)).at(-1)).toBe(`primary ${expected}`);
  });

  test('has the name itself', async () => {
    const { aRow, look } = await aClimb();
    const row = await aRow({ primaryCredential: fed, wish: { clusterName: 'headquarters' } });
    expect(failure(await look(row))).toBe('primary failed NAME_TAKEN_AT_PRIMARY: stop');
  });

  test('cannot be asked for its members, which a join does not need', async () => {
    const { aRow, look, primary } = await aClimb();
    const row = await aRow({ primaryCredential: fed });
    await primary.rest.switchOn({ kind: 'refused' });
    expect(told(await look(row)).at(-1)).toBe('primary warning JOIN_PRIMARY_UNASKED');
  });
});

test('who is told to stop has not found anything', async () => {
  const { aRow, look, controller, partsWith } = await aClimb();
  const row = await aRow();
  const stop = new AbortController();
  await controller.rest.switchOn({ kind: 'hang' });
  const looking = look(row, {}, partsWith(), { ...aStep(), signal: stop.signal });
  stop.abort();
  await expect(looking).rejects.toMatchObject({ code: 'CALL_ABORTED' });
});

describe('the preflight', () => {
  test('tells all ten stages, changes nothing and leaves no session', async () => {
    const { aRow, partsWith, controller, primary, account } = await aClimb();
    const row = await aRow({ credential: asAdmin(), primaryCredential: fed });
    const found = await preflight(partsWith(), row, { kind: 'call', within: {} });
    expect(found).toMatchObject({ outcome: 'warning', code: null, failedStage: null });
    expect(told(found)).toEqual([...upToPrimary, ...['join waiting', 'listed waiting', 'synced waiting']]);
    expect(account()).toMatchObject({ done: 1, sessions: 0 });
    expect(controller.controller.state).toMatchObject({ role: '', clusterName: 'cluster.local' });
    expect(primary.controller.state.members).toEqual([]);
  });

  test.each([
    ['a role that may not join', { username: 'reader' }, {}, 'join failed CONTROLLER_ROLE_MISSING: stop'],
    [
      'what is left of a federation',
      { username: 'admin' },
      { leftovers: ['fed.group'] },
      'join failed JOIN_LEFTOVERS: stop',
    ],
  ])('finds out %s without a join', async (_, { username }, settings, found) => {
    const { aRow, partsWith, controller } = await aClimb();
    Object.assign(controller.controller.settings, settings);
    const row = await aRow({ credential: asAdmin(right, username) });
    expect(told(await preflight(partsWith(), row, { kind: 'call', within: {} }))).toContain(found);
    expect(controller.controller.state).toMatchObject({ role: '', clusterName: 'cluster.local' });
  });

  test('of one that is for metrics alone goes no further than a session: a primary is none that fails to join', async () => {
    const { aRow, partsWith, controller } = await aClimb();
    Object.assign(controller.controller.state, { role: 'master' });
    const row = await aRow({ credential: asAdmin(), data: { wish: null } });
    const found = await preflight(partsWith(), row, { kind: 'call', within: {} });
    expect(found).toMatchObject({ outcome: 'ok', code: null, failedStage: null });
    expect(told(found).slice(0, 4)).toEqual([
      'settings done',
      'controller done',
      'session done',
      'standalone waiting',
    ]);
  });

  test('tells what failed, and leaves no session then either', async () => {
    const { aRow, partsWith, account } = await aClimb();
    const row = await aRow({ credential: asAdmin(), token: 'x' });
    const found = await preflight(partsWith(), row, { kind: 'call', within: {} });
    expect(found).toMatchObject({ outcome: 'failed', failedStage: 'token', code: 'JOIN_TOKEN_NOT_JSON' });
    expect(found.stages.map(({ is }) => is).slice(5)).toEqual(Array.from({ length: 5 }, () => 'waiting'));
    expect(account().sessions).toBe(0);
  });
});
