import { randomBytes } from 'node:crypto';
import type { DroverError } from '#errors';
import type { KubeAnswer, KubeConnection, KubeRequest } from '#kubernetes';
import { createEngine, type HandOver, type Ports, type Row } from '#reconcile';
import { MemoryTable, type Table } from '#store';
import { minute } from '#time';
import { clustersIn } from '../../../../shared/clusters/area.ts';
import type { ClusterData, ClustersData, Look } from '../../../../shared/clusters/model.ts';
import { syncActs } from '../../../../shared/clusters/sync/act.ts';
import type { SyncKind } from '../../../../shared/clusters/sync/kinds.ts';
import { type SyncData, syncIdOf } from '../../../../shared/clusters/sync/model.ts';
import { tellSync } from '../../../../shared/clusters/sync/tell.ts';
import { Answer } from '../../../../shared/kubernetes/answer.ts';
import { SteppedClock } from '../../../fixtures/steppedClock.ts';
import { aSimulatedCluster } from '../../../infra/world/kubernetes/aSimulatedCluster.ts';
import { clusterData, ok } from '../aCluster.ts';

export const by = { actor: { kind: 'system' as const, id: 'test', name: 'test' }, action: 'cluster.create' };

export const pod = (namespace: string, name: string, phase = 'Running') => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace, name },
  spec: { containers: [{ name: 'c', image: 'i' }], nodeName: 'node-1' },
  status: { phase },
});

export const node = (name: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  spec: {},
  status: {
    conditions: [{ type: 'Ready', status: 'True' }],
    allocatable: { cpu: '3900m', memory: '16Gi', pods: '110' },
    ...more,
  },
});

/** What a request met instead of an answer: an error on its way, or another answer. */
type Meets = (request: KubeRequest) => DroverError | { status: number; body: object } | undefined;

/** A simulated API server, asked without a socket. */
export function aConnection(meets: Meets = () => undefined, isSilentOnRemaining = false) {
  const simulated = aSimulatedCluster();
  const requests: KubeRequest[] = [];
  let token = 'admin';
  const asked = { host: 'cluster', port: 6443 };
  const connection: KubeConnection = {
    address: undefined,
    certificate: undefined,
    async send(request): Promise<KubeAnswer> {
      requests.push(request);
      const { method = 'GET', path, query = {}, body, contentType, accept } = request;
      const met = meets(request);
      if (met instanceof Error) throw met;
      const given = Object.entries(query).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, String(value)] as [string, string]],
      );
      const { status, headers, text } = met
        ? {
            status: met.status,
            headers: { 'content-type': 'application/json' },
            text: JSON.stringify(met.body),
          }
        : await simulated.send(method, `${path}?${new URLSearchParams(given)}`, body, {
            ...(contentType && { 'content-type': contentType }),
            ...(accept && { accept }),
            authorization: `Bearer ${token}`,
          });
      return new Answer({
        asked: { ...asked, method, path },
        status,
        headers,
        body: Buffer.from(isSilentOnRemaining ? text.replace(/"remainingItemCount":\d+/, '"x":0') : text),
        ms: 1,
      });
    },
    stream: () => Promise.reject(new Error('Pages are read whole')),
    close: async () => undefined,
  };
  const asUser = (bearer: string) => {
    token = bearer;
  };
  return { ...simulated, connection, requests, asUser };
}

export interface SyncedOptions {
  kinds?: SyncKind[];
  everySeconds?: number;
  meets?: Meets;
  /** Lists do not say how many remain. */
  isSilentOnRemaining?: boolean;
  /** In front of the store: what tests let fail. */
  around?: (table: Table) => Table;
}

/** One registered cluster that wants to be synced, and the engine that does it. */
export async function aSyncedCluster(options: SyncedOptions = {}) {
  const { kinds = ['namespaces', 'nodes', 'pods'], everySeconds = 3600, around = (table) => table } = options;
  const world = aConnection(options.meets, options.isSilentOnRemaining);
  const clock = new SteppedClock();
  const store = new MemoryTable(() => clock.now());
  let look: Look = ok({ uid: null });
  const queue: HandOver[] = [];
  const ports: Ports = {
    clock,
    random: randomBytes,
    couriers: {
      work: async (_area, handOver) => void queue.push(handOver),
      tick: async () => undefined,
      call: async () => null,
    },
    meter: { count: () => undefined, observe: () => undefined },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  };
  const engineOver = (table: Table) => {
    const engine = createEngine<ClustersData>(
      clustersIn({
        observe: async () => ({ look, ownFault: null }),
        observeFleet: async () => ({ pulses: [] }) as never,
        look: async () => ({ ok: true, differs: false }),
        act: async (row) => {
          await tellSync(engine.records, row);
          return { did: 'synced', version: row.version };
        },
        actOnSync: syncActs({ withConnection: async (_cluster, _context, use) => use(world.connection) }),
      }),
      { ...ports, table },
    );
    return engine;
  };
  const engine = engineOver(store);
  const faulty = engineOver(around(store));
  await engine.records.create(
    {
      kind: 'cluster',
      name: 'store-1',
      labels: {},
      everySeconds: 300,
      id: 'clu_1',
      data: clusterData({ uid: null, sync: { kinds, everySeconds }, isSyncTold: false }),
    },
    by,
  );
  /** Carries out what was handed over, as long as there is something. */
  const deliver = async (over = engine) => {
    for (let next = queue.shift(); next; next = queue.shift()) await clock.runUntil(over.work(next));
  };
  const step = (id: string, over = engine) =>
    clock.runUntil(over.work({ kind: 'step', ids: [id], at: clock.now() }));
  const sync = async () => (await engine.records.get(syncIdOf('clu_1'), 'sync')) as Row<SyncData> | undefined;
  return {
    ...world,
    clock,
    store,
    engine,
    faulty,
    deliver,
    step,
    sync,
    /** As if its time had come: the tick would hand it over. */
    async syncAgain(after = everySeconds * 1000 + minute, over = engine) {
      await clock.step(after);
      await step(syncIdOf('clu_1'), over);
    },
    look: (next: Look) => {
      look = next;
    },
    change: (edit: (data: ClusterData) => Partial<ClusterData>) =>
      engine.records.change(
        'clu_1',
        'cluster',
        ({ data }) =>
          data.kind === 'cluster' ? { data: { ...data, ...edit(data) } as ClustersData } : undefined,
        by,
      ),
  };
}
