import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = import.meta.dirname;
const requirements = join(here, 'requirements.txt');

export const official = join(here, 'official.py');

/** A Python with what official.py needs, made once: kept by what it is made of, and may be deleted at any time. */
export async function python(): Promise<string> {
  const { stdout: version } = await run('python3', ['--version']);
  const key = createHash('sha256')
    .update(version)
    .update(await readFile(requirements));
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'drover', 'exporter');
  const folder = join(cache, key.digest('hex').slice(0, 16));
  const program = join(folder, 'bin', 'python3');
  if (await exists(program)) return program;
  await mkdir(cache, { recursive: true });
  const made = `${folder}.${process.pid}`;
  await run('python3', ['-m', 'venv', made]);
  await run(join(made, 'bin', 'python3'), ['-m', 'pip', 'install', '--quiet', '--requirement', requirements]);
  // Who was quicker has made the same.
  await rename(made, folder).catch(() => rm(made, { recursive: true }));
  return program;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

export interface OfficialRun {
  readonly text: string;
  /** Of each scrape, in milliseconds. */
  readonly took: readonly { readonly ms: number; readonly cpuMs: number }[];
}

/** What the official exporter says of the controller at this address, asked as a user with a password. */
export async function runOfficial(
  { address, user, password }: { address: string; user: string; password: string },
  {
    runs = 1,
    timeZone = 'UTC',
    enforcers = true,
  }: { runs?: number; timeZone?: string; enforcers?: boolean } = {},
): Promise<OfficialRun> {
  const args = [
    official,
    address,
    user,
    password,
    '--runs',
    String(runs),
    ...(enforcers ? ['--enforcers'] : []),
  ];
  const { stdout, stderr } = await run(await python(), args, {
    env: { ...process.env, TZ: timeZone },
    maxBuffer: 1e9,
    timeout: 300_000,
  });
  return { text: stdout, took: JSON.parse(stderr) };
}
