import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { ApiAnswer } from '../../../../infra/world/kubernetes/api.ts';
import { ServiceAccountKey } from '../../../../infra/world/kubernetes/auth/index.ts';
import { SimulatedCluster } from '../../../../infra/world/kubernetes/cluster.ts';
import { Kinds } from '../../../../infra/world/kubernetes/kinds/kinds.ts';
import { SteppedClock } from '../../../fixtures/steppedClock.ts';

const serviceAccountKey = new ServiceAccountKey(
  generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey,
);

export interface Answer {
  status: number;
  headers: Record<string, string>;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON the server answers, looked into by tests
  json: any;
}

/** One simulated API server on a stepped clock, asked as its administrator. */
export function aSimulatedCluster(at = Date.parse('2026-03-01T10:00:00Z')) {
  const clock = new SteppedClock(at);
  const faults: unknown[] = [];
  const cluster = new SimulatedCluster({
    name: 'test',
    clock,
    random: randomBytes,
    kinds: new Kinds(),
    address: '127.0.0.1:6443',
    credentials: {
      tokens: new Map([['admin', { name: 'admin', groups: ['system:masters'] }]]),
      serviceAccountKey,
      caCertificate: 'CA',
    },
    report: (error) => faults.push(error),
  });

  async function send(
    method: string,
    url: string,
    body?: unknown,
    headers: Record<string, string> = {},
    signal = new AbortController().signal,
  ): Promise<Answer> {
    const { pathname, searchParams } = new URL(url, 'https://cluster');
    const answer = await cluster.answer({
      method,
      path: pathname,
      query: searchParams,
      headers: {
        authorization: 'Bearer admin',
        'user-agent': 'test/1',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: Buffer.from(typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body)),
      signal,
    });
    const text = await textOf(answer.body);
    const isJson = answer.headers['content-type'] === 'application/json' && !/[?&]watch=/.test(url);
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      json: isJson ? JSON.parse(text) : undefined,
    };
  }

  return { cluster, clock, send, faults };
}

async function textOf(body: ApiAnswer['body']): Promise<string> {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return Buffer.from(body).toString('utf8');
  let text = '';
  for await (const piece of body) text += piece;
  return text;
}

export const aConfigMap = (
  name: string,
  more: { labels?: Record<string, string>; data?: Record<string, string> } = {},
) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...(more.labels ? { labels: more.labels } : {}) },
  data: more.data ?? { key: 'value' },
});
