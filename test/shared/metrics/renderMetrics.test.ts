import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  buildInfo,
  defineCounter,
  defineGauge,
  defineHistogram,
  dueAgesOf,
  type GaugeProvider,
  lastTicks,
  oneOf,
  type Reading,
  readView,
  recordTick,
  ticksOf,
} from '#metrics';
import { keys, MemoryTable, StoreUnanswered } from '#store';
import { aMeter, families, nodes, waits } from './aMeter.ts';
import { hasPromtool, promtool } from './promtool.ts';

const clusters = (read: (slices: readonly number[]) => [string, number][]): GaugeProvider => ({
  name: 'clusters',
  per: 'record',
  read: async (slices) =>
    read(slices).map(([cluster, value]) => ({ family: nodes, labels: { cluster }, value })),
});

/** Something in every family. */
async function aFullRegistry() {
  const filled = aMeter();
  const readings: Reading[] = [];
  for (const family of families) {
    const labels = Object.fromEntries(
      Object.entries(family.labels).map(([name, rule]) => [
        name,
        rule.values?.[0] ?? (name === 'status' ? '200' : 'a'),
      ]),
    );
    if (family.type === 'counter') filled.meter.count(family.name, labels);
    if (family.type === 'histogram') filled.meter.observe(family.name, labels, 0.3);
    if (family.type === 'gauge') readings.push({ family, labels, value: 1 });
  }
  await filled.meter.flush();
  await recordTick(filled.table, 'clusters', 1_700_000_000_500);
  const providers: GaugeProvider[] = [
    { name: 'all', per: 'fleet', read: async () => readings.filter(({ family }) => family !== nodes) },
    buildInfo('0.1.0', 'v24.0.0'),
    ticksOf(filled.table, ['clusters', 'join']),
    dueAgesOf(filled.table, ['clusters'], clock),
    clusters(() => [
      ['prod-eu', 12],
      [hostile, 3],
    ]),
  ];
  return { ...filled, providers };
}
const clock = { now: () => 1_700_000_100_000, sleep: async () => {} };
const hostile = 'quote " backslash \\ line\nend {}=, 集群 \u0000';

describe('the answer to a scrape', () => {
  it('shows every family once, with help and type', async () => {
    const { render, providers } = await aFullRegistry();
    const text = String((await render({ providers })).body);
    for (const { name, type, help } of families) {
      expect(text.split(`# TYPE ${name} ${type}\n`)).toHaveLength(2);
      expect(text).toContain(`# HELP ${name} ${help}\n`);
    }
    expect(text).toContain('drover_last_tick_timestamp_seconds{area="clusters"} 1700000000.5\n');
    expect(text).toContain('drover_build_info{node="v24.0.0",version="0.1.0"} 1\n');
  });

  it.skipIf(!hasPromtool)('passes promtool check metrics, hostile label values and all', async () => {
    const { render, providers } = await aFullRegistry();
    const told = promtool(['check', 'metrics'], String((await render({ providers })).body));
    expect(told).toEqual({ passed: true, output: '' });
  });

  it.skipIf(!hasPromtool)('is refused by promtool where it is broken', () => {
    expect(promtool(['check', 'metrics'], 'drover_x{a="b} 1\n').passed).toBe(false);
  });

  it('escapes what label values hold', async () => {
    const { shown, providers } = await aFullRegistry();
    expect(await shown('drover_nodes', { providers })).toEqual([
      'drover_nodes{cluster="prod-eu"} 12',
      'drover_nodes{cluster="quote \\" backslash \\\\ line\\nend {}=, 集群 \u0000"} 3',
    ]);
  });

  it('is OpenMetrics where that is preferred', async () => {
    const { render, meter } = aMeter();
    meter.count('drover_jobs_total', { kind: 'a', place: 'b' });
    await meter.flush();
    const accept =
      'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1';
    const { headers, body } = await render({ accept });
    expect(headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(body).toContain('# TYPE drover_jobs counter\ndrover_jobs_total{kind="a",place="b"} 1\n');
    expect(String(body).endsWith('# EOF\n')).toBe(true);
  });

  it('may be empty: a scrape of slices without a record', async () => {
    const { render } = aMeter();
    expect((await render({ slices: '7' })).body).toBe('');
    expect((await render({ slices: '7', accept: 'application/openmetrics-text' })).body).toBe('# EOF\n');
  });

  it.each([
    [undefined],
    ['*/*'],
    ['text/html, text/plain'],
    ['text/plain;q=0.5,application/openmetrics-text;q=0.5'],
    ['application/openmetrics-text;q=oops'],
  ])('is the classic text for Accept: %s', async (accept) => {
    const { headers } = await aMeter().render({ ...(accept && { accept }) });
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it.each([
    ['gzip', true],
    ['deflate, GZIP;q=0.5', true],
    ['gzip;q=0', false],
    ['br', false],
    ['', false],
  ])('for Accept-Encoding: %s is compressed: %s', async (acceptEncoding, isCompressed) => {
    const { render } = aMeter();
    const plain = await render();
    const answer = await render({ acceptEncoding });
    expect(answer.headers['content-encoding']).toBe(isCompressed ? 'gzip' : undefined);
    expect(answer.headers.vary).toBe('accept, accept-encoding');
    const text = isCompressed ? gunzipSync(answer.body as Uint8Array).toString() : answer.body;
    expect(text).toBe(plain.body);
  });

  it('is no answer at all where a shard cannot be read, since a count that falls looks like a restart', async () => {
    const table = new MemoryTable();
    const { meter, render } = aMeter({ table });
    meter.count('drover_jobs_total', { kind: 'a', place: 'b' });
    await meter.flush();
    const query = table.query.bind(table);
    table.query = async (asked) => {
      if (asked.partition.endsWith('#5')) throw new StoreUnanswered('a query');
      return query(asked);
    };
    await expect(render()).rejects.toThrow(StoreUnanswered);
  });

  it('reads counts consistently and to the last page', async () => {
    const table = new MemoryTable();
    const { meter, render } = aMeter({ table, shard: () => 1 });
    for (let i = 0; i < 50; i++) meter.count('drover_jobs_total', { kind: 'a', place: `p${i}` });
    await meter.flush();
    const query = table.query.bind(table);
    table.query = async (asked) => {
      expect(asked.eventually).toBeFalsy();
      return query({ ...asked, limit: 7 });
    };
    expect(String((await render()).body).match(/^drover_jobs_total\{/gm)).toHaveLength(50);
  });
});

describe('counts', () => {
  it('of families whose labels are known begin at 0', async () => {
    const { shown } = aMeter();
    expect(await shown('drover_webhook_deliveries_total')).toEqual([
      'drover_webhook_deliveries_total{outcome="delivered"} 0',
      'drover_webhook_deliveries_total{outcome="failed"} 0',
      'drover_webhook_deliveries_total{outcome="dead"} 0',
    ]);
    expect(await shown('drover_webhook_duration_seconds_count')).toEqual([
      'drover_webhook_duration_seconds_count 0',
    ]);
    expect(await shown('drover_steps_total')).toEqual([]);
  });

  it('that an older version kept with other bounds or labels do no harm', async () => {
    const { table, shown } = aMeter();
    await table.add(
      { pk: 'metric#0', sk: 'drover_wait_seconds#{"kind":"a"}' },
      { 'le0.5': 2, le100: 1, sum: 60 },
    );
    await table.add({ pk: 'metric#1', sk: 'drover_wait_seconds#{"kind":"a","old":"b"}' }, { le1: 5, sum: 5 });
    await table.add({ pk: 'metric#2', sk: 'drover_gone_total#{}' }, { n: 5 });
    expect(waits.buckets).toEqual([0.1, 1, 10]);
    expect(await shown('drover_wait_seconds')).toEqual([
      'drover_wait_seconds_bucket{kind="a",le="0.1"} 0',
      'drover_wait_seconds_bucket{kind="a",le="1"} 2',
      'drover_wait_seconds_bucket{kind="a",le="10"} 2',
      'drover_wait_seconds_bucket{kind="a",le="+Inf"} 3',
      'drover_wait_seconds_sum{kind="a"} 60',
      'drover_wait_seconds_count{kind="a"} 3',
    ]);
    expect(await shown('drover_gone')).toEqual([]);
  });
});

describe('gauges', () => {
  it('end when what they tell of is gone', async () => {
    const { shown } = aMeter();
    let there: [string, number][] = [
      ['one', 1],
      ['two', 2],
    ];
    const providers = [clusters(() => there)];
    expect(await shown('drover_nodes', { providers })).toHaveLength(2);
    there = [['two', 2]];
    expect(await shown('drover_nodes', { providers })).toEqual(['drover_nodes{cluster="two"} 2']);
    there = [];
    expect(await shown('drover_nodes', { providers })).toEqual([]);
  });

  it('of one source that fails are left out, told, and logged; the others are there', async () => {
    const { shown, lines } = aMeter();
    const providers = [
      clusters(() => {
        throw new Error('no');
      }),
      buildInfo('1'),
    ];
    expect(await shown('drover_nodes', { providers })).toEqual([]);
    expect(await shown('drover_gauges_up', { providers })).toEqual([
      'drover_gauges_up{source="clusters"} 0',
      'drover_gauges_up{source="build"} 1',
    ]);
    expect(lines[0]).toMatchObject({
      level: 'error',
      message: 'gauges not read',
      fields: { source: 'clusters' },
    });
  });

  it('read twice for one series show once', async () => {
    const { shown } = aMeter();
    const providers = [
      clusters(() => [
        ['a', 1],
        ['a', 2],
      ]),
    ];
    expect(await shown('drover_nodes', { providers })).toEqual(['drover_nodes{cluster="a"} 2']);
  });

  it.each<[string | undefined, number[] | undefined, boolean]>([
    [undefined, Array.from({ length: 64 }, (_, i) => i), true],
    ['none', undefined, true],
    ['0', [0], false],
    ['62-63', [62, 63], false],
    ['60-99', [60, 61, 62, 63], false],
  ])('per record are asked by slice: slices=%s', async (slices, asked, hasFleet) => {
    const { render } = aMeter();
    let got: readonly number[] | undefined;
    const providers = [
      clusters((wanted) => {
        got = wanted;
        return [['a', 1]];
      }),
      buildInfo('1'),
    ];
    const text = String((await render({ providers, ...(slices && { slices }) })).body);
    expect(got).toEqual(asked);
    expect(text.includes('drover_build_info')).toBe(hasFleet);
    expect(text.includes('drover_store_units_total')).toBe(hasFleet);
    expect(text.includes('drover_gauges_up{source="build"}')).toBe(hasFleet);
    expect(text.includes('drover_gauges_up{source="clusters"}')).toBe(asked !== undefined);
    expect(text.includes('drover_nodes')).toBe(asked !== undefined);
  });

  it.each(['', '64', '-1', '5-2', '1-', 'all', '1,2', '999'])('have no slices called "%s"', (slices) => {
    expect(readView(slices)).toBeUndefined();
  });
});

describe('ticks', () => {
  it('are known by area, the last one of each', async () => {
    const table = new MemoryTable();
    expect(await lastTicks(table)).toEqual({});
    await recordTick(table, 'join', 1_000);
    await recordTick(table, 'clusters', 2_000);
    await recordTick(table, 'join', 3_000);
    expect(await lastTicks(table)).toEqual({ clusters: 2_000, join: 3_000 });
  });

  it('of an area that was taken out are shown no more', async () => {
    const { table, shown } = aMeter();
    await recordTick(table, 'join', 1_000);
    await recordTick(table, 'gone', 1_000);
    expect(await shown('drover_last_tick', { providers: [ticksOf(table, ['join', 'new'])] })).toEqual([
      'drover_last_tick_timestamp_seconds{area="join"} 1',
    ]);
  });
});

describe('the age of what is due', () => {
  it('is that of the oldest over lanes and shards, of records and rounds apart', async () => {
    const { table, shown } = aMeter();
    const due = (area: string, lane: string, id: string, before: number) =>
      table.put({ pk: id, sk: '0', ...keys.dueAttributes(area, lane, id, clock.now() - before * 1000) });
    await due('join', 'near', 'mem_1', 5);
    await due('join', 'slow', 'mem_2', 90);
    await due('join', 'near', 'mem_3', 30);
    await due('join', 'near', 'mem_4', -600);
    const round = keys.shortListAttributes('join', 'rounds', '300/7', clock.now() - 12_500);
    await table.put({ pk: '300/7', sk: '0', ...round });
    await due('clusters', 'near', 'clu_1', -30);
    expect(
      await shown('drover_due_age', { providers: [dueAgesOf(table, ['join', 'clusters'], clock)] }),
    ).toEqual([
      'drover_due_age_seconds{area="join",kind="step"} 90',
      'drover_due_age_seconds{area="join",kind="round"} 12.5',
      'drover_due_age_seconds{area="clusters",kind="step"} 0',
      'drover_due_age_seconds{area="clusters",kind="round"} 0',
    ]);
  });
});

describe('a family', () => {
  const help = 'Things.';
  it.each([
    ['a counter without _total', () => defineCounter({ name: 'drover_things', help, labels: {} })],
    ['a gauge with _total', () => defineGauge({ name: 'drover_things_total', help, labels: {} })],
    ['another prefix', () => defineCounter({ name: 'things_total', help, labels: {} })],
    ['a bad name', () => defineCounter({ name: 'drover_Things_total', help, labels: {} })],
    ['no help', () => defineCounter({ name: 'drover_things_total', help: '', labels: {} })],
    [
      'a bad label',
      () => defineCounter({ name: 'drover_things_total', help, labels: { 'a-b': oneOf('x') } }),
    ],
    ['the label le', () => defineCounter({ name: 'drover_things_total', help, labels: { le: oneOf('x') } })],
    ['no unit', () => defineHistogram({ name: 'drover_things', help, labels: {}, buckets: [1] })],
    [
      'falling buckets',
      () => defineHistogram({ name: 'drover_x_seconds', help, labels: {}, buckets: [2, 1] }),
    ],
  ])('is not defined with %s', (_what, define) => {
    expect(define).toThrow();
  });
});
