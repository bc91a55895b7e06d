import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { bundle, bundleFolder, entries } from '../../../infra/build/bundle.ts';
import { bundleSize } from '../../../infra/build/bundleSize.ts';

beforeAll(() => bundle());

test.each(entries)('%s loads at most 1 MB before it can answer', (entry) => {
  expect(bundleSize(entry).first.bytes).toBeLessThanOrEqual(1_000_000);
});

test('what is heavy and seldom needed is loaded lazily', () => {
  const { first, all } = bundleSize('api');
  expect(all.bytes - first.bytes).toBeGreaterThan(700_000);
});

test.each(entries)('%s comes with its source maps, and nothing half-written', (entry) => {
  const names = readdirSync(join(bundleFolder, entry));
  expect(names.filter((name) => name.startsWith('.'))).toEqual([]);
  for (const name of names.filter((one) => one.endsWith('.mjs'))) {
    expect(names).toContain(`${name}.map`);
    expect(readFileSync(join(bundleFolder, entry, name), 'utf8')).toContain(
      `//# sourceMappingURL=${name}.map`,
    );
  }
});
