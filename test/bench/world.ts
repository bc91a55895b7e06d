import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { parse } from 'yaml';
import { startWorld, type World, type WorldOptions } from '../../infra/world/world.ts';

/**
 * `npm run bench:world` (`-- large`, `-- small`): how large the simulated world may grow. The world has a process to itself, whose peak memory
 * is told; who asks is another. Processor time is of both together, and is the figure to compare on a busy machine.
 */
const nodes = 5_000;
const podsPerNode = 30;
const small = 1_000;
const page = 500;

const worlds: Record<string, Omit<WorldOptions, 'data'>> = {
  large: { clusters: [{ name: 'large', nodes, podsPerNode }] },
  small: { clusters: [], small },
};

async function host(options: Omit<WorldOptions, 'data'>): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'world-bench-'));
  const before = performance.now();
  const world = await startWorld({ ...options, data, firstPort: 22_000 });
  process.send!({ seconds: secondsSince(before), kubeconfigs: kubeconfigsOf(world) });
  process.on('message', () => process.send!(usage()));
  await once(process, 'disconnect');
  await world[Symbol.asyncDispose]();
  await rm(data, { recursive: true });
}

interface Usage {
  /** MiB. */
  memory: number;
  peak: number;
  processorSeconds: number;
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return {
    memory: process.memoryUsage().rss / 1_048_576,
    peak: process.resourceUsage().maxRSS / 1_024,
    processorSeconds: (user + system) / 1e6,
  };
}

const kubeconfigsOf = ({ clusters }: World): string[] =>
  [...clusters.values()].map(({ kubeconfig }) => kubeconfig);

async function measure(roles: readonly string[]): Promise<void> {
  console.log(`Node ${process.version}, ${availableParallelism()} processors\n`);
  for (const role of roles) await withWorld(role, role === 'large' ? readAllPods : readAllNodes);
}

async function readAllPods([file]: string[], timed: Timed): Promise<void> {
  for (const [what, accept] of [
    ['as objects', 'application/json'],
    ['as a table without objects', 'application/json;as=Table;v=v1;g=meta.k8s.io'],
  ] as const) {
    const client = await clientOf(file!);
    await timed(async () => {
      const { items, bytes, pages } = await listAll(client, accept);
      return `${items} pods ${what}, ${pages} pages of ${page}, ${(bytes / 1_048_576).toFixed(0)} MiB`;
    });
    await client.agent.destroy();
  }
}

async function readAllNodes(files: string[], timed: Timed): Promise<void> {
  await timed(async () => {
    for (const file of files) {
      const client = await clientOf(file);
      await client.get('/api/v1/nodes', 'application/json');
      await client.agent.destroy();
    }
    return 'the nodes of each, one after another, each on a new connection';
  });
}

/** Does something and says what it was, with how long it took. */
type Timed = (act: () => Promise<string>) => Promise<void>;

async function withWorld(
  role: string,
  use: (kubeconfigs: string[], timed: Timed) => Promise<void>,
): Promise<void> {
  const child = spawn(process.execPath, [import.meta.filename, role, 'host'], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exit = once(child, 'exit');
  const told = async <T>(): Promise<T> => {
    const answer = await Promise.race([once(child, 'message'), exit.then(() => undefined)]);
    if (!answer) throw new Error('The world has ended.');
    return answer[0] as T;
  };
  const usageOf = async () => {
    child.send('usage');
    return await told<Usage>();
  };
  const { seconds, kubeconfigs } = await told<{ seconds: number; kubeconfigs: string[] }>();
  const atStart = await usageOf();
  console.log(role === 'large' ? `${nodes} nodes, ${nodes * podsPerNode} pods` : `${small} small clusters`);
  console.log(
    `  started: ${shown(seconds, atStart.processorSeconds)}, memory ${atStart.memory.toFixed(0)} MiB`,
  );
  await use(kubeconfigs, async (act) => {
    const before = performance.now();
    const spent = (await usageOf()).processorSeconds + usage().processorSeconds;
    const what = await act();
    const spentNow = (await usageOf()).processorSeconds + usage().processorSeconds;
    console.log(`  ${what}: ${shown(secondsSince(before), spentNow - spent)}`);
  });
  const { memory, peak } = await usageOf();
  console.log(`  memory ${memory.toFixed(0)} MiB, at its peak ${peak.toFixed(0)} MiB\n`);
  child.disconnect();
  await exit;
}

const shown = (seconds: number, processorSeconds: number): string =>
  `${seconds.toFixed(1)} s (${processorSeconds.toFixed(1)} s of processor time)`;

interface Client {
  agent: Agent;
  get(path: string, accept: string): Promise<string>;
}

async function clientOf(file: string): Promise<Client> {
  const { clusters, users } = parse(await readFile(file, 'utf8'));
  const { server, 'certificate-authority-data': ca } = clusters[0].cluster;
  const { token, 'client-certificate-data': cert, 'client-key-data': key } = users[0].user;
  const decoded = (text?: string) => text && Buffer.from(text, 'base64').toString();
  const agent = new Agent({ connect: { ca: decoded(ca), cert: decoded(cert), key: decoded(key) } as object });
  return {
    agent,
    async get(path, accept) {
      const answer = await request(`${server}${path}`, {
        dispatcher: agent,
        headers: { accept, ...(token && { authorization: `Bearer ${token}` }) },
      });
      const text = await answer.body.text();
      if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${text.slice(0, 300)}`);
      return text;
    },
  };
}

/** Reads every page and looks only at its head: what a client then makes of the items is its own time. */
async function listAll({ get }: Client, accept: string) {
  const found = { items: 0, bytes: 0, pages: 0 };
  let next = '';
  let left = 0;
  do {
    const query = new URLSearchParams({ limit: String(page), includeObject: 'None', continue: next });
    const text = await get(`/api/v1/pods?${query}`, accept);
    const head = text.slice(0, 1_000);
    const remaining = Number(/"remainingItemCount":(\d+)/.exec(head)?.[1] ?? 0);
    found.items += next === '' ? page : left - remaining;
    left = remaining;
    found.bytes += text.length;
    found.pages += 1;
    next = /"continue":"([^"]*)"/.exec(head)?.[1] ?? '';
  } while (next !== '');
  return found;
}

const secondsSince = (before: number): number => (performance.now() - before) / 1_000;

const [, , wanted, isHost] = process.argv;
if (isHost) await host(worlds[wanted!]!);
else await measure(wanted ? [wanted] : Object.keys(worlds));
