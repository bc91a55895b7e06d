import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { dataFolder, freePort, startDrover } from '../drover.ts';

const root = join(import.meta.dirname, '../../..');
const names = ['development', 'testing', 'production', 'expired', 'refused'];

interface Run {
  npm: ChildProcess;
  said(): string;
  ended: Promise<number | null>;
}

/** `npm run world` as a newcomer types it. */
function spawnWorld(data: string, args: string[] = [], environment: Record<string, string> = {}): Run {
  const npm = spawn('npm', ['run', 'world', '--silent', '--', ...args], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DROVER_DATA: data, LANG: 'C', ...environment },
  });
  let said = '';
  for (const stream of [npm.stdout!, npm.stderr!]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
    });
  }
  const ended = once(npm, 'close').then(([code]) => code as number | null);
  onTestFinished(async () => {
    if (npm.exitCode === null && npm.signalCode === null) process.kill(-npm.pid!, 'SIGKILL');
    await ended;
  });
  return { npm, said: () => said, ended };
}

async function startedWorld(...given: Parameters<typeof spawnWorld>): Promise<Run> {
  const run = spawnWorld(...given);
  let hasEnded = false;
  void run.ended.then(() => {
    hasEnded = true;
  });
  while (!run.said().includes('Ctrl-C')) {
    if (hasEnded) throw new Error(`npm run world ended before it was ready:\n${run.said()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return run;
}

async function interrupt({ npm, ended }: Run): Promise<number> {
  const asked = performance.now();
  process.kill(-npm.pid!, 'SIGINT');
  await ended;
  return performance.now() - asked;
}

interface Kubeconfig {
  clusters: [{ cluster: { server: string; 'certificate-authority-data': string } }];
  users: [{ user: { 'client-certificate-data': string; 'client-key-data': string } }];
}

/** What a client with the kubeconfig gets, or the code of what keeps it from that. */
async function get(file: string, path: string) {
  const { clusters, users } = parse(await readFile(file, 'utf8')) as Kubeconfig;
  const { server, 'certificate-authority-data': ca } = clusters[0].cluster;
  const { 'client-certificate-data': cert, 'client-key-data': key } = users[0].user;
  const [caPem, certPem, keyPem] = [ca, cert, key].map((text) => Buffer.from(text, 'base64').toString());
  const agent = new Agent({ connect: { ca: caPem!, cert: certPem!, key: keyPem! } });
  try {
    const { statusCode, body } = await request(`${server}${path}`, { dispatcher: agent });
    return {
      status: statusCode,
      body: (await body.json()) as { items: unknown[]; metadata: { uid?: string } },
    };
  } catch (error) {
    return { code: (error as NodeJS.ErrnoException).code };
  } finally {
    await agent.destroy();
  }
}

const nodes = async (file: string) => {
  const { status, body, code } = {
    code: undefined,
    body: undefined,
    status: undefined,
    ...(await get(file, '/api/v1/nodes')),
  };
  return code ?? [status, body?.items.length];
};

const files = (data: string) => names.map((name) => join(data, 'world', `${name}.kubeconfig`));

test('npm run world: five clusters, of which three answer; the same again after a restart', async () => {
  const data = await dataFolder();
  const port = String(await freePort());
  const first = await startedWorld(data, ['--port', port]);
  for (const file of files(data)) {
    expect(first.said()).toContain(file);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  }
  const look = async () => ({
    nodes: await Promise.all(files(data).map(nodes)),
    uid: (await get(files(data)[0]!, '/api/v1/namespaces/kube-system')).body?.metadata.uid,
    kubeconfigs: await Promise.all(files(data).map((file) => readFile(file, 'utf8'))),
  });
  const seen = await look();
  expect(seen.nodes).toEqual([[200, 5], [200, 20], [200, 200], 'CERT_HAS_EXPIRED', 'ECONNREFUSED']);
  expect(await interrupt(first)).toBeLessThan(3_000);

  const second = await startedWorld(data);
  expect(await look()).toEqual(seen);
  const control = /http:\/\/127\.0\.0\.1:\d+\//.exec(second.said())![0];
  await request(`${control}api/clusters/testing/faults`, { method: 'POST', body: '{"kind":"refused"}' });
  expect(await nodes(files(data)[1]!)).toBe('ECONNREFUSED');
});

test('small clusters on demand, as many again after a restart', async () => {
  const data = await dataFolder();
  const first = await startedWorld(data, ['--port', String(await freePort()), '--clusters', '20']);
  expect(first.said()).toMatch(/20 small clusters +\S+edge-0001\.kubeconfig … edge-0020/);
  await interrupt(first);
  expect((await startedWorld(data)).said()).toContain('20 small clusters');
});

test('npm run world is refused in one sentence', async () => {
  const data = await dataFolder();
  const refused = async (run: Run) => {
    expect(await run.ended).toBe(1);
    const said = run.said().trim();
    expect(said.split('\n')).toHaveLength(1);
    return said;
  };
  expect(await refused(spawnWorld(data, ['--frehs']))).toContain('npm run world does not know "--frehs"');
  const inTheWay = join(data, 'file');
  await writeFile(inTheWay, '');
  expect(await refused(spawnWorld(inTheWay))).toMatch(/cannot be written \(ENOTDIR\).*DROVER_DATA=/);

  const running = await startedWorld(data, ['--port', String(await freePort())]);
  expect(await refused(spawnWorld(data))).toContain('Another run has the world');
  await interrupt(running);
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(running.said())![1]);
  const taken = createServer().listen(port, '127.0.0.1');
  await once(taken, 'listening');
  onTestFinished(() => void taken.close());
  expect(await refused(spawnWorld(data))).toContain(
    `Port ${port}, which the simulated world has for control page, is in use`,
  );
  expect(await refused(spawnWorld(data, [], { LANG: 'zh_CN.UTF-8' }))).toContain('已被占用');
});

test('npm start has the world beside it, and takes it along when it ends', async () => {
  const drover = await startDrover({ hasWorld: true });
  expect(drover.said()).toContain(join(drover.data, 'world', 'development.kubeconfig'));
  expect(await nodes(files(drover.data)[0]!)).toEqual([200, 5]);
  const control = /http:\/\/127\.0\.0\.1:\d+\/\n/.exec(drover.said())![0].trim();
  expect((await request(control)).statusCode).toBe(200);
  expect(await drover.interrupt()).toBeLessThan(3_000);
  expect(await nodes(files(drover.data)[0]!)).toBe('ECONNREFUSED');
});

test('npm start goes on without a world that cannot start, and says why', async () => {
  const data = await dataFolder();
  const running = await startedWorld(data, ['--port', String(await freePort())]);
  const drover = await startDrover({ data, hasWorld: true });
  expect(drover.said()).toContain('Another run has the world');
  expect((await fetch(`${drover.address}/health`)).status).toBe(200);
  expect(await nodes(files(data)[0]!)).toEqual([200, 5]);
  await interrupt(running);
});

test('a world whose npm start is killed ends by itself', async () => {
  const drover = await startDrover({ hasWorld: true });
  drover.npm.kill('SIGKILL');
  await drover.ended();
  while ((await nodes(files(drover.data)[0]!)) !== 'ECONNREFUSED') {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});

test('npm start -- --no-world has none', async () => {
  const drover = await startDrover();
  expect(drover.said()).not.toContain('kubeconfig');
  await expect(stat(join(drover.data, 'world'))).rejects.toMatchObject({ code: 'ENOENT' });
});
