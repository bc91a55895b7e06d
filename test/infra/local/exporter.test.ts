import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { joinError } from '#join';
import { serveExporter } from '../../../infra/local/exporter.ts';

const text = '# TYPE nv_summary_pods gauge\nnv_summary_pods{target="neuvector"} 4\n';
const scraped = { gzip: gzipSync(text).toString('base64'), contentType: 'text/plain; version=0.0.4' };

async function anExporter(call: (request: object) => Promise<object> = async () => scraped) {
  const calls: object[] = [];
  const couriers = {
    async call(area: string, request: object) {
      calls.push({ area, ...request });
      return (await call(request)) as never;
    },
  };
  const exporter = await serveExporter(0, couriers, 'en');
  onTestFinished(() => exporter.close());
  const get = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${exporter.port}${path}`, init);
  return { get, calls };
}

test('the metrics of the membership default are at /metrics, without a token', async () => {
  const { get, calls } = await anExporter();
  const answered = await get('/metrics');
  expect(answered.headers.get('content-type')).toBe(scraped.contentType);
  expect(await answered.text()).toBe(text);
  expect(calls).toEqual([{ area: 'join', do: 'scrape', id: 'default', compat: false }]);
});

test('who takes no gzip gets none, and compat is passed on', async () => {
  const { get, calls } = await anExporter();
  const answered = await get('/metrics?compat=1', { headers: { 'accept-encoding': 'identity' } });
  expect(answered.headers.get('content-encoding')).toBeNull();
  expect(await answered.text()).toBe(text);
  expect(calls).toMatchObject([{ compat: true }]);
});

test.each([
  ['GET', '/', 404],
  ['GET', '/metrics/neuvector?membership=other', 404],
  ['POST', '/metrics', 404],
  ['GET', '//metrics', 404],
  ['GET', '/health', 200],
])('%s %s is %i, and the worker is not asked', async (method, path, status) => {
  const { get, calls } = await anExporter();
  expect((await get(path, { method })).status).toBe(status);
  expect(calls).toEqual([]);
});

test('trouble is told by its status and in a sentence, and the next scrape is as good as ever', async () => {
  let isWell = false;
  const { get } = await anExporter(async () => {
    if (!isWell) throw joinError('SETTINGS_OWNED', { name: 'default' });
    return scraped;
  });
  const answered = await get('/metrics');
  expect(answered.status).toBe(409);
  expect(await answered.text()).toMatch(/^SETTINGS_OWNED: default is kept as the settings/);
  isWell = true;
  expect((await get('/metrics')).status).toBe(200);
});

test('what is no error of ours is told without its words', async () => {
  const { get } = await anExporter(async () => {
    throw new Error('canary');
  });
  const answered = await get('/metrics');
  expect(answered.status).toBe(500);
  expect(await answered.text()).not.toContain('canary');
});
