import { describe, expect, it } from 'vitest';
import { type Item, StoreUnanswered, type Table } from '#store';
import { minute } from '#time';
import { readInventory } from '../../../../shared/clusters/sync/inventory.ts';
import { syncIdOf } from '../../../../shared/clusters/sync/model.ts';
import { aSyncedCluster, pod } from './aSyncedCluster.ts';

/** A process that dies at its nth write: before it, or after it but before the answer. */
function dyingTable(table: Table, at: number, isAfter: boolean): { table: Table; writes: () => number } {
  let writes = 0;
  let isDead = false;
  const dead = () => {
    throw new StoreUnanswered('a dead process');
  };
  const read =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> =>
      isDead ? dead() : call(...args);
  const write =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (isDead) dead();
      isDead = writes++ === at;
      if (isDead && !isAfter) dead();
      const answer = await call(...args);
      return isDead ? dead() : answer;
    };
  return {
    writes: () => writes,
    table: {
      get: read((key, options) => table.get(key, options)),
      getMany: read((keys, options) => table.getMany(keys, options)),
      query: read((query) => table.query(query)),
      put: write((item, when) => table.put(item, when)),
      update: write((key, change, when) => table.update(key, change, when)),
      delete: write((key, when) => table.delete(key, when)),
      add: write((key, numbers, set) => table.add(key, numbers, set)),
      units: table.units,
    },
  };
}

const old = Array.from({ length: 520 }, (_, index) => `old-${String(index).padStart(4, '0')}`);
const fresh = old.map((name) => name.replace('old', 'new')).slice(0, 510);

/** The second sync of a cluster whose pods are all others by then, by a process that dies. */
async function story(at: number, isAfter: boolean) {
  let writes = () => 0;
  const world = await aSyncedCluster({
    kinds: ['namespaces', 'pods', 'configmaps'],
    around: (table) => {
      const dying = dyingTable(table, at, isAfter);
      ({ writes } = dying);
      return dying.table;
    },
  });
  const load = (names: string[]) =>
    world.cluster.objects.load(
      { group: '', name: 'pods' },
      names.map((name) => pod('default', name)),
    );
  await load(old);
  await world.deliver();
  for (const name of old) world.cluster.objects.remove({ group: '', name: 'pods' }, 'default', name);
  await load(fresh);
  const names = async () => {
    const found: string[] = [];
    for (let after: string | undefined; ; ) {
      const page = await readInventory(world.store, 'clu_1', 'pods', { limit: 300, after });
      found.push(...(page?.items ?? []).map(({ name }) => name));
      if (!page?.next) return found;
      after = page.next;
    }
  };
  await world.syncAgain(undefined, world.faulty);
  const afterCrash = await names();
  await world.syncAgain(2 * minute);
  const afterwards = await names();
  // Another run, later: what the dead one left is swept.
  await world.syncAgain();
  await world.syncAgain();
  const sides = (await world.store.query({ partition: `side#${syncIdOf('clu_1')}` })).items;
  const heads = sides.filter(({ sk }: Item) => sk.startsWith('head#'));
  const chunks = sides.filter(({ sk }: Item) => sk.startsWith('list#'));
  const data = (await world.sync())!.data;
  return { writes: writes(), afterCrash, afterwards, heads, chunks, data };
}

describe('a process that dies at a write of a sync', () => {
  it.each([
    ['before it', false],
    ['after it', true],
  ] as const)(
    '%s: nothing is lost, no list is of two syncs, and nothing is left over',
    async (_name, isAfter) => {
      const { writes } = await story(Number.POSITIVE_INFINITY, isAfter);
      expect(writes).toBeGreaterThan(10);
      for (let at = 0; at < writes; at++) {
        const { afterCrash, afterwards, heads, chunks, data } = await story(at, isAfter);
        expect([at, afterCrash[0] === old[0] ? old : fresh]).toEqual([at, afterCrash]);
        expect([at, afterwards]).toEqual([at, fresh]);
        expect([at, heads.length, chunks.length]).toEqual([at, 1, 3]);
        expect(data).toMatchObject({ run: null, attempt: null, drop: [], untidySince: null });
      }
    },
  );
});
