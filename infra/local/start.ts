import { DroverError } from '#errors';
import { languageOf } from './errors.ts';
import { readOptions } from './options.ts';
import { runDrover } from './run.ts';
import { sentenceOf } from './say.ts';

const language = languageOf(process.env);

try {
  process.exit(await runDrover(readOptions(process.argv.slice(2), process.env), process.env, language));
} catch (error) {
  console.error(error instanceof DroverError ? sentenceOf(error, language) : error);
  process.exit(1);
}
