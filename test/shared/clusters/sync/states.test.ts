import { describe, expect, it } from 'vitest';
import { hour, minute } from '#time';
import type { ClusterState } from '../../../../shared/clusters/model.ts';
import { inventorySummary, readInventory } from '../../../../shared/clusters/sync/inventory.ts';
import { syncIdOf } from '../../../../shared/clusters/sync/model.ts';
import { askSync, tellSync } from '../../../../shared/clusters/sync/tell.ts';
import { refused, rejected } from '../aCluster.ts';
import { aSyncedCluster, by, pod } from './aSyncedCluster.ts';

const since = Date.parse('2026-03-01T10:00:00Z');

async function aWorldOfPods(options: Parameters<typeof aSyncedCluster>[0] = {}) {
  const world = await aSyncedCluster({ kinds: ['pods', 'secrets'], ...options });
  await world.cluster.objects.load({ group: '', name: 'pods' }, [pod('default', 'web')] as never);
  await world.send('POST', '/api/v1/namespaces/default/secrets', {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'canary', annotations: { note: 'canary-in-annotation' } },
    type: 'Opaque',
    stringData: { password: 'canary-in-data' },
  });
  await world.deliver();
  const listed = async () => (await readInventory(world.store, 'clu_1', 'pods', { limit: 1 }))?.at;
  return { ...world, listed };
}

describe('a cluster that is not to be asked', () => {
  it.each<{ state: ClusterState; code: string }>([
    { state: { is: 'paused', since, until: null, reason: 'moving' }, code: 'SYNC_PAUSED' },
    { state: { is: 'held', since, uid: 'other' }, code: 'CLUSTER_IDENTITY_CHANGED' },
    { state: { is: 'unauthorized', since, cause: rejected }, code: 'AUTH_REJECTED' },
    { state: { is: 'unreachable', since, cause: refused }, code: 'TCP_REFUSED' },
    { state: { is: 'pending', since }, code: 'SYNC_PENDING' },
  ])('because it is $state.is is not synced, says why, and keeps what there is', async ({ state, code }) => {
    const world = await aWorldOfPods();
    const before = await world.listed();
    await world.change(() => ({ state }));
    const requests = world.requests.length;
    await world.syncAgain();
    expect(world.requests).toHaveLength(requests);
    expect(await world.listed()).toBe(before);
    expect(await inventorySummary(world.store, 'clu_1')).toMatchObject({ state: 'waiting', cause: { code } });
    await world.change(() => ({ state: { is: 'healthy', since } }));
    await world.syncAgain(6 * minute);
    expect(await world.listed()).toBeGreaterThan(before!);
    expect((await inventorySummary(world.store, 'clu_1'))?.state).toBe('synced');
  });

  it('because another one answers in its place is left alone, with what there is of it', async () => {
    const world = await aWorldOfPods();
    const before = await world.listed();
    await world.change(() => ({ uid: 'uid-of-the-registered' }));
    await world.syncAgain();
    expect(await world.listed()).toBe(before);
    expect(await inventorySummary(world.store, 'clu_1')).toMatchObject({
      state: 'failed',
      cause: { code: 'CLUSTER_IDENTITY_CHANGED' },
    });
  });

  it('because it is deleted takes its inventory along', async () => {
    const world = await aWorldOfPods();
    await world.engine.records.remove('clu_1', 'cluster', by);
    await world.deliver();
    expect(await world.sync()).toBeUndefined();
    expect(await readInventory(world.store, 'clu_1', 'pods', { limit: 1 })).toBeUndefined();
    await world.syncAgain(13 * minute);
    await world.syncAgain(13 * minute);
    expect((await world.store.query({ partition: `side#${syncIdOf('clu_1')}` })).items).toEqual([]);
  });
});

it('a sync whose cluster was never there removes itself', async () => {
  const world = await aWorldOfPods();
  await tellSync(world.engine.records, { id: 'clu_2', deletedAt: undefined });
  await world.deliver();
  expect(await world.engine.records.get(syncIdOf('clu_2'), 'sync')).toBeUndefined();
});

describe('secrets', () => {
  it('are names and types, and nothing that they hold is asked for', async () => {
    const world = await aWorldOfPods();
    const page = await readInventory(world.store, 'clu_1', 'secrets', { limit: 9 });
    expect(page?.items).toEqual([
      { namespace: 'default', name: 'canary', type: 'Opaque', createdAt: expect.any(Number) },
    ]);
    const asked = world.requests.filter(({ path }) => path.endsWith('/secrets'));
    expect(asked.length).toBeGreaterThan(0);
    for (const { accept, query } of asked) {
      expect(accept).toContain('as=Table');
      expect(query?.includeObject).toBe('None');
    }
  });

  it('go where they are not wanted any more, also while the cluster is paused', async () => {
    const world = await aWorldOfPods();
    await world.change(() => ({
      sync: { kinds: ['pods'], everySeconds: 3600 },
      state: { is: 'paused', since, until: null, reason: 'moving' },
    }));
    await world.syncAgain();
    expect(await readInventory(world.store, 'clu_1', 'secrets', { limit: 9 })).toBeUndefined();
    expect(await world.listed()).toBeDefined();
    const left = (await world.store.query({ partition: `side#${syncIdOf('clu_1')}` })).items;
    expect(left.filter(({ sk }) => sk.includes('secrets'))).toEqual([]);
  });

  it('are listed only where they are asked for by name', async () => {
    const world = await aSyncedCluster();
    await world.change(() => ({ sync: null }));
    await world.deliver();
    await askSync(world.engine.records, 'clu_1', by, world.clock.now());
    await world.deliver();
    expect(world.requests.filter(({ path }) => path.includes('secrets'))).toEqual([]);
    expect((await inventorySummary(world.store, 'clu_1'))?.kinds).not.toHaveProperty('secrets');
    expect((await inventorySummary(world.store, 'clu_1'))?.kinds).toHaveProperty('pods');
  });
});

describe('a sync is begun', () => {
  it('when its interval is over, and not before', async () => {
    const world = await aWorldOfPods({ everySeconds: 900 });
    const first = await world.listed();
    await world.syncAgain(14 * minute);
    expect(await world.listed()).toBe(first);
    await world.syncAgain(2 * minute);
    expect(await world.listed()).toBeGreaterThan(first!);
  });

  it('at once where a person asks for it, or more is wanted', async () => {
    const world = await aWorldOfPods();
    const first = await world.listed();
    await world.clock.step(minute);
    await askSync(world.engine.records, 'clu_1', by, world.clock.now());
    await world.deliver();
    const second = await world.listed();
    expect(second).toBeGreaterThan(first!);
    expect((await world.sync())?.data.asked).toBeNull();
    await world.clock.step(minute);
    await world.change(() => ({
      sync: { kinds: ['pods', 'secrets', 'nodes'], everySeconds: 3600 },
      isSyncTold: false,
    }));
    await world.deliver();
    expect(await world.listed()).toBeGreaterThan(second!);
    expect((await inventorySummary(world.store, 'clu_1'))?.kinds).toHaveProperty('nodes');
  });

  it('by itself no more where its cluster is not to be synced', async () => {
    const world = await aWorldOfPods();
    const first = await world.listed();
    await world.change(() => ({ sync: null }));
    await world.syncAgain(48 * hour);
    await world.syncAgain(48 * hour);
    expect(await world.listed()).toBe(first);
  });
});

it('each change of its state is an event in its history', async () => {
  const world = await aWorldOfPods();
  await world.change(() => ({ state: { is: 'unreachable', since, cause: refused } }));
  await world.syncAgain();
  const { events } = await world.engine.records.history(syncIdOf('clu_1'), { limit: 10 });
  expect(events.map(({ type, from, cause }) => [type, from, cause])).toEqual([
    ['sync.waiting', 'synced', 'TCP_REFUSED'],
    ['sync.synced', 'pending', null],
    ['sync.created', null, null],
  ]);
});
