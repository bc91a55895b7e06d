import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { whyTaken } from '../../infra/local/whyTaken.ts';

const root = join(import.meta.dirname, '../..');

export interface Drover {
  readonly address: string;
  readonly port: number;
  readonly data: string;
  readonly npm: ChildProcess;
  /** All that it has printed so far. */
  said(): string;
  /** As Ctrl-C in a terminal: the signal goes to the whole process group. Answers the milliseconds until all is gone. */
  interrupt(signal?: NodeJS.Signals): Promise<number>;
  /** Resolves when neither npm nor anything it started holds its output, with npm's exit code. */
  ended(): Promise<number | null>;
}

interface Given {
  data?: string;
  port?: number;
  args?: string[];
  /** With simulated clusters beside it. */
  hasWorld?: boolean;
  environment?: Record<string, string>;
  /** When what was started ends; without it, with the test. */
  atEnd?: (undo: () => Promise<void>) => void;
}

/** `npm start` as a newcomer types it, with a data folder and ports of its own. */
export async function spawnDrover(given: Given = {}): Promise<Drover> {
  const { atEnd = onTestFinished } = given;
  const data = given.data ?? (await dataFolder(atEnd));
  const port = given.port ?? (await freePort());
  const args = [...(given.args ?? []), ...(given.hasWorld ? [] : ['--no-world'])];
  const npm = spawn('npm', ['start', '--silent', ...(args.length > 0 ? ['--', ...args] : [])], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, SERVER_PORT: String(port), DROVER_DATA: data, LANG: 'C', ...given.environment },
  });
  let said = '';
  for (const stream of [npm.stdout!, npm.stderr!]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
    });
  }
  const end = once(npm, 'close').then(([code]) => code as number | null);
  atEnd(async () => {
    if (npm.exitCode === null && npm.signalCode === null) process.kill(-npm.pid!, 'SIGKILL');
    await end;
  });
  return {
    address: `http://127.0.0.1:${port}`,
    port,
    data,
    npm,
    said: () => said,
    ended: () => end,
    async interrupt(signal = 'SIGINT') {
      const asked = performance.now();
      process.kill(-npm.pid!, signal);
      await end;
      return performance.now() - asked;
    },
  };
}

/** Running, and past its ready block. */
export async function startDrover(given: Given = {}): Promise<Drover> {
  const drover = await spawnDrover(given);
  let ended = false;
  void drover.ended().then(() => {
    ended = true;
  });
  while (!drover.said().includes('Ctrl-C')) {
    if (ended) throw new Error(`npm start ended before it was ready:\n${drover.said()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return drover;
}

export async function dataFolder(atEnd: Given['atEnd'] = onTestFinished): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'drover-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A port that is free, as is the one 1000 above it. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    if (!(await whyTaken(port)) && !(await whyTaken(port + 1_000))) return port;
  }
}
