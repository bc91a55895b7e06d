import { afterEach, expect, test } from 'vitest';
import { recorded, scenarioFiles } from '../../../fidelity/exporter/recordings.ts';
import { collected } from './collected.ts';

const timeZone = process.env.TZ;
afterEach(() => {
  if (timeZone === undefined) delete process.env.TZ;
  else process.env.TZ = timeZone;
});

test.each(scenarioFiles)(
  '$file: with compat, byte for byte what the official exporter says',
  async (given) => {
    process.env.TZ = given.timeZone;
    const { written } = await collected(given.answers, { compat: true });
    expect(written).toBe(recorded(given.file));
  },
);

test('with compat, times of UTC are those of where it runs', () => {
  expect(recorded('usual in Shanghai')).not.toBe(recorded('usual'));
});
