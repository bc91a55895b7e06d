import { beforeEach, describe, expect, test } from 'vitest';
import { aBody, aFederation, aToken, type Federation, secrets } from './aFederation.ts';

let federation: Federation;
beforeEach(async () => {
  federation = await aFederation();
});

const as = (who: string, method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  federation.at.call(who, method, path, body, headers);
const operate = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  as(federation.operator, method, path, body, headers);
const alpha = '/api/v1/joins/alpha';
const chinese = { 'accept-language': 'zh' };
const aKey = { type: 'apiKey', name: 'drover', secret: secrets.keySecret };
const throughCluster = (cluster: string, more: object = {}) => ({
  controller: {
    ...{ cluster, namespace: 'neuvector', service: 'neuvector-svc-controller', port: 10443 },
    credential: aKey,
    ...more,
  },
});
const pathsIn = (answer: { body: { errors: { path: string }[] } }) =>
  answer.body.errors.map(({ path }) => path);
const typesIn = async (path: string) =>
  (await operate('GET', `${path}/history`)).body.items.map(({ type }: { type: string }) => type);

describe('a create', () => {
  test('keeps what it was given sealed, and shows no secret', async () => {
    const made = await federation.create('alpha', { labels: { env: 'prod' } });
    expect([made.status, made.body]).toMatchObject([201, { name: 'alpha', state: 'waiting', join: true }]);
    expect(made.headers.get('location')).toBe(`/api/v1/joins/${made.body.id}`);
    expect(made.headers.get('etag')).toBe('"1"');
    expect(made.body).toMatchObject({
      storeId: 'u2204a',
      federationName: expect.stringMatching(/^u2204a-[a-z0-9]{6}$/),
      controller: {
        address: 'alpha.example:10443',
        verified: true,
        credential: { name: 'joiner', version: 1 },
      },
      advertise: { server: 'cn-wukong-ru2204a.mcd.store', port: 443, origin: 'derived' },
      maxAttempts: 10,
      stayJoined: 'mend',
      contract: 'controller',
      from: 'api',
      warnings: [],
    });
    expect(federation.worker.asked).toMatchObject([
      { do: 'prepare', id: made.body.id, version: 1, by: { actor: { kind: 'token' } } },
    ]);
    expect(await federation.worker.opened('alpha')).toMatchObject({
      controller: { credential: { password: secrets.password } },
      token: aToken(),
    });
    for (const secret of [...Object.values(secrets), aToken()]) {
      expect(JSON.stringify(made.body)).not.toContain(secret);
    }
  });

  test('for metrics alone says so, and what is of the join is null', async () => {
    const controller = { address: 'a.example:10443', credential: aKey };
    const made = await operate('POST', '/api/v1/joins', { name: 'alpha', join: false, controller });
    expect([made.status, made.body]).toMatchObject([
      201,
      { state: 'watching', join: false, storeId: null, advertise: null, primary: null, maxAttempts: null },
    ]);
  });

  test('may go through a registered cluster, which is then not verified, and says so', async () => {
    const id = await federation.cluster('store-1');
    const made = await federation.create('alpha', throughCluster('store-1'));
    expect([made.status, made.body.controller]).toMatchObject([
      201,
      { cluster: id, namespace: 'neuvector', port: 10443, verified: false },
    ]);
    expect(made.body.warnings).toMatchObject([{ code: 'VIA_API_SERVER' }]);
    const prepared = federation.worker.asked[0];
    expect(prepared).toMatchObject({ body: { controller: { cluster: id } } });
  });

  test('goes through no cluster that is not there, or that its token may not see: both are told alike', async () => {
    await federation.cluster('hidden', { env: 'prod' });
    const bound = await federation.at.token('operator', { selector: 'env=test' });
    const answers = [];
    for (const cluster of ['hidden', 'nowhere']) {
      const labels = { env: 'test' };
      const body = { ...aBody(`by-${cluster}`), labels, ...throughCluster(cluster) };
      const refused = await as(bound, 'POST', '/api/v1/joins', body);
      expect([refused.status, pathsIn(refused)]).toEqual([422, ['controller.cluster']]);
      answers.push(
        JSON.stringify(refused.body)
          .replaceAll(cluster, '')
          .replaceAll(/"req_\w+"/g, ''),
      );
    }
    expect(answers[0]).toBe(answers[1]);
    expect(federation.worker.asked).toEqual([]);
  });

  test('tells all that is missing or wrong at once, by field, and keeps nothing', async () => {
    const refused = await federation.create('alpha', {
      ...{ storeId: undefined, token: undefined, advertise: { server: 'https://a.example', port: 8443 } },
      controller: { address: 'alpha.example', credential: aKey },
    });
    expect([refused.status, refused.body.code]).toEqual([422, 'MEMBERSHIP_INCOMPLETE']);
    expect(pathsIn(refused).sort()).toEqual(['advertise.server', 'controller.address', 'storeId', 'token']);
    expect((await operate('GET', alpha)).status).toBe(404);
  });

  test.each([
    [{ colour: 'red' }, 400, 'colour'],
    [{ name: 'Not A Label' }, 400, 'name'],
    [{ controller: undefined }, 400, 'controller'],
    [{ controller: { address: 'a.example:1' } }, 400, 'controller.credential'],
    [
      { controller: { address: 'a.example:1', credential: { ...aKey, password: 'x' } } },
      400,
      'controller.credential.password',
    ],
    [{ stayJoined: 'for ever' }, 400, 'stayJoined'],
    [{ maxAttempts: 0 }, 400, 'maxAttempts'],
    [{ primary: { credential: { type: 'none' } } }, 400, 'primary.credential.type'],
    [{ advertise: { port: 70_000 } }, 400, 'advertise.port'],
    [{ token: 'not a token' }, 422, 'token'],
    [{ token: aToken('') }, 422, 'token'],
    [{ storeId: 'u_2204' }, 422, 'storeId'],
    [{ clusterName: 'two names' }, 422, 'clusterName'],
    [{ tokenUrl: 'http://tokens.example/' }, 422, 'tokenUrl'],
    [{ join: false }, 422, 'storeId'],
    [{ controller: { address: 'a.example:1', cluster: 'c', credential: aKey } }, 422, 'controller.cluster'],
    [{ controller: { address: 'https://a.example:1', credential: aKey } }, 422, 'controller.address'],
    [{ controller: { address: '169.254.169.254:443', credential: aKey } }, 422, 'controller.address'],
    [{ controller: { address: 'a.example:1', ca: 'no PEM', credential: aKey } }, 422, 'controller.ca'],
  ])('with %j is %i by the name of the field, in both languages', async (more, status, path) => {
    const refused = await federation.create('alpha', more);
    expect([refused.status, pathsIn(refused)[0]]).toEqual([status, path]);
    const body = { ...aBody('alpha'), ...more };
    const told = await operate('POST', '/api/v1/joins', body, chinese);
    expect(told.body.errors[0].message).toMatch(/[\u4e00-\u9fff]/);
  });

  test('of a name that is taken seals nothing', async () => {
    await federation.create('alpha');
    const refused = await federation.create('alpha');
    expect([refused.status, refused.body.code, federation.worker.asked.length]).toEqual([
      409,
      'NAME_TAKEN',
      1,
    ]);
  });

  test('is done once for an Idempotency-Key', async () => {
    const once = { 'idempotency-key': 'once' };
    const made = await operate('POST', '/api/v1/joins', aBody('alpha'), once);
    const again = await operate('POST', '/api/v1/joins', aBody('alpha'), once);
    expect([made.status, again.status, again.body.id]).toEqual([201, 201, made.body.id]);
    expect(federation.worker.asked).toHaveLength(1);
  });
});

describe('a patch', () => {
  beforeEach(async () => {
    await federation.create('alpha', {
      labels: { env: 'prod' },
      primary: {
        rest: '10.10.0.1:10443',
        credential: { type: 'password', username: 'fed', password: secrets.primaryPassword },
      },
    });
  });
  const patch = (body: object, headers?: Record<string, string>) => operate('PATCH', alpha, body, headers);

  test('keeps every secret that is left out', async () => {
    const before = await federation.worker.opened('alpha');
    const changed = await patch({ stayJoined: 'always', advertise: { port: 8443 } });
    expect([changed.status, changed.body]).toMatchObject([
      200,
      {
        stayJoined: 'always',
        advertise: { server: 'cn-wukong-ru2204a.mcd.store', port: 8443 },
        controller: { credential: { version: 1 } },
        primary: { rest: '10.10.0.1:10443', credential: { name: 'fed', version: 1 } },
      },
    ]);
    expect(await federation.worker.opened('alpha')).toEqual(before);
    expect(await federation.records.get('alpha', 'join')).toMatchObject({
      data: { secretVersion: 2, slot: expect.stringMatching(/^s1_/) },
    });
  });

  test('takes away what it sets to null', async () => {
    const changed = await patch({ primary: null, labels: { env: null, team: 'web' } });
    expect([changed.status, changed.body.labels]).toEqual([200, { team: 'web' }]);
    expect(changed.body.primary).toMatchObject({ rest: null, credential: null });
    expect(await federation.worker.opened('alpha')).not.toHaveProperty('primary');
    const refused = await patch({ token: null });
    expect([refused.status, pathsIn(refused)]).toEqual([422, ['token']]);
  });

  test('of labels alone opens nothing', async () => {
    const asked = federation.worker.asked.length;
    const changed = await patch({ labels: { env: 'test' } });
    expect([changed.status, changed.body.labels, changed.body.version]).toEqual([200, { env: 'test' }, 2]);
    expect(federation.worker.asked).toHaveLength(asked);
  });

  test.each([
    { controller: { credential: aKey } },
    { primary: { credential: aKey } },
    { primary: { credential: null } },
  ])('of credentials needs to say what it looked at: %j', async (body) => {
    const without = await patch(body);
    expect([without.status, without.body.code]).toEqual([428, 'IF_MATCH_NEEDED']);
    const asked = federation.worker.asked.length;
    const stale = await patch(body, { 'if-match': '"7"' });
    expect([stale.status, federation.worker.asked.length]).toEqual([412, asked]);
    const changed = await patch(body, { 'if-match': '"1"' });
    expect([changed.status, changed.body.version]).toEqual([200, 2]);
  });

  test('sends no stored secret to another address', async () => {
    const refused = await patch({ controller: { address: 'evil.example:10443' } });
    expect([refused.status, refused.body.code]).toEqual([422, 'CREDENTIAL_NEEDED']);
    expect(pathsIn(refused)).toEqual(['controller.address', 'token', 'primary.credential']);
    const primary = await patch({ primary: { rest: 'evil.example:10443' } });
    expect([primary.status, pathsIn(primary)]).toEqual([422, ['primary.rest']]);
    const listener = await patch({ primary: { federation: 'evil.example:11443' } });
    expect([listener.status, pathsIn(listener)]).toEqual([
      422,
      ['primary.federation', 'token', 'primary.credential'],
    ]);
    const all = {
      controller: { address: 'b.example:10443', credential: aKey },
      token: aToken('other'),
      primary: { credential: { type: 'password', username: 'root', password: secrets.primaryPassword } },
    };
    const moved = await patch(all, { 'if-match': '*' });
    expect([moved.status, moved.body.controller.address]).toEqual([200, 'b.example:10443']);
    expect(await federation.worker.opened('alpha')).toMatchObject({
      controller: { credential: { secret: secrets.keySecret } },
      primary: { credential: { password: secrets.primaryPassword } },
      token: aToken('other'),
    });
  });

  test('is not laid over one that came meanwhile', async () => {
    federation.worker.meanwhile = async (call) => {
      federation.worker.meanwhile = undefined;
      if (call.do === 'prepare') await patch({ token: aToken('first') });
    };
    const late = await patch({ token: aToken('second') });
    expect([late.status, late.body.code]).toEqual([409, 'SECRET_CHANGED_MEANWHILE']);
    expect(await federation.worker.opened('alpha')).toMatchObject({ token: aToken('first') });
  });

  test('turns a join into metrics alone, and back', async () => {
    const watching = await patch({ join: false });
    expect(watching.body).toMatchObject({ join: false, state: 'watching', storeId: null });
    expect(await federation.worker.opened('alpha')).not.toHaveProperty('token');
    const back = await patch({ join: true, clusterName: 'shop', token: aToken() });
    expect(back.body).toMatchObject({ join: true, state: 'waiting', federationName: 'shop' });
  });

  test('goes through a cluster that the caller may not see as little as a create does', async () => {
    await federation.cluster('store-1', { env: 'test' });
    await federation.create('beta', { ...throughCluster('store-1'), labels: { env: 'prod' } });
    const bound = await federation.at.token('operator', { selector: 'env=prod' });
    const beta = '/api/v1/joins/beta';
    for (const controller of [{ service: 'other' }, { cluster: 'store-1', credential: aKey }]) {
      const refused = await as(bound, 'PATCH', beta, { controller }, { 'if-match': '*' });
      expect([refused.status, refused.body.code]).toEqual([422, 'CONTROLLER_CLUSTER_UNKNOWN']);
    }
    expect((await as(bound, 'PATCH', beta, { stayJoined: 'no' })).status).toBe(200);
  });
});

describe('persons', () => {
  beforeEach(async () => {
    await federation.create('alpha', { labels: { env: 'prod' } });
  });
  const cause = { code: 'JOIN_UNANSWERED', values: {} };

  test('retry what has failed', async () => {
    await federation.become('alpha', {
      state: { is: 'failed', since: 0, cause },
      attempts: 10,
    });
    const retried = await operate('POST', `${alpha}/retry`);
    expect([retried.status, retried.body]).toMatchObject([202, { state: 'waiting', attempts: 0 }]);
  });

  test('retry a refused sign-in only once its credential is another', async () => {
    const refused = { of: 'controller' as const, version: 1, at: federation.at.ports.clock.now(), cause };
    await federation.become('alpha', { state: { is: 'failed', since: 0, cause }, refused });
    const early = await operate('POST', `${alpha}/retry`);
    expect([early.status, early.body.code]).toEqual([409, 'SIGN_IN_STILL_REFUSED']);
    const many = await operate('POST', '/api/v1/joins/retry', { ids: ['alpha'] }, chinese);
    expect(many.body.results).toMatchObject([{ problem: { code: 'SIGN_IN_STILL_REFUSED' } }]);
    expect(many.body.results[0].problem.remedy).toMatch(/[\u4e00-\u9fff]/);
    await operate('PATCH', alpha, { controller: { credential: aKey } }, { 'if-match': '*' });
    expect((await operate('POST', `${alpha}/retry`)).status).toBe(202);
  });

  test('let a cluster leave, and keep the record', async () => {
    const left = await operate('POST', `${alpha}/leave`);
    expect([left.status, left.body.state]).toEqual([202, 'leaving']);
    const controller = { address: 'b.example:10443', credential: aKey };
    await operate('POST', '/api/v1/joins', { name: 'beta', join: false, controller });
    const watching = await operate('POST', '/api/v1/joins/beta/leave');
    expect([watching.status, watching.body.code]).toEqual([409, 'NOT_JOINING']);
    const gone = await operate('DELETE', '/api/v1/joins/beta?leave=true');
    expect([gone.status, gone.body.code]).toEqual([409, 'NOT_JOINING']);
    expect((await operate('DELETE', '/api/v1/joins/beta')).status).toBe(202);
  });

  test('pause and resume, one or many', async () => {
    await federation.create('beta', { labels: { env: 'test' } });
    const until = '2026-03-02T10:00:00.000Z';
    const paused = await operate('POST', `${alpha}/pause`, { until, reason: 'moving' });
    expect([paused.status, paused.body]).toMatchObject([
      200,
      { state: 'paused', pause: { until, reason: 'moving' }, message: 'moving' },
    ]);
    const past = await operate('POST', `${alpha}/pause`, { until: '2026-01-01T00:00:00Z', reason: 'x' });
    expect([past.status, pathsIn(past)]).toEqual([400, ['until']]);
    const many = await operate('POST', '/api/v1/joins/pause?labels=env=test', { reason: 'all' });
    expect(many.body.results).toMatchObject([{ name: 'beta', problem: null }]);
    const resumed = await operate('POST', '/api/v1/joins/resume', { ids: ['alpha', 'beta', 'none'] });
    expect(resumed.body.results).toMatchObject([
      { problem: null },
      { problem: null },
      { problem: { code: 'RECORD_UNKNOWN' } },
    ]);
    expect((await operate('GET', alpha)).body).toMatchObject({ state: 'waiting', pause: null });
    expect(await typesIn(alpha)).toEqual(['join.resumed', 'join.paused', 'join.created']);
  });

  test('look at every harmless stage without changing anything', async () => {
    const looked = await operate('POST', `${alpha}/preflight`);
    expect([looked.status, looked.body]).toMatchObject([200, { outcome: 'ok', code: null, tookMs: 120 }]);
    expect(looked.body.stages.map(({ stage }: { stage: string }) => stage)).not.toContain('join');
    federation.worker.fault = { stage: 'standalone', code: 'CLUSTER_IS_PRIMARY' };
    const failed = await operate('POST', `${alpha}/preflight`, undefined, chinese);
    expect([failed.status, failed.body]).toMatchObject([
      200,
      { outcome: 'failed', failedStage: 'standalone' },
    ]);
    expect(failed.body.stages.at(-1)).toMatchObject({
      state: 'failed',
      code: 'CLUSTER_IS_PRIMARY',
      message: expect.stringMatching(/[\u4e00-\u9fff]/),
      answer: { status: 401, code: 3 },
    });
    expect((await operate('GET', alpha)).body.version).toBe(1);
    expect(federation.worker.asked.at(-1)).toMatchObject({
      do: 'preflight',
      by: { actor: { kind: 'token' } },
    });
    const admin = await federation.at.token('admin');
    const { body } = await as(admin, 'GET', '/api/v1/audit?action=join.preflight');
    expect(body.items).toMatchObject([
      { target: { kind: 'join', name: 'alpha' }, after: { outcome: 'failed', failedStage: 'standalone' } },
      { after: { outcome: 'ok' } },
    ]);
  });

  test('look at many; those for which there was no time say so', async () => {
    await federation.create('beta', { labels: { env: 'test' } });
    const both = await operate('POST', '/api/v1/joins/preflight', { ids: ['alpha', 'beta', 'none'] });
    expect(both.body.results).toMatchObject([
      { name: 'alpha', problem: null, preflight: { outcome: 'ok' } },
      { name: 'beta', problem: null, preflight: { outcome: 'ok' } },
      { problem: { code: 'RECORD_UNKNOWN' } },
    ]);
    for (let n = 0; n < 18; n++) await federation.create(`store-${n}`, { labels: { env: 'test' } });
    federation.worker.meanwhile = async () => federation.at.pass(12_000);
    const slow = await operate('POST', '/api/v1/joins/preflight?labels=env=test');
    const codes = slow.body.results.map(
      ({ problem }: { problem: { code: string } | null }) => problem?.code ?? null,
    );
    expect(codes).toContain(null);
    expect(codes).toContain('PREFLIGHT_NOT_DONE');
  });

  test('delete what is not theirs to undo: the federation is left alone unless that is asked for', async () => {
    const gone = await operate('DELETE', alpha);
    expect([gone.status, gone.body.state]).toEqual([202, 'deleting']);
    expect((await federation.records.get('alpha', 'join'))?.data.leavesAtEnd).toBe(false);
    await federation.create('beta');
    expect(
      (await operate('DELETE', '/api/v1/joins/beta?leave=true', undefined, { 'if-match': '"9"' })).status,
    ).toBe(412);
    expect((await operate('DELETE', '/api/v1/joins/beta?leave=true')).status).toBe(202);
    expect((await federation.records.get('beta', 'join'))?.data.leavesAtEnd).toBe(true);
    expect((await operate('DELETE', '/api/v1/joins/beta')).status).toBe(202);
    expect((await federation.records.get('beta', 'join'))?.data.leavesAtEnd).toBe(true);
    const late = await operate('PATCH', '/api/v1/joins/beta', { stayJoined: 'no' });
    expect([late.status, late.body.code]).toEqual([409, 'RECORD_DELETING']);
  });

  test('wait for what is newer, and read the history', async () => {
    const waiting = operate('GET', `${alpha}?wait=20&version=1`);
    await operate('PATCH', alpha, { stayJoined: 'no' });
    federation.at.pass(20_000);
    expect((await waiting).body).toMatchObject({ version: 2, stayJoined: 'no' });
    const same = await operate('GET', alpha, undefined, { 'if-none-match': '"2"' });
    expect(same.status).toBe(304);
    expect(await typesIn(alpha)).toContain('join.created');
  });
});

describe('what the settings describe', () => {
  beforeEach(async () => {
    await federation.create('default');
    await federation.become('default', { from: 'settings' });
  });
  const own = '/api/v1/joins/default';

  test.each([
    ['PATCH', '', { stayJoined: 'no' }],
    ['PATCH', '', { labels: { env: 'prod' } }],
    ['DELETE', '', undefined],
    ['DELETE', '?leave=true', undefined],
    ['POST', '/pause', { reason: 'x' }],
    ['POST', '/resume', undefined],
  ])('is not changed by %s %s', async (method, path, body) => {
    const asked = federation.worker.asked.length;
    const refused = await operate(method, `${own}${path}`, body, chinese);
    expect([refused.status, refused.body.code]).toEqual([409, 'SETTINGS_OWNED']);
    expect(refused.body.remedy).toMatch(/[\u4e00-\u9fff]/);
    expect(federation.worker.asked).toHaveLength(asked);
  });

  test('may be retried, looked at and taken out of the federation', async () => {
    expect((await operate('POST', `${own}/retry`)).status).toBe(202);
    expect((await operate('POST', `${own}/preflight`)).status).toBe(200);
    expect((await operate('POST', `${own}/leave`)).status).toBe(202);
  });

  test('is deleted by a person once the settings are gone, which has paused it', async () => {
    const state = { is: 'paused' as const, since: 0, until: null, reason: 'gone', cause: null };
    await federation.become('default', { state });
    expect((await operate('DELETE', own)).status).toBe(202);
  });
});

describe('a join token', () => {
  const decode = (token: string, who = federation.operator, headers?: Record<string, string>) =>
    as(who, 'POST', '/api/v1/join-tokens/decode', { token }, headers);

  test.each([
    [secrets.ticket, { ticket: 'issued', expires: 'unknown' }],
    ['', { ticket: 'none', expires: null }],
    ['0b6f3c0e-7d44-42a2-9013-f89b2177c05e', { ticket: 'fixed', expires: 'never' }],
  ])('with the ticket "%s" says what it says', async (ticket, said) => {
    const read = await decode(aToken(ticket));
    expect([read.status, read.body]).toEqual([200, { server: '10.10.0.1', port: 11443, ...said }]);
    expect(read.headers.get('cache-control')).toBe('no-store');
  });

  test.each([
    'not a token',
    Buffer.from('{"t":"x"}').toString('base64'),
    '0b6f3c0e-7d44-42a2-9013-f89b2177c05e',
  ])('that is none is refused without being repeated: %s', async (token) => {
    for (const headers of [{}, chinese]) {
      const refused = await decode(token, federation.operator, headers);
      expect(refused.status).toBe(422);
      expect(JSON.stringify(refused.body)).not.toContain(token);
    }
  });

  test('is shown to operators, and asks nobody', async () => {
    expect((await decode(aToken(), federation.viewer)).status).toBe(403);
    await decode(aToken());
    expect(federation.worker.asked).toEqual([]);
  });
});
