import { expect, test } from 'vitest';
import { clustersArea } from '#clusters';
import { keys } from '#store';
import { newId } from '#time';
import { itemOf, newRow } from '../../../../shared/reconcile/row.ts';
import { bytesFrom, seeded } from '../../../fixtures/chance.ts';
import { clusterData } from '../../../shared/clusters/aCluster.ts';
import { start } from '../anApp.ts';
import { aHerd } from './aHerd.ts';

/** What one page, one filtered page and the fleet read of so many stored clusters, once they were read before. */
async function warmUnitsOf(count: number): Promise<number[]> {
  const { at, operator } = await aHerd();
  const table = at.table;
  const random = bytesFrom(seeded(24));
  for (let n = 0; n < count; n++) {
    const id = newId('clu', start, random);
    const name = `store-${String(n).padStart(5, '0')}`;
    const atRest = { dueAt: undefined, confirmed: true, everySeconds: 300, inRound: 300 };
    const row = newRow(
      { id, kind: 'cluster', name, labels: {}, data: clusterData(), last: 'a', ...atRest },
      start,
    );
    await table.put(itemOf(clustersArea, row));
    await table.put({ ...keys.nameKey('cluster', name), id });
  }
  const paths = ['clusters?limit=50', 'clusters?limit=50&state=healthy&q=store', 'fleet'];
  const read = async (path: string) => {
    const before = table.units.read;
    expect((await at.call(operator, 'GET', `/api/v1/${path}`)).status).toBe(200);
    return table.units.read - before;
  };
  for (const path of paths) await read(path);
  const units: number[] = [];
  for (const path of paths) units.push(await read(path));
  return units;
}

test('24: a warm page, filtered or not, and the fleet cost the same few reads, however many clusters there are', async () => {
  const few = await warmUnitsOf(200);
  expect(await warmUnitsOf(2_000)).toEqual(few);
  for (const units of few) expect(units).toBeLessThan(60);
});
