import { day, minute } from '#time';
import { clientCertificate } from '../../../../../infra/world/pki/index.ts';
import {
  administrator,
  apply,
  asAdministrator,
  ca,
  expose,
  foreignCa,
  json,
  status,
  tokenOf,
  valid,
} from '../aCluster.ts';
import * as servers from '../servers.ts';
import { StandingClock } from '../standingClock.ts';
import {
  answering,
  aToken,
  certificate,
  type FaultCase,
  failing,
  hanging,
  having,
  page,
  seconds,
  slow,
  token,
  tooLong,
  warning,
  world,
} from './making.ts';

const reviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

/** Of a verified server, of what it answers and of what we may there. */
export const answeringFaults: readonly FaultCase[] = [
  // What answers.
  failing('another web server', 'http', 'NOT_KUBERNETES', page(404, 'text/html', '<h1>Not Found</h1>')),
  failing('a captive portal’s page', 'http', 'NOT_KUBERNETES', world({ kind: 'html', code: 200 })),
  failing('a firewall’s page', 'http', 'NOT_KUBERNETES', world({ kind: 'html', code: 403 })),
  failing('another JSON service', 'http', 'NOT_KUBERNETES', page(200, 'application/json', '{"ok":true}')),
  failing(
    'a gateway that knows no such cluster',
    'http',
    'NOT_KUBERNETES',
    page(404, 'text/plain', 'no such cluster'),
  ),
  failing(
    'a redirect to a login page',
    'http',
    'REDIRECTED',
    world({ kind: 'redirect', to: 'https://login.example.com/' }),
  ),
  failing(
    'a redirect to a metadata address',
    'http',
    'REDIRECTED',
    world({ kind: 'redirect', to: 'http://169.254.169.254/latest', code: 307 }),
  ),
  failing(
    'a reverse proxy that wants a password',
    'http',
    'PROXY_AUTH_REQUIRED',
    world({ kind: 'proxyAuthentication' }),
  ),
  failing('a load balancer without backends', 'http', 'HTTP_5XX', world({ kind: 'html', code: 502 })),
  failing('an API server without etcd', 'http', 'HTTP_5XX', world({ kind: 'status', code: 500 })),
  failing(
    'an API server that is throttling',
    'http',
    'THROTTLED',
    world({ kind: 'status', code: 429, retryAfterSeconds: 7 }),
  ),
  failing('an API server that hangs', 'http', 'HTTP_TIMEOUT', hanging(/^\/version$/)),
  failing('a connection that is cut before the answer', 'http', 'HTTP_CUT', world({ kind: 'reset' })),
  failing(
    'a connection that is cut in the middle of an answer',
    'http',
    'HTTP_CUT',
    world({ kind: 'reset', afterBytes: 20 }),
  ),
  failing('an answer that stops in the middle', 'http', 'HTTP_TIMEOUT', async (stack) => {
    const clock = new StandingClock();
    const { url } = await servers.https(stack, (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"gitVersion":');
      clock.push(tooLong);
    });
    return { server: url, clock };
  }),
  failing('an answer that ends early', 'http', 'HTTP_CUT', world({ kind: 'truncated', afterBytes: 20 })),
  failing('an answer that is no HTTP', 'http', 'HTTP_INVALID', async (stack) => ({
    server: (
      await servers.tls(stack, (socket) => void socket.once('data', () => socket.end('hello\r\n\r\n')))
    ).url,
  })),
  failing(
    'an answer without end',
    'http',
    'RESPONSE_TOO_LARGE',
    page(200, 'application/json', `"${'x'.repeat(1_100_000)}"`),
  ),

  // Its health.
  failing(
    'an API server that is dying',
    'health',
    'API_NOT_READY',
    world({ kind: 'unready', checks: ['etcd'], isDead: true }),
  ),
  warning(
    'an API server that is not ready',
    'health',
    'API_NOT_READY',
    world({ kind: 'unready', checks: ['etcd', 'informer-sync'] }),
  ),
  warning(
    'health that may not be read',
    'health',
    'HEALTH_FORBIDDEN',
    answering(
      /^\/(livez|readyz)$/,
      status(403, 'Forbidden', 'forbidden: User "drover" cannot get path "/livez"'),
    ),
  ),
  warning(
    'health checks that are throttled',
    'health',
    'THROTTLED',
    world({ kind: 'status', code: 429, on: { path: '/readyz' } }),
  ),
  failing('a health check that hangs', 'health', 'HTTP_TIMEOUT', hanging(/^\/livez$/)),

  // Who we are.
  failing(
    'a token that the cluster does not know',
    'who',
    'AUTH_REJECTED',
    having(world(), { input: token('not-a-token-of-this-cluster') }),
  ),
  failing(
    'a token of another cluster',
    'who',
    'AUTH_REJECTED',
    having(world(), { input: token(aToken({ exp: seconds(Date.now() + day) })) }),
  ),
  failing('a token for another audience', 'who', 'AUTH_REJECTED', async (stack) => ({
    server: (await expose(stack)).url,
    input: token(await tokenOf('elsewhere', ['watch'], { audiences: ['vault'] })),
  })),
  failing('a token of an account that was deleted', 'who', 'AUTH_REJECTED', async (stack) => {
    const text = await tokenOf('deleted', ['watch']);
    await asAdministrator('DELETE', '/api/v1/namespaces/drover-system/serviceaccounts/deleted');
    return { server: (await expose(stack)).url, input: token(text) };
  }),
  failing(
    'a token that ended minutes ago',
    'who',
    'TOKEN_EXPIRED_LOCAL',
    having(world(), { input: token(aToken({ exp: seconds(Date.now() - 5 * minute) })) }),
  ),
  failing(
    'a client certificate of another cluster',
    'who',
    'AUTH_REJECTED',
    having(world(), { input: certificate(clientCertificate(foreignCa, { commonName: 'ada', ...valid })) }),
  ),
  failing(
    'a client certificate that ended minutes ago',
    'who',
    'CERT_EXPIRED_LOCAL',
    having(world(), {
      input: certificate(
        clientCertificate(ca, {
          commonName: 'ada',
          notBefore: valid.notBefore,
          notAfter: Date.now() - 5 * minute,
        }),
      ),
    }),
  ),
  failing(
    'a load balancer that loses the credential',
    'who',
    'CREDENTIALS_NOT_PRESENTED',
    world({ kind: 'credentialsLost' }),
  ),
  failing(
    'no anonymous access, and a credential that is lost',
    'who',
    'AUTH_REJECTED',
    world({ kind: 'status', code: 401 }),
  ),

  // What we may.
  failing('an account without any role', 'may', 'PERMISSION_MISSING', async (stack) => ({
    server: (await expose(stack)).url,
    input: token(await tokenOf('nobody', [])),
  })),
  failing('a role that lacks a part', 'may', 'PERMISSION_MISSING', async (stack) => {
    const text = await tokenOf('partial', ['watch']);
    await apply(
      JSON.stringify({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: 'partial-watch' },
        rules: [{ apiGroups: [''], resources: ['nodes'], verbs: ['list'] }],
      }),
    );
    return { server: (await expose(stack)).url, input: token(text) };
  }),
  warning(
    'a capability that was not granted',
    'may',
    'PERMISSION_MISSING',
    having(world(), { input: { capabilities: ['watch', 'sync'] } }),
  ),
  warning(
    'access reviews that are forbidden',
    'may',
    'ACCESS_REVIEW_FORBIDDEN',
    answering(
      reviews,
      status(
        403,
        'Forbidden',
        'selfsubjectaccessreviews.authorization.k8s.io is forbidden: User "drover" cannot create resource "selfsubjectaccessreviews" in API group "authorization.k8s.io" at the cluster scope',
      ),
    ),
  ),
  failing(
    'access reviews that are throttled',
    'may',
    'THROTTLED',
    world({ kind: 'status', code: 429, on: { path: reviews } }),
  ),

  // What there is.
  warning(
    'an aggregated API that does not answer',
    'what',
    'DISCOVERY_PARTIAL',
    world({ kind: 'apiUnavailable', group: 'metrics.k8s.io', version: 'v1beta1' }),
  ),
  warning(
    'discovery that fails',
    'what',
    'HTTP_5XX',
    world({ kind: 'status', code: 503, on: { path: '/apis' } }),
  ),
  warning('an API group that is needed and not there', 'what', 'API_GROUP_MISSING', async (stack) => ({
    ...(await answering('/apis', json({ kind: 'APIGroupList', apiVersion: 'v1', groups: [] }))(stack)),
    input: { ...token(administrator), capabilities: ['watch', 'sync'] },
  })),
  warning(
    'a version that gets no more patches',
    'version',
    'VERSION_EOL',
    world({ kind: 'version', minor: 34 }),
  ),
  warning('a version that is very old', 'version', 'VERSION_TOO_OLD', world({ kind: 'version', minor: 27 })),

  // How it bears us.
  warning(
    'lists that are throttled',
    'load',
    'THROTTLED',
    world({ kind: 'status', code: 429, on: { verbs: ['list'] } }),
  ),
  warning('a list that hangs', 'load', 'HTTP_TIMEOUT', hanging(/^\/api\/v1\/pods$/)),
  warning(
    'a list that is refused all the same',
    'load',
    'PERMISSION_MISSING',
    world({ kind: 'status', code: 403, on: { resources: ['pods'] } }),
  ),
  warning('an API server that is slow', 'load', 'SLOW', slow(1_100)),

  // Clocks.
  warning(
    'clocks that are a minute apart',
    'clock',
    'CLOCK_SKEW',
    world({ kind: 'clockSkew', millis: minute }),
  ),
  failing(
    'a cluster’s clock that is ten minutes ahead',
    'clock',
    'CLOCK_SKEW',
    world({ kind: 'clockSkew', millis: 10 * minute }),
  ),
  failing(
    'our own clock that is ten minutes ahead',
    'clock',
    'CLOCK_SKEW',
    having(world(), { clock: new StandingClock(10 * minute) }),
  ),

  // Which cluster it is.
  failing(
    'another cluster at the same address',
    'same',
    'CLUSTER_IDENTITY_CHANGED',
    having(world({ kind: 'otherCluster' }), {
      known: { uid: 'the-uid-of-before', othersWith: async () => [] },
    }),
  ),
  warning(
    'a cluster that is registered already',
    'same',
    'DUPLICATE_CLUSTER',
    having(world(), {
      known: { uid: null, othersWith: async () => [{ id: 'clu_1', name: 'store-1' }] },
    }),
  ),
  warning(
    'a namespace that cannot be read',
    'same',
    'HTTP_5XX',
    world({ kind: 'status', code: 503, on: { resources: ['namespaces'] } }),
  ),
];
