import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer, request as httpsRequest } from 'node:https';
import { expect, onTestFinished, test } from 'vitest';
import { fedMembers, listOf, NvRefused, type SignedIn, signIn, type Way, wayThrough } from '#neuvector';
import { ca, identity } from '../../fixtures/clusterCertificates.ts';
import { aController, type TestController } from '../../infra/world/neuvector/aController.ts';
import { connected } from '../kubernetes/aWorldCluster.ts';

const service = { namespace: 'neuvector', service: 'neuvector-svc-controller-api', port: 10443 };
const proxied = '/api/v1/namespaces/neuvector/services/https:neuvector-svc-controller-api:10443/proxy';
const password = 'a-good-password';

interface Status {
  code: number;
  reason: string;
  message: string;
}

/** An API server with a service proxy and nothing else; with `says`, it says that itself. */
async function aWayThrough(to: TestController | Status) {
  const asked: string[] = [];
  const server = createServer(
    { key: identity.server.keyPem, cert: identity.server.certPem },
    (request, response) => {
      const { method = '', url = '', headers } = request;
      asked.push(`${method} ${url} ${headers.authorization}`);
      if (!('port' in to)) return refuse(response, to);
      if (!url.startsWith(proxied)) return refuse(response, { code: 404, reason: 'NotFound', message: url });
      const { authorization: _, ...passed } = headers;
      const onward = httpsRequest(
        {
          host: '127.0.0.1',
          port: to.port,
          method,
          path: url.slice(proxied.length),
          headers: passed,
          ca: to.ca,
        },
        (answer) => {
          response.writeHead(answer.statusCode!, answer.headers);
          answer.pipe(response);
        },
      );
      request.pipe(onward);
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as { port: number };
  const connection = await connected({
    server: `https://127.0.0.1:${port}`,
    ca: ca.certPem,
    bearer: () => 'the-token-of-the-cluster',
  });
  return { asked, connection, way: wayThrough(connection, service, 'neuvector in cluster one') };
}

function refuse(response: ServerResponse, { code, reason, message }: Status): void {
  const body = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const withKey = (way: Way): SignedIn => ({ way, pass: { kind: 'apiKey', name: 'all', secret: 's3cret' } });

test('a controller is asked as if it were reached itself', async () => {
  const controller = await aController({ size: { workloads: 50 } });
  const { asked, way } = await aWayThrough(controller);
  expect((await fedMembers(withKey(way))).role).toBe('standalone');
  expect(asked).toEqual([`GET ${proxied}/v1/fed/member Bearer the-token-of-the-cluster`]);
  const { token } = await signIn(way, { username: 'admin', password });
  const seen: unknown[] = [];
  const session = { way, pass: { kind: 'session', token } } as const;
  for await (const one of listOf(session, '/v1/workload', 'workloads', { brief: 'true' })) seen.push(one);
  expect(seen).toHaveLength(controller.controller.data.workloads.length);
  expect(way.place).toBe('neuvector in cluster one');
});

test('a controller’s own no is its own', async () => {
  const { way } = await aWayThrough(await aController());
  const refused = await signIn(way, { username: 'admin', password: 'wrong' }).catch((one: unknown) => one);
  expect(refused).toBeInstanceOf(NvRefused);
  expect(refused).toMatchObject({
    place: 'neuvector in cluster one',
    refusal: { status: 401, code: 3, message: 'Authentication failed' },
  });
});

const name = service.service;
test.each<[string, Status, string, object]>([
  [
    'knows no such service',
    { code: 404, reason: 'NotFound', message: `services "${name}" not found` },
    'SERVICE_UNKNOWN',
    service,
  ],
  [
    'finds nobody behind it',
    { code: 503, reason: 'ServiceUnavailable', message: `no endpoints available for service "${name}"` },
    'SERVICE_WITHOUT_ENDPOINTS',
    service,
  ],
  [
    'knows no such port',
    { code: 503, reason: 'ServiceUnavailable', message: `no service port 10443 found for service "${name}"` },
    'SERVICE_PORT_UNKNOWN',
    service,
  ],
  [
    'is not answered',
    {
      code: 503,
      reason: 'ServiceUnavailable',
      message: 'error trying to reach service: dial tcp 10.1.2.3:10443: connect: connection refused',
    },
    'SERVICE_UNANSWERED',
    { reason: expect.stringContaining('10.1.2.3:10443') },
  ],
  [
    'does not let us',
    {
      code: 403,
      reason: 'Forbidden',
      message: `services "https:${name}:10443" is forbidden: User "system:serviceaccount:drover:drover" cannot get resource "services/proxy" in API group "" in the namespace "neuvector"`,
    },
    'SERVICE_PROXY_FORBIDDEN',
    { user: 'system:serviceaccount:drover:drover', permissions: 'get services/proxy in neuvector' },
  ],
  [
    'has a policy against it',
    { code: 403, reason: 'Forbidden', message: 'admission webhook denied the request' },
    'REQUEST_REFUSED',
    {},
  ],
  [
    'does not know who asks',
    { code: 401, reason: 'Unauthorized', message: 'Unauthorized' },
    'AUTH_REJECTED',
    {},
  ],
  [
    'takes us for nobody',
    {
      code: 403,
      reason: 'Forbidden',
      message: 'services "x" is forbidden: User "system:anonymous" cannot get resource "services/proxy"',
    },
    'CREDENTIALS_NOT_PRESENTED',
    {},
  ],
  ['is busy', { code: 429, reason: 'TooManyRequests', message: 'wait' }, 'THROTTLED', {}],
  ['has trouble of its own', { code: 500, reason: 'InternalError', message: 'etcd' }, 'HTTP_5XX', {}],
  ['is not ready', { code: 503, reason: 'ServiceUnavailable', message: 'etcd' }, 'HTTP_5XX', {}],
])('an API server that %s is not taken for a controller', async (_, status, code, values) => {
  const { way } = await aWayThrough(status);
  const expected = { code, values };
  await expect(fedMembers(withKey(way))).rejects.toMatchObject(expected);
  await expect(listOf(withKey(way), '/v1/workload', 'workloads').next()).rejects.toMatchObject(expected);
});

test('no name leads elsewhere in the API', async () => {
  const { asked, connection } = await aWayThrough({ code: 404, reason: 'NotFound', message: '' });
  const way = wayThrough(connection, { namespace: 'a/../b', service: 'c?d#e:1/f', port: 443 }, 'somewhere');
  await expect(fedMembers(withKey(way))).rejects.toMatchObject({ code: 'SERVICE_UNKNOWN' });
  expect(asked[0]).toContain(
    '/api/v1/namespaces/a%2F..%2Fb/services/https:c%3Fd%23e:1%2Ff:443/proxy/v1/fed/member',
  );
  expect(() => wayThrough(connection, { ...service, namespace: '..' }, 'somewhere')).toThrow('segment');
});
