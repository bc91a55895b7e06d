import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { connect, countOf, type KubeAccess, type KubeConnection } from '#kubernetes';
import { createNet } from '#net';
import { createEngine, type Engine, type HandOver } from '#reconcile';
import { MemoryTable } from '#store';
import { systemClock } from '#time';
import { startWorld } from '../../infra/world/world.ts';
import { clustersIn } from '../../shared/clusters/area.ts';
import type { ClustersData } from '../../shared/clusters/model.ts';
import { syncActs } from '../../shared/clusters/sync/act.ts';
import { inventorySummary } from '../../shared/clusters/sync/inventory.ts';
import { usualSyncKinds } from '../../shared/clusters/sync/kinds.ts';
import { tellSync } from '../../shared/clusters/sync/tell.ts';
import { clusterData, ok } from '../shared/clusters/aCluster.ts';

/**
 * `npm run bench:clusters:large` (`-- 1` for one run instead of three): one cluster of 5,000 nodes and 150,000 pods. The simulated cluster has a process to
 * itself; each thing that is measured has a fresh one, whose own processor time and memory are told: what the server
 * spends is not in them.
 */
const nodes = 5_000;
const podsPerNode = 30;
const usualRuns = 3;

interface Measured {
  what: string;
  seconds: number;
  processorSeconds: number;
  /** MiB by which the process grew at its widest, from after it was connected. */
  grown: number;
}

/** What each role does once it is connected; it answers what came of it. */
const roles: Record<string, (given: Given) => Promise<() => Promise<string>>> = {
  totals: async ({ connection }) => {
    await countOf(connection, '/api/v1/namespaces');
    return async () => {
      const [ofNodes, ofPods] = [
        await countOf(connection, '/api/v1/nodes'),
        await countOf(connection, '/api/v1/pods'),
      ];
      return `${ofNodes.count} nodes, ${ofPods.count} pods`;
    };
  },
  sync: syncing,
  typed: async ({ kubeconfig }) => {
    const { CoreV1Api, KubeConfig } = await import('@kubernetes/client-node');
    const config = new KubeConfig();
    config.loadFromString(kubeconfig);
    const api = config.makeApiClient(CoreV1Api);
    await api.listNamespace();
    return async () => {
      let count = 0;
      for (let next: string | undefined; ; ) {
        const page = await api.listPodForAllNamespaces({ limit: 500, ...(next && { _continue: next }) });
        count += page.items.length;
        next = page.metadata?._continue;
        if (!next) return `${count} pods as typed objects`;
      }
    };
  },
};

interface Given {
  connection: KubeConnection;
  kubeconfig: string;
}

/** A whole sync through the engine; what is listed lies in a table in memory, which is counted with it. */
async function syncing({ connection }: Given): Promise<() => Promise<string>> {
  await countOf(connection, '/api/v1/namespaces');
  const table = new MemoryTable(() => systemClock.now());
  const queue: HandOver[] = [];
  const silent = () => undefined;
  const engine: Engine<ClustersData> = createEngine<ClustersData>(
    clustersIn({
      observe: async () => ({ look: ok({ uid: null }), ownFault: null }),
      observeFleet: () => Promise.reject(new Error('There is no fleet.')),
      look: async () => ({ ok: true, differs: false }),
      act: async (row) => {
        await tellSync(engine.records, row);
        return { did: 'synced', version: row.version };
      },
      actOnSync: syncActs({ withConnection: async (_cluster, _context, use) => use(connection) }),
    }),
    {
      table,
      clock: systemClock,
      random: randomBytes,
      couriers: {
        work: async (_area, handOver) => void queue.push(handOver),
        tick: async () => undefined,
        call: async () => null,
      },
      meter: { count: silent, observe: silent },
      log: { debug: silent, info: silent, warn: console.warn, error: console.error },
    },
  );
  const by = { actor: { kind: 'system', id: 'bench', name: 'bench' }, action: 'cluster.create' } as const;
  await engine.records.create(
    {
      kind: 'cluster',
      id: 'clu_1',
      name: 'large',
      labels: {},
      everySeconds: 300,
      data: clusterData({
        uid: null,
        sync: { kinds: [...usualSyncKinds], everySeconds: 3600 },
        isSyncTold: false,
      }),
    },
    by,
  );
  return async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await engine.work(next);
    const summary = await inventorySummary(table, 'clu_1');
    const kinds = Object.entries(summary?.kinds ?? {}).map(([kind, { total }]) => `${total} ${kind}`);
    return `${summary?.state}: ${kinds.join(', ')}; ${table.units.write.toFixed(0)} write units`;
  };
}

async function measureRole(role: string, file: string): Promise<void> {
  const kubeconfig = await readFile(file, 'utf8');
  const net = createNet({ clock: systemClock, allowLoopback: true });
  const connection = await connect({ net, clock: systemClock, version: 'bench' }, accessIn(kubeconfig));
  const act = await roles[role]!({ connection, kubeconfig });
  globalThis.gc?.();
  const rss = process.memoryUsage().rss;
  const before = process.cpuUsage();
  const started = performance.now();
  const what = await act();
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(before);
  const grown = process.resourceUsage().maxRSS / 1_024 - rss / 1_048_576;
  const measured: Measured = { what, seconds, processorSeconds: (user + system) / 1e6, grown };
  process.send!(measured);
  await connection.close();
  process.disconnect();
}

function accessIn(kubeconfig: string): KubeAccess {
  const { clusters, users } = parse(kubeconfig);
  const { server, 'certificate-authority-data': ca } = clusters[0].cluster;
  const { 'client-certificate-data': certificate, 'client-key-data': key } = users[0].user;
  const decoded = (text: string) => Buffer.from(text, 'base64').toString();
  return { server, ca: decoded(ca), certificate: { certificate: decoded(certificate), key: decoded(key) } };
}

async function host(): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'large-cluster-'));
  const clusters = [{ name: 'large', nodes, podsPerNode }];
  const world = await startWorld({ clusters, data, firstPort: 23_000 });
  process.send!([...world.clusters.values()][0]!.kubeconfig);
  await once(process, 'disconnect');
  await world[Symbol.asyncDispose]();
  await rm(data, { recursive: true });
}

/** With the room for new objects that serverless.yml gives the worker. */
const spawned = (...given: string[]) =>
  spawn(process.execPath, ['--expose-gc', '--max-semi-space-size=4', import.meta.filename, ...given], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });

async function measureAll(runs: number): Promise<void> {
  console.log(`Node ${process.version}, ${availableParallelism()} processors; ${runs} runs, medians\n`);
  const server = spawned('host');
  const ended = once(server, 'exit');
  const [file] = (await once(server, 'message')) as [string];
  const found = new Map<string, Measured[]>(Object.keys(roles).map((role) => [role, []]));
  for (let run = 0; run < runs; run++) {
    for (const [role, measured] of found) {
      const child = spawned(role, file);
      const exit = once(child, 'exit');
      const [one] = (await Promise.race([once(child, 'message'), exit.then(() => [])])) as [Measured?];
      if (!one) throw new Error(`${role} ended without a figure.`);
      measured.push(one);
      console.log(`${role}: ${one.what}\n  ${one.seconds.toFixed(2)} s, ${shown([one])}`);
      await exit;
    }
  }
  server.disconnect();
  await ended;
  console.log('\nMedians');
  for (const [role, measured] of found) {
    console.log(`  ${role}: ${medianOf(measured, 'seconds').toFixed(2)} s, ${shown(measured)}`);
  }
  const [sync, typed] = [found.get('sync')!, found.get('typed')!];
  const share = medianOf(sync, 'processorSeconds') / medianOf(typed, 'processorSeconds');
  const told = (isKept: boolean) => (isKept ? 'kept' : 'MISSED');
  console.log(`\ntotals in under 1 s: ${told(medianOf(found.get('totals')!, 'seconds') < 1)}`);
  console.log(
    `a sync grows the process by less than 100 MB: ${told(medianOf(sync, 'grown') < 100 / 1.048_576)}`,
  );
  console.log(
    `under a tenth of the typed list's processor time: ${(100 * share).toFixed(1)} %, ${told(share < 0.1)}`,
  );
}

const shown = (measured: Measured[]): string =>
  `${medianOf(measured, 'processorSeconds').toFixed(2)} s of processor time, grown by ${medianOf(measured, 'grown').toFixed(0)} MiB`;

const medianOf = (measured: Measured[], field: 'seconds' | 'processorSeconds' | 'grown'): number =>
  measured.map((one) => one[field]).toSorted((a, b) => a - b)[Math.floor(measured.length / 2)]!;

const [, , given, file] = process.argv;
if (given === 'host') await host();
else if (file !== undefined) await measureRole(given!, file);
else await measureAll(Number(given ?? usualRuns));
