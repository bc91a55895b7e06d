import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hasPromtool, promtool } from '../shared/metrics/promtool.ts';
import { startDrover } from './drover.ts';

// The bundle once had no prom-client where the sources had one: only the running program shows that.
test('Prometheus can scrape what is running', async () => {
  const { address, data } = await startDrover();
  const token = (await readFile(join(data, 'admin-token'), 'utf8')).trim();
  const scrape = async (accept: string) => {
    const answer = await fetch(`${address}/metrics`, {
      headers: { authorization: `Bearer ${token}`, accept },
    });
    return {
      status: answer.status,
      encoding: answer.headers.get('content-encoding'),
      text: await answer.text(),
    };
  };
  const first = await scrape('text/plain');
  expect(first).toMatchObject({ status: 200, encoding: 'gzip' });
  for (const area of ['core', 'notify']) {
    expect(first.text).toMatch(
      new RegExp(`^drover_last_tick_timestamp_seconds\\{area="${area}"\\} \\d{10}`, 'm'),
    );
  }
  expect(first.text).toContain('drover_store_errors_total{kind="unanswered"} 0\n');
  expect(first.text).not.toMatch(/^drover_gauges_up.* 0$/m);
  if (hasPromtool) expect(promtool(['check', 'metrics'], first.text)).toEqual({ passed: true, output: '' });

  const second = await scrape('application/openmetrics-text');
  expect(second.text).toContain('drover_http_requests_total{method="GET",route="/metrics",status="200"} 1\n');
  expect(second.text.endsWith('# EOF\n')).toBe(true);
});
