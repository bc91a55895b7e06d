import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from './errors.ts';

export interface Emulator {
  /** Resolves with the exit code when it ends, wanted or not. */
  readonly ended: Promise<number | null>;
  /** Resolves when its API answers, or `unless` is aborted. */
  untilHealthy(unless: AbortSignal): Promise<void>;
  /** Resolves when its store answers and its areas tick as well. */
  untilReady(unless: AbortSignal): Promise<void>;
  invoke(functionName: string): Promise<void>;
  stop(): Promise<void>;
}

const root = join(import.meta.dirname, '../..');
const patienceSeconds = 60;

/**
 * serverless-offline in a process group of its own, so that Ctrl-C reaches it through us, after what runs has
 * ended. `tether.ts` ends it when this process is gone. Its output goes to the log.
 */
export async function startEmulator(settings: {
  port: number;
  lambdaPort: number;
  inThreads: boolean;
  log: string;
  environment: NodeJS.ProcessEnv;
}): Promise<Emulator> {
  const { port, lambdaPort, inThreads, log, environment } = settings;
  await rename(log, `${log}.1`).catch(ignoreAbsence);
  const output = await open(log, 'w', 0o600);
  const {
    DROVER_STORE_ENDPOINT: store,
    DROVER_LAMBDA_ENDPOINT: lambda,
    DROVER_FUNCTIONS: names,
  } = environment;
  await output.write(
    `Store (DynamoDB API): ${store}\nFunctions (Lambda API): ${lambda}\nNames: ${names}-…\n`,
  );
  const child = spawn(
    process.execPath,
    [
      '--enable-source-maps',
      '--import',
      join(import.meta.dirname, 'tether.ts'),
      join(root, 'node_modules/serverless/bin/serverless.js'),
      'offline',
      ...['--stage', 'local', '--host', '127.0.0.1'],
      ...['--httpPort', String(port), '--lambdaPort', String(lambdaPort)],
      ...['--noPrependStageInUrl', '--noSponsor', '--localEnvironment'],
      // Its time-outs leave a timer behind per call and end the process; handlers race their own limits.
      '--noTimeout',
      ...(inThreads ? [] : ['--useInProcess']),
    ],
    { cwd: root, env: environment, detached: true, stdio: ['ignore', output.fd, output.fd, 'ipc'] },
  );
  await output.close();
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  async function untilAnswered(path: string, status: string, unless: AbortSignal): Promise<void> {
    const deadline = Date.now() + patienceSeconds * 1000;
    while (!unless.aborted && !(await says(`http://127.0.0.1:${port}${path}`, status))) {
      if (child.exitCode !== null || child.signalCode !== null) throw fail('EMULATOR_ENDED', { log });
      if (Date.now() > deadline) throw fail('NOT_READY', { seconds: patienceSeconds, log });
      await Promise.race([ended, after(25)]);
    }
  }
  return {
    ended,
    untilHealthy: (unless) => untilAnswered('/health', 'ok', unless),
    untilReady: (unless) => untilAnswered('/readyz', 'ready', unless),
    async invoke(functionName) {
      const answer = await fetch(
        `http://127.0.0.1:${lambdaPort}/2015-03-31/functions/${functionName}/invocations`,
        { method: 'POST', headers: { 'x-amz-invocation-type': 'Event' }, body: '{}' },
      );
      await answer.body?.cancel();
    },
    stop: () => stop(child),
  };
}

/** Functions first, then the emulator: it drops what runs. Neither takes long, or it is ended all the same. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  const drained = once(child, 'message');
  child.send('drain', ignoreClosed);
  await Promise.race([drained, exit, after(1_200)]);
  child.kill('SIGTERM');
  await Promise.race([exit, after(800)]);
  child.kill('SIGKILL');
  await exit;
}

const after = (wait: number) => new Promise((resolve) => setTimeout(resolve, wait).unref());

/** It may end by itself in the same moment; then its end is what is waited for. */
function ignoreClosed(): void {}

/** A handler that cannot be loaded is answered with 200 and the error as its body: the status is looked at in it. */
async function says(url: string, status: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    const body: unknown = await answer.json();
    return typeof body === 'object' && body !== null && 'status' in body && body.status === status;
  } catch {
    return false;
  }
}

function ignoreAbsence(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
