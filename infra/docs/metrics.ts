import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { families } from '../../functions/families.ts';
import { metricsTable } from './metricsTable.ts';

/** `npm run docs:metrics`: writes docs/metrics.md. */
await writeFile(join(import.meta.dirname, '../../docs/metrics.md'), metricsTable(families));
