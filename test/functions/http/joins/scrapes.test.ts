import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { errorsOf } from '#errors';
import { second } from '#time';
import { functionErrors } from '../../../../functions/errors.ts';
import { timeFor } from '../../../../functions/http/joins/scrapes.ts';
import { aFederation, type Federation } from './aFederation.ts';

const ways = ['/metrics/neuvector?membership=', '/probe?target='];

describe.each(ways)('%s', (path) => {
  const scrape = (federation: Federation, name: string, headers: Record<string, string> = {}) =>
    federation.at.app.request(`${path}${name}`, {
      headers: { authorization: `Bearer ${federation.viewer}`, ...headers },
    });

  test('answers what the worker collected, as it came where gzip is taken, else inflated', async () => {
    const federation = await aFederation();
    const { id } = (await federation.create('alpha')).body;
    const plain = await scrape(federation, 'alpha');
    expect([plain.status, plain.headers.get('content-encoding')]).toEqual([200, null]);
    expect(plain.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(plain.headers.get('vary')).toContain('accept-encoding');
    expect(await plain.text()).toBe(federation.worker.metrics);
    const packed = await scrape(federation, id, { 'accept-encoding': 'gzip;q=1.0' });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(gunzipSync(Buffer.from(await packed.arrayBuffer())).toString()).toBe(federation.worker.metrics);
    const none = await scrape(federation, 'alpha', { 'accept-encoding': 'gzip;q=0, br' });
    expect(none.headers.get('content-encoding')).toBeNull();
    await scrape(federation, 'alpha&compat=1');
    await scrape(federation, 'alpha&compat=0&enforcerStats=true');
    expect(federation.worker.asked.slice(1)).toEqual([
      { do: 'scrape', id, compat: false },
      { do: 'scrape', id, compat: false },
      { do: 'scrape', id, compat: false },
      { do: 'scrape', id, compat: true },
      { do: 'scrape', id, compat: false, enforcerStats: true },
    ]);
  });

  test.each([
    '10.20.0.5:10443',
    'https://evil.example/v1/auth',
    'mem_unknown',
    '__proto__',
    'alpha.example:10443',
    'evil.example',
  ])('dials nobody for %s: only what is registered is scraped', async (target) => {
    const federation = await aFederation();
    await federation.create('alpha');
    const refused = await scrape(federation, encodeURIComponent(target));
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
      404,
      'RECORD_UNKNOWN',
    ]);
    expect(federation.worker.asked).toHaveLength(1);
  });

  test.each([
    ['without saying which', path.split('?')[0]!],
    ['with a name twice', `${path}alpha&${path.split('?')[1]}beta`],
    ['with what is not known', `${path}alpha&module=x`],
    ['with another compat', `${path}alpha&compat=yes`],
  ])('%s is 400', async (_, url) => {
    const federation = await aFederation();
    const { status } = await federation.at.call(federation.viewer, 'GET', url);
    expect(status).toBe(400);
  });

  test('is for viewers, unless metrics are public; a token bound to labels scrapes its own alone', async () => {
    const federation = await aFederation();
    await federation.create('alpha', { labels: { env: 'prod' } });
    await federation.create('beta', { labels: { env: 'test' } });
    expect((await federation.at.app.request(`${path}alpha`)).status).toBe(401);
    const bound = await federation.at.token('viewer', { selector: 'env=prod' });
    const statusOf = async (name: string) =>
      (await federation.at.call(bound, 'GET', `${path}${name}`)).status;
    expect([await statusOf('alpha'), await statusOf('beta'), await statusOf('none')]).toEqual([
      200, 404, 404,
    ]);
    const open = await aFederation({ settings: { metricsPublic: true } });
    await open.create('alpha');
    expect((await open.at.app.request(`${path}alpha`)).status).toBe(200);
  });

  test('ends in time: what comes later is of no use to Prometheus', async () => {
    const federation = await aFederation();
    await federation.create('alpha');
    let answer: (() => void) | undefined;
    const asked = new Promise<void>((resolve) => {
      federation.worker.meanwhile = () => {
        resolve();
        return new Promise((done) => {
          answer = done;
        });
      };
    });
    const scraping = scrape(federation, 'alpha', { 'x-prometheus-scrape-timeout-seconds': '10' });
    await asked;
    federation.at.pass(9.5 * second);
    const late = await scraping;
    expect(late.status).toBe(504);
    expect(await late.json()).toMatchObject({
      code: 'SCRAPE_LATE',
      detail: expect.stringContaining('9.5 s'),
    });
    answer?.();
    federation.worker.meanwhile = undefined;
    expect((await scrape(federation, 'alpha')).status).toBe(200);
  });

  test('tells what the worker tells, in the reader’s language', async () => {
    const federation = await aFederation();
    await federation.create('alpha');
    federation.worker.meanwhile = async () => {
      throw errorsOf(functionErrors)('WORKER_UNREACHABLE', { area: 'join', function: 'drover-join-work' });
    };
    const refused = await scrape(federation, 'alpha', { 'accept-language': 'zh' });
    expect(refused.status).toBe(503);
    expect(((await refused.json()) as { detail: string }).detail).toMatch(/[\u4e00-\u9fff]/);
  });
});

test.each([
  [undefined, 24_000],
  ['', 24_000],
  ['10', 9_500],
  ['0.2', 500],
  ['3600', 24_000],
  ['-1', 24_000],
  ['NaN', 24_000],
  ['10, 20', 24_000],
])('a scrape timeout of %s leaves %i ms', (header, limit) => {
  expect(timeFor(header)).toBe(limit);
});
