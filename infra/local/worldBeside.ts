import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import type { DroverError } from '#errors';
import type { WorldMessage } from '../world/run.ts';
import { fail } from './errors.ts';

export interface WorldBeside {
  /** Resolves when its clusters answer; with undefined when it has ended instead, and has said why. */
  readonly ready: Promise<WorldMessage | undefined>;
  stop(): Promise<void>;
}

/**
 * The simulated world in a process of its own, which gives way to the functions. It is no part of this process's
 * group, so that Ctrl-C reaches it through us; and it ends by itself when we are gone.
 * `tell` is for an end that it could not say itself.
 */
export function startWorldBeside(
  isFresh: boolean,
  environment: NodeJS.ProcessEnv,
  tell: (error: DroverError) => void,
): WorldBeside {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, '../world/start.mjs'), ...(isFresh ? ['--fresh'] : [])],
    { env: environment, detached: true, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  setPriority(child.pid!, constants.priority.PRIORITY_BELOW_NORMAL);
  const exit = once(child, 'exit');
  const message = once(child, 'message') as Promise<[WorldMessage]>;
  let isReady = false;
  let isStopping = false;
  child.once('message', () => {
    isReady = true;
  });
  child.once('exit', (_code, signal) => {
    if (!isStopping && (isReady || signal !== null)) tell(fail('WORLD_ENDED'));
  });
  return {
    ready: Promise.race([message.then(([told]) => told), exit.then(() => undefined)]),
    async stop() {
      isStopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 2_000);
      await exit;
      clearTimeout(late);
    },
  };
}
