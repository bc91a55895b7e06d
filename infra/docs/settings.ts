import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withSettings } from './settingsTable.ts';

/** `npm run docs:settings`: writes the settings table into README.md. */
const file = join(import.meta.dirname, '../../README.md');
await writeFile(file, withSettings(await readFile(file, 'utf8')));
