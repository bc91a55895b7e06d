import { describe, expect, test } from 'vitest';
import type { Net } from '#net';
import { listDeliveries, type Notify } from '#notify';
import { keys, StoreUnanswered, type Table } from '#store';
import { settle } from '../../fixtures/steppedClock.ts';
import { anEvent, aSubscription, aWorld, type World } from './aNotify.ts';

type Kind = 'crash before' | 'crash after' | 'lost before' | 'lost after';

/** A process whose n-th call to store or receiver is its last (a crash), or has no answer (a loss). */
function faultyProcess(world: World, kind: Kind, at: number): { notify: Notify; calls: () => number } {
  let calls = 0;
  let isDead = false;
  const forever = new Promise<never>(() => undefined);
  const around =
    <A extends unknown[], R>(run: (...all: A) => Promise<R>) =>
    async (...all: A): Promise<R> => {
      if (isDead) return forever;
      const isFault = ++calls === at;
      if (isFault && kind.startsWith('crash')) isDead = true;
      if (isFault && kind === 'crash before') return forever;
      if (isFault && kind === 'lost before') throw new StoreUnanswered('a call');
      const answer = await run(...all);
      if (isFault && kind === 'lost after') throw new StoreUnanswered('a call');
      return isDead ? forever : answer;
    };
  const table: Table = {
    units: world.table.units,
    get: around((...all) => world.table.get(...all)),
    getMany: around((...all) => world.table.getMany(...all)),
    put: around((...all) => world.table.put(...all)),
    update: around((...all) => world.table.update(...all)),
    delete: around((...all) => world.table.delete(...all)),
    add: around((...all) => world.table.add(...all)),
    query: around((...all) => world.table.query(...all)),
  };
  const net: Net = { ...world.net, send: around((...all) => world.net.send(...all)) };
  return { notify: world.notify({ table, net }), calls: () => calls };
}

async function isAnythingDue({ table }: World): Promise<boolean> {
  const partitions = ['events', 'deliveries'].flatMap((area) =>
    keys.lanes.flatMap((lane) => [0, 1, 2, 3].map((shard) => keys.duePartition(area, lane, shard))),
  );
  const pages = await Promise.all(partitions.map((partition) => table.query({ index: 'due', partition })));
  return pages.some(({ items }) => items.length > 0);
}

const webhooks = ['whk_1', 'whk_2'];

async function delivers(kind: Kind, at: number): Promise<boolean> {
  const world = aWorld(webhooks.map((id) => aSubscription(id)));
  const list = [
    anEvent(),
    anEvent({ record: { kind: 'cluster', id: 'clu_2', name: 'bonn', labels: {}, version: 1 } }),
  ];
  await world.put(...list);

  const faulty = faultyProcess(world, kind, at);
  const ids = list.map(({ id, record }) => `history#${record.id}\n${id}`);
  void faulty.notify.work({ kind: 'step', ids, at: world.clock.now() });
  await settle();
  const wasReached = faulty.calls() >= at;

  const healthy = world.notify();
  for (let i = 0; i < 8 && (await isAnythingDue(world)); i++) await world.round(healthy);

  for (const webhook of webhooks) {
    const ids = world.received.filter(({ url }) => url.includes(webhook)).map(({ id }) => id);
    expect([...new Set(ids)].sort(), `${kind} ${at}`).toEqual(list.map(({ id }) => id).sort());
    // Once more than once at the most: the call that was lost.
    expect(ids.length).toBeLessThanOrEqual(3);
    const { deliveries } = await listDeliveries({ table: world.table, log: console as never }, webhook, {
      limit: 9,
    });
    expect(deliveries.map(({ state }) => state)).toEqual(['delivered', 'delivered']);
  }
  return wasReached;
}

describe('whatever call is a process’s last, every event comes to every webhook, under the same id', () => {
  test.each<Kind>(['crash before', 'crash after', 'lost before', 'lost after'])('%s', async (kind) => {
    let at = 1;
    while (await delivers(kind, at)) at++;
    // Two events fanned out (read, two puts, update) and four deliveries (read, claim, event, send, record).
    expect(at - 1).toBe(2 * 4 + 4 * 5);
  });
});
