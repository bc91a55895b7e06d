import { expect, it } from 'vitest';
import { aSyncedCluster } from './aSyncedCluster.ts';

it('a sync’s row tells how many namespaces there are, as long as they are listed', async () => {
  const world = await aSyncedCluster({ kinds: ['namespaces', 'pods'] });
  await world.deliver();
  await world.syncAgain();
  const { text } = await world.send('GET', '/api/v1/namespaces');
  const { items } = JSON.parse(text) as { items: unknown[] };
  expect((await world.sync())?.data.namespaces).toBe(items.length);
  await world.change(() => ({ sync: { kinds: ['pods'], everySeconds: 3600 }, isSyncTold: false }));
  await world.deliver();
  await world.syncAgain();
  expect((await world.sync())?.data.namespaces).toBeNull();
});
