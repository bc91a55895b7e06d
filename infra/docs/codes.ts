import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCatalogues } from './catalogues.ts';
import { codesTable } from './codesTable.ts';

/** `npm run docs:codes`: writes docs/codes.md. */
const root = join(import.meta.dirname, '../..');
await writeFile(join(root, 'docs/codes.md'), codesTable(await readCatalogues(root)));
