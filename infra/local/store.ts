import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';

/** As serverless.yml names it in the stage `local`. */
export const localTable = 'drover-local';

export interface LocalStore {
  readonly endpoint: string;
  close(): Promise<void>;
}

/**
 * The table’s engine, kept on disk (in memory without a path), in this process: it has a core to itself while the
 * functions use another. It checks no signatures and answers pages of every origin, so what it holds is kept from
 * other users of the machine, and from pages in its browsers, by a path that only its own clients are told.
 */
export async function startStore(path: string | undefined): Promise<LocalStore> {
  const server = dynalite({ ...(path !== undefined && { path }), createTableMs: 0 });
  const secret = `/${randomBytes(16).toString('hex')}`;
  const [answer] = server.listeners('request') as [RequestListener];
  server.removeAllListeners('request').on('request', (request, response) => {
    if (request.url !== secret && request.url !== `${secret}/`) return void response.writeHead(404).end();
    request.url = '/';
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}${secret}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeIdleConnections();
      }),
  };
}
