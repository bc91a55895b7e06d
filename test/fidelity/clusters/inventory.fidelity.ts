import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { DroverError } from '#errors';
import { connect, type KubeConnection } from '#kubernetes';
import { createNet } from '#net';
import { createEngine, type Engine, type HandOver } from '#reconcile';
import { MemoryTable } from '#store';
import { minute, systemClock } from '#time';
import { clustersIn } from '../../../shared/clusters/area.ts';
import type { ClustersData } from '../../../shared/clusters/model.ts';
import { answerNamespaceCall, type NamespaceCall } from '../../../shared/clusters/namespaces/calls.ts';
import type { LiveNamespace } from '../../../shared/clusters/namespaces/view.ts';
import { syncActs } from '../../../shared/clusters/sync/act.ts';
import { inventorySummary, readInventory } from '../../../shared/clusters/sync/inventory.ts';
import { syncKinds } from '../../../shared/clusters/sync/kinds.ts';
import { tellSync } from '../../../shared/clusters/sync/tell.ts';
import { clusterData, ok } from '../../shared/clusters/aCluster.ts';
import { type Connection, connect as connectDirectly } from '../controlPlane/connection.ts';

/** An inventory and edits of namespaces, held to the real thing. */
const real = inject('real');
const namespace = `fidelity-inventory-${randomUUID().slice(0, 8)}`;
const made = `${namespace}-made`;
const configMaps = 1_203;
const table = new MemoryTable(() => systemClock.now());
const queue: HandOver[] = [];
const silent = () => undefined;
const by = { actor: { kind: 'system', id: 'fidelity', name: 'fidelity' } } as const;
let connection: KubeConnection;
let direct: Connection;
let engine: Engine<ClustersData>;

const ask = (wish: object) =>
  answerNamespaceCall(
    {
      records: engine.records,
      clock: systemClock,
      withConnection: async (_cluster, _by, use) => use(connection),
    },
    { cluster: 'clu_1', by, ...wish } as NamespaceCall,
  ) as Promise<unknown> as Promise<LiveNamespace>;

async function deliver(): Promise<void> {
  for (let next = queue.shift(); next; next = queue.shift()) await engine.work(next);
}

beforeAll(async () => {
  direct = connectDirectly(real);
  const net = createNet({ clock: systemClock, allowLoopback: true });
  connection = await connect(
    { net, clock: systemClock, version: 'fidelity' },
    {
      server: real.server,
      ca: real.caPem,
      certificate: { certificate: real.clientCertPem, key: real.clientKeyPem },
    },
  );
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await direct.send('POST', '/api/v1/namespaces', { body });
  const indexes = Array.from({ length: configMaps }, (_, index) => index);
  await Promise.all(
    indexes.map((index) =>
      direct.send('POST', `/api/v1/namespaces/${namespace}/configmaps`, {
        body: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: `map-${String(index).padStart(4, '0')}` },
          data: { a: '1', b: '2' },
        },
      }),
    ),
  );
  engine = createEngine<ClustersData>(
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
  await engine.records.create(
    {
      kind: 'cluster',
      id: 'clu_1',
      name: 'real',
      labels: {},
      everySeconds: 300,
      data: clusterData({
        uid: null,
        sync: { kinds: [...syncKinds], everySeconds: 3600 },
        isSyncTold: false,
      }),
    },
    { ...by, action: 'cluster.create' },
  );
  await deliver();
}, 3 * minute);

afterAll(async () => {
  for (const name of [namespace, made]) await direct?.send('DELETE', `/api/v1/namespaces/${name}`);
  await connection?.close();
  await direct?.close();
});

test('every kind is listed, page by page', async () => {
  const summary = await inventorySummary(table, 'clu_1');
  expect(summary).toMatchObject({ state: 'synced', cause: null });
  for (const kind of syncKinds) {
    expect([kind, summary?.kinds[kind]]).toMatchObject([kind, { trouble: null, partial: null }]);
  }
  const names: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = await readInventory(table, 'clu_1', 'configmaps', { limit: 200, namespace, after });
    for (const { name, keys } of page!.items) {
      names.push(name);
      if (name.startsWith('map-')) expect(keys).toBe(2);
    }
    if (!page!.next) break;
    after = page!.next;
  }
  expect(names.filter((name) => name.startsWith('map-'))).toHaveLength(configMaps);
  const { items } = (await readInventory(table, 'clu_1', 'nodes', { limit: 200 }))!;
  expect(items.length).toBe(summary?.kinds.nodes?.total);
  expect(summary!.capacity!.cpuMillis).toBeGreaterThan(0);
});

test('a namespace is created and edited; what others own is theirs until it is taken by force', async () => {
  const created = await ask({ do: 'createNamespace', name: made, labels: { team: 'shop', tier: 'gold' } });
  expect(created).toMatchObject({ phase: 'Active', owners: { labels: { team: ['drover'] } } });
  await direct.send('PATCH', `/api/v1/namespaces/${made}?fieldManager=kubectl-label`, {
    body: { metadata: { labels: { cost: '17' } } },
    headers: { 'content-type': 'application/merge-patch+json' },
  });
  const edited = await ask({ do: 'patchNamespace', name: made, labels: { team: null, stage: 'test' } });
  expect(edited.labels).toMatchObject({ tier: 'gold', stage: 'test', cost: '17' });
  expect(edited.labels).not.toHaveProperty('team');
  for (const labels of [{ cost: '18' }, { cost: null }]) {
    const wish = { do: 'patchNamespace', name: made, labels };
    const refused = await ask(wish).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DroverError);
    expect(refused).toMatchObject({
      code: 'NAMESPACE_FIELD_OWNED',
      fields: [{ path: 'labels.cost', code: 'owned' }],
    });
    expect(String(refused)).toContain('kubectl-label');
  }
  expect(
    (await ask({ do: 'patchNamespace', name: made, labels: { cost: '18' }, force: true })).labels.cost,
  ).toBe('18');
});

test('one that is being deleted is neither edited nor created again', async () => {
  await direct.send('DELETE', `/api/v1/namespaces/${made}`);
  const refused = await ask({ do: 'patchNamespace', name: made, labels: { a: 'b' } }).catch(
    (error: unknown) => error,
  );
  // Without finalizers of its own it may be gone already.
  expect(['NAMESPACE_TERMINATING', 'NAMESPACE_NOT_FOUND']).toContain((refused as DroverError).code);
});
