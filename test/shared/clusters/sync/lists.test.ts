import { describe, expect, it } from 'vitest';
import { errorsOf } from '#errors';
import { type KubeRequest, kubernetesErrors } from '#kubernetes';
import { netErrors } from '#net/errors';
import { minute, second } from '#time';
import { inventorySummary, readInventory } from '../../../../shared/clusters/sync/inventory.ts';
import type { SyncKind } from '../../../../shared/clusters/sync/kinds.ts';
import { aSyncedCluster, node, pod, type SyncedOptions } from './aSyncedCluster.ts';

const kubernetesError = errorsOf(kubernetesErrors);
const netError = errorsOf(netErrors);

const pods = (count: number, namespace = 'default', prefix = 'web') =>
  Array.from({ length: count }, (_, index) => pod(namespace, `${prefix}-${String(index).padStart(5, '0')}`));

async function synced(
  options: SyncedOptions & { pods?: object[]; nodes?: object[]; namespaces?: string[] } = {},
) {
  const world = await aSyncedCluster({ kinds: ['pods'], ...options });
  for (const name of options.namespaces ?? []) {
    await world.send('POST', '/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
    });
  }
  await world.cluster.objects.load({ group: '', name: 'pods' }, (options.pods ?? []) as never);
  await world.cluster.objects.load({ group: '', name: 'nodes' }, (options.nodes ?? []) as never);
  await world.deliver();
  const names = async (kind: SyncKind = 'pods') => {
    const found: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await readInventory(world.store, 'clu_1', kind, { limit: 200, after });
      for (const item of page?.items ?? [])
        found.push('namespace' in item ? `${item.namespace}/${item.name}` : item.name);
      if (!page?.next) return found;
      after = page.next;
    }
  };
  const outcome = async (kind: SyncKind = 'pods') => {
    const page = await readInventory(world.store, 'clu_1', kind, { limit: 1 });
    return page && { total: page.total, partial: page.partial?.code, trouble: page.trouble?.cause.code };
  };
  return { ...world, names, outcome };
}

const isListOf = (resource: string, { path, method = 'GET' }: KubeRequest) =>
  method === 'GET' && path.endsWith(`/${resource}`);

describe('test idea 20: a list', () => {
  it.each([0, 1, 500, 501, 1_201])('of %d items has as many', async (count) => {
    const { names, outcome } = await synced({ pods: pods(count) });
    expect(await outcome()).toEqual({ total: count, partial: undefined, trouble: undefined });
    expect(await names()).toEqual(pods(count).map(({ metadata }) => `default/${metadata.name}`));
  });

  it('whose server does not say how many remain is paged to its end', async () => {
    const { names } = await synced({
      pods: pods(1_201),
      isSilentOnRemaining: true,
    });
    expect(await names()).toHaveLength(1_201);
  });

  it('that is large is asked for namespace by namespace, in the order of its items', async () => {
    const { names, requests } = await synced({
      namespaces: ['team', 'team-a'],
      pods: [...pods(1_500, 'team-a'), ...pods(1_500, 'team'), ...pods(3, 'default')],
    });
    const found = await names();
    expect(found).toHaveLength(3_003);
    expect(found).toEqual([...found].sort());
    const asked = requests.filter((request) => isListOf('pods', request));
    expect(asked.slice(1).every(({ query }) => query?.includeObject === 'None')).toBe(true);
    expect(asked.length).toBeLessThan(12);
  });

  it('larger than what is kept is partial', async () => {
    const { outcome } = await aSyncedCluster({ kinds: ['events'] }).then(async (world) => {
      const events = Array.from({ length: 2_001 }, (_, index) => ({
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { namespace: 'default', name: `e-${index}` },
        type: 'Warning',
        reason: 'Failed',
        involvedObject: { kind: 'Pod', namespace: 'default', name: 'web' },
        lastTimestamp: new Date(Date.parse('2026-03-01T09:00:00Z') + index * second).toISOString(),
      }));
      await world.cluster.objects.load({ group: '', name: 'events' }, events as never);
      await world.deliver();
      const page = await readInventory(world.store, 'clu_1', 'events', { limit: 2 });
      return { outcome: page };
    });
    expect(outcome).toMatchObject({ partial: { code: 'INVENTORY_CAPPED' } });
    const [first, second_] = outcome!.items;
    expect(first!.lastAt).toBeGreaterThan(second_!.lastAt);
  });
});

describe('test idea 18: a list whose state is forgotten (410)', () => {
  const expired = (from: string | null, times: number) => {
    let left = times;
    return (request: KubeRequest) => {
      if (!isListOf('pods', request) || !request.query?.continue || left-- <= 0) return undefined;
      const metadata = from === null ? {} : { continue: laterTokenOf(String(request.query.continue)) };
      return {
        status: 410,
        body: { kind: 'Status', status: 'Failure', reason: 'Expired', code: 410, metadata },
      };
    };
  };
  /** As a real server gives it: the same place, at no revision. */
  const laterTokenOf = (token: string) => {
    const place = JSON.parse(Buffer.from(token, 'base64url').toString());
    return Buffer.from(JSON.stringify({ ...place, rv: -1 })).toString('base64url');
  };

  it('goes on from its place where the server says how, and is marked', async () => {
    const { names, outcome } = await synced({ pods: pods(1_201), meets: expired('later', 1) });
    expect(await outcome()).toEqual({ total: 1_201, partial: 'INVENTORY_INCONSISTENT', trouble: undefined });
    expect(await names()).toHaveLength(1_201);
  });

  it('begins anew, once, where it does not say', async () => {
    const { names, outcome, store } = await synced({ pods: pods(1_201), meets: expired(null, 1) });
    expect(await outcome()).toEqual({ total: 1_201, partial: undefined, trouble: undefined });
    expect(await names()).toHaveLength(1_201);
    expect(new Set(await names()).size).toBe(1_201);
    expect(await sidesOf(store)).toHaveLength(2);
  });

  it('is given up until the next time where that happens again, and what was there stays', async () => {
    let isBad = false;
    const bad = expired(null, Number.POSITIVE_INFINITY);
    const { names, outcome, syncAgain, sync } = await synced({
      pods: pods(600),
      meets: (request) => (isBad ? bad(request) : undefined),
    });
    isBad = true;
    await syncAgain();
    expect(await outcome()).toEqual({ total: 600, partial: undefined, trouble: 'LIST_EXPIRED' });
    expect(await names()).toHaveLength(600);
    expect((await sync())?.data.ran).toMatchObject({ failed: ['pods'], cause: null });
  });
});

describe('test idea 8: what fails for one kind', () => {
  it.each([
    ['403', kubernetesError('PERMISSION_MISSING', { user: 'u', verb: 'list', resource: 'pods' })],
    ['an answer that does not come', netError('HTTP_TIMEOUT', { host: 'h', port: 1 })],
    ['500', kubernetesError('HTTP_5XX', { status: 500 })],
  ])('%s leaves the others, and its own last good list with its age', async (_name, problem) => {
    let isBad = false;
    const world = await synced({
      kinds: ['nodes', 'pods', 'configmaps'],
      pods: pods(3),
      nodes: [node('node-1')],
      meets: (request) => (isBad && isListOf('pods', request) ? problem : undefined),
    });
    const before = await readInventory(world.store, 'clu_1', 'pods', { limit: 9 });
    const completeAt = async () => (await world.sync())?.data.completeAt;
    const wasComplete = await completeAt();
    isBad = true;
    await world.syncAgain();
    expect(await completeAt()).toBe(wasComplete);
    const after = await readInventory(world.store, 'clu_1', 'pods', { limit: 9 });
    expect(after?.items).toEqual(before?.items);
    expect(after?.at).toBe(before?.at);
    expect(after?.trouble).toMatchObject({ cause: { code: problem.code } });
    const nodes = await readInventory(world.store, 'clu_1', 'nodes', { limit: 9 });
    expect(nodes).toMatchObject({ total: 1, trouble: null });
    expect(nodes!.at).toBeGreaterThan(before!.at!);
    expect(await inventorySummary(world.store, 'clu_1')).toMatchObject({ state: 'partial', cause: null });
    isBad = false;
    await world.syncAgain();
    expect(await world.outcome()).toMatchObject({ total: 3, trouble: undefined });
    expect(await completeAt()).toBeGreaterThan(wasComplete!);
    expect((await inventorySummary(world.store, 'clu_1'))?.state).toBe('synced');
  });

  it('for all kinds alike breaks the run off: two that time out in a row are not worth a third', async () => {
    let isBad = false;
    const world = await synced({
      kinds: ['nodes', 'pods', 'configmaps', 'services'],
      meets: () => (isBad ? netError('HTTP_TIMEOUT', { host: 'h', port: 1 }) : undefined),
    });
    isBad = true;
    const before = world.requests.length;
    await world.syncAgain();
    expect(world.requests.length - before).toBe(2);
    expect((await world.sync())?.data.ran).toMatchObject({ cause: { code: 'HTTP_TIMEOUT' } });
    expect((await inventorySummary(world.store, 'clu_1'))?.state).toBe('failed');
    isBad = false;
    await world.syncAgain(2 * minute);
    expect((await inventorySummary(world.store, 'clu_1'))?.state).toBe('synced');
  });
});

it('test idea 19: after 429 nothing is asked before Retry-After, and the list goes on where it was', async () => {
  let refusals = 1;
  const asked: number[] = [];
  const world = await aSyncedCluster({
    kinds: ['pods'],
    meets: (request) => {
      if (!isListOf('pods', request)) return undefined;
      asked.push(world.clock.now());
      return request.query?.continue && refusals-- > 0
        ? kubernetesError('THROTTLED', {}, { retryAfterSeconds: 7 })
        : undefined;
    },
  });
  await world.cluster.objects.load({ group: '', name: 'pods' }, pods(600) as never);
  await world.deliver();
  expect((await readInventory(world.store, 'clu_1', 'pods', { limit: 1 }))?.total).toBe(600);
  expect(asked).toHaveLength(3);
  expect(asked[2]! - asked[1]!).toBeGreaterThanOrEqual(7 * second);
});

it('what has vanished from the cluster is dropped, and nothing of the old list is left', async () => {
  const { names, send, store, syncAgain } = await synced({ pods: pods(3) });
  await send('DELETE', '/api/v1/namespaces/default/pods/web-00001?gracePeriodSeconds=0');
  await syncAgain();
  expect(await names()).toEqual(['default/web-00000', 'default/web-00002']);
  expect(await sidesOf(store)).toHaveLength(2);
});

async function sidesOf(store: {
  query: (query: { partition: string }) => Promise<{ items: { sk: string }[] }>;
}) {
  return (await store.query({ partition: 'side#syn_1' })).items.map(({ sk }) => sk);
}

it.each(['pods', 'events', 'quotas'] as const)(
  '%s of a server that always has one more page come to an end',
  async (kind) => {
    const resource = kind === 'quotas' ? 'resourcequotas' : kind;
    let pages = 0;
    const world = await aSyncedCluster({
      kinds: [kind],
      meets: ({ path }) => {
        if (path !== `/api/v1/${resource}`) return undefined;
        if (++pages > 200) throw new Error('It is followed for ever.');
        const metadata = { continue: `page-${pages}` };
        return { status: 200, body: { kind: 'Table', columnDefinitions: [], rows: [], items: [], metadata } };
      },
    });
    await world.deliver();
    const { kinds } = (await inventorySummary(world.store, 'clu_1'))!;
    expect(kinds[kind]).toMatchObject({ total: 0, partial: { code: 'INVENTORY_INCONSISTENT' } });
  },
);

it('namespaces that never end are not gathered for ever', async () => {
  let pages = 0;
  const world = await aSyncedCluster({
    kinds: ['pods'],
    meets: ({ path }) => {
      const metadata = { continue: 'more', remainingItemCount: 9_000 };
      const columnDefinitions = [{ name: 'Name' }];
      if (path === '/api/v1/pods')
        return {
          status: 200,
          body: { kind: 'Table', columnDefinitions, rows: [{ cells: ['a'] }], metadata },
        };
      if (path !== '/api/v1/namespaces') return undefined;
      if (++pages > 200) throw new Error('They are followed for ever.');
      return { status: 200, body: { kind: 'Table', columnDefinitions, rows: [], metadata } };
    },
  });
  await world.deliver();
  expect(pages).toBe(20);
});
