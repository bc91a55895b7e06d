import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { builtControlPlane, components } from './build.ts';
import { kubernetesVersion } from './versions.ts';

/** A machine whose go command is a script of ours: building the real one takes ten minutes. */
async function machine({ go }: { go?: string } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'drover-build-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  if (go !== undefined) {
    await writeFile(join(folder, 'go'), `#!/bin/sh\n${go}`);
    await chmod(join(folder, 'go'), 0o755);
  }
  const said: string[] = [];
  return {
    said,
    folder,
    build: () => builtControlPlane({ PATH: folder, XDG_CACHE_HOME: folder }, (line) => said.push(line)),
    cached: () => readdir(join(folder, 'drover', 'control-plane')),
  };
}

/** Answers its version, and builds by writing a line into what follows -o. */
const goOf = (version: string, onBuild = 'echo built > "$8"') =>
  `if [ "$1" = env ]; then echo ${version}; exit; fi\necho build >> "$XDG_CACHE_HOME/builds"\n${onBuild}\n`;

const builds = async (folder: string) =>
  (await readFile(join(folder, 'builds'), 'utf8')).trim().split('\n').length;

test('where Go is missing it says so, and where to get it', async () => {
  const { build } = await machine();
  await expect(build()).rejects.toMatchObject({
    code: 'GO_MISSING',
    entry: { remedy: { en: expect.stringContaining('https://go.dev/dl') } },
  });
});

test.each(['go1.19.8', 'go1.25.9', 'devel go1.25-5a5d9a8'])(
  '%s is too old, and it says so',
  async (version) => {
    const { build } = await machine({ go: goOf(`'${version}'`) });
    await expect(build()).rejects.toMatchObject({ code: 'GO_TOO_OLD', values: { found: version } });
  },
);

test.each(['go1.26.0', 'go1.27rc1', 'go1.30.2', 'go2.0', 'devel go1.27-5a5d9a8'])(
  '%s will do',
  async (version) => {
    const { build } = await machine({ go: goOf(`'${version}'`) });
    await expect(build()).resolves.toContain(kubernetesVersion);
  },
);

test('it is built once, and each component has its name there', async () => {
  const { build, cached, folder } = await machine({ go: goOf('go1.26.8') });
  const built = await build();
  expect(await build()).toBe(built);
  expect(await builds(folder)).toBe(1);
  expect(await cached()).toHaveLength(1);
  for (const name of components) expect(await readFile(join(built, name), 'utf8')).toBe('built\n');
});

test('another version of Go builds its own', async () => {
  const { build, folder } = await machine({ go: goOf('go1.26.8') });
  const first = await build();
  await writeFile(join(folder, 'go'), `#!/bin/sh\n${goOf('go1.26.9')}`);
  expect(await build()).not.toBe(first);
});

test('two that build at once do each other no harm', async () => {
  const { build, cached, folder } = await machine({ go: goOf('go1.26.8') });
  const [one, other] = await Promise.all([build(), build()]);
  expect(other).toBe(one);
  expect(await builds(folder)).toBe(2);
  expect(await cached()).toHaveLength(1);
});

test('a build that failed says why and leaves nothing behind', async () => {
  const { build, cached } = await machine({
    go: goOf(
      'go1.26.8',
      'echo half > "$8"; echo k8s.io/api >&2; echo "main.go:1:2: no such thing" >&2; exit 1',
    ),
  });
  await expect(build()).rejects.toMatchObject({
    code: 'BUILD_FAILED',
    values: { said: 'main.go:1:2: no such thing' },
  });
  expect(await cached()).toEqual([]);
});
