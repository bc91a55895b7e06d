import { once } from 'node:events';
import { isIP, type LookupFunction, connect as netConnect, type Socket } from 'node:net';
import { type TLSSocket, connect as tlsConnect } from 'node:tls';
import type { Clock, Millis } from '#time';
import { netError } from './errors.ts';
import { faultOf, type Place, tooLate } from './faults.ts';
import { openTunnel } from './proxy.ts';
import type { Target } from './target.ts';
import { verifyServer } from './trust.ts';

export interface TlsOptions {
  /** In place of the system's. */
  ca?: string | Buffer;
  /** Shown only after the server was verified on a connection without it. */
  cert?: string | Buffer;
  key?: string | Buffer;
  /** Where the certificate carries another name than the host. */
  serverName?: string;
  /** SHA-256 of the server's own certificate, in hexadecimal: trusted in place of a CA, whatever names it carries. */
  fingerprint?: string;
  /** False only where the installation allows it (DROVER_ALLOW_INSECURE_TLS). */
  verify?: boolean;
}

/**
 * How far a connection has come: the same silence means something else at each stage. `proxy` and `tunnel` stand in
 * place of `tcp` where a proxy does.
 */
export type Stage = 'dns' | 'tcp' | 'proxy' | 'tunnel' | 'tls' | 'http';

export interface Watch {
  timeout?: Millis;
  /** With the place that is spoken to: the proxy's until its tunnel stands. */
  onStage?: (stage: Stage, place: Place) => void;
  signal?: AbortSignal;
}

export type Address = Target['addresses'][number];

/** How long one of several addresses may take before the next is tried: longer than any round trip over land or sea. */
const attemptTimeout: Millis = 1_000;

/**
 * A verified TLS connection to the vetted addresses of one target, or of its proxy, and to nothing else. Nothing has
 * been sent over it. It throws DroverErrors of this catalogue alone.
 */
export async function dial(
  clock: Clock,
  target: Target,
  tls: TlsOptions,
  watch: Watch = {},
  session?: Buffer,
): Promise<TLSSocket> {
  return raced(clock, target, watch, async (reach, opened) => {
    const wire = await reachTarget(target, reach, opened);
    reach('tls', target);
    const socket = opened(startTls(wire, target, tls, session));
    await once(socket, 'secureConnect');
    verifyServer(socket, target, tls);
    reach('http', target);
    return socket;
  });
}

type Reach = (stage: Stage, place: Place) => void;
type Opened = <S extends Socket>(socket: S) => S;

/** Runs `open` within its time, and leaves no socket behind where it fails or is given up. */
export async function raced<S extends Socket>(
  clock: Clock,
  target: Target,
  watch: Watch,
  open: (reach: Reach, opened: Opened) => Promise<S>,
): Promise<S> {
  if (watch.signal?.aborted) throw netError('CALL_ABORTED', { host: target.host, port: target.port });
  const sockets: Socket[] = [];
  const done = new AbortController();
  let stage: Stage = 'tcp';
  let place: Place = target;
  const reach: Reach = (reached, where) => {
    stage = reached;
    place = { host: where.host, port: where.port };
    watch.onStage?.(stage, place);
  };
  const opened: Opened = (socket) => {
    sockets.push(socket);
    // An error may come while nobody listens: between two stages, or before whoever asked takes the socket over.
    return socket.on('error', ignore);
  };
  const givenUp = new Promise<never>((_, reject) => {
    const stop = () => reject(netError('CALL_ABORTED', { host: place.host, port: place.port }));
    watch.signal?.addEventListener('abort', stop, { once: true, signal: done.signal });
    if (!watch.timeout) return;
    const { timeout } = watch;
    void clock.sleep(timeout, done.signal).then(() => reject(tooLate(stage, place, timeout)));
  });
  givenUp.catch(ignore);
  const opening = open(reach, opened);
  opening.catch(ignore);
  try {
    return await Promise.race([opening, givenUp]);
  } catch (error) {
    // The outermost takes those beneath it along. The other way round, Node 24 crashes.
    sockets.at(-1)?.destroy();
    throw faultOf(error, stage, place);
  } finally {
    // With a reason: without one, an exception is made for nobody.
    done.abort('done');
  }
}

const ignore = () => {};

/** The bytes to the target: a connection of its own, or a tunnel. */
export async function reachTarget(target: Target, reach: Reach, opened: Opened): Promise<Socket> {
  const { proxy } = target;
  if (!proxy) {
    reach('tcp', target);
    const socket = opened(openTcp(target, target.addresses));
    await once(socket, 'connect');
    return socket;
  }
  reach('proxy', proxy);
  const plain = opened(openTcp(proxy, proxy.addresses));
  await once(plain, 'connect');
  const wire = proxy.isTls ? opened(startTls(plain, proxy, {})) : plain;
  if (wire !== plain) {
    await once(wire, 'secureConnect');
    verifyServer(wire as TLSSocket, proxy, {});
  }
  reach('tunnel', proxy);
  await openTunnel(wire, proxy, target);
  return wire;
}

/** Ends a connection that has served, as one does among friends: a server that is cut off in the middle logs a fault. */
export function hangUp(socket: Socket): void {
  socket.setTimeout(1_000, () => socket.destroy());
  socket.resume().end();
}

export function openTcp(place: Place, addresses: readonly Address[]): Socket {
  const [first] = addresses;
  const socket = netConnect({
    // Node asks `lookup` for names alone; of one address there is nothing to look up.
    host: addresses.length === 1 ? first!.address : place.host,
    port: place.port,
    lookup: pinnedLookup(addresses),
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: attemptTimeout,
  });
  return socket.setNoDelay(true).setKeepAlive(true, 60_000);
}

function pinnedLookup(addresses: readonly Address[]): LookupFunction {
  return (_host, options, callback) => {
    const [first] = addresses;
    if (options.all) callback(null, [...addresses]);
    else callback(null, first!.address, first!.family);
  };
}

export function startTls(socket: Socket, { host }: Place, tls: TlsOptions, session?: Buffer): TLSSocket {
  return tlsConnect({
    socket,
    host,
    // An address is not a name that TLS may ask for.
    servername: tls.serverName ?? (isIP(host) ? '' : host),
    ALPNProtocols: ['http/1.1'],
    // `verifyServer` decides, before anything is sent: it also knows fingerprints, and tells causes apart.
    rejectUnauthorized: false,
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...(session === undefined ? {} : { session }),
  });
}
