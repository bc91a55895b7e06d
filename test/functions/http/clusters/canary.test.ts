import { randomBytes } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createWorker } from '#clusters/worker';
import { DroverError } from '#errors';
import { createLog } from '#log';
import { createNet } from '#net';
import type { HandOver, Json } from '#reconcile';
import { MemoryTable } from '#store';
import { day, systemClock } from '#time';
import { areaRoutes } from '../../../../functions/http/areaRoutes.ts';
import { clientCertificate } from '../../../../infra/world/pki/index.ts';
import { sightings, spellings } from '../../../fixtures/canaries.ts';
import { ca } from '../../../fixtures/clusterCertificates.ts';
import { SteppedClock } from '../../../fixtures/steppedClock.ts';
import { aGrantingCluster } from '../../../shared/clusters/aHerd.ts';
import { aKubeconfig, base64 } from '../../../shared/clusters/kubeconfig/aKubeconfig.ts';
import { aVault } from '../../../shared/clusters/secret/aVault.ts';
import { anApp } from '../anApp.ts';

const random = (bytes = 18) => randomBytes(bytes).toString('base64url');

/** The whole program but for its sockets to the outside: API, worker, simulated cluster; and all that leaves it. */
async function aDrover() {
  const table = new MemoryTable();
  const lines: string[] = [];
  const counted: unknown[] = [];
  const answered: [string, unknown][] = [];
  const queue: HandOver[] = [];
  const log = createLog({ level: 'debug', write: (line) => void lines.push(line) });
  const meter = {
    count: (...all: unknown[]) => void counted.push(all),
    observe: (...all: unknown[]) => void counted.push(all),
  };
  const common = { clock: systemClock, table, random: (bytes: number) => randomBytes(bytes), log, meter };
  const worker = createWorker({
    ...common,
    couriers: { work: async () => undefined, tick: async () => undefined, call: async () => null },
    vault: aVault(table, systemClock),
    net: createNet({ clock: systemClock, allowLoopback: true, resolve: async () => ['127.0.0.1'] }),
    allowInsecureTls: false,
    environment: () => undefined,
    version: '1.2.3',
  });
  onTestFinished(() => worker.close());
  const couriers = {
    work: async (_area: string, handOver: HandOver) => void queue.push(handOver),
    tick: async () => undefined,
    // What goes to the worker is not searched: it has to have the secret. What comes back is.
    call: async (_area: string, request: { [name: string]: Json }): Promise<Json> => {
      try {
        const answer = JSON.parse(JSON.stringify(await worker.answer(JSON.parse(JSON.stringify(request)))));
        answered.push([`the worker's answer to ${request.do}`, answer]);
        return answer;
      } catch (error) {
        answered.push([`the worker's error to ${request.do}`, error]);
        if (!(error instanceof DroverError)) log.error('call failed', { error });
        throw error;
      }
    },
  };
  const at = anApp({ ports: { ...common, couriers }, areas: () => [...areaRoutes] });
  const operator = await at.token('operator');
  const admin = await at.token('admin');
  const call = async (method: string, path: string, body?: unknown, headers?: Record<string, string>) => {
    const answer = await at.call(
      path.startsWith('/api/v1/audit') ? admin : operator,
      method,
      path,
      body,
      headers,
    );
    answered.push([`${method} ${path}: ${answer.status}`, [answer.body, ...answer.headers]]);
    return answer;
  };
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await worker.engine.work(next);
  };
  const readAll = async (...names: string[]) => {
    for (const path of ['clusters', 'fleet', 'audit?limit=200', 'namespaces'])
      await call('GET', `/api/v1/${path}`);
    for (const name of names) {
      for (const more of ['', '/history', '/access-manifest?capabilities=watch']) {
        await call('GET', `/api/v1/clusters/${name}${more}`);
      }
    }
    await call('GET', '/metrics');
    await call('GET', '/api/kubernetes/clusters/');
  };
  const places = (): [string, unknown][] => [
    ...answered,
    ...lines.map((line): [string, unknown] => ['the log', line]),
    ...counted.map((one): [string, unknown] => ['what is counted', one]),
    ...[...table.all()].map((item): [string, unknown] => [`the item ${item.pk} ${item.sk}`, item]),
  ];
  return { call, work, readAll, places, answered, lines, table };
}

/** What a certificate's key cannot be known without: the lines of its PEM but the first, which are alike for all. */
const heart = (pem: string): string => pem.split('\n').slice(2, -2).join('').slice(0, 60);
const signature = (jwt: string): string => jwt.split('.')[2]!;

const valid = { notBefore: Date.now() - day, notAfter: Date.now() + day };

describe('a canary', () => {
  test('is found in every spelling, so that it would be found', () => {
    const secret = 'canary/with+odd=characters"and more';
    for (const hidden of [
      secret,
      JSON.stringify({ a: secret }),
      `x${Buffer.from(`user:${secret}!`).toString('base64')}`,
      Buffer.from(`ab${secret}`).toString('base64url'),
      encodeURIComponent(secret),
      Buffer.from(secret).toString('hex'),
    ]) {
      expect(sightings({ secret }, [['there', { deep: [new Map([['k', hidden]])] }]])).toEqual([
        'secret in there',
      ]);
    }
    expect(sightings({ secret }, [['there', Buffer.from(secret)]])).toEqual(['secret in there']);
    expect(sightings({ secret }, [['there', new Error('x', { cause: new Error(secret) })]])).toHaveLength(1);
    expect(spellings(secret).length).toBeGreaterThan(6);
  });

  test('of every kind of credential is in nothing that leaves Drover but the cluster’s own requests', async () => {
    const drover = await aDrover();
    const there = await aGrantingCluster(new SteppedClock(Date.now()), 'watch', 'rotation');
    const { server } = there;
    const tokens = await Promise.all([1, 2, 3].map(() => there.token(3_600)));
    const ada = clientCertificate(ca, { commonName: 'ada', organizations: ['system:masters'], ...valid });
    const ben = clientCertificate(ca, { commonName: 'ben', ...valid });
    const canaries = {
      'first token': signature(tokens[0]!),
      'second token': signature(tokens[1]!),
      'third token': signature(tokens[2]!),
      'refused token': `refused-${random()}`,
      'key of ada': heart(ada.keyPem),
      'key of ben': heart(ben.keyPem),
      'EKS secret': `eks/${random(27)}`,
      'proxy password': `proxy-${random()}`,
      'token of another user': `other-${random()}`,
      'password of another user': `password-${random()}`,
      'environment of a plugin': `plugin-${random()}`,
    };
    const byToken = (token: string) => ({ server, ca: ca.certPem, credential: { type: 'token', token } });
    const certificate = (one: typeof ada) => ({
      type: 'certificate',
      certificate: one.certPem,
      key: one.keyPem,
    });
    const kubeconfig = aKubeconfig({
      cluster: { server, 'certificate-authority-data': base64(ca.certPem) },
      user: { token: tokens[1] },
      top: {
        users: [
          { name: 'store-user', user: { token: tokens[1] } },
          {
            name: 'other',
            user: { token: canaries['token of another user'], 'client-key-data': base64(ben.keyPem) },
          },
          { name: 'old', user: { username: 'me', password: canaries['password of another user'] } },
          {
            name: 'cloud',
            user: {
              exec: { command: 'aws', env: [{ name: 'SECRET', value: canaries['environment of a plugin'] }] },
            },
          },
        ],
        contexts: ['store-user', 'other', 'old', 'cloud', 'missing'].map((user) => ({
          name: user,
          context: { cluster: 'store-cluster', user },
        })),
      },
    });
    const eks = {
      type: 'eks',
      region: 'eu-central-1',
      clusterName: 'store',
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: canaries['EKS secret'],
    };
    const proxy = `http://me:${canaries['proxy password']}@127.0.0.1:9`;
    const refused = byToken(canaries['refused token']);
    const asKubeconfig = (context?: string) => ({
      credential: { type: 'kubeconfig', kubeconfig, ...(context && { context }) },
    });
    const { call, work } = drover;

    // Tried, well and badly.
    for (const body of [
      byToken(tokens[0]!),
      refused,
      { ...refused, server: 'https://127.0.0.1:9' },
      { server, ca: ca.certPem, credential: certificate(ada) },
      { server, ca: ca.certPem, credential: { ...certificate(ada), key: ben.keyPem } },
      { server, ca: ca.certPem, credential: { ...certificate(ada), certificate: ben.keyPem } },
      { server, ca: ada.keyPem, credential: certificate(ada) },
      { server, ca: ca.certPem, credential: eks },
      { ...byToken(tokens[0]!), proxy },
      { ...byToken(tokens[0]!), proxy: proxy.replace('http', 'socks5') },
      { ...byToken(tokens[0]!), server: server.replace('://', `://me:${canaries['proxy password']}@`) },
      { ...byToken(tokens[0]!), unknown: tokens[0] },
      byToken(`Bearer ${canaries['refused token']}`),
      byToken(`${canaries['refused token']}\n${canaries['refused token']}`),
      asKubeconfig(),
      ...['store-user', 'other', 'old', 'cloud', 'missing'].map(asKubeconfig),
      { credential: { type: 'kubeconfig', kubeconfig: kubeconfig.replace('kind: Config', 'kind: Other') } },
      {
        credential: {
          type: 'kubeconfig',
          kubeconfig: `${kubeconfig}\n  : [${canaries['environment of a plugin']}`,
        },
      },
      canaries['refused token'],
      `{"credential": "${canaries['refused token']}`,
    ]) {
      await call('POST', '/api/v1/clusters/validate-connection', body);
    }
    const inChinese = { 'accept-language': 'zh' };
    await call('POST', '/api/kubernetes/clusters/validate-connection/', refused, inChinese);
    await call('POST', '/api/kubernetes/clusters/', { name: 'earlier', ...byToken(tokens[1]!) }, inChinese);
    // Stored, refused, imported.
    const key = { 'idempotency-key': 'once' };
    expect(
      (await call('POST', '/api/v1/clusters', { name: 'one', ...byToken(tokens[0]!) }, key)).status,
    ).toBe(201);
    await call('POST', '/api/v1/clusters', { name: 'one', ...byToken(tokens[0]!) }, key);
    await call('POST', '/api/v1/clusters', { name: 'one', ...byToken(tokens[0]!) });
    await call('POST', '/api/v1/clusters', { name: 'no', ...refused }, { 'idempotency-key': 'failed' });
    await call('POST', '/api/v1/clusters?unchecked=true', { name: 'unchecked', ...refused, proxy });
    await call('POST', '/api/v1/clusters?unchecked=true', {
      name: 'eks',
      server,
      ca: ca.certPem,
      credential: eks,
    });
    await call('POST', '/api/v1/clusters', {
      name: 'ada',
      server,
      ca: ca.certPem,
      credential: certificate(ada),
    });
    await call('POST', '/api/v1/clusters/import', { kubeconfig });
    await call('POST', '/api/v1/clusters/import', {
      clusters: [
        { name: 'listed', ...byToken(tokens[1]!) },
        { name: 'Wrong', ...refused },
        canaries['refused token'],
      ],
    });
    await work();
    // Changed.
    const etag = async () => String((await call('GET', '/api/v1/clusters/one')).headers.get('etag'));
    await call('PATCH', '/api/v1/clusters/one', { server: 'https://127.0.0.1:9' });
    await call('PATCH', '/api/v1/clusters/one', { proxy });
    await call('PATCH', '/api/v1/clusters/one', { credential: certificate(ben) });
    await call('PUT', '/api/v1/clusters/one', { labels: {}, ...byToken(tokens[2]!) });
    const credentials = { credential: { type: 'token', token: tokens[2] } };
    const rotated = await call('PUT', '/api/v1/clusters/one/credentials', credentials, {
      'if-match': await etag(),
    });
    expect(rotated.status).toBe(200);
    await call(
      'PUT',
      '/api/v1/clusters/one/credentials',
      { credential: refused.credential },
      { 'if-match': await etag() },
    );
    await call('PUT', '/api/v1/clusters/one/credentials', credentials, { 'if-match': '"0"' });
    await work();
    for (const name of ['one', 'unchecked', 'eks', 'ada'])
      await call('POST', `/api/v1/clusters/${name}/check-connection`);
    await call('POST', '/api/v1/namespaces', { cluster: 'one', name: 'shop' });
    await work();
    await call('DELETE', '/api/v1/clusters/ada');
    await work();
    await drover.readAll('one', 'unchecked', 'eks', 'ada', 'listed');

    expect(there.asked.length).toBeGreaterThan(50);
    expect(drover.lines.length + drover.answered.length).toBeGreaterThan(60);
    expect([...new Set(sightings(canaries, drover.places()))]).toEqual([]);
  });

  test('is not shown either where a server, or who stands before it, repeats what it was sent', async () => {
    const drover = await aDrover();
    const there = await aGrantingCluster(new SteppedClock(Date.now()), 'watch');
    const token = await there.token(3_600);
    const canaries = { token: signature(token), 'opaque token': `opaque-${random()}` };
    const json = { 'content-type': 'application/json' };
    const status = (code: number, message: string) =>
      JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: message, message, code });
    for (const [number, repeat] of (
      [
        (said) => ({ status: 401, headers: json, body: status(401, `${said} is not valid`) }),
        (said) => ({
          status: 403,
          headers: json,
          body: status(403, `User "${said}" cannot list resource "pods"`),
        }),
        (said) => ({ status: 500, headers: json, body: status(500, said) }),
        (said) => ({
          status: 429,
          headers: { ...json, 'retry-after': said, 'x-kubernetes-pf-flowschema-uid': said },
          body: status(429, said),
        }),
        (said) => ({
          status: 302,
          headers: { location: `https://${encodeURIComponent(said)}/` },
          body: said,
        }),
        (said) => ({ status: 200, headers: { 'content-type': 'text/html' }, body: `<html>${said}</html>` }),
        (said) => ({ status: 200, headers: { 'content-type': `text/${said}` }, body: said }),
        (said) => ({ status: 200, headers: json, body: `{"half": "${said}` }),
        (said) => ({
          status: 200,
          headers: json,
          body: JSON.stringify({
            gitVersion: said,
            metadata: { uid: said },
            status: { userInfo: { username: said } },
          }),
        }),
      ] as ((said: string) => { status: number; headers: Record<string, string>; body: string })[]
    ).entries()) {
      there.world.intercept = async ({ headers }) =>
        repeat(String(headers.authorization).replace('Bearer ', ''));
      for (const secret of [token, canaries['opaque token']]) {
        const body = { server: there.server, ca: ca.certPem, credential: { type: 'token', token: secret } };
        const name = `repeats-${number}-${secret.length}`;
        await drover.call('POST', '/api/v1/clusters/validate-connection', body);
        await drover.call('POST', '/api/v1/clusters?unchecked=true', { name, ...body });
        await drover.call('POST', `/api/v1/clusters/${name}/check-connection`);
      }
    }
    await drover.readAll();
    expect([...new Set(sightings(canaries, drover.places()))]).toEqual([]);
  });
});
