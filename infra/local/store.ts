import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';

export interface LocalStore {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** The table’s engine, kept on disk (in memory without a path), in this process: it has a core to itself while the functions use another. */
export async function startStore(path: string | undefined): Promise<LocalStore> {
  const server = dynalite({ ...(path !== undefined && { path }), createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeIdleConnections();
      }),
  };
}
