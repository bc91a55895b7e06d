import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { startWorld, type World } from '../../../../infra/world/world.ts';

const service = 'neuvector-svc-controller-api';
const services = '/api/v1/namespaces/neuvector/services';
const proxy = `${services}/https:${service}:10443/proxy`;

interface Sent {
  headers?: Record<string, string>;
  body?: unknown;
}

async function aWorld(): Promise<World> {
  const data = await mkdtemp(join(tmpdir(), 'inside-'));
  const world = await startWorld({
    data,
    clusters: [{ name: 'development', nodes: 1 }],
    controllers: [
      { name: 'primary', isPrimary: true },
      { name: 'store-4', inside: 'development' },
      { name: 'store-5', inside: 'elsewhere' },
    ],
    firstPort: 40_000 + (process.pid % 500) * 20,
  });
  onTestFinished(async () => {
    await world[Symbol.asyncDispose]();
    await rm(data, { recursive: true });
  });
  return world;
}

/** As whoever has the cluster's kubeconfig. */
async function asAdministrator({ clusters }: World) {
  const { kubeconfig } = clusters.get('development')!;
  const file = parse(await readFile(kubeconfig, 'utf8'));
  const decoded = (text: string) => Buffer.from(text, 'base64').toString();
  const { server, 'certificate-authority-data': ca } = file.clusters[0].cluster;
  const { 'client-certificate-data': cert, 'client-key-data': key } = file.users[0].user;
  const agent = new Agent({ connect: { ca: decoded(ca), cert: decoded(cert), key: decoded(key) } });
  onTestFinished(() => agent.destroy());
  return async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, { headers, body }: Sent = {}) => {
    const answer = await request(`${server}${path}`, {
      dispatcher: agent,
      method,
      headers: { ...headers },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await answer.body.text();
    const isJson = text.startsWith('{');
    // biome-ignore lint/suspicious/noExplicitAny: whatever JSON the server answers
    const json = (isJson ? JSON.parse(text) : undefined) as any;
    return { status: answer.statusCode, headers: answer.headers, text, body: json };
  };
}

test('a controller inside a cluster is reached through its API server, signed in with what lies there', async () => {
  const world = await aWorld();
  const call = await asAdministrator(world);
  const secret = await call('GET', '/api/v1/namespaces/neuvector/secrets/neuvector-bootstrap-secret');
  const password = Buffer.from(secret.body.data.bootstrapPassword, 'base64').toString();
  const signIn = { password: { username: 'admin', password } };
  const { body, status } = await call('POST', `${proxy}/v1/auth`, { body: signIn });
  expect(status).toBe(200);
  const headers = { 'x-auth-token': body.token.token, 'content-type': 'application/json' };

  expect(await call('GET', `${proxy}/v1/fed/member`)).toMatchObject({ status: 401, body: { code: 3 } });
  const member = await call('GET', `${proxy}/v1/fed/member?from=here`, { headers });
  expect(member).toMatchObject({ status: 200, body: { fed_role: '' } });
  expect(member.headers['content-type']).toBe('application/json');
  // It compresses for who can read it, and the API server leaves that as it is.
  const zipped = await call('GET', `${proxy}/v1/workload`, {
    headers: { ...headers, 'accept-encoding': 'gzip' },
  });
  expect(zipped.headers['content-encoding']).toBe('gzip');
  const name = { name: 'store-4' };
  expect(await call('PATCH', `${proxy}/v1/fed/config`, { headers, body: name })).toMatchObject({
    status: 200,
    text: '',
  });
  expect(world.controllers.get('store-4')!.controller.state.clusterName).toBe('store-4');
  expect(await call('DELETE', `${proxy}/v1/auth`, { headers })).toMatchObject({ status: 200, text: '' });
  expect(await call('GET', `${proxy}/v1/fed/member`, { headers })).toMatchObject({ status: 401 });
});

test('a router’s redirection comes back through the proxy, and is not followed', async () => {
  const call = await asAdministrator(await aWorld());
  expect(await call('GET', `${proxy}/v1/scan/platform/?a=b`)).toMatchObject({
    status: 301,
    headers: { location: `${proxy}/v1/scan/platform?a=b` },
  });
});

test.each([
  // TLS is spoken where the path says so.
  [`${services}/${service}:10443/proxy/v1/eula`, 503, /^error trying to reach service: /],
  [`${services}/https:${service}:443/proxy/v1/eula`, 503, /^no service port 443 found for service/],
  [`${services}/https:other:10443/proxy/v1/eula`, 404, /^services "other" not found$/],
  [`${proxy}/v1/eula`, 200, undefined],
  [`${services}/https:${service}:controller-api/proxy/v1/eula`, 200, undefined],
])('what a path says decides: %s is %i', async (path, status, message) => {
  const call = await asAdministrator(await aWorld());
  const answer = await call('GET', path);
  expect(answer.status).toBe(status);
  if (message) expect(answer.body).toMatchObject({ kind: 'Status', message: expect.stringMatching(message) });
});

test('it stands in no list of what is reached from outside, and where its cluster is not it is not', async () => {
  const { controllers, controllersFile } = await aWorld();
  const list = JSON.parse(await readFile(controllersFile, 'utf8')) as { name: string }[];
  expect(list.map(({ name }) => name)).toEqual(['primary']);
  expect([...controllers.keys()]).toEqual(['primary', 'store-4']);
});

test('it joins under the name of its store, which other controllers find', async () => {
  const world = await aWorld();
  const { primary, 'store-4': store } = Object.fromEntries(world.controllers) as Record<
    string,
    NonNullable<ReturnType<World['controllers']['get']>>
  >;
  const [key] = primary!.controller.accounts.keys;
  const own = store!.controller.accounts.keys[0]!;
  const agent = new Agent({ connect: { rejectUnauthorized: false } });
  onTestFinished(() => agent.destroy());
  const issued = await request(`https://127.0.0.1:${primary!.rest.port}/v1/fed/join_token`, {
    dispatcher: agent,
    headers: { 'x-auth-apikey': `${key!.name}:${key!.secret}` },
  });
  const { join_token } = (await issued.body.json()) as { join_token: string };
  const call = await asAdministrator(world);
  const joint_rest_info = { server: 'cn-wukong-rstore-4.mcd.store', port: 443 };
  const joined = await call('POST', `${proxy}/v1/fed/join`, {
    headers: { 'x-auth-apikey': `${own.name}:${own.secret}` },
    body: { name: 'store-4-abcdef', join_token, joint_rest_info },
  });
  expect(joined).toMatchObject({ status: 200, text: '' });
  expect(primary!.controller.state.members.map(({ name }) => name)).toEqual(['store-4-abcdef']);
});
