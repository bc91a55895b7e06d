import { Agent, request } from 'undici';
import type { RealCluster } from '../controlPlane/connection.ts';

export interface Server {
  /** The body as text to the byte, whatever the status: documents are kept as they are. */
  ask(
    path: string,
    options?: { method?: 'POST' | 'DELETE'; accept?: string; body?: unknown },
  ): Promise<Answered>;
  close(): Promise<void>;
}

export interface Answered {
  status: number;
  text: string;
  /** The warning that came with it. */
  warning?: string;
}

export function serverOf({ server, caPem, clientCertPem, clientKeyPem }: RealCluster): Server {
  const dispatcher = new Agent({
    connections: 4,
    connect: { ca: caPem, cert: clientCertPem, key: clientKeyPem },
  });
  return {
    async ask(path, { method, accept = 'application/json', body } = {}) {
      const answer = await request(`${server}${path}`, {
        method: method ?? 'GET',
        dispatcher,
        headers: { accept, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const warning = /^299 - "(.*)"$/.exec(String(answer.headers.warning))?.[1];
      const text = await answer.body.text();
      return { status: answer.statusCode, text, ...(warning === undefined ? {} : { warning }) };
    },
    close: () => dispatcher.close(),
  };
}
