import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { createNet } from '#net';
import type { HandOver, Ports, Row } from '#reconcile';
import { slotsOf } from '#reconcile';
import { MemoryTable } from '#store';
import { second } from '#time';
import type { Prepared } from '../../../shared/clusters/calls.ts';
import type { ClusterData, ClustersData } from '../../../shared/clusters/model.ts';
import { createWorker } from '../../../shared/clusters/worker.ts';
import { PushedClock } from '../../fixtures/pushedClock.ts';
import { administratorToken, toLoopback, type WorldCluster } from '../kubernetes/aWorldCluster.ts';

import { aVault } from './secret/aVault.ts';

export const by = { actor: { kind: 'system' as const, id: 'test', name: 'test' }, action: 'cluster.create' };

/**
 * A real worker over a table in memory, which reaches simulated clusters over real sockets. Time runs, and is pushed
 * ahead where a test would wait.
 */
export function aWorker(table?: MemoryTable, clock = new PushedClock()) {
  const store = table ?? new MemoryTable(() => clock.now());
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
  const worker = createWorker({
    ...ports,
    table: store,
    vault: aVault(store, clock),
    net: createNet({ clock, allowLoopback: true, resolve: toLoopback }),
    allowInsecureTls: false,
    environment: () => undefined,
    version: '1.2.3',
  });
  const { engine } = worker;
  onTestFinished(() => worker.close());

  const read = async (id: string): Promise<Row<ClusterData>> => {
    const row = await engine.records.get(id, 'cluster');
    if (row?.data.kind !== 'cluster') throw new Error('no such cluster');
    return { ...row, data: row.data };
  };
  /** Everything that is due now, as a tick would hand it over. */
  const step = async (id: string) => {
    await engine.work({ at: clock.now(), kind: 'step', ids: [id] });
    return read(id);
  };
  /** A step that waits ten seconds for a second good look, without the waiting. */
  const recover = async (id: string) => {
    const stepped = step(id);
    while ((await read(id)).data.recovering === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    clock.push(10 * second);
    return stepped;
  };
  /** Creation and what changed its state since. */
  const eventsOf = async (id: string) =>
    (await engine.records.history(id, { limit: 50 })).events
      .flatMap(({ type, to }) => (to === null && type !== 'cluster.created' ? [] : [type]))
      .reverse();
  return { ...worker, table: store, clock, queue, read, step, recover, eventsOf };
}

type AWorker = ReturnType<typeof aWorker>;

export const bodyOf = ({ access }: WorldCluster) => ({
  server: access.server,
  ca: access.ca,
  credential: { type: 'token' as const, token: access.bearer?.() ?? administratorToken },
});

/** As the HTTP function registers one, and looked at once. */
export async function registered(
  { engine, answer, step, clock }: AWorker,
  cluster: WorldCluster,
  more: Partial<ClusterData> & { everySeconds?: number } = {},
): Promise<Row<ClusterData>> {
  const id = engine.records.newId('cluster');
  const { everySeconds = 300, ...data } = more;
  const prepared = (await answer({
    do: 'prepare',
    id,
    version: 1,
    body: bodyOf(cluster),
    unchecked: true,
  })) as unknown as Prepared;
  if (!prepared.access || !prepared.secret) throw new Error(JSON.stringify(prepared.validation));
  const slot = 's0_first';
  const row: ClustersData = {
    kind: 'cluster',
    access: prepared.access,
    slot,
    sync: null,
    isSyncTold: true,
    uid: null,
    state: { is: 'pending', since: clock.now() },
    failing: null,
    recovering: 0,
    checkedAt: null,
    seen: null,
    expiries: prepared.expiries,
    warned: {},
    warnings: [],
    accessWarnings: prepared.warnings,
    renewal: null,
    ...data,
  };
  const name = `c-${id.slice(-8)}`;
  await engine.records.create(
    {
      kind: 'cluster',
      id,
      name,
      labels: {},
      everySeconds,
      data: row,
      sides: slotsOf(id, slot, prepared.secret),
    },
    by,
  );
  return step(id);
}
