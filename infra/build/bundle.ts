import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { build, type OutputFile, type Plugin } from 'esbuild';
import { areaNames } from '../../functions/areas.ts';

/** One bundle per file: an area's tick and worker share theirs. */
export const entries = ['api', ...areaNames] as const;

const root = join(import.meta.dirname, '../..');
export const bundleFolder = join(root, '.build');

/** What an earlier build left may still be loaded by a run beside this one; after a day by none. */
const staleAfter = 24 * 60 * 60 * 1000;

/** For deployment: every function in a folder of its own, `.build/<entry>/index.mjs` and what that loads lazily. */
export async function bundle({ isClean = false } = {}): Promise<void> {
  await Promise.all(
    entries.map(async (entry) => {
      const files = await compile([{ in: `functions/${entry}.ts`, out: 'index' }], join(bundleFolder, entry));
      await place(files, isClean ? 0 : staleAfter);
    }),
  );
}

/**
 * For the local run: all in one go, `.build/local/<entry>/index.mjs`, sharing what they have in common. That takes a
 * third of the time, as each dependency is read once.
 */
export async function bundleLocally(): Promise<void> {
  const entryPoints = entries.map((entry) => ({ in: `functions/${entry}.ts`, out: `${entry}/index` }));
  await place(await compile(entryPoints, join(bundleFolder, 'local')), staleAfter);
}

/**
 * ES modules, because those can be split: what is imported lazily (a client, the way out) costs a cold start
 * nothing. `module` before `main` takes the AWS SDK's tree-shakeable build.
 */
async function compile(entryPoints: { in: string; out: string }[], outdir: string): Promise<OutputFile[]> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    splitting: true,
    outExtension: { '.js': '.mjs' },
    mainFields: ['module', 'main'],
    // CommonJS dependencies require Node's own modules.
    banner: {
      js: `import{createRequire as droverRequire}from'node:module';const require=droverRequire(import.meta.url);`,
    },
    plugins: [withoutLocales],
    minify: true,
    // Sentences in Chinese take half of what they take as escapes.
    charset: 'utf8',
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
    write: false,
  });
  return outputFiles;
}

/** Zod carries its messages in some fifty languages, 250 kB of them, of which none is used: ours are our own. */
const withoutLocales: Plugin = {
  name: 'without-locales',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/locales\/index\.js$/ }, ({ importer }) =>
      importer.includes('/zod/') ? { path: 'locales', namespace: 'nothing' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: 'export {};' }));
  },
};

/** Files are replaced whole and only where they differ, so that a run beside this one never reads half a file. */
async function place(files: OutputFile[], staleAge: number): Promise<void> {
  const folders = new Set(files.map(({ path }) => dirname(path)));
  for (const folder of folders) await mkdir(folder, { recursive: true });
  for (const { path, contents } of files) {
    const there = await readFile(path).catch(() => undefined);
    if (there?.equals(contents)) continue;
    const draft = join(dirname(path), `.${basename(path)}.${process.pid}`);
    await writeFile(draft, contents);
    await rename(draft, path);
  }
  const current = new Set(files.map(({ path }) => path));
  for (const folder of folders) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const file = join(folder, entry.name);
      if (!entry.isFile() || current.has(file)) continue;
      // A draft is another build's, about to be put into place.
      const longest = entry.name.startsWith('.') ? staleAfter : staleAge;
      const written = await stat(file).catch(() => undefined);
      if (written && Date.now() - written.mtimeMs >= longest) await rm(file, { force: true });
    }
  }
}
