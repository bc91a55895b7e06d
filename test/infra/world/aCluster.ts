import { Agent, request } from 'undici';
import { onTestFinished } from 'vitest';
import { day, systemClock } from '#time';
import { type Exposed, type ExposedCluster, exposeAlone } from '../../../infra/world/exposed.ts';
import type { Identity } from '../../../infra/world/faults/connectionMode.ts';
import type { Fault } from '../../../infra/world/faults/fault.ts';
import type { ApiAnswer, ApiRequest } from '../../../infra/world/kubernetes/api.ts';
import { clientCertificate, createCa, serverCertificate } from '../../../infra/world/pki/index.ts';

const now = Date.now();
const valid = { notBefore: now - day, notAfter: now + day };
const ca = createCa({ commonName: 'kubernetes', ...valid });
const names = ['127.0.0.1', 'localhost', '*.clusters.localhost'] as const;

export const identity: Identity = {
  ca,
  caName: 'kubernetes',
  names,
  server: serverCertificate(ca, { names, ...valid }),
};

export const administrator = clientCertificate(ca, {
  commonName: 'anna',
  organizations: ['system:masters', 'people'],
  ...valid,
});

export const outdated = clientCertificate(ca, {
  commonName: 'anna',
  notBefore: now - 2 * day,
  notAfter: now - day,
});

export const foreigner = clientCertificate(createCa({ commonName: 'kubernetes', ...valid }), {
  commonName: 'anna',
  ...valid,
});

export const json = (body: unknown, status = 200): ApiAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

type Answering = (request: ApiRequest) => ApiAnswer | Promise<ApiAnswer>;

export function aCluster(answer: Answering, name = 'testing'): ExposedCluster {
  return { name, revision: 7, answer: async (request) => answer(request) };
}

/** A cluster on a port of its own, for the time of a test. */
export async function exposed(answer: Answering, ...faults: Fault[]): Promise<Exposed> {
  const own = await exposeAlone(aCluster(answer), {
    port: 0,
    identity,
    seed: 'test',
    clock: systemClock,
    faults,
  });
  onTestFinished(() => own[Symbol.asyncDispose]());
  return own;
}

export interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  certificate?: { certPem: string; keyPem: string };
  allowH2?: boolean;
  servername?: string;
}

export interface Seen {
  status?: number;
  headers?: Record<string, string>;
  text?: string;
  /** Of what went wrong; beside a status, once the answer had begun. */
  code?: string;
}

/** What a client sees who connects afresh. */
export async function ask(address: string, asked: Asked = {}): Promise<Seen> {
  const { certificate, allowH2 = false, servername, ...init } = asked;
  const agent = new Agent({
    allowH2,
    headersTimeout: 300,
    connect: {
      ca: ca.certPem,
      timeout: 300,
      ...(servername && { servername }),
      ...(certificate && { cert: certificate.certPem, key: certificate.keyPem }),
    },
  });
  let seen: Seen = {};
  try {
    const answer = await request(address, { ...init, dispatcher: agent } as Parameters<typeof request>[1]);
    seen = { status: answer.statusCode, headers: answer.headers as Record<string, string> };
    return { ...seen, text: await answer.body.text() };
  } catch (error) {
    return { ...seen, code: (error as { code: string }).code };
  } finally {
    await agent.destroy();
  }
}
