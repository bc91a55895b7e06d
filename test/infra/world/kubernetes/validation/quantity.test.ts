import { expect, test } from 'vitest';
import { canonicalQuantity } from '../../../../../infra/world/kubernetes/validation/quantity.ts';

test.each([
  ['1000m', '1'],
  ['0.5', '500m'],
  ['1.5', '1500m'],
  ['100', '100'],
  ['1000', '1k'],
  ['1024Mi', '1Gi'],
  ['0.5Gi', '512Mi'],
  ['512Ki', '512Ki'],
  ['1000Ki', '1000Ki'],
  ['0.1Ki', '102400m'],
  ['1e3', '1e3'],
  ['12E', '12E'],
  ['-5', '-5'],
  ['0', '0'],
  ['0Mi', '0'],
  ['.5', '500m'],
  ['1.', '1'],
  ['0.0000000001', '1n'],
  ['1e999999999', '1e999999999'],
  ['1e-999999999', '1e-9'],
])('%s is given back as %s', (written, canonical) => {
  expect(canonicalQuantity(written)).toBe(canonical);
});

test.each(['', 'abc', '1x', '1 Gi', '1.2.3', 'Mi', '1K'])('%j is none', (written) => {
  expect(canonicalQuantity(written)).toBeUndefined();
});

test('a long text that is none is refused at once', () => {
  expect(canonicalQuantity(`${'1'.repeat(300_000)}x`)).toBeUndefined();
});
