import { isIP, type LookupFunction, type Socket } from 'node:net';
import { Agent, buildConnector } from 'undici';
import type { Millis } from '#time';
import { netError } from './errors.ts';
import type { Target } from './target.ts';

export interface TlsOptions {
  /** In place of the system's. */
  ca?: string | Buffer;
  cert?: string | Buffer;
  key?: string | Buffer;
  /** Where the certificate carries another name than the host. */
  serverName?: string;
  /** False only where the installation allows it (DROVER_ALLOW_INSECURE_TLS). */
  verify?: boolean;
}

/** How far a connection has come: the same silence means something else at each stage. */
export type Stage = 'dns' | 'tcp' | 'tls' | 'http';

/**
 * Connects to the vetted addresses of one target and to nothing else: also a redirect or a wrong `origin` that
 * reaches the dispatcher ends here, and an address literal, which Node dials without asking `lookup`.
 */
export function pinnedConnector(
  target: Target,
  tls: TlsOptions = {},
  watch: { timeout?: Millis; onStage?: (stage: Stage) => void; signal?: AbortSignal } = {},
): buildConnector.connector {
  const connect = buildConnector({
    timeout: watch.timeout ?? 0,
    allowH2: false,
    lookup: pinnedLookup(target),
    autoSelectFamily: true,
    rejectUnauthorized: tls.verify ?? true,
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
  });
  return (options, callback) => {
    const isTarget =
      options.protocol === 'https:' &&
      options.hostname === target.host &&
      (Number(options.port) || 443) === target.port;
    if (!isTarget) {
      const error = netError('TARGET_OTHER', { host: options.hostname, expected: target.host });
      queueMicrotask(() => callback(error, null));
      return;
    }
    watch.onStage?.('tcp');
    // Without a name of our own, undici takes the Host header's for TLS. An address is not a name TLS may ask for.
    const servername = tls.serverName ?? (isIP(target.host) ? '' : target.host);
    // The declared type forgets the socket that comes back.
    const socket = connect({ ...options, servername }, callback) as unknown as Socket;
    socket.once('connect', () => watch.onStage?.('tls'));
    socket.once('secureConnect', () => watch.onStage?.('http'));
    // undici lets go of a socket that still connects only when the connecting ends, which may be minutes.
    const stop = () => socket.destroy();
    watch.signal?.addEventListener('abort', stop, { once: true });
    socket.once('close', () => watch.signal?.removeEventListener('abort', stop));
  };
}

function pinnedLookup(target: Target): LookupFunction {
  return (_host, options, callback) => {
    const [first] = target.addresses;
    if (options.all) callback(null, [...target.addresses]);
    else callback(null, first!.address, first!.family);
  };
}

/** A dispatcher for clients that keep connections: pinned to the target, no redirects, answers capped. */
export function agentFor(
  target: Target,
  tls: TlsOptions = {},
  limits: { connections?: number; connectTimeout?: Millis; maxBytes?: number } = {},
): Agent {
  return new Agent({
    connect: pinnedConnector(target, tls, { timeout: limits.connectTimeout ?? 8_000 }),
    connections: limits.connections ?? 4,
    ...(limits.maxBytes === undefined ? {} : { maxResponseSize: limits.maxBytes }),
  });
}
