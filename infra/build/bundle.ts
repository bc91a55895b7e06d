import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { areaNames } from '../../functions/areas.ts';

/** One bundle per file: an area's tick and worker share theirs. */
export const entries = ['api', ...areaNames] as const;

const root = join(import.meta.dirname, '../..');
export const bundleFolder = join(root, '.build');

/**
 * Bundles every function into `.build/`, as CommonJS: it starts some 10 ms faster than an ES module of the same
 * code. Files are replaced whole and only where they differ, so that a run beside this one never reads half a file.
 */
export async function bundle(): Promise<void> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: entries.map((entry) => ({ in: `functions/${entry}.ts`, out: entry })),
    outdir: bundleFolder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minify: true,
    keepNames: false,
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
    write: false,
  });
  await mkdir(bundleFolder, { recursive: true });
  for (const { path, contents } of outputFiles) {
    const there = await readFile(path).catch(() => undefined);
    if (there?.equals(contents)) continue;
    const whole = join(bundleFolder, `.${basename(path)}.${process.pid}`);
    await writeFile(whole, contents);
    await rename(whole, path);
  }
}
