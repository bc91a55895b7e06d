import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { families } from '../../../functions/families.ts';
import { metricsTable, scrapeConfig } from '../../../infra/docs/metricsTable.ts';
import { hasPromtool, promtool } from '../../shared/metrics/promtool.ts';

it('docs/metrics.md is current: npm run docs:metrics', () => {
  expect(readFileSync('docs/metrics.md', 'utf8')).toBe(metricsTable(families));
});

it.skipIf(!hasPromtool)('the scrape configuration in it is one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-'));
  writeFileSync(join(folder, 'token'), '');
  const config = join(folder, 'prometheus.yml');
  writeFileSync(config, scrapeConfig.replaceAll('/etc/prometheus/drover-token', join(folder, 'token')));
  const told = promtool(['check', 'config', config]);
  rmSync(folder, { recursive: true });
  expect(told).toMatchObject({ passed: true });
});
