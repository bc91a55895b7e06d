import { X509Certificate } from 'node:crypto';
import { DroverError } from '#errors';
import type { Resolve } from '#net';
import { day, hour, type Instant, minute, second } from '#time';
import type { Fault } from '../../../../infra/world/faults/fault.ts';
import { clientCertificate, createCa } from '../../../../infra/world/pki/index.ts';
import { readKubeconfig } from '../../../../shared/clusters/kubeconfig/readKubeconfig.ts';
import type { LadderInput } from '../../../../shared/clusters/ladder/ladder.ts';
import { parseFailure } from '../../../../shared/clusters/ladder/parseFailure.ts';
import type { LadderStep, Validation } from '../../../../shared/clusters/ladder/validation.ts';
import { PushedClock } from '../../../fixtures/pushedClock.ts';
import {
  administrator,
  apply,
  asAdministrator,
  ca,
  client,
  expose,
  foreignCa,
  json,
  past,
  server,
  status,
  tokenOf,
  valid,
} from './aCluster.ts';
import { climbing, type Trying } from './climbing.ts';
import * as servers from './servers.ts';

export interface FaultCase {
  /** As docs/faults.md tells it. */
  readonly fault: string;
  readonly step: LadderStep;
  readonly code: string;
  readonly outcome: 'failed' | 'warning';
  climb(stack: AsyncDisposableStack): Promise<Validation>;
}

type Making = (stack: AsyncDisposableStack) => Promise<Trying>;

const failing = (fault: string, step: LadderStep, code: string, make: Making): FaultCase => ({
  fault,
  step,
  code,
  outcome: 'failed',
  climb: async (stack) => (await climbing(await make(stack))).validation,
});

const warning = (fault: string, step: LadderStep, code: string, make: Making): FaultCase => ({
  ...failing(fault, step, code, make),
  outcome: 'warning',
});

/** Nobody is asked: there is nobody. */
const locally =
  (input: Partial<LadderInput>): Making =>
  async () => ({ server: 'https://192.0.2.1:6443', input });

/** The whole cluster, with these faults of the simulated world. */
const world =
  (...faults: Fault[]): Making =>
  async (stack) => ({ server: (await expose(stack, { faults })).url });

const having =
  (make: Making, more: Omit<Trying, 'server'>): Making =>
  async (stack) => ({ ...(await make(stack)), ...more });

/** HTTPS that is verified and no API server. */
const page =
  (code: number, type: string, body: string): Making =>
  async (stack) => ({
    server: (
      await servers.https(stack, (_, response) => {
        response.writeHead(code, { 'content-type': type }).end(body);
      })
    ).url,
  });

const named =
  (resolve: Resolve): Making =>
  async (stack) => {
    const { port } = await expose(stack);
    return { server: `https://api.example.com:${port}`, resolve };
  };

const failingLookUp =
  (code: string): Resolve =>
  async () => {
    throw Object.assign(new Error(code), { code });
  };

const through =
  (make: (stack: AsyncDisposableStack) => Promise<string>, more: Omit<Trying, 'server'> = {}): Making =>
  async (stack) => {
    const { port } = await expose(stack);
    const proxy = await make(stack);
    const trying = { server: `https://api.example.com:${port}`, ...more };
    return { ...trying, input: { proxy, ...more.input } };
  };

const answeringProxy = (answer: string) => async (stack: AsyncDisposableStack) =>
  `http://127.0.0.1:${(await servers.proxy(stack, () => answer)).port}`;

const workingProxy = async (stack: AsyncDisposableStack) =>
  `http://127.0.0.1:${(await servers.proxy(stack)).port}`;

/** A JWT that nobody signed. */
export const aToken = (claims: object): string =>
  [
    { alg: 'RS256', kid: 'x' },
    { sub: 'system:serviceaccount:a:b', iss: 'https://issuer', ...claims },
    'signature',
  ]
    .map((part) => Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url'))
    .join('.');

const seconds = (at: Instant) => Math.floor(at / 1000);
const token = (text: string): Partial<LadderInput> => ({ credential: { type: 'token', token: text } });
const certificate = (certified: { certPem: string; keyPem: string }): Partial<LadderInput> => ({
  credential: { type: 'certificate', certificate: certified.certPem, key: certified.keyPem },
});

const fingerprint = (pem: string) => new X509Certificate(pem).fingerprint256;

/** A kubeconfig as a person pasted it. */
const kubeconfig = (fault: string, code: string, user: object, cluster: object = {}): FaultCase => ({
  fault,
  step: 'parse',
  code,
  outcome: 'failed',
  climb: async () => {
    const text = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server: 'https://192.0.2.1:6443', ...cluster } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    });
    try {
      readKubeconfig(text);
    } catch (error) {
      if (error instanceof DroverError) return parseFailure(error, Date.now());
      throw error;
    }
    throw new Error('It was read.');
  },
});

/** The cluster with one path answered otherwise. */
const answering =
  (path: string | RegExp, answer: ReturnType<typeof json>): Making =>
  async (stack) => {
    const isIt = (given: string) => (typeof path === 'string' ? given === path : path.test(given));
    const { url } = await expose(stack, { instead: (request) => (isIt(request.path) ? answer : undefined) });
    return { server: url };
  };

/** More than any one rung may take, less than what is left for all. */
const tooLong = 6 * second;

/** The cluster, which never answers at this path. */
const hanging =
  (path: RegExp): Making =>
  async (stack) => {
    const clock = new PushedClock();
    const { url } = await expose(stack, {
      instead: ({ path: asked }) => {
        if (!path.test(asked)) return undefined;
        clock.push(tooLong);
        return new Promise<never>(() => {});
      },
    });
    return { server: url, clock };
  };

/** TCP that listens and says nothing. */
const silent: Making = async (stack) => {
  const clock = new PushedClock();
  const { url } = await servers.tcp(stack, (socket) => void socket.once('data', () => clock.push(tooLong)));
  return { server: url, clock };
};

/** Each answer takes so long, by the clock. */
const slow =
  (millis: number): Making =>
  async (stack) => {
    const clock = new PushedClock();
    const { url } = await expose(stack, { instead: () => void clock.push(millis) });
    return { server: url, clock, budgets: { http: hour, whole: hour } };
  };

const reviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

const garbageOf = {
  'a CA that is no PEM': 'garbage',
  'a CA that is cut off': ca.certPem.slice(0, ca.certPem.length / 2),
  'a CA in DER': new X509Certificate(ca.certPem).raw.toString('latin1'),
  'a CA in base64 twice': Buffer.from(Buffer.from(ca.certPem).toString('base64')).toString('base64'),
};

export const faultCases: readonly FaultCase[] = [
  // What is told before anything is dialled.
  kubeconfig('a kubeconfig that runs a command', 'KUBECONFIG_EXEC', {
    exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'aws' },
  }),
  kubeconfig('a kubeconfig with a token file', 'KUBECONFIG_FILE_PATH', { tokenFile: '/etc/passwd' }),
  kubeconfig(
    'a kubeconfig with the path of a CA',
    'KUBECONFIG_FILE_PATH',
    { token: 'the-pasted-secret' },
    { 'certificate-authority': '/etc/passwd' },
  ),
  kubeconfig(
    'a kubeconfig with a proxy',
    'KUBECONFIG_PROXY',
    { token: 'the-pasted-secret' },
    { 'proxy-url': 'http://p:1' },
  ),
  kubeconfig('a kubeconfig without a credential', 'KUBECONFIG_CREDENTIAL_MISSING', {}),
  ...Object.entries(garbageOf).map(([fault, given]) =>
    failing(fault, 'parse', 'CA_INVALID', locally({ ca: given })),
  ),
  failing('a CA that has expired', 'parse', 'CA_EXPIRED', async () =>
    locally({ ca: createCa({ commonName: 'old', ...past }).certPem })({} as AsyncDisposableStack),
  ),
  failing(
    'a key of another certificate',
    'parse',
    'KEY_MISMATCH',
    locally({
      credential: { type: 'certificate', certificate: client.certPem, key: server.keyPem },
    }),
  ),
  failing(
    'a client certificate that has expired',
    'parse',
    'CERT_EXPIRED_LOCAL',
    locally(certificate(clientCertificate(ca, { commonName: 'ada', ...past }))),
  ),
  failing(
    'a token that has expired',
    'parse',
    'TOKEN_EXPIRED_LOCAL',
    locally(token(aToken({ exp: seconds(Date.now() - hour) }))),
  ),
  failing(
    'a token of tomorrow',
    'parse',
    'TOKEN_NOT_YET_VALID',
    locally(token(aToken({ nbf: seconds(Date.now() + day) }))),
  ),
  failing('a token with a line end inside', 'parse', 'TOKEN_INVALID', locally(token('one\ntwo'))),
  failing('a fingerprint that is none', 'parse', 'FINGERPRINT_INVALID', locally({ fingerprint: 'ab:cd' })),

  // What may not be dialled.
  failing('a metadata address', 'policy', 'TARGET_FORBIDDEN', async () => ({
    server: 'https://169.254.169.254',
  })),
  failing('an address of IPv4 in IPv6', 'policy', 'TARGET_FORBIDDEN', async () => ({
    server: 'https://[::ffff:169.254.169.254]',
  })),
  failing(
    'a name that leads to a metadata address',
    'policy',
    'TARGET_FORBIDDEN',
    named(async () => ['169.254.169.254']),
  ),
  failing(
    'a name of which one address is forbidden',
    'policy',
    'TARGET_FORBIDDEN',
    named(async () => ['127.0.0.1', '169.254.169.254']),
  ),
  failing('a port that is not dialled', 'policy', 'TARGET_PORT_FORBIDDEN', async () => ({
    server: 'https://192.0.2.1:22',
  })),
  failing('plain http', 'policy', 'TARGET_SCHEME_FORBIDDEN', async () => ({
    server: 'http://192.0.2.1:6443',
  })),
  failing(
    'a proxy at a metadata address',
    'policy',
    'TARGET_FORBIDDEN',
    through(async () => 'http://169.254.169.254:3128'),
  ),
  failing('a metadata address behind a proxy', 'policy', 'TARGET_FORBIDDEN', async (stack) => ({
    server: 'https://169.254.169.254',
    input: { proxy: await workingProxy(stack) },
  })),
  failing(
    'a SOCKS proxy',
    'policy',
    'PROXY_INVALID',
    through(async () => 'socks5://127.0.0.1:1080'),
  ),

  // Names.
  failing('a name that does not exist', 'dns', 'DNS_NXDOMAIN', named(failingLookUp('ENOTFOUND'))),
  failing('a name server that fails', 'dns', 'DNS_TEMPFAIL', named(failingLookUp('ESERVFAIL'))),
  failing('a name server that never answers', 'dns', 'DNS_TIMEOUT', async () => {
    const clock = new PushedClock();
    const resolve: Resolve = () => {
      clock.push(tooLong);
      return new Promise(() => {});
    };
    return { server: 'https://api.example.com:6443', resolve, clock };
  }),

  // The connection.
  failing('nothing listens', 'tcp', 'TCP_REFUSED', async (stack) => ({
    server: `https://127.0.0.1:${await servers.closedPort(stack)}`,
  })),
  failing(
    'packets are dropped',
    'tcp',
    'TCP_TIMEOUT',
    having(world({ kind: 'dropped' }), { budgets: { tcp: 300 } }),
  ),

  // Proxies.
  failing(
    'a proxy that refuses connections',
    'proxy',
    'PROXY_UNREACHABLE',
    through(async (stack) => `http://127.0.0.1:${await servers.closedPort(stack)}`),
  ),
  failing(
    'a proxy that wants a password',
    'proxy',
    'PROXY_AUTH_REQUIRED',
    through(answeringProxy('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')),
  ),
  failing(
    'a proxy that denies the cluster',
    'proxy',
    'PROXY_DENIED',
    through(answeringProxy('HTTP/1.1 403 Forbidden\r\n\r\n')),
  ),
  failing(
    'a proxy that cannot reach the cluster',
    'proxy',
    'PROXY_BAD_GATEWAY',
    through(answeringProxy('HTTP/1.1 502 Bad Gateway\r\n\r\n')),
  ),
  failing('a proxy that hangs', 'proxy', 'PROXY_BAD_GATEWAY', async (stack) => {
    const clock = new PushedClock();
    const hang = () => {
      clock.push(2 * tooLong);
      return 'hang' as const;
    };
    const { port } = await servers.proxy(stack, hang);
    return { server: 'https://api.example.com:6443', input: { proxy: `http://127.0.0.1:${port}` }, clock };
  }),
  failing(
    'a proxy that is none',
    'proxy',
    'PROXY_BAD_GATEWAY',
    through(answeringProxy('220 mail.example.com ESMTP\r\n\r\n')),
  ),
  warning('a proxy that works', 'proxy', 'TARGET_BY_PROXY', through(workingProxy)),

  // TLS.
  failing('a server that never begins TLS', 'tls', 'TLS_TIMEOUT', silent),
  failing('a connection that is reset when TLS begins', 'tls', 'TLS_RESET', world({ kind: 'resetAtOnce' })),
  failing('HTTP without TLS', 'tls', 'TLS_NOT_TLS', async (stack) => ({
    server: (await servers.tcp(stack, (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))).url,
  })),
  failing('SSH on that port', 'tls', 'TLS_NOT_TLS', async (stack) => ({
    server: (await servers.tcp(stack, (socket) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n'))).url,
  })),
  failing(
    'a server certificate that has expired',
    'tls',
    'TLS_CERT_EXPIRED',
    world({ kind: 'certificate', problem: 'expired' }),
  ),
  failing(
    'a server certificate of tomorrow',
    'tls',
    'TLS_CERT_NOT_YET_VALID',
    world({ kind: 'certificate', problem: 'notYetValid' }),
  ),
  failing(
    'a self-signed server certificate',
    'tls',
    'TLS_SELF_SIGNED',
    world({ kind: 'certificate', problem: 'selfSigned' }),
  ),
  failing(
    'a server certificate of another CA that is named alike',
    'tls',
    'TLS_CA_UNKNOWN',
    world({ kind: 'certificate', problem: 'foreignCa' }),
  ),
  failing(
    'a server certificate of another CA, sent along',
    'tls',
    'TLS_CA_UNKNOWN',
    world({ kind: 'certificate', problem: 'foreignCaSent' }),
  ),
  failing('a private CA where none was given', 'tls', 'TLS_CA_UNKNOWN', async (stack) => ({
    server: (await expose(stack)).url,
    withoutCa: true,
  })),
  failing(
    'an intermediate certificate that is not sent',
    'tls',
    'TLS_CHAIN_INCOMPLETE',
    world({ kind: 'certificate', problem: 'incompleteChain' }),
  ),
  failing(
    'a server certificate for another name',
    'tls',
    'TLS_NAME_MISMATCH',
    world({ kind: 'certificate', problem: 'wrongName' }),
  ),
  failing(
    'another certificate than the one whose fingerprint is trusted',
    'tls',
    'TLS_FINGERPRINT_MISMATCH',
    having(world(), { input: { fingerprint: fingerprint(client.certPem) } }),
  ),
  failing('TLS 1.1 and older only', 'tls', 'TLS_PROTOCOL_UNSUPPORTED', world({ kind: 'oldTls' })),
  failing('no cipher in common', 'tls', 'TLS_HANDSHAKE_FAILED', world({ kind: 'noSharedCipher' })),
  failing(
    'a load balancer that wants a client certificate',
    'tls',
    'TLS_CLIENT_CERT_REQUIRED',
    world({ kind: 'clientCertificateRequired' }),
  ),

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
    having(world(), { clock: new PushedClock(10 * minute) }),
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
