import { beforeEach, describe, expect, test } from 'vitest';
import { aBody, aHerd, type Herd, token } from './aHerd.ts';

let herd: Herd;
beforeEach(async () => {
  herd = await aHerd();
});

const as = (who: string, method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  herd.at.call(who, method, path, body, headers);
const operate = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  as(herd.operator, method, path, body, headers);
const alpha = '/api/v1/clusters/alpha';
interface Result {
  problem: { code: string } | null;
}
const lastAsked = () => herd.worker.asked.at(-1);

describe('a create', () => {
  test('tries the connection, keeps it sealed, and shows no secret', async () => {
    const made = await herd.create('alpha', { labels: { env: 'prod' }, checkEverySeconds: 60 });
    expect([made.status, made.body]).toMatchObject([201, { name: 'alpha', state: 'pending' }]);
    expect(made.headers.get('location')).toBe(`/api/v1/clusters/${made.body.id}`);
    expect(made.body).toMatchObject({
      server: 'https://alpha.example:6443',
      checkEverySeconds: 60,
      uid: 'uid-of-https://alpha.example:6443',
      credential: { type: 'token', version: 1 },
      sync: null,
      ageSeconds: null,
    });
    expect(herd.worker.asked).toMatchObject([
      { do: 'prepare', id: made.body.id, version: 1, unchecked: false },
    ]);
    expect(JSON.stringify(made.body)).not.toContain(token);
  });

  test('that fails its own check is 422 with the ladder, in the reader’s language', async () => {
    herd.worker.faults.set('https://alpha.example:6443', { step: 'tls', code: 'TLS_SELF_SIGNED' });
    const refused = await herd.create('alpha');
    expect([refused.status, refused.body.code]).toEqual([422, 'VALIDATION_FAILED']);
    expect(refused.body.validation).toMatchObject({ failedStep: 'tls', code: 'TLS_SELF_SIGNED' });
    expect(refused.body.remedy).toContain('?unchecked=true');
    expect((await operate('GET', alpha)).status).toBe(404);
    const chinese = await operate('POST', '/api/v1/clusters', aBody('alpha'), { 'accept-language': 'zh' });
    expect(chinese.body.detail).toMatch(/步骤“tls”失败/);
    const stored = await operate('POST', '/api/v1/clusters?unchecked=true', aBody('alpha'));
    expect([stored.status, stored.body.state, stored.body.uid]).toEqual([201, 'pending', null]);
  });

  test('that was refused may be sent again with the same Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'once' };
    herd.worker.faults.set('https://alpha.example:6443', { step: 'tcp', code: 'TCP_REFUSED' });
    expect((await operate('POST', '/api/v1/clusters', aBody('alpha'), headers)).status).toBe(422);
    herd.worker.faults.clear();
    const made = await operate('POST', '/api/v1/clusters', aBody('alpha'), headers);
    const again = await operate('POST', '/api/v1/clusters', aBody('alpha'), headers);
    expect([made.status, again.status, again.body.id]).toEqual([201, 201, made.body.id]);
  });

  test('of a name that is taken is refused before anybody is dialled', async () => {
    await herd.create('alpha');
    const refused = await herd.create('alpha');
    expect([refused.status, refused.body.code, herd.worker.asked.length]).toEqual([409, 'NAME_TAKEN', 1]);
  });

  test.each([
    [{ checkEverySeconds: 61 }, 'checkEverySeconds'],
    [{ colour: 'red' }, 'colour'],
    [{ name: 'Not A Label' }, 'name'],
    [{ server: undefined }, 'server'],
    [{ credential: { type: 'token', token: 'a', password: 'b' } }, 'credential.password'],
    [{ credential: { type: 'exec' } }, 'credential.type'],
    [{ server: 'https://a', credential: { type: 'kubeconfig', kubeconfig: 'x' } }, 'server'],
    [{ server: undefined, ca: 'x', credential: { type: 'kubeconfig', kubeconfig: 'x' } }, 'ca'],
    [{ ca: 'x', fingerprint: 'y' }, 'fingerprint'],
    [{ sync: { kinds: ['pods', 'volumes'] } }, 'sync.kinds.1'],
  ])('with %j is refused by the name of the field', async (more, path) => {
    const refused = await herd.create('alpha', more);
    expect([refused.status, refused.body.errors[0].path]).toEqual([400, path]);
    const chinese = await operate(
      'POST',
      '/api/v1/clusters',
      { ...aBody('alpha'), ...more },
      { 'accept-language': 'zh' },
    );
    expect(chinese.body.errors[0].message).toMatch(/[\u4e00-\u9fff]/);
  });

  test('what is wrong with a kubeconfig has its own code, and no value of it is repeated', async () => {
    const kubeconfig = `apiVersion: v1\nkind: Config\nclusters: [{name: a, cluster: {server: 'https://a'}}]\nusers: [{name: u, user: {exec: {command: ${token}}}}]\ncontexts: [{name: c, context: {cluster: a, user: u}}]\n`;
    const refused = await herd.create('alpha', {
      server: undefined,
      credential: { type: 'kubeconfig', kubeconfig },
    });
    expect([refused.status, refused.body.code]).toEqual([422, 'KUBECONFIG_EXEC']);
  });
});

describe('what is kept of a credential', () => {
  const put = (body: object, headers?: Record<string, string>) =>
    operate('PUT', alpha, { labels: {}, ...body }, headers);

  beforeEach(async () => {
    await herd.create('alpha', { labels: { env: 'prod' } });
  });

  test('1: survives a PUT without secret fields, as a name cannot change', async () => {
    const before = (await operate('GET', alpha)).body;
    const changed = await put({ labels: { env: 'test' } });
    expect([changed.status, changed.body.labels]).toEqual([200, { env: 'test' }]);
    expect(changed.body.credential).toEqual(before.credential);
    expect(herd.worker.asked).toHaveLength(1);
    const renamed = await put({ labels: {}, name: 'beta' });
    expect([renamed.status, renamed.body.errors[0].path]).toEqual([400, 'name']);
  });

  test.each([
    ['server', 'https://evil.example:6443'],
    ['fingerprint', 'AB'.repeat(32)],
    ['tlsServerName', 'evil.example'],
    ['proxy', 'http://evil.example:3128'],
    ['ca', '-----BEGIN CERTIFICATE-----'],
  ])('16: meets no other %s without being given again', async (field, value) => {
    for (const answer of [await put({ [field]: value }), await operate('PATCH', alpha, { [field]: value })]) {
      expect([answer.status, answer.body.code]).toEqual([422, 'CREDENTIAL_NEEDED']);
      expect(answer.body.errors).toMatchObject([{ path: field }]);
    }
    expect((await operate('GET', alpha)).body.version).toBe(1);
    const both = await operate('PATCH', alpha, {
      server: 'https://other.example',
      credential: { type: 'token', token: 'other' },
    });
    expect([both.status, both.body.server]).toEqual([200, 'https://other.example']);
  });

  test('the same server, spelt otherwise, is no other', async () => {
    const changed = await operate('PATCH', alpha, {
      server: 'https://ALPHA.example:6443/',
      checkEverySeconds: 900,
    });
    expect([changed.status, changed.body.checkEverySeconds]).toEqual([200, 900]);
  });

  test('2: of a kubeconfig with token and certificate the token alone is kept', async () => {
    const kubeconfig = JSON.stringify({
      clusters: [{ name: 'a', cluster: { server: 'https://two.example' } }],
      users: [{ name: 'u', user: { token, 'client-certificate-data': 'eA==', 'client-key-data': 'eA==' } }],
      contexts: [{ name: 'c', context: { cluster: 'a', user: 'u' } }],
    });
    const made = await herd.create('two', {
      server: undefined,
      credential: { type: 'kubeconfig', kubeconfig },
    });
    expect([made.status, made.body.server]).toEqual([201, 'https://two.example']);
    expect(made.body.credential).toMatchObject({ type: 'kubeconfig', issuer: null });
  });

  test('with a PUT that gives one, the way there is as the PUT says', async () => {
    const proxy = 'http://proxy.example:3128';
    const credential = { type: 'token', token: 'next' };
    await operate('PATCH', alpha, { proxy, credential });
    await put({ server: 'https://alpha.example:6443', credential });
    expect(lastAsked()).toMatchObject({
      of: expect.any(String),
      version: 3,
      body: { proxy: null, ca: null },
    });
    expect((await operate('GET', alpha)).body).toMatchObject({ proxy: null, credential: { version: 3 } });
  });

  test('one that came meanwhile is not overwritten', async () => {
    herd.worker.meanwhile = async (call) => {
      if (call.do !== 'prepare' || call.version !== 2) return;
      herd.worker.meanwhile = undefined;
      await operate('PATCH', alpha, { credential: { type: 'token', token: 'first' } });
    };
    const late = await operate('PATCH', alpha, { credential: { type: 'token', token: 'second' } });
    expect([late.status, late.body.code]).toEqual([409, 'CREDENTIAL_CHANGED_MEANWHILE']);
    expect((await operate('GET', alpha)).body.credential.version).toBe(2);
  });
});

describe('a rotation', () => {
  const rotate = (credential: object, more = '', headers: Record<string, string> = { 'if-match': '*' }) =>
    operate('PUT', `${alpha}/credentials${more}`, { credential }, headers);
  const next = { type: 'token', token: 'canary-next' };

  beforeEach(async () => {
    await herd.create('alpha');
  });

  test('10: keeps id, server and history, and the new credential is tried first', async () => {
    const before = (await operate('GET', alpha)).body;
    const rotated = await rotate(next);
    expect([rotated.status, rotated.body]).toMatchObject([
      200,
      { id: before.id, server: before.server, uid: before.uid, credential: { version: 2 } },
    ]);
    expect(lastAsked()).toMatchObject({ of: before.id, unchecked: false, body: { credential: next } });
    const { body } = await operate('GET', `${alpha}/history`);
    expect(body.items.map(({ type }: { type: string }) => type)).toEqual([
      'cluster.credentials-rotated',
      'cluster.created',
    ]);
    const row = await herd.records.get('alpha', 'cluster');
    expect(row?.data).toMatchObject({ slot: expect.stringMatching(/^s1_/) });
  });

  test('needs If-Match', async () => {
    const without = await rotate(next, '', {});
    expect([without.status, without.body.code]).toEqual([428, 'IF_MATCH_NEEDED']);
    const stale = await rotate(next, '', { 'if-match': '"7"' });
    expect([stale.status, herd.worker.asked.length]).toEqual([412, 1]);
  });

  test('that does not let Drover in is 422, and the old one stays', async () => {
    herd.worker.faults.set('https://alpha.example:6443', { step: 'who', code: 'AUTH_REJECTED' });
    const refused = await rotate(next);
    expect([refused.status, refused.body.validation.code]).toEqual([422, 'AUTH_REJECTED']);
    expect((await operate('GET', alpha)).body.credential.version).toBe(1);
    expect((await rotate(next, '?unchecked=true')).body.credential.version).toBe(2);
  });

  test('leads to the same cluster and the same server, or nowhere', async () => {
    herd.worker.uids.set('https://alpha.example:6443', 'another');
    const other = await rotate(next);
    expect([other.status, other.body.code]).toEqual([409, 'CREDENTIAL_FOR_OTHER_CLUSTER']);
    const kubeconfig = JSON.stringify({
      clusters: [{ name: 'a', cluster: { server: 'https://evil.example' } }],
      users: [{ name: 'u', user: { token } }],
      contexts: [{ name: 'c', context: { cluster: 'a', user: 'u' } }],
    });
    const elsewhere = await rotate({ type: 'kubeconfig', kubeconfig });
    expect([elsewhere.status, elsewhere.body.code]).toEqual([422, 'CREDENTIAL_FOR_OTHER_SERVER']);
  });
});

describe('persons', () => {
  beforeEach(async () => {
    await herd.create('alpha', { labels: { env: 'prod' } });
    await herd.create('beta', { labels: { env: 'test' } });
  });

  test('pause and resume, one or many', async () => {
    const until = '2026-03-02T10:00:00.000Z';
    const paused = await operate('POST', `${alpha}/pause`, { until, reason: 'moving' });
    expect([paused.status, paused.body]).toMatchObject([
      200,
      { state: 'paused', pause: { until, reason: 'moving' }, message: 'moving' },
    ]);
    const longer = await operate('POST', `${alpha}/pause`, { reason: 'still moving' });
    expect(longer.body.pause).toEqual({ until: null, reason: 'still moving' });
    const past = await operate('POST', `${alpha}/pause`, { until: '2026-01-01T00:00:00Z', reason: 'x' });
    expect([past.status, past.body.errors[0].path]).toEqual([400, 'until']);
    const many = await operate('POST', '/api/v1/clusters/pause?labels=env=test', { reason: 'all' });
    expect(many.body.results).toMatchObject([{ name: 'beta', problem: null }]);
    const resumed = await operate('POST', '/api/v1/clusters/resume', { ids: ['alpha', 'beta', 'none'] });
    expect(resumed.body.results.map(({ problem }: Result) => problem?.code ?? null)).toEqual([
      null,
      null,
      'RECORD_UNKNOWN',
    ]);
    expect((await operate('GET', alpha)).body).toMatchObject({ state: 'pending', pause: null });
    const { body } = await operate('GET', `${alpha}/history`);
    expect(body.items.map(({ type }: { type: string }) => type)).toEqual([
      'cluster.resumed',
      'cluster.paused',
      'cluster.created',
    ]);
  });

  test('confirm an identity while it is held, knowing what they look at', async () => {
    const confirm = (headers: Record<string, string>) =>
      operate('POST', `${alpha}/confirm-identity`, undefined, headers);
    expect((await confirm({})).body.code).toBe('IF_MATCH_NEEDED');
    const calm = await confirm({ 'if-match': '"1"' });
    expect([calm.status, calm.body.code]).toEqual([409, 'CLUSTER_NOT_HELD']);
    await herd.become('alpha', { state: { is: 'held', since: 0, uid: 'new-uid' } });
    const held = (await operate('GET', alpha)).body;
    expect(held).toMatchObject({ state: 'held', cause: 'CLUSTER_IDENTITY_CHANGED', heldUid: 'new-uid' });
    expect((await confirm({ 'if-match': '"1"' })).status).toBe(412);
    const confirmed = await confirm({ 'if-match': `"${held.version}"` });
    expect([confirmed.status, confirmed.body]).toMatchObject([200, { state: 'pending', uid: 'new-uid' }]);
  });

  test('7: delete what is told of with what is left behind there, and give it nothing more', async () => {
    const gone = await operate('DELETE', alpha);
    expect([gone.status, gone.body.state]).toEqual([202, 'deleting']);
    expect(gone.body.leftBehind).toBeDefined();
    const late = await operate(
      'PUT',
      `${alpha}/credentials`,
      { credential: { type: 'token', token: 'a' } },
      {
        'if-match': '*',
      },
    );
    expect([late.status, late.body.code]).toEqual([409, 'RECORD_DELETING']);
  });
});

describe('validations', () => {
  test('are 200 whatever they found, keep nothing, and stand in the audit trail', async () => {
    herd.worker.faults.set('https://alpha.example:6443', { step: 'dns', code: 'DNS_NXDOMAIN' });
    const { name: _, ...body } = aBody('alpha');
    const path = '/api/v1/clusters/validate-connection?capabilities=watch,sync';
    const failed = await operate('POST', path, body);
    expect([failed.status, failed.body]).toMatchObject([200, { outcome: 'failed', failedStep: 'dns' }]);
    expect(lastAsked()).toMatchObject({ do: 'validate', capabilities: ['watch', 'sync'] });
    expect((await operate('GET', '/api/v1/clusters')).body.items).toEqual([]);
    const admin = await herd.at.token('admin');
    const { body: audit } = await as(admin, 'GET', '/api/v1/audit');
    expect(audit.items).toMatchObject([{ action: 'cluster.validate', after: { code: 'DNS_NXDOMAIN' } }]);
    expect(JSON.stringify(audit)).not.toContain(token);
    expect((await as(herd.viewer, 'POST', path, body)).status).toBe(403);
  });

  test('of one and of many that are stored', async () => {
    await herd.create('alpha', { labels: { env: 'prod' } });
    await herd.create('beta', { labels: { env: 'prod' } });
    herd.worker.faults.set('https://beta.example:6443', { step: 'tcp', code: 'TCP_REFUSED' });
    const one = await operate('POST', `${alpha}/check-connection`);
    expect([one.status, one.body.outcome]).toEqual([200, 'ok']);
    const many = await operate('POST', '/api/v1/clusters/check-connection?labels=env=prod');
    expect(many.body.results).toMatchObject([
      { name: 'alpha', problem: null, validation: { outcome: 'ok' } },
      { name: 'beta', problem: null, validation: { code: 'TCP_REFUSED' } },
    ]);
  });

  test('of more than there is time for say which were not done', async () => {
    for (let n = 0; n < 20; n++) await herd.create(`c${n}`);
    herd.worker.meanwhile = async () => herd.at.pass(15_000);
    const ids = Array.from({ length: 20 }, (_, n) => `c${n}`);
    const many = await operate('POST', '/api/v1/clusters/check-connection', { ids });
    const codes = many.body.results.map(({ problem }: Result) => problem?.code ?? 'done');
    expect(codes).toHaveLength(20);
    expect(new Set(codes)).toEqual(new Set(['done', 'CHECK_NOT_DONE']));
  });
});
