import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { Server as TlsServer } from 'node:tls';
import { listening } from '../../fixtures/aTlsServer.ts';

export interface ConnectProxy {
  readonly port: number;
  /** What each connection said before a tunnel stood. */
  readonly asked: string[];
  readonly connections: number;
}

/** What it does with a CONNECT: goes where it is told, or answers with other bytes. */
export type Behaviour =
  | { to: number }
  | { says: string; bytewise?: boolean; ends?: boolean }
  | 'silent'
  | 'closes';

export async function aProxy(
  behaviour: Behaviour,
  /** Where it is spoken to over TLS. */
  tls?: TlsServer,
): Promise<ConnectProxy> {
  const server = tls ?? createServer();
  const asked: string[] = [];
  const serve = (socket: Socket) => {
    let text = '';
    const read = (piece: Buffer) => {
      text += piece.toString('latin1');
      if (!text.includes('\r\n\r\n')) return;
      socket.off('data', read);
      asked.push(text);
      void answer(socket, behaviour);
    };
    socket.on('data', read).on('error', () => {});
  };
  server.on(tls ? 'secureConnection' : 'connection', serve);
  const { port, count } = await listening(server);
  return {
    port,
    asked,
    get connections() {
      return count();
    },
  };
}

async function answer(socket: Socket, behaviour: Behaviour): Promise<void> {
  if (behaviour === 'silent') return;
  if (behaviour === 'closes') return void socket.end();
  if ('to' in behaviour) {
    const onward = connect(behaviour.to, '127.0.0.1').on('error', () => socket.destroy());
    await once(onward, 'connect');
    socket.write('HTTP/1.1 200 Connection established\r\nVia: a-proxy\r\n\r\n');
    socket.pipe(onward).pipe(socket);
    return;
  }
  for (const piece of behaviour.bytewise ? behaviour.says : [behaviour.says]) socket.write(piece);
  if (behaviour.ends) socket.end();
}
