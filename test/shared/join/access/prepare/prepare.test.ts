import { describe, expect, test } from 'vitest';
import { DroverError } from '#errors';
import { createNet } from '#net';
import { encodeJoinToken } from '#neuvector';
import type { Row } from '#reconcile';
import { keys, MemoryTable } from '#store';
import { minute } from '#time';
import { prepare } from '../../../../../shared/join/access/prepare/prepare.ts';
import { createMembershipSecrets } from '../../../../../shared/join/access/sealed.ts';
import type { MembershipBody } from '../../../../../shared/join/calls.ts';
import type { MembershipData, Sealed } from '../../../../../shared/join/model.ts';
import { newMembership } from '../../../../../shared/join/wishes.ts';
import { bytesFrom, seeded } from '../../../../fixtures/chance.ts';
import { SteppedClock } from '../../../../fixtures/steppedClock.ts';
import { ca, newCa } from '../../../clusters/credential/aCa.ts';
import { aVault } from '../../../clusters/secret/aVault.ts';
import { aMembership } from '../aMembership.ts';

const fingerprint = 'ab'.repeat(32);
const credential = { type: 'password', username: 'admin', password: 'pw' } as const;
const apiKey = { type: 'apiKey', name: 'drover', secret: 's3cret' } as const;
const token = encodeJoinToken({ server: 'hq.example.com', port: 11443, ticket: 'a ticket' });
const bareToken = encodeJoinToken({ server: 'hq.example.com', port: 443, ticket: null });
const controller = { address: 'NV.Example.com:10443', ca: ca.certPem, credential };
const primary = { rest: 'hq.example.com:10443', credential: apiKey };
const joining: MembershipBody = { storeId: 'u2204a', controller, token };
const behind = { cluster: 'paris', namespace: 'neuvector', service: 'api', port: 10443 };

function aDesk() {
  const clock = new SteppedClock();
  const table = new MemoryTable(() => clock.now());
  const meter = { count: () => undefined, observe: () => undefined };
  const random = bytesFrom(seeded(5));
  const secrets = createMembershipSecrets({ table, vault: aVault(table, clock), clock, meter, random });
  let stored: Row<MembershipData> | undefined;
  const parts = {
    secrets,
    records: { get: async () => stored },
    clusters: {
      find: async (named: string) => (named === 'paris' ? { id: 'clu_1', name: 'paris' } : undefined),
    },
    net: createNet({ clock, clusterTargets: ['!10.9.0.0/16'] }),
    clock,
  };
  /** What becomes of it, and what is sealed. */
  async function give(body: MembershipBody) {
    const version = (stored?.data.secretVersion ?? 0) + 1;
    const id = 'mem_1';
    const of = stored && { of: id };
    const prepared = await prepare(parts, { do: 'prepare', id, version, body, ...of });
    const slot = `s${version}_x`;
    await table.update(keys.sideKey(id, 'slots'), { set: { of: id, [slot]: prepared.secret } });
    const data = { ...newMembership(prepared, slot, 'abcdef', clock.now()), secretVersion: version };
    const row = { ...aMembership({ sealed: { controller: { credential } } }), data };
    const sealed: Sealed = await secrets.open(row, { visit: 'call', within: {} });
    return { ...prepared, sealed, row };
  }
  const keep = async (body: MembershipBody) => {
    const { row, ...given } = await give(body);
    stored = row;
    return given;
  };
  return { clock, give, keep };
}

/** What is found: code and path of each. */
const faultsOf = async (giving: Promise<unknown>): Promise<string[]> =>
  giving.then(
    () => [],
    (error: unknown) => {
      if (!(error instanceof DroverError)) throw error;
      return [error.code, ...error.fields.map(({ path, code }) => `${path} ${code}`)];
    },
  );

describe('a new membership', () => {
  test('is read, its addresses as they are dialled and its secrets sealed', async () => {
    const { give, clock } = aDesk();
    const { controller: access, wish, sealed } = await give({ ...joining, primary });
    const view = { version: 1, rotatedAt: clock.now() };
    expect(access).toMatchObject({
      by: 'address',
      address: 'nv.example.com:10443',
      trust: { fingerprint: null, ca: { subject: expect.stringContaining('kubernetes') } },
      credential: { type: 'password', name: 'admin', ...view },
    });
    expect(wish).toMatchObject({
      storeId: 'u2204a',
      clusterName: null,
      advertise: { server: null, port: null },
      primary: { federation: null, rest: 'hq.example.com:10443', credential: { name: 'drover', ...view } },
      tokenGivenAt: clock.now(),
      maxAttempts: 10,
      stayJoined: 'mend',
      contract: 'controller',
    });
    expect(sealed).toEqual({
      controller: { ca: ca.certPem, credential },
      primary: { credential: apiKey },
      token,
    });
  });

  test.each([
    ['the token', {}, 'hq.example.com:11443'],
    ['its federation listener', { federation: 'gate.example.com:8443' }, 'gate.example.com:8443'],
    [
      'what is given',
      { federation: 'gate.example.com:8443', rest: 'hq.example.com:10443' },
      'hq.example.com:10443',
    ],
  ])('finds a primary that takes joins itself by %s', async (_, at, rest) => {
    const { wish } = await aDesk().give({
      ...joining,
      contract: 'master',
      primary: { ...at, credential: apiKey },
    });
    expect(wish?.primary?.rest).toBe(rest);
  });

  test('finds a primary that takes joins itself by the store id where no token says more', async () => {
    const byUrl = { ...joining, token: null, tokenUrl: 'https://tokens.example.com/join' };
    const { wish } = await aDesk().give({ ...byUrl, contract: 'master', primary: { credential: apiKey } });
    expect(wish?.primary?.rest).toBe('cn-wukong-ru2204a.mcd.store:443');
  });

  test('for metrics alone needs a controller alone', async () => {
    const { give } = aDesk();
    expect((await give({ join: false, controller })).wish).toBeNull();
  });

  test('behind a cluster names that by its id', async () => {
    const { give } = aDesk();
    const { controller: access } = await give({ join: false, controller: { ...behind, credential } });
    expect(access).toMatchObject({ by: 'cluster', ...behind, cluster: 'clu_1' });
  });

  test.each<[string, MembershipBody]>([
    ['a token’s address', { ...joining, token: null, tokenUrl: 'https://tokens.example.com/join' }],
    ['the primary’s credential', { ...joining, token: null, primary }],
    ['a token of the earlier form, for who takes it', { ...joining, token: bareToken, contract: 'master' }],
    ['IPv6', { join: false, controller: { ...controller, address: '[2a00:1450::5]:10443' } }],
    ['a fingerprint', { join: false, controller: { address: 'nv:10443', fingerprint, credential } }],
  ])('may have %s', async (_, body) => {
    expect(await faultsOf(aDesk().give(body))).toEqual([]);
  });

  test.each<[string, MembershipBody, string[]]>([
    ['no controller', { join: false }, ['FIELD_NEEDED', 'controller FIELD_NEEDED']],
    [
      'nothing at all',
      {},
      ['MEMBERSHIP_INCOMPLETE', 'controller FIELD_NEEDED', 'storeId FIELD_NEEDED', 'token FIELD_NEEDED'],
    ],
    [
      'a controller without a way there or a credential',
      { join: false, controller: {} },
      ['MEMBERSHIP_INCOMPLETE', 'controller.address FIELD_NEEDED', 'controller.credential FIELD_NEEDED'],
    ],
    [
      'both forms of controller',
      { join: false, controller: { ...controller, ...behind } },
      ['FIELDS_APART', 'controller.address FIELDS_APART'],
    ],
    [
      'half a cluster',
      { join: false, controller: { cluster: 'paris', service: 'Api', credential } },
      [
        'MEMBERSHIP_INCOMPLETE',
        'controller.namespace FIELD_NEEDED',
        'controller.port FIELD_NEEDED',
        'controller.service FIELD_WRONG',
      ],
    ],
    [
      'a cluster nobody knows',
      { join: false, controller: { ...behind, cluster: 'rome', credential } },
      ['CONTROLLER_CLUSTER_UNKNOWN', 'controller.cluster CONTROLLER_CLUSTER_UNKNOWN'],
    ],
    ['two names', { ...joining, clusterName: 'paris' }, ['FIELDS_APART', 'clusterName FIELDS_APART']],
    [
      'a store that is no part of a name',
      { ...joining, storeId: 'a b' },
      ['FIELD_WRONG', 'storeId FIELD_WRONG'],
    ],
    ['no way to a token', { ...joining, token: undefined }, ['FIELD_NEEDED', 'token FIELD_NEEDED']],
    [
      'a token without ticket',
      { ...joining, token: bareToken },
      ['TOKEN_WITHOUT_TICKET', 'token TOKEN_WITHOUT_TICKET'],
    ],
    [
      'no token',
      { ...joining, token: 'not!a!token' },
      ['JOIN_TOKEN_NOT_BASE64', 'token JOIN_TOKEN_NOT_BASE64'],
    ],
    [
      'wishes, and does not join',
      { join: false, controller, storeId: 'a', token },
      ['MEMBERSHIP_INCOMPLETE', 'storeId FIELDS_APART', 'token FIELDS_APART'],
    ],
    ['too many attempts', { ...joining, maxAttempts: 1001 }, ['FIELD_WRONG', 'maxAttempts FIELD_WRONG']],
    [
      'a port that is none',
      { ...joining, advertise: { port: 0 } },
      ['FIELD_WRONG', 'advertise.port FIELD_WRONG'],
    ],
    [
      'an advertised URL',
      { ...joining, advertise: { server: 'https://me' } },
      ['FIELD_WRONG', 'advertise.server FIELD_WRONG'],
    ],
    [
      'a credential of a primary nobody knows',
      { ...joining, primary: { credential: apiKey } },
      ['FIELD_NEEDED', 'primary.rest FIELD_NEEDED'],
    ],
    [
      'a key with a colon in its name, and an empty user',
      {
        ...joining,
        controller: { ...controller, credential: { ...credential, username: '' } },
        primary: { ...primary, credential: { ...apiKey, name: 'a:b' } },
      },
      [
        'MEMBERSHIP_INCOMPLETE',
        'controller.credential.username FIELD_WRONG',
        'primary.credential.name FIELD_WRONG',
      ],
    ],
    [
      'whom to trust said twice',
      { join: false, controller: { ...controller, fingerprint } },
      ['FIELDS_APART', 'controller.fingerprint FIELDS_APART'],
    ],
    [
      'a CA and a fingerprint that are none',
      { ...joining, controller: { ...controller, ca: 'no', credential }, primary: { ...primary, ca: 'no' } },
      ['MEMBERSHIP_INCOMPLETE', 'controller.ca CA_INVALID', 'primary.ca CA_INVALID'],
    ],
    [
      'a token’s address that is not https',
      { ...joining, tokenUrl: 'http://tokens.example.com' },
      ['TARGET_SCHEME_FORBIDDEN', 'tokenUrl TARGET_SCHEME_FORBIDDEN'],
    ],
  ])('is refused with %s', async (_, body, faults) => {
    expect(await faultsOf(aDesk().give(body))).toEqual(faults);
  });

  test.each([
    ['https://nv.example.com:10443', 'FIELD_WRONG'],
    ['nv.example.com', 'FIELD_WRONG'],
    ['nv.example.com:0', 'FIELD_WRONG'],
    ['nv.example.com:70000', 'FIELD_WRONG'],
    ['2001:db8::5:10443', 'FIELD_WRONG'],
    ['user@nv.example.com:10443', 'FIELD_WRONG'],
    ['nv.example.com:10443/v1', 'FIELD_WRONG'],
    ['nv.example.com:22', 'TARGET_PORT_FORBIDDEN'],
    ['127.0.0.1:10443', 'TARGET_FORBIDDEN'],
    ['0x7f.1:10443', 'TARGET_FORBIDDEN'],
    ['169.254.169.254:443', 'TARGET_FORBIDDEN'],
    ['10.9.1.1:10443', 'TARGET_FORBIDDEN'],
  ])('is refused at %s', async (address, code) => {
    const given = { join: false, controller: { ...controller, address } };
    expect(await faultsOf(aDesk().give(given))).toEqual([code, `controller.address ${code}`]);
  });
});

describe('a change', () => {
  test('of who takes joins needs the token again, also where it goes step by step', async () => {
    const { give, keep } = aDesk();
    await keep({ ...joining, primary, contract: 'master' });
    await keep({ primary: { credential: null } });
    expect(await faultsOf(give({ primary: { rest: 'evil:10443', credential } }))).toEqual([
      'CREDENTIAL_NEEDED',
      'primary.rest CREDENTIAL_NEEDED',
      'token CREDENTIAL_NEEDED',
    ]);
  });

  test('keeps what is left out, secrets too, and takes away what is null', async () => {
    const { give, keep, clock } = aDesk();
    await keep({ ...joining, primary, advertise: { server: 'me.example.com' }, maxAttempts: 3 });
    const givenAt = clock.now();
    await clock.step(minute);
    const { wish, sealed, controller: access } = await give({ primary: null, advertise: { port: 8443 } });
    expect(wish).toMatchObject({
      storeId: 'u2204a',
      primary: null,
      advertise: { server: 'me.example.com', port: 8443 },
      tokenGivenAt: givenAt,
      maxAttempts: 3,
    });
    expect(access.credential).toEqual({ type: 'password', name: 'admin', version: 1, rotatedAt: givenAt });
    expect(sealed).toEqual({ controller: { ca: ca.certPem, credential }, token });
  });

  test('of a token is told by its time, of a credential by its version', async () => {
    const { give, keep, clock } = aDesk();
    await keep(joining);
    await clock.step(minute);
    const { wish, controller: access } = await give({ token, controller: { credential: apiKey } });
    expect(wish?.tokenGivenAt).toBe(clock.now());
    expect(access.credential).toEqual({ type: 'apiKey', name: 'drover', version: 2, rotatedAt: clock.now() });
  });

  test('to metrics alone forgets what a join needs, and back needs it again', async () => {
    const { give, keep } = aDesk();
    await keep(joining);
    const { sealed, wish } = await keep({ join: false });
    expect([wish, sealed]).toEqual([null, { controller: { ca: ca.certPem, credential } }]);
    expect(await faultsOf(give({ join: true }))).toEqual([
      'MEMBERSHIP_INCOMPLETE',
      'storeId FIELD_NEEDED',
      'token FIELD_NEEDED',
    ]);
  });

  test('to a contract checks the token that is stored', async () => {
    const { give, keep } = aDesk();
    await keep({ ...joining, token: bareToken, contract: 'master' });
    expect(await faultsOf(give({ contract: 'controller' }))).toEqual([
      'TOKEN_WITHOUT_TICKET',
      'token TOKEN_WITHOUT_TICKET',
    ]);
  });

  const tokens = ['token', 'primary.credential'];
  test.each<[string, MembershipBody, string[]]>([
    ['another address', { controller: { address: 'evil:10443' } }, ['controller.address', ...tokens]],
    ['another CA', { controller: { ca: newCa.certPem } }, ['controller.ca', ...tokens]],
    ['no CA', { controller: { ca: null } }, ['controller.ca', ...tokens]],
    [
      'a fingerprint',
      { controller: { fingerprint } },
      ['controller.ca', 'controller.fingerprint', ...tokens],
    ],
    [
      'another name of the server',
      { controller: { tlsServerName: 'evil' } },
      ['controller.tlsServerName', ...tokens],
    ],
    ['the way through a cluster', { controller: behind }, ['controller.cluster', ...tokens]],
    ['another primary', { primary: { rest: 'evil:10443' } }, ['primary.rest']],
    ['another CA of the primary', { primary: { ca: newCa.certPem } }, ['primary.ca']],
    [
      'another controller, its credential, and the old token',
      { controller: { address: 'evil:10443', credential } },
      ['controller.address', ...tokens],
    ],
    [
      'another controller, and what its tokens are made with is kept',
      { controller: { address: 'evil:10443', credential }, token: null },
      ['controller.address', 'primary.credential'],
    ],
    [
      'a federation that the controller shows its tokens to',
      { primary: { federation: 'evil:11443' } },
      ['primary.federation', ...tokens],
    ],
    [
      'a federation, with a credential of one’s own',
      { primary: { federation: 'evil:11443', rest: 'evil:10443', credential } },
      ['primary.federation', 'token'],
    ],
    ['the primary as who takes joins', { contract: 'master' }, ['contract', ...tokens]],
    [
      'another primary as who takes joins, with a credential of one’s own',
      { contract: 'master', primary: { rest: 'evil:10443', credential } },
      ['contract', 'token'],
    ],
  ])('to %s needs the credential, and what tokens that go there are made of', async (_, body, paths) => {
    const { give, keep } = aDesk();
    await keep({ ...joining, primary });
    expect(await faultsOf(give(body))).toEqual([
      'CREDENTIAL_NEEDED',
      ...paths.map((path) => `${path} CREDENTIAL_NEEDED`),
    ]);
  });

  test.each<[string, MembershipBody]>([
    [
      'with the credential, and all that tokens come from',
      { controller: { address: 'new:10443', credential }, token, primary: { credential: apiKey } },
    ],
    [
      'with the credential alone, where nothing makes tokens any more but who is given',
      { controller: { address: 'new:10443', credential }, token, primary: { credential: null } },
    ],
    ['to the federation that the token says', { primary: { federation: null } }],
    ['of what is only spelt otherwise', { controller: { address: 'nv.EXAMPLE.com:10443', ca: ca.certPem } }],
    ['without the primary’s credential any more', { primary: { rest: 'new:10443', credential: null } }],
  ])('of the way is taken %s', async (_, body) => {
    const { give, keep } = aDesk();
    await keep({ ...joining, primary });
    expect(await faultsOf(give(body))).toEqual([]);
  });
});
