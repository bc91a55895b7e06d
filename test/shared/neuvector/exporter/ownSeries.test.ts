import { expect, test } from 'vitest';
import { ownSeries } from '#neuvector/exporter';
import { hasPromtool, promtool } from '../../metrics/promtool.ts';
import { collected } from './collected.ts';
import { readExposition, repeatedSeries } from './readExposition.ts';
import { Refused, scenarios, usual } from './scenarios.ts';

const target = 'controller.example.com';

test('a scrape tells that it was let in, how long it took, what it asked for and which families are whole', async () => {
  const read = await collected({ ...usual, '/v1/host': new Refused(403, 25) }, { target });
  const { samples } = readExposition(
    ownSeries({ target, tookMs: 1_500, signInFailures: 2, collected: read }),
  );
  const values = Object.fromEntries(
    samples.map(({ name, labels, value }) => [`${name}/${labels.family ?? ''}`, value]),
  );
  expect(values).toMatchObject({
    'nv_exporter_up/': 1,
    'nv_exporter_scrape_duration_seconds/': 1.5,
    'nv_exporter_scrape_requests/': 18,
    'nv_exporter_sign_in_failures_total/': 2,
    'nv_exporter_family_success/nv_host': 0,
    'nv_exporter_family_success/nv_summary': 1,
    'nv_exporter_family_duration_seconds/nv_fed': expect.any(Number),
  });
  expect(samples.filter(({ name }) => name === 'nv_exporter_family_success')).toHaveLength(11);
  expect(samples.every(({ labels }) => labels.target === target)).toBe(true);
});

test('of a controller that was not reached it is told that, and no family', () => {
  const { samples } = readExposition(ownSeries({ target, tookMs: 0, signInFailures: 0 }));
  expect(samples.map(({ name, value }) => [name, value])).toEqual([
    ['nv_exporter_up', 0],
    ['nv_exporter_scrape_duration_seconds', 0],
    ['nv_exporter_scrape_requests', 0],
    ['nv_exporter_sign_in_failures_total', 0],
  ]);
});

test('no series of a scrape collides with those of the controller', async () => {
  const read = await collected(scenarios.primary!, { target });
  const text = read.written + ownSeries({ target, tookMs: 1, signInFailures: 0, collected: read });
  expect(repeatedSeries(readExposition(text))).toEqual([]);
});

test.skipIf(!hasPromtool).each([false, true])('promtool reads all of it, with compat: %s', async (compat) => {
  const read = await collected(scenarios['odd names and numbers']!, { target, compat });
  const own = compat ? '' : ownSeries({ target, tookMs: 1, signInFailures: 0, collected: read });
  const { output } = promtool(['check', 'metrics'], read.written + own);
  // Names of the official exporter are what they are; anything but such advice would be a text that cannot be read.
  expect(output.split('\n').filter((line) => line !== '' && !/^nv_\w+ /.test(line))).toEqual([]);
  expect(output.split('\n').filter((line) => line.startsWith('nv_exporter_'))).toEqual([]);
});
