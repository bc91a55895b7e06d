import { fail } from './errors.ts';

export interface Options {
  /** Delete all data first. */
  isFresh: boolean;
  /** A worker thread per concurrent call, as Lambda has an environment per concurrent call. */
  inThreads: boolean;
  /** With simulated clusters beside it. */
  hasWorld: boolean;
}

const known = ['--fresh', '--threads', '--no-world'];

/** `npm start -- --fresh`; and without the `--`, which many leave out, npm hands it over in the environment. */
export function readOptions(given: readonly string[], environment: NodeJS.ProcessEnv): Options {
  const unknown = given.find((argument) => !known.includes(argument));
  if (unknown !== undefined) throw fail('ARGUMENT_UNKNOWN', { argument: unknown });
  return {
    isFresh: given.includes('--fresh') || environment.npm_config_fresh === 'true',
    hasWorld: !given.includes('--no-world') && environment.npm_config_world !== '',
    inThreads: given.includes('--threads') || environment.npm_config_threads === 'true',
  };
}
