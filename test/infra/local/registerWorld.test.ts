import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Call, registerWorld } from '../../../infra/local/registerWorld.ts';

interface Registered {
  labels: object;
  /** Of a cluster its kubeconfig, of a controller its API key. */
  credential: string;
  version: number;
}

/** Of what is sent, as far as it is looked at. */
interface Body {
  name: string;
  labels: object;
  join?: boolean;
  credential?: { kubeconfig: string };
  controller?: { credential: { secret: string } };
}
const credentialOf = ({ credential, controller }: Body): string =>
  credential?.kubeconfig ?? controller!.credential.secret;

/** Drover's API as far as it is asked, and a folder with kubeconfigs. */
async function aDrover(names = ['development', 'refused']) {
  const folder = await mkdtemp(join(tmpdir(), 'register-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const clusters = new Map<string, Registered>();
  const joins = new Map<string, Registered>();
  const bodies: Body[] = [];
  const calls: string[] = [];
  const answer = (status: number, etag: string | null = null, body = {}) => ({ status, etag, body });
  const call: Call = async (method, path, { body, ifMatch } = {}) => {
    calls.push(`${method} ${path}`);
    const given = body as Body;
    if (body) bodies.push(given);
    const [, collection, , name] = /^\/api\/v1\/(clusters|joins)(\/([^?]+))?/.exec(path)!;
    const records = collection === 'joins' ? joins : clusters;
    if (method === 'POST') {
      if (records.has(given.name)) return answer(409);
      records.set(given.name, { labels: given.labels, credential: credentialOf(given), version: 1 });
      return answer(201);
    }
    const record = records.get(name!);
    if (!record) return answer(404);
    if (method === 'GET') return answer(200, `"${record.version}"`, { labels: record.labels });
    if (ifMatch !== `"${record.version}"`) return answer(412);
    record.credential = credentialOf(given);
    record.version++;
    return answer(200);
  };
  const kubeconfigs = names.map((name) => join(folder, `${name}.kubeconfig`));
  const controllers = join(folder, 'neuvector.json');
  const world = async (seed: string) => {
    await Promise.all(kubeconfigs.map((file, i) => writeFile(file, `${seed} of ${names[i]}`)));
    await writeFile(controllers, JSON.stringify(controllersOf(seed)));
  };
  await world('first');
  const kept = join(folder, 'registered.json');
  const start = (using = call) => registerWorld({ kubeconfigs, controllers, kept, call: using });
  return { clusters, joins, bodies, calls, start, call, kept, world };
}

const controllersOf = (seed: string) =>
  ['primary', 'store-1', 'store-2'].map((name, i) => ({
    name,
    role: i === 0 ? 'primary' : 'standalone',
    rest: `127.0.0.1:1${i}443`,
    federation: i === 0 ? '127.0.0.1:11443' : null,
    ca: 'PEM',
    user: 'admin',
    password: seed,
    apiKey: `drover:${seed}:of ${name}`,
  }));

test('all are registered at the first start, marked, and at the second nothing is asked', async () => {
  const { clusters, calls, start, kept } = await aDrover();
  await start();
  expect([...clusters]).toEqual(
    ['development', 'refused'].map((name) => [
      name,
      { labels: { 'drover.dev/simulated': 'true' }, credential: `first of ${name}`, version: 1 },
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
  expect(clusters.get('development')).toMatchObject({ credential: 'second of development', version: 2 });
});

test('a name that is taken is left to whoever took it, also where the world is begun anew', async () => {
  const { clusters, calls, start, world } = await aDrover();
  const theirs = { labels: {}, credential: 'a real one', version: 7 };
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

test('of the controllers one is registered for its metrics alone and one to join; the others are left to be tried', async () => {
  const { joins, bodies, start } = await aDrover([]);
  await start();
  const labels = { 'drover.dev/simulated': 'true' };
  expect([...joins]).toEqual([
    ['primary', { labels, credential: 'first:of primary', version: 1 }],
    ['store-1', { labels, credential: 'first:of store-1', version: 1 }],
  ]);
  expect(bodies[0]).toMatchObject({ join: false, controller: { address: '127.0.0.1:10443', ca: 'PEM' } });
  expect(bodies[1]).toMatchObject({
    storeId: 'store-1',
    controller: { address: '127.0.0.1:11443' },
    primary: {
      federation: '127.0.0.1:11443',
      rest: '127.0.0.1:10443',
      credential: { type: 'apiKey', name: 'drover', secret: 'first:of primary' },
    },
  });
});

test('controllers of a world begun anew are reached with their new keys; what a person deleted stays away', async () => {
  const { joins, start, world } = await aDrover([]);
  await start();
  joins.delete('primary');
  await world('second');
  await start();
  expect([...joins]).toMatchObject([['store-1', { credential: 'second:of store-1', version: 2 }]]);
});
