import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Call, registerWorld } from '../../../infra/local/registerWorld.ts';

interface Registered {
  labels: object;
  kubeconfig: string;
  version: number;
}

/** Drover's API as far as it is asked, and a folder with kubeconfigs. */
async function aDrover(names = ['development', 'refused']) {
  const folder = await mkdtemp(join(tmpdir(), 'register-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const clusters = new Map<string, Registered>();
  const calls: string[] = [];
  const answer = (status: number, etag: string | null = null, body = {}) => ({ status, etag, body });
  const call: Call = async (method, path, { body, ifMatch } = {}) => {
    calls.push(`${method} ${path}`);
    // biome-ignore lint/suspicious/noExplicitAny: bodies are looked into
    const given = body as any;
    if (method === 'POST') {
      if (clusters.has(given.name)) return answer(409);
      const { kubeconfig } = given.credential;
      clusters.set(given.name, { labels: given.labels, kubeconfig, version: 1 });
      return answer(201);
    }
    const cluster = clusters.get(/clusters\/([^?]+)/.exec(path)![1]!);
    if (!cluster) return answer(404);
    if (method === 'GET') return answer(200, `"${cluster.version}"`, { labels: cluster.labels });
    if (ifMatch !== `"${cluster.version}"`) return answer(412);
    cluster.kubeconfig = given.credential.kubeconfig;
    cluster.version++;
    return answer(200);
  };
  const kubeconfigs = names.map((name) => join(folder, `${name}.kubeconfig`));
  const world = (seed: string) =>
    Promise.all(kubeconfigs.map((file, i) => writeFile(file, `${seed} of ${names[i]}`)));
  await world('first');
  const kept = join(folder, 'registered.json');
  const start = (using = call) => registerWorld({ kubeconfigs, kept, call: using });
  return { clusters, calls, start, call, kept, world };
}

test('all are registered at the first start, marked, and at the second nothing is asked', async () => {
  const { clusters, calls, start, kept } = await aDrover();
  await start();
  expect([...clusters]).toEqual(
    ['development', 'refused'].map((name) => [
      name,
      { labels: { 'drover.dev/simulated': 'true' }, kubeconfig: `first of ${name}`, version: 1 },
    ]),
  );
  expect((await stat(kept)).mode & 0o777).toBe(0o600);
  calls.length = 0;
  await start();
  expect(calls).toEqual([]);
});

test('one that was deleted does not come back, also where the world was begun anew', async () => {
  const { clusters, start, world } = await aDrover();
  await start();
  clusters.delete('development');
  await start();
  await world('second');
  await start();
  expect([...clusters.keys()]).toEqual(['refused']);
});

test('the identities of a world begun anew take the place of the old ones', async () => {
  const { clusters, start, world } = await aDrover();
  await start();
  await world('second');
  await start();
  expect(clusters.get('development')).toMatchObject({ kubeconfig: 'second of development', version: 2 });
});

test('a name that is taken is left to whoever took it, also where the world is begun anew', async () => {
  const { clusters, calls, start, world } = await aDrover();
  const theirs = { labels: {}, kubeconfig: 'a real one', version: 7 };
  clusters.set('refused', { ...theirs });
  await start();
  calls.length = 0;
  await start();
  expect(calls).toEqual([]);
  await world('second');
  await start();
  expect(clusters.get('refused')).toEqual(theirs);
});

test('what could not be registered is told, and tried again at the next start', async () => {
  const { clusters, start, call } = await aDrover();
  const broken: Call = async (method, path, given) =>
    clusters.size === 1
      ? { status: 503, etag: null, body: { code: 'STORE_SILENT' } }
      : call(method, path, given);
  await expect(start(broken)).rejects.toMatchObject({
    code: 'WORLD_NOT_REGISTERED',
    values: { name: 'refused', reason: 'STORE_SILENT' },
  });
  await start();
  expect([...clusters.keys()]).toEqual(['development', 'refused']);
});
