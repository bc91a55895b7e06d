import { expect, test } from 'vitest';
import type { DroverError } from '#errors';
import { sentenceOf } from '../../../infra/local/say.ts';
import { readOptions } from '../../../infra/world/options.ts';

test.each([
  [[], {}, { isFresh: false }],
  [['--fresh'], {}, { isFresh: true }],
  [[], { npm_config_fresh: 'true' }, { isFresh: true }],
  [
    ['--clusters', '1000', '--seed', 'a=b', '--speed', '0.5'],
    {},
    { isFresh: false, small: 1000, seed: 'a=b', speed: 0.5 },
  ],
  [
    ['--clusters=10', '--port=20000', '--seed=a=b'],
    {},
    { isFresh: false, small: 10, firstPort: 20_000, seed: 'a=b' },
  ],
] as const)('%j is understood', (args, environment, expected) => {
  expect(readOptions(args, environment)).toEqual(expected);
});

test.each([
  [['--frehs'], 'WORLD_ARGUMENT_UNKNOWN'],
  [['fresh'], 'WORLD_ARGUMENT_UNKNOWN'],
  [['--clusters'], 'WORLD_ARGUMENT_INVALID'],
  [['--clusters', 'many'], 'WORLD_ARGUMENT_INVALID'],
  [['--clusters', '1.5'], 'WORLD_ARGUMENT_INVALID'],
  [['--clusters', '100000'], 'WORLD_ARGUMENT_INVALID'],
  [['--speed', '-1'], 'WORLD_ARGUMENT_INVALID'],
  [['--port', '0'], 'WORLD_ARGUMENT_INVALID'],
  [['--seed', ''], 'WORLD_ARGUMENT_INVALID'],
])('%j is refused as %s', (args, code) => {
  expect(() => readOptions(args, {})).toThrowError(expect.objectContaining({ code }));
});

test('a wrong value is told with what it should be, in both languages', () => {
  const told = (language: 'en' | 'zh') => {
    try {
      return readOptions(['--speed', 'fast'], {});
    } catch (error) {
      return sentenceOf(error as DroverError, language);
    }
  };
  expect(told('en')).toBe(
    '--speed must be a number from 0 to 10000; for example: npm run world -- --speed 60.',
  );
  expect(told('zh')).toBe('--speed 应为 0 到 10000 的数；例如：npm run world -- --speed 60。');
});
