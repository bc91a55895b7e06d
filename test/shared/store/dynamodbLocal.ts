import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Emulator } from './dynalite.ts';

const run = promisify(execFile);
const here = fileURLToPath(new URL('dynamodb-local', import.meta.url));
const version = '2.6.1';

/** Why DynamoDB Local cannot run here, or undefined where it can. */
export async function whyNoDynamodbLocal(): Promise<string | undefined> {
  // The compiler too: `Loopback.java` is run from its source.
  if (!(await runs('javac', '--version')))
    return 'a JDK of 17 or newer is missing (Debian: default-jdk-headless)';
  if (await isInstalled()) return undefined;
  return (await runs('mvn', '--version')) ? undefined : 'Maven is missing (Debian: maven)';
}

export async function startDynamodbLocal(): Promise<Emulator> {
  await install();
  const child = spawn(
    'java',
    [`-Djava.library.path=${libraries()}`, '-cp', `${libraries()}/*`, join(here, 'Loopback.java')],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  const ended = once(child, 'exit');
  const complaints: string[] = [];
  child.stderr.on('data', (chunk) => complaints.push(String(chunk)));
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /^listening on (\d+)$/.exec(line)?.[1];
    if (!port) continue;
    child.stdout.resume();
    return {
      endpoint: `http://127.0.0.1:${port}`,
      close: async () => {
        child.stdin.end();
        await ended;
      },
    };
  }
  throw new Error(`DynamoDB Local did not start:\n${complaints.join('')}`);
}

const libraries = () =>
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'drover', `dynamodb-local-${version}`);

/** Once per machine, outside the repository. A half-finished download is never taken for a whole one. */
async function install(): Promise<void> {
  if (await isInstalled()) return;
  const partial = `${libraries()}.${process.pid}`;
  await mkdir(partial, { recursive: true });
  await run('mvn', [
    '--quiet',
    '--batch-mode',
    `--file=${join(here, 'pom.xml')}`,
    'dependency:copy-dependencies',
    `-DoutputDirectory=${partial}`,
  ]);
  await rename(partial, libraries()).catch(() => rm(partial, { recursive: true }));
}

async function isInstalled(): Promise<boolean> {
  try {
    return (await readdir(libraries())).includes(`DynamoDBLocal-${version}.jar`);
  } catch {
    return false;
  }
}

async function runs(command: string, ...args: string[]): Promise<boolean> {
  try {
    await run(command, args);
    return true;
  } catch {
    return false;
  }
}
