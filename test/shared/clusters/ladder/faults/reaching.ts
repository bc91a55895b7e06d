import type { Resolve } from '#net';
import { systemClock } from '#time';
import { client, expose } from '../aCluster.ts';
import * as servers from '../servers.ts';
import { StandingClock } from '../standingClock.ts';
import {
  answeringProxy,
  type FaultCase,
  failing,
  failingLookUp,
  fingerprint,
  having,
  named,
  silent,
  through,
  tooLong,
  warning,
  workingProxy,
  world,
} from './making.ts';

/** On the way to a server that is verified. */
export const reachingFaults: readonly FaultCase[] = [
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
    const clock = new StandingClock();
    const resolve: Resolve = () => {
      clock.push(tooLong);
      return new Promise(() => {});
    };
    return { server: 'https://api.example.com:6443', resolve, clock };
  }),

  failing('a proxy whose name does not exist', 'dns', 'DNS_NXDOMAIN', async () => ({
    server: 'https://api.example.com:6443',
    input: { proxy: 'http://proxy.example.com:3128' },
    resolve: failingLookUp('ENOTFOUND'),
  })),

  // The connection.
  failing('nothing listens', 'tcp', 'TCP_REFUSED', async (stack) => ({
    server: `https://127.0.0.1:${await servers.closedPort(stack)}`,
  })),
  failing(
    'packets are dropped',
    'tcp',
    'TCP_TIMEOUT',
    // Nobody is told that they were dropped: this one is waited for.
    having(world({ kind: 'dropped' }), { budgets: { tcp: 300 }, clock: systemClock }),
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
    const clock = new StandingClock();
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
  failing('a proxy over TLS that is not trusted', 'proxy', 'PROXY_UNREACHABLE', async (stack) => {
    const { port } = await servers.https(stack, () => {});
    return { server: 'https://api.example.com:6443', input: { proxy: `https://127.0.0.1:${port}` } };
  }),
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
];
