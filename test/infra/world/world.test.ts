import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { startWorld, type World, type WorldOptions } from '../../../infra/world/world.ts';

let nextPort: number;
beforeAll(() => {
  // Away from other tests that run at the same time; ports that are in use are passed over.
  nextPort = 20_000 + (process.pid % 500) * 20;
});

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'world-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const small = [
  { name: 'one', nodes: 2 },
  { name: 'closed', nodes: 1, faults: [{ kind: 'refused' }] },
] as const;

async function run<T>(options: WorldOptions, use: (world: World) => Promise<T>): Promise<T> {
  await using world = await startWorld({ clusters: small, firstPort: nextPort, ...options });
  return await use(world);
}

interface Kubeconfig {
  clusters: [{ cluster: { server: string; 'certificate-authority-data': string } }];
  users: [{ user: { token?: string; 'client-certificate-data'?: string; 'client-key-data'?: string } }];
}

/** Asks as whoever has the kubeconfig can. */
async function asAdministrator(file: string, method: string, path: string, body?: unknown) {
  const { clusters, users } = parse(await readFile(file, 'utf8')) as Kubeconfig;
  const { server, 'certificate-authority-data': ca } = clusters[0].cluster;
  const { token, 'client-certificate-data': cert, 'client-key-data': key } = users[0].user;
  const decoded = (text: string | undefined) => text && Buffer.from(text, 'base64').toString();
  const agent = new Agent({ connect: { ca: decoded(ca), cert: decoded(cert), key: decoded(key) } as object });
  try {
    const answer = await request(`${server}${path}`, {
      dispatcher: agent,
      method: method as 'GET',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: body === undefined ? null : JSON.stringify(body),
    });
    // biome-ignore lint/suspicious/noExplicitAny: whatever JSON the server answers
    return { status: answer.statusCode, body: (await answer.body.json()) as any };
  } finally {
    await agent.destroy();
  }
}

const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kept' }, data: { a: 'b' } };

test('a kubeconfig of the folder lets its reader do anything, and only its owner reads it', async () => {
  const data = await aFolder();
  await run({ data }, async ({ clusters }) => {
    const { kubeconfig, exposed } = clusters.get('one')!;
    expect(kubeconfig).toBe(join(data, 'world', 'one.kubeconfig'));
    expect((await stat(kubeconfig)).mode & 0o777).toBe(0o600);
    expect((await stat(join(data, 'world', 'world.json'))).mode & 0o777).toBe(0o600);
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    const who = await asAdministrator(
      kubeconfig,
      'POST',
      '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      review,
    );
    expect(who).toMatchObject({
      status: 201,
      body: {
        status: {
          userInfo: { username: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] },
        },
      },
    });
    expect(exposed.address).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect((await asAdministrator(kubeconfig, 'GET', '/version')).body.gitVersion).toMatch(/\+simulated$/);
  });
});

test('a restart is the same world: addresses, credentials, UIDs and what was written', async () => {
  const data = await aFolder();
  const look = async ({ clusters, control }: World) => {
    const { kubeconfig } = clusters.get('one')!;
    const list = async (path: string) => (await asAdministrator(kubeconfig, 'GET', path)).body.items;
    return {
      control,
      kubeconfig: await readFile(kubeconfig, 'utf8'),
      namespaces: await list('/api/v1/namespaces'),
      nodes: await list('/api/v1/nodes'),
      configMaps: await list('/api/v1/configmaps'),
    };
  };
  const first = await run({ data, seed: 'monday' }, async (world) => {
    const { kubeconfig, cluster } = world.clusters.get('one')!;
    await asAdministrator(kubeconfig, 'POST', '/api/v1/namespaces/default/configmaps', configMap);
    await asAdministrator(kubeconfig, 'DELETE', '/api/v1/namespaces/kube-public');
    await cluster.settled();
    return await look(world);
  });
  expect(first.configMaps).toContainEqual(expect.objectContaining({ data: { a: 'b' } }));
  expect(first.namespaces.map((each: { metadata: { name: string } }) => each.metadata.name)).not.toContain(
    'kube-public',
  );
  expect(await run({ data }, look)).toEqual(first);
  // And once more, from the journal that was written anew.
  expect(await run({ data }, look)).toEqual(first);
});

test('what is made after a restart has names and UIDs of its own', async () => {
  const data = await aFolder();
  const make = () =>
    run({ data }, async ({ clusters }) => {
      const { kubeconfig } = clusters.get('one')!;
      const given = { ...configMap, metadata: { generateName: 'made-' } };
      const made = await asAdministrator(kubeconfig, 'POST', '/api/v1/namespaces/default/configmaps', given);
      expect(made.status).toBe(201);
      return made.body.metadata;
    });
  const [one, other] = [await make(), await make()];
  expect(other.name).not.toBe(one.name);
  expect(other.uid).not.toBe(one.uid);
  expect(Number(other.resourceVersion)).toBeGreaterThan(Number(one.resourceVersion));
});

test('a journal that a crash cut at any byte is read up to there, and written on', async () => {
  const data = await aFolder();
  const journal = join(data, 'world/journals/one.jsonl');
  const path = '/api/v1/namespaces/default/configmaps';
  const named = (name: string) => ({ ...configMap, metadata: { name } });
  await run({ data }, async ({ clusters }) => {
    for (const name of ['first', 'second'])
      await asAdministrator(clusters.get('one')!.kubeconfig, 'POST', path, named(name));
  });
  const whole = await readFile(journal, 'utf8');
  const first = whole.indexOf('\n') + 1;
  for (const [length, kept] of [
    [first + 30, ['first']],
    [first - 1, []],
    [12, []],
    [0, []],
  ] as const) {
    await writeFile(journal, whole.slice(0, length));
    await run({ data }, async ({ clusters }) => {
      const { kubeconfig } = clusters.get('one')!;
      const { items } = (await asAdministrator(kubeconfig, 'GET', path)).body;
      expect(items.map((item: typeof configMap) => item.metadata.name)).toEqual([
        ...kept,
        'kube-root-ca.crt',
      ]);
      expect((await asAdministrator(kubeconfig, 'POST', path, named('after'))).status).toBe(201);
    });
    await run({ data }, async ({ clusters }) =>
      expect((await asAdministrator(clusters.get('one')!.kubeconfig, 'GET', `${path}/after`)).status).toBe(
        200,
      ),
    );
  }
});

test('a journal that is no journal is refused in words, and left as it is', async () => {
  const data = await aFolder();
  await run({ data }, async () => {});
  const journal = join(data, 'world/journals/one.jsonl');
  await writeFile(journal, 'no journal\n');
  await expect(startWorld({ data, clusters: small })).rejects.toMatchObject({
    code: 'WORLD_JOURNAL_UNREADABLE',
    values: { file: journal, number: 1 },
  });
  expect(await readFile(journal, 'utf8')).toBe('no journal\n');
});

test('the same seed makes the same objects in another folder, with other keys', async () => {
  const uids = async (data: string) =>
    run({ data, seed: 'monday' }, async ({ clusters }) => {
      const { cluster, kubeconfig } = clusters.get('one')!;
      const all = cluster.objects.list({ group: '', name: 'namespaces' });
      return {
        uids: all.map(({ metadata }) => metadata.uid),
        kubeconfig: await readFile(kubeconfig, 'utf8'),
      };
    });
  const [one, other] = [await uids(await aFolder()), await uids(await aFolder())];
  expect(other.uids).toEqual(one.uids);
  expect(other.kubeconfig).not.toBe(one.kubeconfig);
});

test('--fresh makes the world anew and leaves what is not its own', async () => {
  const data = await aFolder();
  const uid = (world: World) =>
    world.clusters.get('one')!.cluster.objects.get({ group: '', name: 'namespaces' }, undefined, 'default')!
      .metadata.uid;
  const first = await run({ data, seed: 'monday' }, async (world) => uid(world));
  await writeFile(join(data, 'world', 'notes.txt'), 'mine');
  expect(await run({ data, seed: 'tuesday', isFresh: true }, async (world) => uid(world))).not.toBe(first);
  expect(await readdir(join(data, 'world'))).toContain('notes.txt');
});

test('small clusters share a port, each with a token of its own', async () => {
  const data = await aFolder();
  await run({ data, clusters: [], small: 3 }, async ({ clusters }) => {
    const addresses = [...clusters.values()].map(({ exposed }) => exposed.address);
    expect(addresses).toHaveLength(3);
    expect(addresses[2]).toBe(addresses[0]!.replace('edge-0001', 'edge-0003'));
    for (const { kubeconfig } of clusters.values()) {
      expect(await asAdministrator(kubeconfig, 'GET', '/api/v1/namespaces/kube-system')).toMatchObject({
        status: 200,
      });
    }
    const [one, other] = [...clusters.values()];
    const mixed = (await readFile(one!.kubeconfig, 'utf8')).replace(
      one!.exposed.address,
      other!.exposed.address,
    );
    const stolen = join(data, 'stolen');
    await writeFile(stolen, mixed);
    expect(await asAdministrator(stolen, 'GET', '/api/v1/nodes')).toMatchObject({ status: 401 });
  });
  // As many as there were, when nobody says how many.
  await run({ data, clusters: [] }, async ({ clusters }) => expect(clusters.size).toBe(3));
});

test('reads of a fault are as of when it was switched on', async () => {
  await run({ data: await aFolder() }, async ({ clusters }) => {
    const { kubeconfig, exposed } = clusters.get('one')!;
    const path = '/api/v1/namespaces/default/configmaps';
    const { id } = await exposed.switchOn({ kind: 'stale' });
    expect(await asAdministrator(kubeconfig, 'POST', path, configMap)).toMatchObject({ status: 201 });
    expect(await asAdministrator(kubeconfig, 'GET', `${path}/kept`)).toMatchObject({ status: 404 });
    expect(
      (await asAdministrator(kubeconfig, 'GET', path)).body.items.map(
        (item: typeof configMap) => item.metadata.name,
      ),
    ).not.toContain('kept');
    await exposed.switchOff(id);
    expect(await asAdministrator(kubeconfig, 'GET', `${path}/kept`)).toMatchObject({ status: 200 });
  });
});

test('a port that was taken meanwhile, a world that runs, another seed: each is refused in words', async () => {
  const data = await aFolder();
  await run({ data, seed: 'monday' }, async () => {
    await expect(startWorld({ data })).rejects.toMatchObject({ code: 'WORLD_IN_USE' });
  });
  await expect(startWorld({ data, seed: 'tuesday' })).rejects.toMatchObject({ code: 'WORLD_SEED_FIXED' });
  const port = Number(
    new URL(await run({ data }, async ({ clusters }) => clusters.get('one')!.exposed.address)).port,
  );
  const taken = createServer().listen(port, '127.0.0.1');
  await once(taken, 'listening');
  await expect(startWorld({ data, clusters: small })).rejects.toMatchObject({
    code: 'WORLD_PORT_BUSY',
    values: { port, what: 'one' },
  });
  taken.close();
  await once(taken, 'close');
  // What did not come about has let go of all it had.
  await run({ data }, async () => {});
});
