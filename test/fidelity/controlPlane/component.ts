import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComponentName } from './build.ts';
import { fail } from './errors.ts';

export interface Component {
  readonly name: ComponentName;
  readonly log: string;
  /** Rejects, with the end of its log, when it ends before `stop`. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

/**
 * Starts one component of the control plane. It ends with this process, however that ends: see tether.ts in go/. It is
 * in a process group of its own, because a Ctrl-C in the terminal is for this process alone: the components must not
 * go in an order of their own.
 */
export async function startComponent(
  programs: string,
  name: ComponentName,
  args: readonly string[],
  folder: string,
): Promise<Component> {
  const log = join(folder, `${name}.log`);
  const output = await open(log, 'w');
  const child = spawn(join(programs, name), args, {
    detached: true,
    stdio: ['pipe', output.fd, output.fd],
  });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  await output.close();
  let isStopping = false;
  const failed = ended.then(async ([code, signal]) => {
    if (isStopping) return new Promise<never>(() => {});
    throw fail('COMPONENT_ENDED', {
      component: name,
      how: signal ?? `exit code ${code}`,
      said: await tailOf(log),
      log,
    });
  });
  // Whoever waits for it hears of it; nobody has to wait.
  failed.catch(() => {});
  return {
    name,
    log,
    failed,
    async stop() {
      isStopping = true;
      child.kill('SIGKILL');
      await ended.catch(() => {});
    },
  };
}

/** The last lines of a log, where the reason for an end stands. */
export async function tailOf(log: string): Promise<string> {
  const lines = (await readFile(log, 'utf8')).trimEnd().split('\n');
  return lines.slice(-12).join('\n');
}
