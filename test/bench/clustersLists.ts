import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ClustersData, clustersArea } from '#clusters';
import type { Beat } from '#reconcile';
import { dynamoTable, keys, MemoryTable, type Table } from '#store';
import { day, newId, systemClock } from '#time';
import { areaRoutes } from '../../functions/http/areaRoutes.ts';
import { createTable } from '../../infra/aws/createTable.ts';
import type { ClusterState } from '../../shared/clusters/model.ts';
import { packPulse } from '../../shared/reconcile/pulse.ts';
import { itemOf, newRow, type Stored } from '../../shared/reconcile/row.ts';
import { anApp, type TestApp } from '../functions/http/anApp.ts';
import { aSeen, aView, clusterData } from '../shared/clusters/aCluster.ts';

/**
 * `npm run bench:clusters:lists`: what lists, filters and /fleet cost over 10,000 stored clusters, on dynalite in a
 * process of its own. Cold: a process that has read nothing yet. Warm: within the 10 s that lists are kept, the median
 * of nine. `-- 2000` for another number, `-- 10000 memory` for a table in memory, whose read units are counted alike:
 * on a busy machine dynalite answers too late.
 */
const count = Number(process.argv[2] ?? 10_000);
const warmRuns = 9;
const interval = 300;

const { table, end } = process.argv[3] === 'memory' ? aTableInMemory() : await aStore();

function aTableInMemory(): { table: Table; end(): Promise<void> } {
  return { table: new MemoryTable(), end: async () => {} };
}

async function aStore(): Promise<{ table: Table; end(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'drover-bench-lists-'));
  const path = fileURLToPath(new URL('storeProcess.ts', import.meta.url));
  const store = spawn(process.execPath, [path, join(folder, 'store')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(store.stdout, 'data')) as [Buffer];
  const endpoint = line.toString().trim();
  await createTable(endpoint, 'bench');
  return {
    table: dynamoTable({ endpoint, tableName: 'bench' }),
    async end() {
      store.kill();
      await once(store, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const now = Date.now();

function stateOf(n: number): ClusterState {
  const cause = { code: n % 2 === 0 ? 'TCP_TIMEOUT' : 'TLS_CERT_EXPIRED', values: {} };
  if (n % 50 === 0) return { is: 'unreachable', since: now - day, cause };
  if (n % 97 === 0) return { is: 'degraded', since: now - day, cause: { code: 'THROTTLED', values: {} } };
  return { is: 'healthy', since: now - day };
}

function aRow(n: number): Stored<ClustersData> {
  const name = `store-${String(n).padStart(5, '0')}`;
  const data = clusterData({
    state: stateOf(n),
    uid: randomBytes(16).toString('hex'),
    checkedAt: now,
    seen: aSeen({ at: now, kubernetesVersion: `v1.${30 + (n % 5)}.${n % 7}`, latencyMs: n % 200 }),
    expiries: [{ of: 'token', subject: 'drover', at: now + (n % 400) * day }],
    access: {
      server: `https://${name}.example.com:6443`,
      ca: { subject: 'CN=kubernetes', fingerprint: 'AB:'.repeat(31), expiresAt: now + 900 * day },
      fingerprint: null,
      tlsServerName: null,
      proxy: null,
      isVerified: true,
      credential: aView({ rotatedAt: now, issuedAt: now, expiresAt: now + (n % 400) * day }),
    },
  });
  const labels = {
    region: ['eu', 'us', 'asia'][n % 3]!,
    env: n % 10 === 0 ? 'test' : 'prod',
    store: String(n % 500),
  };
  const atRest = { dueAt: undefined, confirmed: true, everySeconds: interval, inRound: interval };
  const id = newId('clu', now, randomBytes);
  return newRow({ id, kind: 'cluster', name, labels, data, last: 'x'.repeat(22), ...atRest }, now);
}

async function fill(): Promise<void> {
  const beats: Beat[] = [];
  for (let n = 0; n < count; n += 32) {
    const rows = Array.from({ length: Math.min(32, count - n) }, (_, i) => aRow(n + i));
    await Promise.all(rows.map((row) => table.put(itemOf(clustersArea, row))));
    const counts = { nodes: 3, nodesReady: 3, pods: 21, podsRunning: 20 };
    beats.push(...rows.map(({ id }) => ({ id, at: now + 1000, ok: true, latency: 20, counts })));
  }
  for (let slice = 0; slice < keys.slices; slice++) {
    const pulse = {
      everySeconds: interval,
      slice,
      at: now,
      failing: [],
      beats: beats.filter((_, n) => n % keys.slices === slice),
    };
    await table.put({
      ...keys.pulseKey(clustersArea.name, interval, slice),
      rev: 1,
      pulse: packPulse(pulse),
    });
  }
}

interface Cost {
  ms: number;
  cpuMs: number;
  readUnits: number;
  answered: string;
}

async function cost(app: TestApp, token: string, path: string): Promise<Cost> {
  const read = table.units.read;
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const { status, body } = await app.call(token, 'GET', path);
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  const what = body.items ? `${body.items.length} records` : `${body.clusters} clusters`;
  return {
    ms: Math.round(ms),
    cpuMs: Math.round((user + system) / 1000),
    readUnits: table.units.read - read,
    answered: status === 200 ? what : `${status} ${body.code}`,
  };
}

const anAppAnew = () => anApp({ areas: () => [...areaRoutes], ports: { table, clock: systemClock } });

const paths = [
  '/api/v1/clusters',
  '/api/v1/clusters?limit=200',
  '/api/v1/clusters?state=unreachable',
  '/api/v1/clusters?cause=TLS_CERT_EXPIRED,THROTTLED',
  '/api/v1/clusters?labels=region=eu,env!=test',
  '/api/v1/clusters?kubernetesVersion=v1.31.1',
  '/api/v1/clusters?expiringWithinDays=30&sort=expiresAt',
  '/api/v1/clusters?q=42&sort=-latencyMs',
  '/api/v1/fleet',
  '/api/v1/fleet?labels=region=eu&by=env',
];

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

const started = performance.now();
await fill();
console.log(`${count} clusters stored in ${Math.round((performance.now() - started) / 1000)} s`);
const token = await anAppAnew().token('viewer');
const figures: Record<string, object> = {};
for (const path of paths) {
  const app = anAppAnew();
  const cold = await cost(app, token, path);
  const warm: Cost[] = [];
  for (let run = 0; run < warmRuns; run++) warm.push(await cost(app, token, path));
  figures[path.replace('/api/v1', '')] = {
    'cold ms': cold.ms,
    'cold read units': cold.readUnits,
    'warm ms': median(warm.map(({ ms }) => ms)),
    'warm cpu ms': median(warm.map(({ cpuMs }) => cpuMs)),
    'warm worst ms': Math.max(...warm.map(({ ms }) => ms)),
    'warm read units': median(warm.map(({ readUnits }) => readUnits)),
    answered: cold.answered,
  };
}
console.table(figures);

await end();
process.exit(0);
