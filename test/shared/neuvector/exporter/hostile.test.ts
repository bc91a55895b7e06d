import { describe, expect, test } from 'vitest';
import { netError } from '#net';
import { systemClock } from '#time';
import { answering, Raw } from './answering.ts';
import { collected } from './collected.ts';
import { type ReadSample, readExposition, repeatedSeries } from './readExposition.ts';
import { Refused, usual } from './scenarios.ts';

const cutAfter = (text: string, error: Error) =>
  new Raw(async function* () {
    yield Buffer.from(text);
    throw error;
  });

const lost = netError('HTTP_CUT', { host: 'controller.example.com', port: 10_443 });
const page = Raw.text('<html><head><title>502 Bad Gateway</title></head></html>');

/** Each with its list, or what else is looked for in its answer, and the family that is made of it. */
const reads: [path: string, field: string, family: string][] = [
  ['/v1/system/summary', 'summary', 'nv_summary'],
  ['/v1/conversation', 'conversations', 'nv_conversation'],
  ['/v1/enforcer', 'enforcers', 'nv_enforcer'],
  ['/v1/enforcer/e1/stats', 'stats', 'nv_enforcer'],
  ['/v1/controller', 'controllers', 'nv_controller'],
  ['/v1/controller/c1/stats', 'stats', 'nv_controller'],
  ['/v1/host', 'hosts', 'nv_host'],
  ['/v1/debug/admission_stats', 'stats', 'nv_admission'],
  ['/v1/scan/registry', 'summarys', 'nv_image_vulnerability'],
  ['/v1/scan/registry/one/images', 'images', 'nv_image_vulnerability'],
  ['/v1/scan/platform', 'platforms', 'nv_platform_vulnerability'],
  ['/v1/workload?brief=true', 'workloads', 'nv_container_vulnerability'],
  ['/v1/log/threat', 'threats', 'nv_log'],
  ['/v1/log/incident', 'incidents', 'nv_log'],
  ['/v1/log/violation', 'violations', 'nv_log'],
  ['/v1/fed/member', 'joint_clusters', 'nv_fed'],
];

/** What is said, and the code with which it is told; none where nothing is missing, or no list is an empty one. */
const says: [what: string, answer: (field: string) => unknown, code: string | RegExp | undefined][] = [
  ['no', () => new Refused(403, 25), '403'],
  ['nothing', () => Raw.text(''), 'NOT_NEUVECTOR'],
  ['a page', () => page, 'NOT_NEUVECTOR'],
  ['a number', () => 7, 'NOT_NEUVECTOR'],
  ['a list', () => [], 'NOT_NEUVECTOR'],
  ['half of it', (field) => Raw.text(`{"${field}":[{"id`), 'NOT_NEUVECTOR'],
  ['half of it, and is gone', (field) => cutAfter(`{"${field}":[{"id`, lost), 'HTTP_CUT'],
  ['something else there', (field) => ({ [field]: 'text' }), 'NOT_NEUVECTOR'],
  ['null', (field) => ({ [field]: null }), undefined],
  ['something else', () => ({ other: true }), undefined],
];

const familyOf = ({ name }: ReadSample) =>
  [...new Set(reads.map(([, , family]) => family))].find((family) => name.startsWith(family));
const whole = readExposition((await collected(usual)).written).samples;

describe.each(reads)('%s', (path, field, family) => {
  test.each(says)('that says %s takes nothing from the others', async (_, answer, code) => {
    for (const compat of [false, true]) {
      const { written, failures } = await collected({ ...usual, [path]: answer(field) }, { compat });
      const { samples } = readExposition(written);
      expect(Object.keys(failures).filter((name) => name !== family)).toEqual([]);
      if (
        code !== undefined &&
        !(path === '/v1/fed/member' && code === 'NOT_NEUVECTOR' && !(family in failures))
      )
        expect(failures[family]).toBe(code);
      if (compat) continue;
      expect(repeatedSeries({ samples, families: [] })).toEqual([]);
      const others = (all: readonly ReadSample[]) =>
        all.filter((sample) => familyOf(sample) !== family).map(({ line }) => line);
      expect(others(samples)).toEqual(others(whole));
    }
  });
});

const odd = [
  null,
  7,
  'text',
  [],
  {},
  { high: 'many' },
  { high: 1, medium: null },
  { bytes: {}, ports: [[]] },
];

test.each(reads.filter(([, field]) => field.endsWith('s') && !/^(stats|joint_clusters)$/.test(field)))(
  '%s: elements that are none take nothing from those that are, and are told',
  async (path, field, family) => {
    const good = (usual[path] as Record<string, unknown[]>)[field]!;
    const mixed = { ...usual, [path]: { [field]: [...good.slice(0, 4), ...odd, ...good.slice(4)] } };
    const { written, failures } = await collected(mixed);
    const read = readExposition(written);
    expect(repeatedSeries(read)).toEqual([]);
    expect(failures).toEqual({ [family]: 'EXPORTER_ANSWER_INCOMPLETE' });
    const lines = new Set(read.samples.map(({ line }) => line));
    // Of events the first five are told, whatever they are.
    const expected = family === 'nv_log' ? whole.filter(({ labels }) => labels.id !== 't4') : whole;
    expect(expected.filter(({ line }) => !lines.has(line))).toEqual([]);
  },
);

test.each(['services', 'running_pods', 'cvedb_version', 'cvedb_create_time'])(
  'a summary without a usable %s has the rest',
  async (field) => {
    const { summary } = usual['/v1/system/summary'] as { summary: object };
    const { written, failures } = await collected({
      ...usual,
      '/v1/system/summary': { summary: { ...summary, [field]: 'soon' } },
    });
    const ofSummary = readExposition(written).samples.filter(({ name }) => name.startsWith('nv_summary'));
    expect(ofSummary).toHaveLength(10);
    expect(failures).toEqual({ nv_summary: 'EXPORTER_ANSWER_INCOMPLETE' });
  },
);

test('names may be as long as they like, until a family has no room', async () => {
  const name = `${'n'.repeat(99_000)}"\\\n`;
  const named = (count: number) => ({
    ...usual,
    '/v1/host': { hosts: Array.from({ length: count }, (_, i) => ({ id: `${i}`, name, memory: 1 })) },
  });
  const some = await collected({}, {}, answering(named(80), { pieceLength: 65_536 }));
  expect(some.failures).toEqual({});
  expect(readExposition(some.written).samples.filter(({ labels }) => labels.name === name)).toHaveLength(80);
  for (const compat of [false, true]) {
    const many = await collected({}, { compat }, answering(named(81), { pieceLength: 65_536 }));
    expect(many.failures).toEqual({ nv_host: 'EXPORTER_FAMILY_TOO_LONG' });
    expect(many.written).not.toContain('nv_host');
  }
});

test('a family has no room: then none of its parts is served either', async () => {
  const images = Array.from({ length: 41 }, (_, i) => ({
    ...{ repository: 'r'.repeat(99_000), tag: `${i}`, image_id: 'i', high: 1, medium: 1 },
  }));
  const answers = { ...usual, '/v1/scan/registry/two/images': { images } };
  const { failures, written } = await collected({}, {}, answering(answers, { pieceLength: 65_536 }));
  expect(failures).toEqual({ nv_image_vulnerability: 'EXPORTER_FAMILY_TOO_LONG' });
  expect(written).not.toContain('nv_image');
});

describe('where nothing is answered', () => {
  const always = (answer: unknown) =>
    answering(new Proxy({}, { has: () => true, get: () => answer }) as Record<string, unknown>);

  test.each([
    [
      'nobody is there',
      netError('TCP_REFUSED', { host: 'controller.example.com', port: 10_443 }),
      'TCP_REFUSED',
    ],
    ['the session is over', new Refused(401, 3), '401'],
    ['a page stands in its place', page, 'NOT_NEUVECTOR'],
  ])('%s: the first failure is thrown, and most of the rest is not asked', async (_, answer, told) => {
    const controller = always(answer);
    const failure = await collected({}, {}, controller).catch((error) => error);
    expect(failure.code ?? String(failure.refusal.status)).toBe(told);
    // Four at once, and one more for each that fails before the fourth.
    expect(controller.asked.length).toBe(7);
  });

  test('a fault of ours is no failure of the controller', async () => {
    await expect(collected({}, {}, always(new TypeError('a bug')))).rejects.toThrow('a bug');
    await expect(collected({ ...usual, '/v1/host': new TypeError('a bug') })).rejects.toThrow('a bug');
  });

  test('whoever asked no longer wants it', async () => {
    const controller = answering(usual);
    const signal = AbortSignal.abort(new Error('gone'));
    await expect(collected({}, { signal }, controller)).rejects.toThrow('gone');
    expect(controller.asked).toEqual([]);
  });
});

test('every question has the time that is left for all', async () => {
  let now = 0;
  const controller = answering(usual);
  const timeouts: (number | undefined)[] = [];
  const { stream } = controller.way;
  controller.way.stream = (request) => {
    timeouts.push(request.timeout);
    now += 400;
    return stream(request);
  };
  const { tookMs } = await collected(
    {},
    { within: 2_000, clock: { ...systemClock, now: () => now } },
    controller,
  );
  expect(timeouts.slice(0, 5)).toEqual([2_000, 1_600, 1_200, 800, 400]);
  expect(timeouts.slice(5).every((left) => left === 1)).toBe(true);
  expect(tookMs).toBe(now);
});
