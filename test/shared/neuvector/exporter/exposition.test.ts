import fc from 'fast-check';
import { expect, test } from 'vitest';
import { headText, labelsText, numberText } from '../../../../shared/neuvector/exporter/exposition.ts';
import { readExposition } from './readExposition.ts';

test.each([
  [Number.POSITIVE_INFINITY, '+Inf'],
  [Number.NEGATIVE_INFINITY, '-Inf'],
  [Number.NaN, 'NaN'],
  [-0, '-0.0'],
  [1_700_000_000_000, '1.7e+12'],
  [1_000_000, '1e+06'],
  [-1_000_000, '-1000000.0'],
])('%d is printed as Python’s client does: %s', (value, text) => {
  expect(numberText(value)).toBe(text);
});

test('every number is read as it was', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), (value) => {
      const { samples } = readExposition(`a ${numberText(value)}\n`);
      expect(samples[0]!.value).toBe(value);
    }),
  );
});

test('what could end a label is escaped', () => {
  expect(labelsText({ from: 'c\\d\ne', to: 'a"b' })).toBe('{from="c\\\\d\\ne",to="a\\"b"}');
  expect(labelsText({})).toBe('');
});

test('two halves of characters are not told as different when they are printed alike', () => {
  expect(labelsText({ a: '\ud800' })).toBe('{a="\ufffd"}');
});

test('a help text has one line', () => {
  expect(headText('a', 'b\\c\nd', 'gauge')).toBe('# HELP a b\\\\c\\nd\n# TYPE a gauge\n');
});
