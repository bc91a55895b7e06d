import { expect, test } from 'vitest';
import { DroverError } from '#errors';
import { readSettings } from '#settings';
import { fail } from '../../../infra/local/errors.ts';
import { readOptions } from '../../../infra/local/options.ts';
import { lambdaPortFor } from '../../../infra/local/ports.ts';
import { readyBlock, sentenceOf } from '../../../infra/local/say.ts';

const facts = {
  address: 'http://127.0.0.1:8080',
  signIn: 'http://127.0.0.1:8080/sign-in?token=x',
  token: '/elsewhere/admin-token',
  data: `${process.cwd()}/.drover`,
  log: `${process.cwd()}/.drover/drover.log`,
  world: {
    control: 'http://127.0.0.1:16440/',
    kubeconfigs: ['a', 'b'].map((name) => `${process.cwd()}/.drover/world/${name}.kubeconfig`),
    controllers: `${process.cwd()}/.drover/world/neuvector.json`,
  },
};

test.each(['en', 'zh'] as const)('the ready block has its values in one column (%s)', (language) => {
  const rows = readyBlock(facts, language).split('\n').slice(3, -1);
  const columnsBefore = (row: string, value: string) =>
    [...row.slice(0, row.indexOf(value))].reduce((sum, letter) => sum + (letter > '\u2e80' ? 2 : 1), 0);
  const { address, signIn, token, world } = facts;
  const registered = language === 'en' ? 'registered by' : '首次启动后';
  const values = [
    address,
    signIn,
    token,
    '.drover',
    '.drover/drover.log',
    '.drover/world/a',
    registered,
    '.drover/world/neuvector.json',
    world.control,
    'Ctrl-C',
  ];
  expect(new Set(rows.map((row, i) => columnsBefore(row, values[i]!))).size).toBe(1);
});

test('an error is one sentence with its remedy, in the language of the terminal', () => {
  const error = fail('PORT_BUSY', { port: 80, setting: 'SERVER_PORT', other: 81 });
  expect(sentenceOf(error, 'en')).toBe(
    'Port 80 is in use; end what uses it, or choose another: SERVER_PORT=81 npm start.',
  );
  expect(sentenceOf(error, 'zh')).toContain('端口 80 已被占用；');
});

test('wrong settings are told in the language of the terminal, the shape of each included', () => {
  let told: (language: 'en' | 'zh') => string = () => '';
  try {
    readSettings({ SERVER_PORT: 'x', DROVER_TABEL: 'y' });
  } catch (error) {
    if (error instanceof DroverError) told = (language) => sentenceOf(error, language);
  }
  expect(told('en')).toMatch(
    /^Settings cannot be used: SERVER_PORT must be a port .*; DROVER_TABEL is not a setting\. C/,
  );
  expect(told('zh')).toMatch(/^设置无法使用：SERVER_PORT 应为：.*；没有名为 DROVER_TABEL 的设置。请/);
  expect(told('zh').replaceAll(/[A-Z_]+(?:\.md)?/g, '')).not.toMatch(/[a-z]/i);
});

test('the emulator’s own port follows the server’s, and stays a port', () => {
  expect([8080, 64_535, 64_536, 65_535].map(lambdaPortFor)).toEqual([9080, 65_535, 63_536, 64_535]);
});

const none = { isFresh: false, inThreads: false, hasWorld: true };

test.each([
  [[], {}, none],
  [['--threads', '--fresh'], {}, { ...none, isFresh: true, inThreads: true }],
  [['--no-world'], {}, { ...none, hasWorld: false }],
  [[], { npm_config_fresh: 'true' }, { ...none, isFresh: true }],
  [[], { npm_config_world: '' }, { ...none, hasWorld: false }],
] as const)('options stand after the --, or npm hands them over: %j %o', (args, environment, expected) => {
  expect(readOptions(args, environment)).toEqual(expected);
});

test('an option that is none is refused', () => {
  expect(() => readOptions(['--fresh', 'now'], {})).toThrow('ARGUMENT_UNKNOWN');
});
