import { once } from 'node:events';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { type FullBacklog, openFullBacklog } from './fullBacklog.ts';
import type { Incoming } from './readRequest.ts';
import type { Outgoing } from './writeAnswer.ts';

/** What a connection to the port meets. */
export type Mode =
  | {
      is: 'tls';
      certPem: string;
      keyPem: string;
      /** Who may have signed client certificates. */
      clientCaPem: string;
      requiresClientCertificate?: boolean;
      /** Speaks HTTP/1.1 alone, and asks for no client certificate. */
      isHttp1?: boolean;
      context?: Pick<SecureContextOptions, 'minVersion' | 'maxVersion' | 'ciphers'>;
    }
  | { is: 'plain' }
  /** Takes connections and says nothing. */
  | { is: 'silent' }
  /** Takes connections and resets them. */
  | { is: 'reset' }
  /** Takes no connection, and does not refuse it either. */
  | { is: 'full' }
  | { is: 'closed' };

type Speaker = Http2SecureServer | HttpServer | HttpsServer;

/** `reset` ends the request's connection with RST. */
export type Handler = (incoming: Incoming, outgoing: Outgoing, reset: () => void) => void;

const loopback = '127.0.0.1';

/** As a real API server waits for the next request of a connection, and for a request's headers. */
const timeouts = { keepAliveTimeout: 90_000, headersTimeout: 32_000, requestTimeout: 0 };

/** A port on loopback that can be whole, or broken in one of the ways of `Mode`. */
export class Listener {
  readonly port: number;
  readonly #handler: Handler;
  /** By the client's port: TLS and HTTP/2 hide the socket beneath them. */
  readonly #sockets = new Map<number, Socket>();
  #mode: Mode = { is: 'silent' };
  /** Whoever asked for a change is told what became of it; the next one only waits. */
  #changing: Promise<void> = Promise.resolve();
  #server: Server | undefined;
  #backlog: FullBacklog | undefined;
  #speaker: Speaker | undefined;

  /** Opens port 0 as a free one. */
  static async open(port: number, mode: Mode, handler: Handler): Promise<Listener> {
    const server = createServer({ noDelay: true });
    await listen(server, port);
    const { port: taken } = server.address() as { port: number };
    const listener = new Listener(taken, handler);
    listener.#attach(server);
    await listener.setMode(mode);
    return listener;
  }

  private constructor(port: number, handler: Handler) {
    this.port = port;
    this.#handler = handler;
  }

  /** From now on. Connections that there are end: a server that changes so has been started anew. */
  setMode(mode: Mode): Promise<void> {
    // One after another: two that open the port at once would find it taken.
    const change = this.#changing.then(() => this.#change(mode));
    this.#changing = change.catch(() => {});
    return change;
  }

  async #change(mode: Mode): Promise<void> {
    this.#mode = mode;
    this.#endConnections();
    await this.#backlog?.close();
    this.#backlog = undefined;
    this.#speaker = this.#speakerOf(mode);
    if (mode.is === 'closed' || mode.is === 'full') await this.#stopListening();
    else if (!this.#server) {
      const server = createServer({ noDelay: true });
      await listen(server, this.port);
      this.#attach(server);
    }
    if (mode.is === 'full') this.#backlog = await openFullBacklog(loopback, this.port);
  }

  /** Ends every connection, and resolves when none is left. */
  async close(): Promise<void> {
    const ends = [...this.#sockets.values()].map(ended);
    await this.setMode({ is: 'closed' });
    await Promise.all(ends);
  }

  #attach(server: Server): void {
    this.#server = server;
    server.on('connection', (socket) => this.#connected(socket));
  }

  #connected(socket: Socket): void {
    const clientPort = socket.remotePort;
    // It may be gone by now.
    if (clientPort === undefined) return void socket.destroy();
    this.#sockets.set(clientPort, socket);
    socket.once('close', () => this.#sockets.delete(clientPort));
    // Clients may go in any way they like.
    socket.on('error', () => {});
    if (this.#mode.is === 'reset') return void socket.once('data', () => socket.resetAndDestroy());
    this.#speaker?.emit('connection', socket);
  }

  #speakerOf(mode: Mode): Speaker | undefined {
    const handle = (incoming: Incoming, outgoing: Outgoing) => {
      const clientPort = incoming.socket.remotePort;
      this.#handler(incoming, outgoing, () => this.#sockets.get(clientPort ?? -1)?.resetAndDestroy());
    };
    if (mode.is === 'plain') return Object.assign(createHttpServer(handle), timeouts);
    if (mode.is !== 'tls') return undefined;
    const { certPem, keyPem, clientCaPem, requiresClientCertificate = false, context } = mode;
    const own = { cert: certPem, key: keyPem };
    if (mode.isHttp1 && !requiresClientCertificate) {
      const server = createHttpsServer({ ...own, ...context }, handle);
      return Object.assign(server, timeouts).on('tlsClientError', () => {});
    }
    const server = createSecureServer({
      ...own,
      ca: clientCaPem,
      requestCert: true,
      rejectUnauthorized: requiresClientCertificate,
      allowHTTP1: true,
      // A real API server's own bound; Node's is higher, and a client that counts on it would fail in the field.
      settings: { maxConcurrentStreams: 100 },
      ...context,
    });
    // What TLS and HTTP/2 find wrong ends the connection; there is nobody else to tell.
    server.on('sessionError', () => {}).on('error', () => {});
    return Object.assign(server, timeouts).on('request', handle);
  }

  async #stopListening(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    this.#endConnections();
    await closed;
  }

  #endConnections(): void {
    for (const socket of this.#sockets.values()) socket.resetAndDestroy();
  }
}

/** One that is just being shut down cannot be reset any more (EINVAL): it ends by itself. */
const ended = (socket: Socket): Promise<void> =>
  new Promise((resolve) => void socket.once('close', resolve).once('error', () => resolve()));

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, loopback);
  await once(server, 'listening');
}
