import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundleFolder } from './bundle.ts';

export interface Size {
  bytes: number;
  zipped: number;
}

/** What a function's cold start loads, and all that its bundle holds. */
export function bundleSize(entry: string): { first: Size; all: Size } {
  const folder = join(bundleFolder, entry);
  const all = readdirSync(folder).filter((name) => name.endsWith('.mjs') && !name.startsWith('.'));
  return {
    first: sizeOf([...loadedFirst(join(folder, 'index.mjs'))]),
    all: sizeOf(all.map((name) => join(folder, name))),
  };
}

/** The file and all that it imports statically, directly or not. */
function loadedFirst(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const [, from] of readFileSync(file, 'utf8').matchAll(/(?:from|import)"(\.\/[\w.-]+\.mjs)"/g)) {
    loadedFirst(join(dirname(file), from!), found);
  }
  return found;
}

function sizeOf(files: string[]): Size {
  const codes = files.map((file) => readFileSync(file));
  const sum = (sizes: number[]) => sizes.reduce((total, size) => total + size, 0);
  return {
    bytes: sum(codes.map((code) => code.length)),
    zipped: sum(codes.map((code) => gzipSync(code).length)),
  };
}
