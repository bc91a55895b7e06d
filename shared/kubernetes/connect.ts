import { type Net, netError } from '#net';
import type { Clock, Millis } from '#time';
import type { KubeAccess, KubeConnection } from './access.ts';
import { Connection, socketsPerCluster } from './connection.ts';

export interface KubePorts {
  net: Net;
  clock: Clock;
  /** Drover's own, for the User-Agent. */
  version?: string;
}

export interface ConnectOptions {
  /** For TCP, or the proxy's tunnel, and TLS. */
  connectTimeout?: Millis;
  /** At once. */
  sockets?: number;
  /** Idle ones are closed after so long. */
  longestIdle?: Millis;
  signal?: AbortSignal;
}

/** kube-apiserver closes idle connections after 90 s: before it does, we do. */
const usualLongestIdle: Millis = 80_000;
const usualConnectTimeout: Millis = 8_000;

/** Looks the cluster's address up and vets it. Sockets are opened when the first request needs one. */
export async function connect(
  ports: KubePorts,
  access: KubeAccess,
  options: ConnectOptions = {},
): Promise<KubeConnection> {
  return open(ports, access, options);
}

/** As the pool needs it: with what a connection knows of itself. */
export async function open(
  { net, clock, version }: KubePorts,
  access: KubeAccess,
  options: ConnectOptions,
): Promise<Connection> {
  const target = await net.vet('cluster', access.server, access.proxy);
  if (options.signal?.aborted) throw netError('CALL_ABORTED', { host: target.host, port: target.port });
  const { sockets = socketsPerCluster, longestIdle = usualLongestIdle } = options;
  const { ca, fingerprint, tlsServerName, verify, certificate } = access;
  return Connection.over(
    (watch) =>
      net.agentFor(
        target,
        {
          ...(ca !== undefined && { ca }),
          ...(fingerprint !== undefined && { fingerprint }),
          ...(tlsServerName !== undefined && { serverName: tlsServerName }),
          ...(verify !== undefined && { verify }),
          ...(certificate && { cert: certificate.certificate, key: certificate.key }),
        },
        {
          connections: sockets,
          connectTimeout: options.connectTimeout ?? usualConnectTimeout,
          keepAlive: longestIdle,
          ...watch,
        },
      ),
    {
      clock,
      target,
      sockets,
      userAgent: version ? `drover/${version}` : 'drover',
      ...(access.bearer && { bearer: access.bearer }),
    },
  );
}
