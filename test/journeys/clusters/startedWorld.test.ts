import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dataFolder, startDrover } from '../drover.ts';
import { asAdministrator } from './asAdministrator.ts';
import { type Call, clusters, expectStatus, until } from './stage.ts';

const world = ['development', 'expired', 'production', 'refused', 'testing'];

const namesOf = async (call: Call): Promise<string[]> =>
  (await call('GET', clusters)).body.items.map(({ name }: { name: string }) => name);

test('the clusters of the world are registered once, marked, and as they are', async () => {
  const data = await dataFolder();
  const first = await startDrover({ data, hasWorld: true });
  const call = await asAdministrator(first);
  await expect.poll(() => namesOf(call), { timeout: 30_000 }).toEqual(world);
  const ids = new Map<string, string>();
  for (const [name, state, cause] of [
    ['development', 'healthy', null],
    ['testing', 'healthy', null],
    ['production', 'healthy', null],
  ]) {
    const seen = await until({ call }, name!, (one) => one.state === state);
    expect(seen).toMatchObject({ cause, simulated: true, labels: { 'drover.dev/simulated': 'true' } });
    expect(seen.kubernetesVersion).toMatch(/\+simulated$/);
    ids.set(name!, seen.id);
  }
  for (const [name, cause] of [
    ['expired', 'TLS_CERT_EXPIRED'],
    ['refused', 'TCP_REFUSED'],
  ]) {
    const seen = await until({ call }, name!, (one) => one.cause === cause);
    expect(seen).toMatchObject({ simulated: true, kubernetesVersion: null, nodes: null });
  }
  // Deleting asks nothing of one that does not answer.
  await expectStatus(call('DELETE', `${clusters}/refused`), 202);
  await first.interrupt();

  const second = await startDrover({ data, hasWorld: true });
  const again = await asAdministrator(second);
  await until({ call: again }, 'development', ({ state }) => state === 'healthy');
  expect((await again('GET', `${clusters}/development`)).body.id).toBe(ids.get('development'));
  await expect
    .poll(() => namesOf(again), { timeout: 30_000 })
    .toEqual(world.filter((name) => name !== 'refused'));
  expect(second.said()).not.toContain('could not be registered');
  await second.interrupt();

  // Without the world its clusters do not answer, and nothing answers in their place.
  const third = await startDrover({ data });
  const alone = await asAdministrator(third);
  const checked = await expectStatus(alone('POST', `${clusters}/development/check-connection`), 200);
  expect(checked.body).toMatchObject({ outcome: 'failed', code: 'TCP_REFUSED', permissions: [] });
}, 180_000);

test('--fresh registers the clusters of the new world; --no-world none', async () => {
  const data = await dataFolder();
  const first = await startDrover({ data, hasWorld: true });
  const call = await asAdministrator(first);
  const before = await until({ call }, 'development', ({ state }) => state === 'healthy');
  await first.interrupt();
  const second = await startDrover({ data, hasWorld: true, args: ['--fresh'] });
  const fresh = await asAdministrator(second);
  const after = await until({ call: fresh }, 'development', ({ state }) => state === 'healthy');
  expect(after.id).not.toBe(before.id);
  expect(after.ca.fingerprint).not.toBe(before.ca.fingerprint);
  await second.interrupt();

  const third = await startDrover({ data, args: ['--fresh'] });
  expect(await namesOf(await asAdministrator(third))).toEqual([]);
  await expect(stat(join(data, 'registered.json'))).rejects.toMatchObject({ code: 'ENOENT' });
}, 120_000);
