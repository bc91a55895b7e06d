import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { onTestFinished } from 'vitest';
import { ca, identity } from './certificates.ts';

export interface Recorded {
  /** What was said once TLS stood. */
  text: string;
  /** What TLS was asked for. */
  serverName: string | false;
  /** Who the client says it is. */
  client: string | undefined;
}

export interface TlsServer {
  readonly port: number;
  /** Connections whose handshake was done, in order. */
  readonly recorded: Recorded[];
  /** Connections that are open. */
  readonly open: Set<Socket>;
  /** Connections there ever were. */
  readonly connections: number;
}

type Respond = (socket: TLSSocket, request: string, nth: number) => void;

export const ok = (body = '{}', more = ''): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${more}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/** A server that keeps what it is sent, and answers as it is told. */
export async function aTlsServer(
  respond: Respond = (socket) => socket.write(ok()),
  options: TlsOptions = {},
): Promise<TlsServer> {
  const recorded: Recorded[] = [];
  const server = createTlsServer(
    {
      key: identity.server.keyPem,
      cert: identity.server.certPem,
      ca: ca.certPem,
      requestCert: true,
      rejectUnauthorized: false,
      ...options,
    },
    (socket) => {
      const record: Recorded = {
        text: '',
        serverName: socket.servername ?? false,
        client: socket.getPeerCertificate().subject?.CN as string | undefined,
      };
      recorded.push(record);
      let pending = '';
      let nth = 0;
      socket.on('error', () => {});
      socket.on('data', (piece) => {
        record.text += piece.toString('latin1');
        pending += piece.toString('latin1');
        for (let end = pending.indexOf('\r\n\r\n'); end >= 0; end = pending.indexOf('\r\n\r\n')) {
          const request = pending.slice(0, end);
          pending = pending.slice(end + 4);
          respond(socket, request, nth++);
        }
      });
    },
  );
  server.on('tlsClientError', () => {});
  const { port, open, count } = await listening(server);
  return {
    port,
    recorded,
    open,
    get connections() {
      return count();
    },
  };
}

/** For the time of a test. */
export async function listening(
  server: Server,
): Promise<{ port: number; open: Set<Socket>; count(): number }> {
  const open = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections++;
    open.add(socket.on('error', () => {}));
    socket.once('close', () => open.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return { port: (server.address() as { port: number }).port, open, count: () => connections };
}

/** A port where nobody listens. */
export async function aClosedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
