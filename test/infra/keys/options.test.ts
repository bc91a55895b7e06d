import { expect, test } from 'vitest';
import { readOptions } from '../../../infra/keys/options.ts';

test('without arguments keys are changed, and the wait is as long as it must be', () => {
  expect(readOptions([])).toEqual({ isDry: false, settle: undefined });
});

test('it can be asked to count only, and for another wait', () => {
  expect(readOptions(['--dry-run', '--settle-seconds', '30'])).toEqual({ isDry: true, settle: 30_000 });
});

test.each([['--fast'], ['--settle-seconds'], ['--settle-seconds', 'soon']])('%s is refused', (...given) => {
  expect(() => readOptions(given)).toThrow(expect.objectContaining({ code: 'KEYS_ARGUMENT_UNKNOWN' }));
});
