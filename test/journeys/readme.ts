import { execFile } from 'node:child_process';
import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { dataFolder } from './drover.ts';

const readme = join(import.meta.dirname, '../../README.md');
const shell = /^```sh\n(.*?)^```$/gms;

/** The commands of a part of the README, a line each. */
export async function commandsOf(title: string): Promise<string[]> {
  const text = await readFile(readme, 'utf8');
  const part = text.split(/^## /m).find((one) => one.startsWith(`${title}\n`));
  const commands = [...(part ?? '').matchAll(shell)].flatMap(([, block]) => block!.split('\n'));
  return commands.filter((line) => line.trim() !== '');
}

export interface Typed {
  readonly command: string;
  readonly output: string;
}

/**
 * Types them one after the other into one shell, with nothing put in place but the port: where it starts, `.drover` is
 * the data folder. What complains, or fails, throws.
 */
export async function type(
  commands: readonly string[],
  { data, port }: { data: string; port: number },
): Promise<Typed[]> {
  const cwd = await dataFolder();
  await symlink(data, join(cwd, '.drover'));
  const script = commands.map((command) => `${command}\nprintf '\\0'`).join('\n');
  const { stdout, stderr } = await promisify(execFile)(
    'bash',
    ['-euo', 'pipefail', '-c', script.replaceAll('127.0.0.1:8080', `127.0.0.1:${port}`)],
    { cwd, timeout: 60_000, maxBuffer: 64 * 2 ** 20 },
  );
  if (stderr !== '') throw new Error(stderr);
  const outputs = stdout.split('\0');
  return commands.map((command, at) => ({ command, output: outputs[at]! }));
}
