import { describe, expect, it } from 'vitest';
import { inventorySummary, readInventory } from '../../../../shared/clusters/sync/inventory.ts';
import { aSyncedCluster, node, pod } from './aSyncedCluster.ts';

describe('a sync', () => {
  it('begins when its cluster has been seen, and lists what is wanted', async () => {
    const { cluster, deliver, store, sync } = await aSyncedCluster();
    await cluster.objects.load({ group: '', name: 'nodes' }, [node('node-1'), node('node-2')]);
    await cluster.objects.load({ group: '', name: 'pods' }, [
      pod('default', 'web-1'),
      pod('default', 'web-2', 'Pending'),
      pod('kube-system', 'dns-1'),
    ]);
    await deliver();
    expect((await sync())?.data).toMatchObject({
      run: null,
      attempt: null,
      drop: [],
      ran: { cause: null, failed: [], partial: [] },
    });
    expect(await inventorySummary(store, 'clu_1')).toMatchObject({
      state: 'synced',
      capacity: { cpuMillis: 7_800, memoryBytes: 2 * 16 * 2 ** 30, pods: 220 },
      usage: null,
      usageCause: null,
      kinds: { nodes: { total: 2, tally: { ready: 2 } }, pods: { total: 3, tally: { running: 2 } } },
    });
    const page = await readInventory(store, 'clu_1', 'pods', { limit: 2 });
    expect(page).toMatchObject({
      items: [
        { namespace: 'default', name: 'web-1', node: 'node-1' },
        { namespace: 'default', name: 'web-2', status: 'Pending' },
      ],
      next: 'default/web-2',
      total: 3,
      partial: null,
    });
    expect(await readInventory(store, 'clu_1', 'pods', { limit: 2, after: page!.next! })).toMatchObject({
      items: [{ namespace: 'kube-system', name: 'dns-1' }],
      next: null,
    });
  });
});
