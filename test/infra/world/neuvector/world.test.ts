import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import type { ControllerEntry } from '../../../../infra/world/neuvector/world.ts';
import { startWorld, type World } from '../../../../infra/world/world.ts';

let firstPort: number;
beforeAll(() => {
  // Away from other tests that run at the same time; ports that are in use are passed over.
  firstPort = 30_000 + (process.pid % 500) * 20;
});

async function aFolder(): Promise<string> {
  const data = await mkdtemp(join(tmpdir(), 'neuvector-'));
  onTestFinished(() => rm(data, { recursive: true, force: true }));
  return data;
}

async function run<T>(
  data: string,
  use: (world: World, list: ControllerEntry[]) => Promise<T>,
  isFresh = false,
) {
  await using world = await startWorld({ data, clusters: [], firstPort, isFresh });
  return await use(world, JSON.parse(await readFile(world.controllersFile, 'utf8')));
}

/** As whoever has the file can. */
async function call(entry: ControllerEntry, method: 'GET' | 'POST', path: string, body?: object) {
  const agent = new Agent({ connect: { ca: entry.ca } });
  try {
    const answer = await request(`https://${entry.rest}${path}`, {
      dispatcher: agent,
      method,
      headers: { 'x-auth-apikey': entry.apiKey },
      body: body ? JSON.stringify(body) : null,
    });
    const text = await answer.body.text();
    // biome-ignore lint/suspicious/noExplicitAny: whatever JSON the controller answers
    return { status: answer.statusCode, body: (text === '' ? undefined : JSON.parse(text)) as any };
  } finally {
    await agent.destroy();
  }
}

const byName = (list: ControllerEntry[], name: string) => list.find((entry) => entry.name === name)!;

async function joinFirst(list: ControllerEntry[]): Promise<number> {
  const [primary, store] = [byName(list, 'primary'), byName(list, 'store-1')];
  const { body } = await call(primary, 'GET', '/v1/fed/join_token');
  const [server, port] = store.rest.split(':');
  const own = { server, port: Number(port) };
  const sent = { name: 'r1', join_token: body.join_token, joint_rest_info: own };
  return (await call(store, 'POST', '/v1/fed/join', sent)).status;
}

test('a world has a primary and three others, and a file that says how they are reached', async () => {
  const data = await aFolder();
  await run(data, async ({ controllersFile, controllers }, list) => {
    expect((await stat(controllersFile)).mode & 0o777).toBe(0o600);
    expect(list.map(({ name, role }) => `${name}: ${role}`)).toEqual([
      'primary: primary',
      'store-1: standalone',
      'store-2: standalone',
      'store-3: standalone',
    ]);
    const { rest, federation } = controllers.get('primary')!;
    expect(list[0]).toEqual({
      name: 'primary',
      role: 'primary',
      rest: `127.0.0.1:${rest.port}`,
      federation: `127.0.0.1:${federation.port}`,
      ca: expect.stringContaining('BEGIN CERTIFICATE'),
      user: 'admin',
      password: expect.stringMatching(/^.{40,}$/),
      apiKey: expect.stringMatching(/^drover:.{40,}$/),
    });
    expect(list.slice(1).map(({ federation: none }) => none)).toEqual([null, null, null]);
    const signedIn = await call(list[1]!, 'POST', '/v1/auth', {
      password: { username: list[1]!.user, password: list[1]!.password },
    });
    expect(signedIn).toMatchObject({ status: 200, body: { token: { role: 'admin' } } });
  });
});

test('what became of the federation is still so after a restart, and not in a world made anew', async () => {
  const data = await aFolder();
  const before = await run(data, async (_, list) => {
    expect(await joinFirst(list)).toBe(200);
    return list;
  });
  await run(data, async (_, list) => {
    expect(byName(list, 'store-1')).toEqual({ ...byName(before, 'store-1'), role: 'member' });
    expect((await call(byName(list, 'primary'), 'GET', '/v1/fed/member')).body.joint_clusters).toMatchObject([
      { name: 'r1' },
    ]);
  });
  await run(
    data,
    async (_, list) => {
      expect(byName(list, 'store-1').role).toBe('standalone');
      expect(byName(list, 'store-1').apiKey).not.toBe(byName(before, 'store-1').apiKey);
    },
    true,
  );
});

test('a token that was given out before a restart still counts', async () => {
  const data = await aFolder();
  const token = await run(
    data,
    async (_, list) => (await call(byName(list, 'primary'), 'GET', '/v1/fed/join_token')).body.join_token,
  );
  await run(data, async (_, list) => {
    const store = byName(list, 'store-2');
    const [server, port] = store.rest.split(':');
    const sent = { name: 'r2', join_token: token, joint_rest_info: { server, port: Number(port) } };
    expect((await call(store, 'POST', '/v1/fed/join', sent)).status).toBe(200);
  });
});

test('a store is reached by the name that follows from its id', async () => {
  await run(await aFolder(), async (_, list) => {
    const { body } = await call(byName(list, 'primary'), 'GET', '/v1/fed/join_token');
    const joint_rest_info = { server: 'cn-wukong-rstore-2.mcd.store', port: 443 };
    const sent = { name: 'store-2-a1b2c3', join_token: body.join_token, joint_rest_info };
    expect((await call(byName(list, 'store-2'), 'POST', '/v1/fed/join', sent)).status).toBe(200);
  });
});
