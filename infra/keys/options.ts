import { minute, second } from '#time';
import { keyError } from './errors.ts';

export interface Options {
  isDry: boolean;
  /** Undefined where it was not said: then it is as long as it must be. */
  settle: number | undefined;
}

/** What a running Drover has begun takes effect within twice its workers' limit of five minutes. */
export const usualSettle = 10 * minute;

export function readOptions(given: readonly string[]): Options {
  const options: Options = { isDry: false, settle: undefined };
  const left = [...given];
  for (let argument = left.shift(); argument !== undefined; argument = left.shift()) {
    if (argument === '--dry-run') options.isDry = true;
    else if (argument === '--settle-seconds' && /^\d{1,5}$/.test(left[0] ?? '')) {
      options.settle = Number(left.shift()) * second;
    } else throw keyError('KEYS_ARGUMENT_UNKNOWN', { argument });
  }
  return options;
}
