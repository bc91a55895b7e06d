import { DroverError } from '#errors';
import { languageOf } from '../local/errors.ts';
import { sentenceOf } from '../local/say.ts';
import { readOptions } from './options.ts';
import { runWorld } from './run.ts';

const language = languageOf(process.env);

try {
  await runWorld(readOptions(process.argv.slice(2), process.env), process.env, language);
  process.exit(0);
} catch (error) {
  console.error(error instanceof DroverError ? sentenceOf(error, language) : error);
  process.exit(1);
}
