import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, onTestFinished, test, vi } from 'vitest';

const { KUBECONFIG: _, ...environment } = process.env;
const root = join(import.meta.dirname, '../../..');

/** `npm run cluster` as a person types it, past its ready block. */
async function startCluster(...args: string[]) {
  const npm = spawn('npm', ['run', '--silent', 'cluster', '--', ...args], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment, LANG: 'C' },
  });
  let said = '';
  for (const stream of [npm.stdout, npm.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
    });
  }
  const ended = once(npm, 'close');
  onTestFinished(async () => {
    if (npm.exitCode === null && npm.signalCode === null) process.kill(-npm.pid!, 'SIGKILL');
    await ended;
  });
  await vi.waitFor(() => expect(said).toContain('Ctrl-C'), { timeout: 90_000, interval: 100 });
  const [, kubeconfig, kubectl] = /export KUBECONFIG=(\S+)\s+(\S+) get nodes/.exec(said)!;
  const folder = dirname(kubeconfig!);
  return {
    npm,
    ended,
    folder,
    kubectl: async (...command: string[]) =>
      (
        await promisify(execFile)(kubectl!, command, {
          env: { KUBECONFIG: kubeconfig, KUBECACHEDIR: join(folder, 'kubectl') },
        })
      ).stdout,
  };
}

/** Programs that were started with this folder in their arguments. */
const runningIn = (folder: string): string[] =>
  readdirSync('/proc').flatMap((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return /^\d+$/.test(pid) && command.includes(folder) ? [command.replaceAll('\0', ' ')] : [];
    } catch {
      return [];
    }
  });

const soon = { timeout: 15_000, interval: 50 };
const interrupt = (npm: ChildProcess) => process.kill(-npm.pid!, 'SIGINT');

test('a person gets a cluster with ready nodes, and Ctrl-C ends and deletes all of it', async () => {
  const { npm, ended, folder, kubectl } = await startCluster('--nodes', '12');
  expect(await kubectl('version', '--output=json')).toContain(`"gitVersion": "${inject('real').version}"`);
  await kubectl('wait', '--for=condition=Ready', 'nodes', '--all', '--timeout=30s');
  expect((await kubectl('get', 'nodes', '--output=name')).trim().split('\n')).toHaveLength(12);
  expect(runningIn(folder)).toHaveLength(5);
  interrupt(npm);
  await vi.waitFor(() => expect(runningIn(folder)).toEqual([]), soon);
  await ended;
  expect(existsSync(folder)).toBe(false);
});

test('with a folder of its own it is the same cluster again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'drover-cluster-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const first = await startCluster('--nodes', '1', '--folder', folder);
  await first.kubectl('create', 'namespace', 'kept');
  interrupt(first.npm);
  await first.ended;
  const again = await startCluster('--nodes', '2', '--folder', folder);
  await again.kubectl('get', 'namespace', 'kept');
  expect((await again.kubectl('get', 'nodes', '--output=name')).trim().split('\n')).toHaveLength(2);
});

test('when npm and all it started are killed, the control plane goes with them', async () => {
  const { npm, folder } = await startCluster();
  onTestFinished(() => rm(folder, { recursive: true }));
  process.kill(-npm.pid!, 'SIGKILL');
  await vi.waitFor(() => expect(runningIn(folder)).toEqual([]), soon);
});

test('an argument that it does not know is refused in words', async () => {
  const refused = promisify(execFile)('npm', ['run', '--silent', 'cluster', '--', '--nodes', 'many'], {
    cwd: root,
    env: { ...environment, LANG: 'C' },
  });
  await expect(refused).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/--nodes many; it takes --nodes/),
  });
});
