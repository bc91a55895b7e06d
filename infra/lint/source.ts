import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Destination, type Import, importsOf, resolver } from './imports.ts';

const pureName = /^shared\/[^/]+\/(model|decide|errors)\.ts$/;

/** Every file of ours with its imports and where they lead. */
export interface Source {
  readonly files: ReadonlyMap<string, readonly { imported: Import; to: Destination }[]>;
  /** Those that are pure by their name, and those that they are made of. */
  readonly pure: ReadonlySet<string>;
}

export function readSource(root: string): Source {
  const destination = resolver(root);
  const names = globSync('{functions,shared,client,console,cli,infra,test}/**/*.{ts,tsx}', {
    cwd: root,
    exclude: ['**/node_modules/**'],
  });
  const files = new Map(
    names.sort().map((from) => [
      from,
      importsOf(readFileSync(join(root, from), 'utf8')).map((imported) => ({
        imported,
        to: destination(from, imported.specifier),
      })),
    ]),
  );
  const pure = new Set<string>();
  const take = (file: string): void => {
    if (pure.has(file)) return;
    pure.add(file);
    for (const { imported, to } of files.get(file) ?? []) {
      if ('file' in to && !to.isNamed && !imported.isTypeOnly) take(to.file);
    }
  };
  for (const file of names) if (pureName.test(file)) take(file);
  return { files, pure };
}
