import { fail } from './errors.ts';

export interface Options {
  /** Delete all data first. */
  isFresh: boolean;
  /** A worker thread per concurrent call, as Lambda has an environment per concurrent call. */
  inThreads: boolean;
}

/** `npm start -- --fresh`; and without the `--`, which many leave out, npm hands it over in the environment. */
export function readOptions(given: readonly string[], environment: NodeJS.ProcessEnv): Options {
  const unknown = given.find((argument) => argument !== '--fresh' && argument !== '--threads');
  if (unknown !== undefined) throw fail('ARGUMENT_UNKNOWN', { argument: unknown });
  return {
    isFresh: given.includes('--fresh') || environment.npm_config_fresh === 'true',
    inThreads: given.includes('--threads') || environment.npm_config_threads === 'true',
  };
}
