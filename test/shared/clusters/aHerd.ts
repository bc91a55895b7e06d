import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { newCluster } from '#clusters';
import { type ClustersWorker, createWorker } from '#clusters/worker';
import { createNet } from '#net';
import { type HandOver, slotName, slotsOf } from '#reconcile';
import type { Vault } from '#secrets';
import { MemoryTable, type Table } from '#store';
import { hour, systemClock } from '#time';
import { exposeAlone } from '../../../infra/world/exposed.ts';
import type { ApiAnswer, ApiRequest } from '../../../infra/world/kubernetes/api.ts';
import { ServiceAccountKey } from '../../../infra/world/kubernetes/auth/index.ts';
import { SimulatedCluster } from '../../../infra/world/kubernetes/cluster.ts';
import { Kinds } from '../../../infra/world/kubernetes/kinds/kinds.ts';
import { accessManifest } from '../../../shared/clusters/accessManifest/accessManifest.ts';
import type { Capability } from '../../../shared/clusters/accessManifest/permissions.ts';
import type { ConnectionBody, Prepared } from '../../../shared/clusters/calls.ts';
import type { ClusterData } from '../../../shared/clusters/model.ts';
import type { Usable } from '../../../shared/clusters/wishes.ts';
import { ca, identity } from '../../fixtures/clusterCertificates.ts';
import { SteppedClock } from '../../fixtures/steppedClock.ts';
import { aVault } from './secret/aVault.ts';

const serviceAccountKey = new ServiceAccountKey(
  generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey,
);

export const account = { namespace: 'drover-system', name: 'drover' };
const administrator = 'administrator-token';

type Intercept = (request: ApiRequest, answer: () => Promise<ApiAnswer>) => Promise<ApiAnswer>;

/** A simulated cluster whose clock a test moves, with Drover's service account in it. */
export async function aGrantingCluster(clock: SteppedClock, ...capabilities: Capability[]) {
  const cluster = new SimulatedCluster({
    name: 'test',
    clock,
    random: randomBytes,
    kinds: new Kinds(),
    address: '127.0.0.1:6443',
    credentials: {
      tokens: new Map([[administrator, { name: 'admin', groups: ['system:masters'] }]]),
      serviceAccountKey,
      caCertificate: ca.certPem,
    },
    report: (error) => {
      throw error;
    },
  });
  await cluster.settled();
  const asked: string[] = [];
  const world = { intercept: undefined as Intercept | undefined };
  const exposed = await exposeAlone(
    {
      name: cluster.name,
      get revision() {
        return cluster.objects.revision;
      },
      answer: (request) => {
        asked.push(`${request.method} ${request.path}`);
        const answer = () => cluster.answer(request);
        return world.intercept ? world.intercept(request, answer) : answer();
      },
    },
    { port: 0, identity, seed: 'test', clock: systemClock, faults: [] },
  );
  onTestFinished(() => exposed[Symbol.asyncDispose]());
  const asAdministrator = async (
    method: string,
    path: string,
    body: unknown,
  ): Promise<{ status: number; body: string }> => {
    const { status, body: said } = await cluster.answer({
      method,
      path,
      query: new URLSearchParams(),
      headers: { authorization: `Bearer ${administrator}`, 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(body)),
      signal: new AbortController().signal,
    });
    return { status, body: String(said) };
  };
  const apply = async (manifest: string) => {
    for (const document of parseAllDocuments(manifest)) {
      const object = document.toJS();
      const { status, body } = await asAdministrator('POST', collectionOf(object), object);
      if (status !== 201) throw new Error(body);
    }
  };
  await apply(accessManifest({ ...account, capabilities }));
  const path = `/api/v1/namespaces/${account.namespace}/serviceaccounts/${account.name}/token`;
  const token = async (seconds: number, audiences?: string[]): Promise<string> => {
    const spec = { expirationSeconds: seconds, ...(audiences && { audiences }) };
    const made = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec };
    const { body } = await asAdministrator('POST', path, made);
    return JSON.parse(body).status.token;
  };
  /** Whether it would be let in with that token. */
  const accepts = async (bearer: string): Promise<boolean> => {
    const { status } = await cluster.answer({
      method: 'GET',
      path: '/api/v1/namespaces',
      query: new URLSearchParams({ limit: '1' }),
      headers: { authorization: `Bearer ${bearer}` },
      body: Buffer.alloc(0),
      signal: new AbortController().signal,
    });
    return status !== 401;
  };
  return { server: exposed.address, exposed, cluster, asked, world, apply, token, accepts, tokenPath: path };
}

const plurals: Record<string, string> = {
  Namespace: 'namespaces',
  ServiceAccount: 'serviceaccounts',
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
  Role: 'roles',
  RoleBinding: 'rolebindings',
};

function collectionOf(object: {
  apiVersion: string;
  kind: string;
  metadata: { namespace?: string };
}): string {
  const { apiVersion, kind, metadata } = object;
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  const within = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  return `${root}${within}/${plurals[kind]}`;
}

/** The clusters worker of one process, over a table that others may share. */
export function aHerd({
  clock = new SteppedClock(Date.now()),
  table = new MemoryTable(() => clock.now()) as Table,
  vault = aVault(table, clock) as Vault,
} = {}) {
  const queue: HandOver[] = [];
  const lines: unknown[] = [];
  const counted: string[] = [];
  const log = (message: string, fields?: Record<string, unknown>) => void lines.push({ message, ...fields });
  const worker: ClustersWorker = createWorker({
    clock,
    table,
    vault,
    random: randomBytes,
    couriers: {
      work: async (_area, handOver) => void queue.push(handOver),
      tick: async () => undefined,
      call: async () => null,
    },
    meter: {
      count: (family, labels) => void counted.push(`${family} ${Object.values(labels).join(' ')}`),
      observe: () => undefined,
    },
    log: { debug: log, info: log, warn: log, error: log },
    // No address but loopback is dialled.
    net: createNet({ clock, allowLoopback: true, resolve: async () => ['127.0.0.1'] }),
    allowInsecureTls: false,
    environment: () => undefined,
    version: '1.2.3',
  });
  onTestFinished(() => worker.close());
  const { records } = worker.engine;

  const step = (id: string) => worker.engine.work({ kind: 'step', ids: [id], at: clock.now() });

  /** As the HTTP function creates one; then its first step. */
  async function register(name: string, body: ConnectionBody, unchecked = true): Promise<string> {
    const id = records.newId('cluster');
    const call = { do: 'prepare', id, version: 1, body, unchecked } as const;
    const prepared = (await worker.answer(call)) as unknown as Prepared;
    if (!prepared.secret) throw new Error(JSON.stringify(prepared.validation));
    const slot = slotName(0, id);
    await records.create(
      {
        kind: 'cluster',
        id,
        name,
        labels: {},
        everySeconds: 300,
        data: newCluster(prepared as Usable, slot, null, clock.now()),
        sides: slotsOf(id, slot, prepared.secret),
      },
      { actor: { kind: 'system', id: 'test', name: 'test' }, action: 'cluster.create' },
    );
    await step(id);
    return id;
  }

  async function dataOf(id: string): Promise<ClusterData> {
    const row = await records.get(id, 'cluster');
    if (row?.data.kind !== 'cluster') throw new Error('It is gone.');
    return row.data;
  }

  /** Time passes, and whatever is due is seen to. */
  async function later(id: string, millis: number): Promise<ClusterData> {
    await clock.step(millis);
    await worker.engine.wake(id);
    await step(id);
    return dataOf(id);
  }
  return { clock, table, vault, worker, records, register, step, dataOf, later, lines, counted, queue };
}

export const tokenBody = (server: string, token: string): ConnectionBody => ({
  server,
  ca: ca.certPem,
  credential: { type: 'token', token },
});

export const usualLife = (48 * hour) / 1000;
