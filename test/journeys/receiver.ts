import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { certificates, key } from '../fixtures/tls/index.ts';

/** For a Drover that is to deliver to receivers of this machine. */
export const trustsReceivers = {
  NODE_EXTRA_CA_CERTS: join(import.meta.dirname, '../fixtures/tls/ca.crt'),
};

export interface Got {
  headers: Record<string, string>;
  body: string;
}

/** A receiver with a real certificate; `next` answers the next delivery of this type about this record. */
export async function aReceiver() {
  const got: Got[] = [];
  const waiting: (() => void)[] = [];
  const server = createServer({ key, cert: certificates.server }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      got.push({
        headers: request.headers as Record<string, string>,
        body: Buffer.concat(chunks).toString(),
      });
      response.writeHead(204).end();
      for (const wake of waiting.splice(0)) wake();
    });
  });
  const port = await listening(server);
  const next = async (type: string, name: string): Promise<Got> => {
    for (;;) {
      const found = got.findIndex(({ body }) => {
        const event = JSON.parse(body) as { type: string; record: { name: string } };
        return event.type === type && event.record.name === name;
      });
      if (found >= 0) return got.splice(found, 1)[0]!;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  return { url: `https://localhost:${port}/hooks`, next };
}

export async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections?.();
  });
  return (server.address() as { port: number }).port;
}
