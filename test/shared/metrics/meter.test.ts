import fc from 'fast-check';
import PQueue from 'p-queue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countingErrors, type TableMeter } from '#metrics';
import { type Item, type Key, keys, MemoryTable, StoreRefused, StoreUnanswered, type Table } from '#store';
import { type Emulator, startDynalite } from '../store/dynalite.ts';
import { subjectOver } from '../store/dynamo.ts';
import { aMeter, families } from './aMeter.ts';

const key = (kind: string, place = 'here') => `drover_jobs_total#{"kind":"${kind}","place":"${place}"}`;

async function stored(table: Table): Promise<Item[]> {
  const pages = await Promise.all(
    Array.from({ length: keys.metricShards }, (_, shard) =>
      table.query({ partition: keys.metricPartition(shard) }),
    ),
  );
  return pages.flatMap((page) => page.items);
}

const sumOf = async (table: Table, sk: string, attribute = 'n') =>
  (await stored(table)).reduce((sum, item) => (item.sk === sk ? sum + Number(item[attribute] ?? 0) : sum), 0);

describe('what is counted', () => {
  it('is written at the flush, in one small item per label set', async () => {
    const { meter, table } = aMeter({ shard: () => 3 });
    meter.count('drover_jobs_total', { kind: 'a', place: 'here' });
    meter.count('drover_jobs_total', { place: 'here', kind: 'a' }, 2);
    meter.count('drover_jobs_total', { kind: 'b', place: 'here' });
    expect(await stored(table)).toEqual([]);
    await meter.flush();
    expect(await stored(table)).toEqual([
      { pk: 'metric#3', sk: key('a'), n: 3 },
      { pk: 'metric#3', sk: key('b'), n: 1 },
      { pk: 'metric#3', sk: 'drover_store_units_total#{"kind":"read"}', n: 8 },
    ]);
  });

  it('falls into the first bucket that holds it', async () => {
    const { meter, table } = aMeter({ shard: () => 0 });
    for (const value of [0, 0.1, 0.11, 1, 10.5, -3])
      meter.observe('drover_wait_seconds', { kind: 'a' }, value);
    await meter.flush();
    expect((await stored(table))[0]).toEqual({
      pk: 'metric#0',
      sk: 'drover_wait_seconds#{"kind":"a"}',
      'le0.1': 3,
      le1: 2,
      leInf: 1,
      sum: 11.71,
    });
  });

  it('is written once, and a flush with nothing new writes nothing', async () => {
    const { meter, table } = aMeter();
    await meter.flush();
    expect(table.units.write).toBe(0);
    meter.count('drover_jobs_total', { kind: 'a', place: 'here' });
    await meter.flush();
    const before = table.units.write;
    await meter.flush();
    expect(table.units.write).toBe(before);
  });

  it('includes what the calls to the store cost', async () => {
    const { meter, table, shown } = aMeter();
    for (let i = 0; i < 5; i++) await table.put({ pk: 'a', sk: `${i}` });
    await table.get({ pk: 'a', sk: '1' });
    meter.count('drover_jobs_total', { kind: 'a', place: 'here' });
    await meter.flush();
    expect(await shown('drover_store_units_total')).toEqual([
      'drover_store_units_total{kind="read"} 1',
      'drover_store_units_total{kind="write"} 5',
    ]);
  });

  it('by calls that end together is written together', async () => {
    const { meter, table, shown } = aMeter();
    const call = async () => {
      meter.count('drover_jobs_total', { kind: 'a', place: 'here' });
      await meter.flush();
      expect(Number((await shown('drover_jobs_total'))[0]?.split(' ')[1])).toBeGreaterThan(0);
    };
    await Promise.all(Array.from({ length: 100 }, call));
    expect(await shown('drover_jobs_total')).toEqual(['drover_jobs_total{kind="a",place="here"} 100']);
    expect(table.units.write).toBeLessThan(10);
  });

  it('costs one write unit per series, however many series a family has', async () => {
    const { meter, table } = aMeter();
    for (let i = 0; i < 300; i++) meter.count('drover_jobs_total', { kind: 'a', place: `place-${i}` });
    await meter.flush();
    expect(table.units.write).toBe(300);
  });
});

describe('a mistake in counting', () => {
  it.each<[string, (meter: TableMeter) => void]>([
    ['an unknown family', (meter) => meter.count('drover_nothing_total', {})],
    ['a histogram that is counted', (meter) => meter.count('drover_wait_seconds', { kind: 'a' })],
    [
      'a counter that is observed',
      (meter) => meter.observe('drover_jobs_total', { kind: 'a', place: 'b' }, 1),
    ],
    ['a label too few', (meter) => meter.count('drover_jobs_total', { kind: 'a' })],
    ['a label too many', (meter) => meter.count('drover_jobs_total', { kind: 'a', place: 'b', more: 'c' })],
    ['another label', (meter) => meter.count('drover_jobs_total', { kind: 'a', where: 'b' })],
    ['a negative count', (meter) => meter.count('drover_jobs_total', { kind: 'a', place: 'b' }, -1)],
    ['no number', (meter) => meter.count('drover_jobs_total', { kind: 'a', place: 'b' }, Number.NaN)],
    [
      'an endless span',
      (meter) => meter.observe('drover_wait_seconds', { kind: 'a' }, Number.POSITIVE_INFINITY),
    ],
  ])('is told once and stops nobody: %s', async (_what, mistake) => {
    const { meter, table, lines } = aMeter();
    mistake(meter);
    mistake(meter);
    await meter.flush();
    expect(await stored(table)).toEqual([]);
    expect(lines).toMatchObject([{ level: 'error', message: 'metric not counted' }]);
  });
});

describe('the number of series', () => {
  it('is bounded by what labels may say', async () => {
    const { meter, table } = aMeter();
    for (const kind of ['UPPER', '', 'a b', 'x'.repeat(200), '__proto__']) {
      meter.count('drover_jobs_total', { kind, place: 'here' });
    }
    await meter.flush();
    expect(await sumOf(table, key('other'))).toBe(5);
  });

  it('is bounded even where a caller makes up values without end', async () => {
    const { meter, table } = aMeter();
    for (let i = 0; i < 2_000; i++) meter.count('drover_jobs_total', { kind: 'a', place: `place-${i}` });
    await meter.flush();
    expect((await stored(table)).filter((item) => item.sk.startsWith('drover_jobs_total')).length).toBe(
      1_001,
    );
    expect(await sumOf(table, key('other', 'other'))).toBe(1_000);
  });
});

/** As many additions at once as an embedded store answers in time, and none for what the calls cost. */
function paced(table: Table): Table {
  const queue = new PQueue({ concurrency: 50 });
  return {
    ...countingErrors(table, { count: () => {}, observe: () => {} }),
    add: (...call) => queue.add(() => table.add(...call)),
    units: { read: 0, write: 0 },
  };
}

let emulator: Emulator;
let dynalite: Awaited<ReturnType<typeof subjectOver>>;
beforeAll(async () => {
  emulator = await startDynalite();
  dynalite = await subjectOver(emulator);
});
afterAll(async () => {
  dynalite.close();
  await emulator.close();
});

describe.each<[string, () => Table]>([
  ['the table in memory', () => new MemoryTable()],
  ['dynalite', () => dynalite.table],
])('on %s', (_name, open) => {
  it('a thousand concurrent calls of as many processes lose nothing and double nothing', async () => {
    const table = paced(open());
    await Promise.all(
      Array.from({ length: 1_000 }, async (_, i) => {
        const { meter } = aMeter({ table });
        meter.count('drover_jobs_total', { kind: 'a', place: 'crowd' }, i);
        meter.observe('drover_wait_seconds', { kind: 'crowd' }, 0.3);
        await meter.flush();
      }),
    );
    const { shown } = aMeter({ table });
    expect(await shown('drover_jobs_total{kind="a",place="crowd"}')).toEqual([
      'drover_jobs_total{kind="a",place="crowd"} 499500',
    ]);
    expect(await shown('drover_wait_seconds')).toEqual([
      'drover_wait_seconds_bucket{kind="crowd",le="0.1"} 0',
      'drover_wait_seconds_bucket{kind="crowd",le="1"} 1000',
      'drover_wait_seconds_bucket{kind="crowd",le="10"} 1000',
      'drover_wait_seconds_bucket{kind="crowd",le="+Inf"} 1000',
      'drover_wait_seconds_sum{kind="crowd"} 300',
      'drover_wait_seconds_count{kind="crowd"} 1000',
    ]);
  }, 20_000);

  it('a thousand concurrent calls of one process lose nothing and double nothing', async () => {
    const table = open();
    const { meter, shown } = aMeter({ table });
    await Promise.all(
      Array.from({ length: 1_000 }, async () => {
        meter.count('drover_jobs_total', { kind: 'a', place: 'process' });
        await Promise.resolve();
        await meter.flush();
      }),
    );
    expect(await shown('drover_jobs_total{kind="a",place="process"}')).toEqual([
      'drover_jobs_total{kind="a",place="process"} 1000',
    ]);
  });
});

type Fate = 'answered' | 'answer lost' | 'write lost';

/** Some additions never arrive, of others only the answer is lost. */
class LossyTable extends MemoryTable {
  unwritten = 0;
  readonly fate: () => Fate;
  constructor(fate: () => Fate) {
    super();
    this.fate = fate;
  }
  override async add(key: Key, numbers: Record<string, number>) {
    const fate = this.fate();
    if (fate === 'write lost') {
      this.unwritten += numbers.n ?? 0;
      throw new StoreUnanswered('an addition');
    }
    const sums = await super.add(key, numbers);
    if (fate === 'answer lost') throw new StoreUnanswered('an addition');
    return sums;
  }
}

describe('where answers are lost', () => {
  it('nothing is counted twice, what did not arrive is all that is missing, and no flush throws', async () => {
    const fates = fc.infiniteStream(fc.constantFrom<Fate[]>('answered', 'answer lost', 'write lost'));
    await fc.assert(
      fc.asyncProperty(
        fates,
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 }),
        async (fate, amounts) => {
          const table = new LossyTable(() => fate.next().value!);
          const { meter, lines } = aMeter({ table });
          let counted = 0;
          for (const by of amounts) {
            meter.count('drover_jobs_total', { kind: 'a', place: 'here' }, by);
            counted += by;
            await meter.flush();
          }
          expect(await sumOf(table, key('a'))).toBeLessThanOrEqual(counted);
          const total = (await stored(table)).reduce((sum, item) => sum + Number(item.n), 0);
          const units = (await stored(table)).filter((item) => item.sk.includes('units'));
          const unitsStored = units.reduce((sum, item) => sum + Number(item.n), 0);
          expect(total - unitsStored).toBeGreaterThanOrEqual(counted - table.unwritten);
          expect(lines.every((line) => line.message === 'metrics not written')).toBe(true);
        },
      ),
      { numRuns: 50, seed: 1 },
    );
  });

  it('the errors of the store are counted on their way to the caller', async () => {
    const inner = new MemoryTable();
    const { meter, shown } = aMeter({ table: inner });
    const failing = Object.assign(new MemoryTable(), {
      get: async () => {
        throw new StoreUnanswered('a read');
      },
      put: async () => {
        throw new StoreRefused('a put', 'too large');
      },
      query: async () => {
        throw new RangeError('a fault of ours');
      },
    });
    const table = countingErrors(failing, meter);
    await expect(table.get({ pk: 'a', sk: 'b' })).rejects.toThrow(StoreUnanswered);
    await expect(table.put({ pk: 'a', sk: 'b' })).rejects.toThrow(StoreRefused);
    await expect(table.query({ partition: 'a' })).rejects.toThrow(RangeError);
    expect(await table.add({ pk: 'a', sk: 'b' }, { n: 1 })).toEqual({ n: 1 });
    expect(table.units.write).toBe(1);
    await meter.flush();
    expect(await shown('drover_store_errors_total')).toEqual([
      'drover_store_errors_total{kind="unanswered"} 1',
      'drover_store_errors_total{kind="refused"} 1',
    ]);
  });
});

it('every family has a name and labels of its own', () => {
  expect(new Set(families.map((family) => family.name)).size).toBe(families.length);
});
