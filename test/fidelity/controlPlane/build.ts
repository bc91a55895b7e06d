import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { fail } from './errors.ts';
import { goFolder, goNeeded, kubernetesVersion, kwokVersion, minorOf } from './versions.ts';

export const components = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
  'kwok',
] as const;
export type ComponentName = (typeof components)[number];

/**
 * The folder that holds the built control plane: one program, and a link to it for each component. It is built where
 * it is absent, which takes about ten minutes on two cores; `say` is told how far it is.
 */
export async function builtControlPlane(
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<string> {
  const go = await goVersion(environment);
  const cache = join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'drover', 'control-plane');
  const folder = join(cache, await keyOf(go));
  if (await exists(folder)) return folder;
  await mkdir(cache, { recursive: true });
  // Under another name until it is whole, so that an interrupted build is never taken for one.
  const partial = await mkdtemp(`${folder}.`);
  try {
    await build(join(partial, 'control-plane'), environment, say, signal);
    for (const name of components) await symlink('control-plane', join(partial, name));
    await rename(partial, folder).catch(async (error: unknown) => {
      // Somebody else who built the same was faster.
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return folder;
}

async function goVersion(environment: NodeJS.ProcessEnv): Promise<string> {
  const wanted = { needed: minorOf(goNeeded), minor: minorOf(kubernetesVersion) };
  let found: string;
  try {
    const { stdout } = await promisify(execFile)('go', ['env', 'GOVERSION'], {
      env: goEnvironment(environment),
    });
    found = stdout.trim();
  } catch (error) {
    throw fail('GO_MISSING', wanted, { cause: error });
  }
  if (!isAtLeast(found, goNeeded)) throw fail('GO_TOO_OLD', { ...wanted, found });
  return found;
}

/** Of `go1.26.8`, of `go1.27rc1` and of `devel go1.27-5a5d9a8`. */
function isAtLeast(version: string, needed: string): boolean {
  const [major, minor] = version
    .replace(/^.*go/, '')
    .split('.')
    .map((part) => Number.parseInt(part, 10));
  const [neededMajor, neededMinor] = needed.split('.').map(Number);
  return major! > neededMajor! || (major === neededMajor && minor! >= neededMinor!);
}

/** What is built depends on these and on nothing else: two builds of one key are the same to the byte. */
async function keyOf(go: string): Promise<string> {
  const hash = createHash('sha256').update(
    JSON.stringify([go, process.platform, process.arch, goArguments('control-plane')]),
  );
  for (const name of (await readdir(goFolder)).sort()) {
    hash.update(`\0${name}\0`).update(await readFile(join(goFolder, name)));
  }
  return `${kubernetesVersion}-${hash.digest('hex').slice(0, 16)}`;
}

function goArguments(output: string): string[] {
  // Without these it would say v0.0.0-master. Two packages hold the version: the server's and the clients'.
  const version = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((name) => [
    `-X ${name}.gitVersion=${kubernetesVersion}`,
    `-X ${name}.gitMajor=${minorOf(kubernetesVersion).split('.')[0]}`,
    `-X ${name}.gitMinor=${minorOf(kubernetesVersion).split('.')[1]}`,
    `-X ${name}.gitTreeState=archive`,
    `-X ${name}.gitCommit=unknown`,
    `-X ${name}.buildDate=1970-01-01T00:00:00Z`,
  ]);
  const linker = ['-s', '-w', ...version, `-X sigs.k8s.io/kwok/pkg/consts.Version=${kwokVersion}`].join(' ');
  return [
    'build',
    '-v',
    '-trimpath',
    '-buildvcs=false',
    '-mod=readonly',
    `-ldflags=${linker}`,
    '-o',
    output,
    '.',
  ];
}

/** The Go that is there, on this module alone. Its own caches stay where the user has them, and Go trims them. */
const goEnvironment = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...environment,
  CGO_ENABLED: '0',
  GOTOOLCHAIN: 'local',
  GOWORK: 'off',
});

const progressEvery = 60_000;

async function build(
  output: string,
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  say(
    `Building the Kubernetes ${kubernetesVersion} control plane for tests: about ten minutes the first time, into ${dirname(dirname(output))}`,
  );
  const began = Date.now();
  const go = spawn('go', goArguments(output), {
    cwd: goFolder,
    env: goEnvironment(environment),
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(signal ? { signal } : {}),
  });
  let compiled = 0;
  const said: string[] = [];
  const progress = setInterval(
    () => say(`… ${compiled} packages compiled in ${Math.round((Date.now() - began) / 60_000)} min`),
    progressEvery,
  );
  createInterface({ input: go.stderr }).on('line', (line) => {
    // With -v a line that is one word names a package that was just compiled; the rest is what went wrong.
    if (/^\S+$/.test(line)) compiled += 1;
    else said.push(line);
  });
  try {
    const [code] = await once(go, 'close');
    if (code !== 0) throw fail('BUILD_FAILED', { said: said.slice(-20).join('\n') });
  } finally {
    clearInterval(progress);
  }
  say(`Built in ${Math.round((Date.now() - began) / 1000)} s.`);
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
