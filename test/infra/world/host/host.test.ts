import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as after } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { Agent, request as send } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '#time';
import { openGateway } from '../../../../infra/world/exposed.ts';
import { forward } from '../../../../infra/world/host/forward.ts';
import type { ApiRequest } from '../../../../infra/world/kubernetes/api.ts';
import { aCluster, administrator, ask, exposed, foreigner, identity, json, outdated } from '../aCluster.ts';

/** Answers with what the API server's own code gets to see. */
const mirror = ({ method, path, query, headers, body, certificateUser, certificateFault }: ApiRequest) =>
  json({ method, path, query: [...query], headers, size: body.length, certificateUser, certificateFault });

const seenBy = (text: string | undefined) => JSON.parse(text!) as Record<string, unknown>;

test.each([{ allowH2: false }, { allowH2: true }])(
  'a request arrives as it was sent: %o',
  async ({ allowH2 }) => {
    const { address } = await exposed(mirror);
    const path = '/api/v1/namespaces/a%2Fb/pods?labelSelector=a%3Db%2Cc&x=1&x=2';
    const seen = await ask(`${address}${path}`, {
      allowH2,
      method: 'PATCH',
      body: '{}',
      headers: { 'content-type': 'application/merge-patch+json', 'X-Mixed': 'Case' },
    });
    expect(seenBy(seen.text)).toMatchObject({
      method: 'PATCH',
      path: '/api/v1/namespaces/a%2Fb/pods',
      query: [
        ['labelSelector', 'a=b,c'],
        ['x', '1'],
        ['x', '2'],
      ],
      headers: {
        host: new URL(address).host,
        'content-type': 'application/merge-patch+json',
        'x-mixed': 'Case',
      },
      size: 2,
    });
  },
);

test('groups to impersonate stay apart, whatever they hold', async () => {
  const { address } = await exposed(mirror);
  const headers = { 'Impersonate-Group': ['a, b', 'c'], 'X-Other': ['x', 'y'] };
  const sent = get(address, { ca: identity.ca.certPem, agent: false, headers });
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  expect(seenBy(await text(answer))).toMatchObject({
    headers: { 'impersonate-group': 'a, b\nc', 'x-other': 'x, y' },
  });
});

test.each([
  [
    'one of the cluster’s own CA names its user',
    administrator,
    { certificateUser: { name: 'anna', groups: ['system:masters', 'people'] } },
  ],
  ['one that is over is a fault', outdated, { certificateFault: 'CERT_HAS_EXPIRED' }],
  [
    'one of another CA of the same name is a fault',
    foreigner,
    { certificateFault: expect.stringMatching(/SIGNATURE/) },
  ],
])('a client certificate: %s', async (_, certificate, expected) => {
  const { address } = await exposed(mirror);
  const { status, text } = await ask(address, { certificate });
  expect(status).toBe(200);
  expect(seenBy(text)).toMatchObject(expected);
});

test('without a client certificate there is neither user nor fault', async () => {
  const { address } = await exposed(mirror);
  const seen = seenBy((await ask(address)).text);
  expect(seen).not.toHaveProperty('certificateUser');
  expect(seen).not.toHaveProperty('certificateFault');
});

test('answers carry what a real API server adds to all of them', async () => {
  const { address } = await exposed(mirror);
  const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
  expect((await ask(address)).headers).toMatchObject({
    'audit-id': expect.stringMatching(uuid),
    'cache-control': 'no-cache, private',
    'x-kubernetes-pf-flowschema-uid': expect.stringMatching(uuid),
    'x-kubernetes-pf-prioritylevel-uid': expect.stringMatching(uuid),
    date: expect.any(String),
    'content-length': expect.any(String),
  });
  expect((await ask(address, { headers: { 'audit-id': 'mine' } })).headers).toMatchObject({
    'audit-id': 'mine',
  });
});

test('who is refused for his credentials is counted to no flow', async () => {
  const { address } = await exposed(() => json({}, 401));
  expect((await ask(address)).headers).not.toHaveProperty('x-kubernetes-pf-flowschema-uid');
});

test.each([
  { asked: 'gzip', size: 131_073, isZipped: true },
  { asked: 'deflate, gzip', size: 131_073, isZipped: true },
  { asked: 'gzip', size: 131_072, isZipped: false },
  { asked: 'deflate', size: 131_073, isZipped: false },
  { asked: 'gzip;q=1', size: 131_073, isZipped: false },
])('bodies over 128 kB are compressed for those who ask: %o', async ({ asked, size, isZipped }) => {
  const { address } = await exposed(() => json('x'.repeat(size - 2)));
  const agent = new Agent({ connect: { ca: identity.ca.certPem } });
  onTestFinished(() => agent.destroy());
  const { headers, body } = await send(address, { dispatcher: agent, headers: { 'accept-encoding': asked } });
  const bytes = Buffer.from(await body.arrayBuffer());
  expect(headers['content-encoding']).toBe(isZipped ? 'gzip' : undefined);
  expect(headers['content-length']).toBe(String(bytes.length));
  expect((isZipped ? gunzipSync(bytes) : bytes).length).toBe(size);
});

test.each([{ allowH2: false }, { allowH2: true }])(
  'a body may have 3 MiB and no more: %o',
  async ({ allowH2 }) => {
    const { address } = await exposed(mirror);
    const sent = async (size: number) =>
      await ask(address, { allowH2, method: 'POST', body: Buffer.alloc(size) });
    expect(seenBy((await sent(3 * 1024 * 1024)).text)).toMatchObject({ size: 3 * 1024 * 1024 });
    const { status, text } = await sent(3 * 1024 * 1024 + 1);
    expect(status).toBe(413);
    expect(seenBy(text)).toMatchObject({
      message: 'Request entity too large: limit is 3145728',
      reason: 'RequestEntityTooLarge',
      code: 413,
    });
  },
);

test.each([{ allowH2: false }, { allowH2: true }])(
  'a watch is seen as it goes, and ends with its client: %o',
  async ({ allowH2 }) => {
    const ended = Promise.withResolvers<void>();
    const more = Promise.withResolvers<void>();
    const { address } = await exposed(({ signal }) => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: (async function* () {
        await more.promise;
        yield 'first\n';
        signal.addEventListener('abort', () => ended.resolve());
        await ended.promise;
      })(),
    }));
    const agent = new Agent({ allowH2, connect: { ca: identity.ca.certPem } });
    onTestFinished(() => agent.destroy());
    const { statusCode, body } = await send(address, { dispatcher: agent });
    // Nothing has happened yet, and the head of the answer is here.
    expect(statusCode).toBe(200);
    more.resolve();
    for await (const piece of body) {
      expect(String(piece)).toBe('first\n');
      break;
    }
    await ended.promise;
  },
);

test('what a cluster throws is an internal error, and the connection goes on', async () => {
  const { address } = await exposed(({ path }) => {
    if (path === '/bad') throw new Error('broken');
    return json({});
  });
  const agent = new Agent({ connections: 1, connect: { ca: identity.ca.certPem } });
  onTestFinished(() => agent.destroy());
  const bad = await send(`${address}/bad`, { dispatcher: agent });
  expect([bad.statusCode, await bad.body.json()]).toEqual([
    500,
    expect.objectContaining({ reason: 'InternalError', message: 'Internal error occurred: Error: broken' }),
  ]);
  expect((await send(`${address}/good`, { dispatcher: agent })).statusCode).toBe(200);
});

test('many requests share one connection of HTTP/2', async () => {
  const { address } = await exposed(mirror);
  const session = connectHttp2(address, { ca: identity.ca.certPem });
  onTestFinished(() => session.destroy());
  const paths = await Promise.all(
    Array.from({ length: 50 }, async (_, i) => {
      const stream = session.request({ ':path': `/${i}` }).setEncoding('utf8');
      let text = '';
      for await (const piece of stream) text += piece;
      return seenBy(text).path;
    }),
  );
  expect(paths).toEqual(Array.from({ length: 50 }, (_, i) => `/${i}`));
});

const gateway = async () => {
  const opened = await openGateway({ port: 0, identity, seed: 'test', clock: systemClock });
  onTestFinished(() => opened[Symbol.asyncDispose]());
  const clusters = ['edge-1', 'edge-2'].map((name) =>
    opened.expose(aCluster(({ path }) => json({ name, path }), name)),
  );
  return { ...opened, address: `https://127.0.0.1:${opened.port}`, clusters };
};

test('clusters behind one port are told apart by path', async () => {
  const { address, clusters } = await gateway();
  expect(clusters.map((cluster) => cluster.address)).toEqual([
    `${address}/k8s/clusters/edge-1`,
    `${address}/k8s/clusters/edge-2`,
  ]);
  for (const [i, cluster] of clusters.entries()) {
    const name = `edge-${i + 1}`;
    expect(seenBy((await ask(`${cluster.address}/api/v1/nodes?x=1`)).text)).toEqual({
      name,
      path: '/api/v1/nodes',
    });
    expect(seenBy((await ask(cluster.address)).text)).toEqual({ name, path: '/' });
  }
  expect(await ask(`${address}/k8s/clusters/edge-3/version`)).toMatchObject({
    status: 404,
    text: 'no such cluster\n',
  });
  expect(await ask(`${address}/version`)).toMatchObject({ status: 404 });
});

test('clusters behind one port are told apart by host name', async () => {
  const { address } = await gateway();
  const headers = { host: 'edge-2.clusters.localhost' };
  expect(seenBy((await ask(`${address}/version`, { headers })).text)).toEqual({
    name: 'edge-2',
    path: '/version',
  });
});

test('a fault of one cluster behind a port is none of the others’, and cannot be one of the port', async () => {
  const { clusters } = await gateway();
  await clusters[0]!.switchOn({ kind: 'status', code: 500 });
  expect(await ask(clusters[0]!.address)).toMatchObject({ status: 500 });
  expect(await ask(clusters[1]!.address)).toMatchObject({ status: 200 });
  await expect(clusters[1]!.switchOn({ kind: 'refused' })).rejects.toMatchObject({
    code: 'WORLD_FAULT_OF_SHARED_PORT',
  });
});

async function service(): Promise<string> {
  const server = createServer(async (incoming, outgoing) => {
    if (incoming.url === '/slow') {
      outgoing.writeHead(200).write('one,');
      await after(20);
      return void outgoing.end('two');
    }
    let text = '';
    for await (const piece of incoming) text += piece;
    outgoing.writeHead(201, { 'content-type': 'text/x', 'x-own': 'yes' });
    outgoing.end(JSON.stringify([incoming.method, incoming.url, text, incoming.headers]));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const anEnd = { scheme: 'http', host: '10.1.2.3', port: 8080 } as const;
const leadingTo = (target: string) => new Map([['10.1.2.3:8080', target]]);
/** An API server that passes everything on. */
const passing = (target: string) =>
  exposed((request) =>
    forward(request, anEnd, request.path.split('/').filter(Boolean), leadingTo(target)).catch(({ status }) =>
      json(status, status.code),
    ),
  );

test('a proxied service gets the request without what proves who sent it', async () => {
  const { address } = await passing(await service());
  const seen = await ask(`${address}/metrics/x?a=b`, {
    method: 'DELETE',
    body: 'why',
    headers: { authorization: 'Bearer secret', 'x-mine': '1', 'impersonate-user': 'ada' },
  });
  expect(seen).toMatchObject({ status: 201, headers: { 'content-type': 'text/x', 'x-own': 'yes' } });
  const [method, url, text, headers] = JSON.parse(seen.text!);
  expect([method, url, text]).toEqual(['DELETE', '/metrics/x?a=b', 'why']);
  expect(headers).toMatchObject({ 'x-mine': '1', host: new URL(address).host });
  expect(headers).not.toHaveProperty('authorization');
  expect(headers).not.toHaveProperty('impersonate-user');
});

test('what a proxied service sends bit by bit comes bit by bit', async () => {
  const { address } = await passing(await service());
  expect(await ask(`${address}/slow`)).toMatchObject({ status: 200, text: 'one,two' });
});

test.each([
  ['127.0.0.1:1', 'connect: connection refused'],
  [undefined, 'connect: no route to host'],
])('a proxied service that is not there is 503, in the API server’s words: %s', async (target, why) => {
  const { address } = await exposed((request) =>
    forward(request, anEnd, [], target === undefined ? new Map() : leadingTo(target)).catch(({ status }) =>
      json(status, status.code),
    ),
  );
  const { status, text } = await ask(address);
  expect([status, seenBy(text).message]).toEqual([
    503,
    `error trying to reach service: dial tcp 10.1.2.3:8080: ${why}`,
  ]);
});
