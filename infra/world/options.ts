import { fail } from './errors.ts';

export interface Options {
  /** Delete the world that there is first. */
  isFresh: boolean;
  /** So many small clusters besides the five. */
  small?: number;
  seed?: string;
  speed?: number;
  firstPort?: number;
}

interface Argument {
  readonly shape: { en: string; zh: string };
  readonly example: string;
  /** Undefined for a text that is none of the shape. */
  read(text: string): Partial<Options> | undefined;
}

const number = (text: string, least: number, most: number): number | undefined =>
  /^\d+(\.\d+)?$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined;

const whole = (text: string, least: number, most: number): number | undefined =>
  text.includes('.') ? undefined : number(text, least, most);

const known: Readonly<Record<string, Argument>> = {
  '--clusters': {
    shape: { en: 'a number from 0 to 10000', zh: ' 0 到 10000 的整数' },
    example: '--clusters 1000',
    read(text) {
      const small = whole(text, 0, 10_000);
      return small === undefined ? undefined : { small };
    },
  },
  '--seed': {
    shape: { en: 'a text', zh: '文本' },
    example: '--seed monday',
    read: (seed) => (seed === '' ? undefined : { seed }),
  },
  '--speed': {
    shape: { en: 'a number from 0 to 10000', zh: ' 0 到 10000 的数' },
    example: '--speed 60',
    read(text) {
      const speed = number(text, 0, 10_000);
      return speed === undefined ? undefined : { speed };
    },
  },
  '--port': {
    shape: { en: 'a port from 1 to 65000', zh: ' 1 到 65000 的端口' },
    example: '--port 20000',
    read(text) {
      const firstPort = whole(text, 1, 65_000);
      return firstPort === undefined ? undefined : { firstPort };
    },
  },
};

/** `npm run world -- --clusters 1000 --seed=monday`. npm takes a `--fresh` before the `--` for itself and hands it over. */
export function readOptions(args: readonly string[], environment: NodeJS.ProcessEnv): Options {
  let options: Options = { isFresh: environment.npm_config_fresh === 'true' };
  const rest = args.flatMap((arg) => /^(--\w+)=(.*)$/s.exec(arg)?.slice(1) ?? [arg]);
  while (rest.length > 0) {
    const argument = rest.shift()!;
    if (argument === '--fresh') options.isFresh = true;
    else options = { ...options, ...read(argument, rest.shift()) };
  }
  return options;
}

function read(argument: string, text = ''): Partial<Options> {
  const found = known[argument];
  if (!found) throw fail('WORLD_ARGUMENT_UNKNOWN', { argument });
  const { shape, example } = found;
  const options = found.read(text);
  if (!options) throw fail('WORLD_ARGUMENT_INVALID', { argument, shape, example });
  return options;
}
