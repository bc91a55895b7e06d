import { once } from 'node:events';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer as createHttps, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { server as certified } from './aCluster.ts';

export interface Listening {
  readonly port: number;
  readonly url: string;
  /** Every byte that came, in the clear where the server ends TLS. */
  received(): string;
  readonly connections: () => number;
  /** Those that have not ended. */
  readonly open: () => number;
}

async function listening(
  stack: AsyncDisposableStack,
  server: Server,
  received: () => string,
): Promise<Listening> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => {}).once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stack.defer(async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `https://127.0.0.1:${port}`,
    received,
    connections: () => connections,
    open: () => sockets.size,
  };
}

/** HTTPS with the cluster's own certificate, answering anything but Kubernetes. */
export function https(
  stack: AsyncDisposableStack,
  handle: RequestListener,
  options: ServerOptions = {},
): Promise<Listening> {
  const heads: string[] = [];
  const server = createHttps(
    { cert: certified.certPem, key: certified.keyPem, ...options },
    (request: IncomingMessage, response) => {
      heads.push([request.method, request.url, ...request.rawHeaders].join(' '));
      handle(request, response);
    },
  );
  server.on('tlsClientError', () => {});
  return listening(stack, server, () => heads.join('\n'));
}

/** TLS with the cluster's own certificate, and whatever is said over it. */
export function tls(stack: AsyncDisposableStack, speak: (socket: Socket) => void): Promise<Listening> {
  const pieces: Buffer[] = [];
  const server = createTls({ cert: certified.certPem, key: certified.keyPem }, (socket) => {
    socket.on('error', () => {}).on('data', (piece) => pieces.push(piece));
    speak(socket);
  });
  server.on('tlsClientError', () => {});
  return listening(stack, server, () => Buffer.concat(pieces).toString('latin1'));
}

/** TCP, and whatever is said over it. */
export function tcp(stack: AsyncDisposableStack, speak: (socket: Socket) => void): Promise<Listening> {
  const pieces: Buffer[] = [];
  const server = createServer((socket) => {
    socket.on('data', (piece) => pieces.push(piece));
    speak(socket);
  });
  return listening(stack, server, () => Buffer.concat(pieces).toString('latin1'));
}

/** A port on which nothing listens and that nobody else can be given meanwhile: a client's own. */
export async function closedPort(stack: AsyncDisposableStack): Promise<number> {
  const { port } = await tcp(stack, () => {});
  const holder = connect({ port, host: '127.0.0.1' }).on('error', () => {});
  await once(holder, 'connect');
  stack.defer(() => void holder.destroy());
  return holder.localPort!;
}

/** A proxy that takes CONNECT; `answer` says what it answers in place of connecting. */
export function proxy(
  stack: AsyncDisposableStack,
  answer: (head: string) => string | 'hang' | undefined = () => undefined,
): Promise<Listening> {
  return tcp(stack, (socket) => {
    socket.once('data', (piece) => {
      const head = piece.toString('latin1');
      const said = answer(head);
      if (said === 'hang') return;
      if (said !== undefined) return void socket.end(said);
      const port = Number(/^CONNECT \S+:(\d+) /.exec(head)?.[1]);
      const far = connect({ port, host: '127.0.0.1' });
      far.on('error', () => socket.destroy());
      far.once('connect', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        socket.pipe(far).pipe(socket);
      });
      socket.once('close', () => far.destroy());
    });
  });
}

/** Carries bytes to another port, and tells of every piece that sets out, by its number on its connection. */
export function farAway(
  stack: AsyncDisposableStack,
  port: number,
  setsOut: (piece: number) => void,
): Promise<Listening> {
  return tcp(stack, (socket) => {
    const far = connect({ port, host: '127.0.0.1' }).on('error', () => socket.destroy());
    let pieces = 0;
    socket.on('data', () => setsOut(++pieces));
    socket.pipe(far).pipe(socket);
    socket.once('close', () => far.destroy());
  });
}
