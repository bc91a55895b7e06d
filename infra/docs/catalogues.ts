import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Catalogue, ErrorEntry } from '#errors';

/** One folder's codes. A folder keeps them in a file called `errors.ts`, so none is forgotten. */
export interface FolderCodes {
  folder: string;
  catalogue: Catalogue;
}

export async function readCatalogues(root: string): Promise<FolderCodes[]> {
  const files: string[] = [];
  for await (const file of glob('{shared,functions,infra}/**/errors.ts', { cwd: root })) files.push(file);
  return Promise.all(
    files.sort().map(async (file) => {
      const exported = Object.values((await import(pathToFileURL(join(root, file)).href)) as object);
      const catalogues = exported.filter(isCatalogue);
      if (catalogues.length !== 1)
        throw new Error(`${file} exports ${catalogues.length} catalogues, not one`);
      return { folder: file.slice(0, -'/errors.ts'.length).replaceAll('\\', '/'), catalogue: catalogues[0]! };
    }),
  );
}

function isCatalogue(exported: unknown): exported is Catalogue {
  if (typeof exported !== 'object' || exported === null) return false;
  const entries = Object.values(exported) as Partial<ErrorEntry>[];
  return entries.length > 0 && entries.every((entry) => entry?.message !== undefined && 'remedy' in entry);
}
