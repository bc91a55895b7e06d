import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { recordings } from '../../../fidelity/exporter/recordings.ts';
import { collected } from './collected.ts';
import { scenarios } from './scenarios.ts';

const recorded = (name: string) => readFileSync(join(recordings, `${name}.txt`), 'utf8');

const timeZone = process.env.TZ;
afterEach(() => {
  if (timeZone === undefined) delete process.env.TZ;
  else process.env.TZ = timeZone;
});

test.each(Object.keys(scenarios))(
  '%s: with compat, byte for byte what the official exporter says',
  async (name) => {
    process.env.TZ = 'UTC';
    const { written } = await collected(scenarios[name]!, { compat: true });
    expect(written).toBe(recorded(name));
  },
);

test('with compat, times of UTC are read as those of where it runs', async () => {
  process.env.TZ = 'Asia/Shanghai';
  const { written } = await collected(scenarios.usual!, { compat: true });
  expect(written).toBe(recorded('usual in Shanghai'));
  expect(written).not.toBe(recorded('usual'));
});
