import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

const dynalite = createRequire(import.meta.url)('dynalite') as (options: {
  path?: string;
  createTableMs?: number;
  updateTableMs?: number;
}) => Server;

export interface Emulator {
  endpoint: string;
  close(): Promise<void>;
}

/** The embedded store. Without `path` its data is gone when it closes. */
export async function startDynalite(path?: string): Promise<Emulator> {
  const server = dynalite({ createTableMs: 0, updateTableMs: 0, ...(path !== undefined && { path }) });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
