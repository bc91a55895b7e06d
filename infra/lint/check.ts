import { join, resolve } from 'node:path';
import { pureTypeErrors } from './pureTypes.ts';
import { importBreaches } from './rules.ts';
import { readSource } from './source.ts';

/** `node infra/lint/check.ts [folder]`: what neither the compiler nor Biome can say, each with its reason. */
const root = resolve(process.argv[2] ?? join(import.meta.dirname, '../..'));
const source = readSource(root);
const breaches = [...importBreaches(source), ...(await pureTypeErrors(root, source.pure))];

for (const breach of breaches) console.error(breach);
console.log(
  `Checked the imports of ${source.files.size} files and the purity of ${source.pure.size}: ` +
    `${breaches.length} against the rules.`,
);
process.exitCode = breaches.length > 0 ? 1 : 0;
