import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dynamoTable, keys, MemoryTable, type Table } from '#store';
import { createTable } from '../../infra/aws/createTable.ts';
import { startStore } from '../../infra/local/store.ts';

/**
 * `npm run bench:store`: how many calls a second each kind of store answers, on disk, one after another and 16 at
 * once, and what processor time a call takes of this process (with the embedded store: of client and store), which
 * is the figure to compare on a busy machine. Rows of some 600 B, as the engine's are.
 */
const seconds = 1.5;
const rows = 2_000;
const now = Date.UTC(2026, 2, 1);
const ids = Array.from({ length: rows }, (_, n) => `clu_${String(n).padStart(6, '0')}`);
const row = (id: string) => ({
  ...keys.rowKey('bench', id),
  ...keys.dueAttributes('bench', 'near', id, now),
  rev: 1,
  owner: 'worker-1',
  listed: { name: id, labels: { region: 'eu', tier: 'store' }, summary: { state: 'healthy', cause: null } },
  data: { server: 'https://10.0.0.1:6443', evidence: 'x'.repeat(300) },
});

const operations: Record<string, (table: Table, n: number) => Promise<unknown>> = {
  'get a row': (table, n) => table.get(keys.rowKey('bench', ids[n % rows]!)),
  'put where absent': (table, n) => table.put({ ...row(`new_${n}`), pk: `new#${n % 64}` }, 'absent'),
  'update where rev is as read': (table, n) =>
    table.update(keys.rowKey('bench', ids[n % rows]!), { set: { owner: `w${n}` } }, { rev: 1 }),
  'update, refused': (table, n) =>
    table.update(keys.rowKey('bench', ids[n % rows]!), { set: { owner: 'x' } }, { rev: 2 }),
  'add to a counter': (table, n) => table.add({ pk: `metric#${n % 8}`, sk: 'x' }, { count: 1, sum: 0.5 }),
  'due, a page of 25': (table, n) =>
    table.query({
      index: 'due',
      partition: keys.duePartition('bench', 'near', n % keys.dueShards),
      limit: 25,
    }),
  'a slice (31 rows)': (table, n) => table.query(keys.sliceRange('bench', n % keys.slices)),
  'getMany of 100': (table, n) =>
    table.getMany(
      Array.from({ length: 100 }, (_, i) => keys.rowKey('bench', ids[(n * 100 + i) % rows]!)),
      { eventually: true },
    ),
};

async function rate(act: (n: number) => Promise<unknown>, lanes: number) {
  let count = 0;
  const start = performance.now();
  const before = process.cpuUsage();
  const lane = async () => {
    while (performance.now() - start < seconds * 1000) await act(count++);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const { user, system } = process.cpuUsage(before);
  return {
    rate: `${Math.round(count / ((performance.now() - start) / 1000)).toLocaleString('en')}/s`,
    processor: `${((user + system) / 1000 / count).toFixed(3)} ms`,
  };
}

async function measure(name: string, table: Table): Promise<void> {
  for (let i = 0; i < rows; i += 16) {
    await Promise.all(ids.slice(i, i + 16).map((id) => table.put(row(id))));
  }
  let offset = 0;
  const rates: Record<string, Record<'one by one' | '16 at once' | 'processor', string>> = {};
  for (const [operation, act] of Object.entries(operations)) {
    const measured = (lanes: number) => {
      const from = offset;
      offset += 1_000_000;
      return rate((n) => act(table, from + n), lanes);
    };
    await act(table, offset++);
    const [single, many] = [await measured(1), await measured(16)];
    rates[operation] = { 'one by one': single.rate, '16 at once': many.rate, processor: many.processor };
  }
  console.log(`\n${name}`);
  console.table(rates);
}

async function measureOver(name: string, endpoint: string): Promise<void> {
  await createTable(endpoint, 'bench');
  const table = dynamoTable({ endpoint, tableName: 'bench' });
  await measure(name, table);
  table.close();
}

console.log(`Node ${process.version}, ${availableParallelism()} cores, ${seconds} s a figure, ${rows} rows`);
await measure('MemoryTable', new MemoryTable());

const folder = await mkdtemp(join(tmpdir(), 'drover-bench-'));
const embedded = await startStore(join(folder, 'embedded'));
await measureOver('dynalite embedded in this process', embedded.endpoint);
await embedded.close();

const child = spawn(
  process.execPath,
  [fileURLToPath(new URL('storeProcess.ts', import.meta.url)), join(folder, 'apart')],
  { stdio: ['pipe', 'pipe', 'inherit'] },
);
const [endpoint] = (await once(child.stdout, 'data')) as [Buffer];
await measureOver('dynalite in a process of its own', endpoint.toString().trim());
child.stdin.end();
await once(child, 'exit');
await rm(folder, { recursive: true });
