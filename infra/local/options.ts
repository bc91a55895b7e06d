import { fail } from './errors.ts';

export interface Options {
  /** Delete all data first. */
  isFresh: boolean;
  /** A worker thread per concurrent call, as Lambda has an environment per concurrent call. */
  inThreads: boolean;
}

export function readOptions(given: readonly string[]): Options {
  const unknown = given.find((argument) => argument !== '--fresh' && argument !== '--threads');
  if (unknown !== undefined) throw fail('ARGUMENT_UNKNOWN', { argument: unknown });
  return { isFresh: given.includes('--fresh'), inThreads: given.includes('--threads') };
}
