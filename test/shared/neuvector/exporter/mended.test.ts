import { expect, test } from 'vitest';
import { enforcerStatsOf } from '#neuvector/exporter';
import { collected } from './collected.ts';
import { readExposition, repeatedSeries } from './readExposition.ts';
import { scenarios, usual } from './scenarios.ts';

const samplesOf = async (answers: object, name: string, compat = false) =>
  readExposition((await collected(answers as never, { compat })).written)
    .samples.filter((sample) => sample.name === name)
    .map(({ labels, value }): Record<string, string | number> => ({ ...labels, value }));

test('no series comes twice: a port that is named twice counts once, and what was told in two parts is added up', async () => {
  const official = await collected(scenarios['told twice']!, { compat: true });
  expect(repeatedSeries(readExposition(official.written))).toHaveLength(2 + 3 * 2);
  const mended = await collected(scenarios['told twice']!);
  expect(repeatedSeries(readExposition(mended.written))).toEqual([]);
  expect(await samplesOf(scenarios['told twice']!, 'nv_conversation_bytes')).toEqual([
    expect.objectContaining({ from: 'a', to: 'b', value: 111 }),
    expect.objectContaining({ from: 'b', to: 'a', value: 5 }),
  ]);
  expect(await samplesOf(scenarios['told twice']!, 'nv_image_vulnerabilityHigh')).toHaveLength(2);
});

test('where a threat went is a namespace, not the name again', async () => {
  const [mended] = await samplesOf(usual, 'nv_log_events');
  const [official] = await samplesOf(usual, 'nv_log_events', true);
  expect([mended, official]).toMatchObject([{ tons: 'payments' }, { tons: 'database' }]);
});

const aFile = {
  id: 'n',
  name: 'Container.Package.Updated',
  reported_timestamp: 1,
  cluster_name: 'cluster.local',
  file_path: '/etc/hosts',
  file_name: ['hosts', 'hosts~'],
};

test.each([false, true])('several names of files are one label, compat: %s', async (compat) => {
  const answers = { ...usual, '/v1/log/incident': { incidents: [aFile] } };
  const ofLog = await samplesOf(answers, 'nv_log_events', compat);
  expect(ofLog.find(({ log }) => log === 'incident')).toMatchObject({ filename: 'hosts,hosts~' });
});

test('what happened on a node has its cluster too', async () => {
  const answers = { ...usual, '/v1/log/incident': { incidents: [aFile] } };
  const cluster = async (compat: boolean) =>
    (await samplesOf(answers, 'nv_log_events', compat)).find(({ log }) => log === 'incident')?.cluster;
  expect([await cluster(false), await cluster(true)]).toEqual(['cluster.local', '']);
});

test('without violations there are still threats and incidents', async () => {
  const kinds = async (compat: boolean) =>
    new Set(
      (await samplesOf(scenarios['violations refused']!, 'nv_log_events', compat)).map(({ log }) => log),
    );
  expect([await kinds(false), await kinds(true)]).toEqual([new Set(['threat', 'incident']), new Set()]);
});

test('images in which nothing was found have samples with compat alone', async () => {
  expect(await samplesOf(usual, 'nv_image_vulnerabilityHigh')).toHaveLength(3);
  expect(await samplesOf(usual, 'nv_image_vulnerabilityHigh', true)).toHaveLength(4);
});

test('the time of the database is one of UTC wherever Drover runs', async () => {
  const before = process.env.TZ;
  process.env.TZ = 'Asia/Shanghai';
  try {
    expect(await samplesOf(usual, 'nv_summary_cvedbTime')).toMatchObject([
      { value: Date.parse('2026-02-28T06:00:00Z') },
    ]);
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
});

test.each([
  [undefined, false, false],
  ['', false, false],
  ['0', false, true],
  ['false', false, true],
  ['no', false, true],
  ['1', true, true],
  ['true', true, true],
  ['True', true, true],
  ['yes', true, true],
])('ENFORCER_STATS=%s is %s, and %s to the official exporter', (setting, mended, official) => {
  expect(enforcerStatsOf(setting, false)).toBe(mended);
  expect(enforcerStatsOf(setting, true)).toBe(official);
});
