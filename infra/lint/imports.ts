import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** One import as it stands in a file. */
export interface Import {
  readonly specifier: string;
  /** `import type`, or a list in which every name is a type: gone when the program runs. */
  readonly isTypeOnly: boolean;
  readonly names: readonly string[];
  readonly line: number;
}

/** Biome's formatting makes imports regular enough to be read without a parser, of which TypeScript 7 offers none. */
const statement =
  /^(?:import|export)\s+(?<type>type\s+)?(?<what>[^'"();]*?)\s*from\s*'(?<from>[^']+)'|^import\s*'(?<effect>[^']+)'|\bimport\(\s*'(?<lazy>[^']+)'\s*\)/gm;

export function importsOf(source: string): Import[] {
  return [...source.matchAll(statement)].map((match) => {
    const { type, what = '', from, effect, lazy } = match.groups ?? {};
    const names = what
      .replace(/[{}]/g, '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
    return {
      specifier: (from ?? effect ?? lazy)!,
      isTypeOnly: type !== undefined || (names.length > 0 && names.every((name) => name.startsWith('type '))),
      names: names.filter((name) => !name.startsWith('type ')).map((name) => name.split(' as ')[0]!),
      line: source.slice(0, match.index).split('\n').length,
    };
  });
}

/** Where an import leads: a file of this repository, or a package. */
export type Destination = { file: string; isNamed: boolean } | { package: string };

/** Resolves `#names` by package.json and relative paths by the file they stand in. */
export function resolver(root: string): (from: string, specifier: string) => Destination {
  const { imports = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    imports?: Record<string, string>;
  };
  return (from, specifier) => {
    const named = imports[specifier];
    if (named !== undefined) return { file: named.replace(/^\.\//, ''), isNamed: true };
    if (!specifier.startsWith('.')) return { package: specifier };
    return { file: relative(root, join(root, dirname(from), specifier)), isNamed: false };
  };
}
