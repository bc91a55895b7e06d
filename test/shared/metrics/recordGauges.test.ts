import { describe, expect, it } from 'vitest';
import { looksOf, recordCountsOf, recordLooksOf } from '#metrics';
import { keys, MemoryTable } from '#store';
import { aMeter } from './aMeter.ts';

const now = Date.parse('2026-03-01T10:00:00Z');
const clock = { now: () => now, sleep: async () => {} };
const second = 1_000;

interface Beat {
  id: string;
  at: number;
  ok: boolean;
  latency?: number;
}

/** A pulse as a round leaves it, `before` seconds ago. */
async function aPulse(
  table: MemoryTable,
  slice: number,
  before: number,
  beats: Omit<Beat, 'at'>[],
  { every = 300, failing = [] as string[] } = {},
) {
  const at = now - before * second;
  const pulse = {
    everySeconds: every,
    slice,
    at,
    beats: beats.map((beat) => ({ ...beat, at })),
    failing: failing.map((id) => ({ id, cause: 'TCP_REFUSED' })),
  };
  await table.put({ ...keys.pulseKey('lamps', every, slice), pulse: JSON.stringify(pulse) });
}

describe('gauges from pulses', () => {
  it('tell how many records rounds found well, and of each when and how', async () => {
    const table = new MemoryTable();
    const { shown } = aMeter({ table });
    await aPulse(table, 3, 10, [
      { id: 'lmp_1', ok: true, latency: 250 },
      { id: 'lmp_2', ok: false },
    ]);
    await aPulse(table, 4, 20, [{ id: 'lmp_3', ok: true }], { failing: ['lmp_4'] });
    const providers = [looksOf(table, ['lamps', 'others'], clock), recordLooksOf(table, ['lamps'], clock)];
    expect(await shown('drover_looked_records', { providers })).toEqual([
      'drover_looked_records{area="lamps",outcome="ok"} 2',
      'drover_looked_records{area="lamps",outcome="failed"} 2',
    ]);
    expect((await shown('drover_record_up', { providers })).sort()).toEqual([
      'drover_record_up{area="lamps",record="lmp_1"} 1',
      'drover_record_up{area="lamps",record="lmp_2"} 0',
      'drover_record_up{area="lamps",record="lmp_3"} 1',
      'drover_record_up{area="lamps",record="lmp_4"} 0',
    ]);
    expect(await shown('drover_record_look_latency', { providers })).toEqual([
      'drover_record_look_latency_seconds{area="lamps",record="lmp_1"} 0.25',
    ]);
    expect(await shown('drover_record_last_look', { providers, slices: '4' })).toEqual([
      `drover_record_last_look_timestamp_seconds{area="lamps",record="lmp_3"} ${now / second - 20}`,
      `drover_record_last_look_timestamp_seconds{area="lamps",record="lmp_4"} ${now / second - 20}`,
    ]);
  });

  it('take the later look of a record that stands in two', async () => {
    const table = new MemoryTable();
    const { shown } = aMeter({ table });
    await aPulse(table, 3, 100, [{ id: 'lmp_1', ok: true }], { every: 300 });
    await aPulse(table, 3, 10, [{ id: 'lmp_1', ok: false }], { every: 60 });
    const providers = [recordLooksOf(table, ['lamps'], clock)];
    expect(await shown('drover_record_up', { providers })).toEqual([
      'drover_record_up{area="lamps",record="lmp_1"} 0',
    ]);
  });

  it('end with rounds that stopped, and with records that are gone', async () => {
    const table = new MemoryTable();
    const { shown } = aMeter({ table });
    const providers = [looksOf(table, ['lamps'], clock), recordLooksOf(table, ['lamps'], clock)];
    await aPulse(table, 3, 1_200, [{ id: 'lmp_1', ok: true }]);
    expect(await shown('drover_record_up', { providers })).toHaveLength(1);
    await aPulse(table, 3, 1_201, [{ id: 'lmp_1', ok: true }]);
    expect(await shown('drover_record_up', { providers })).toEqual([]);
    await aPulse(table, 3, 1, []);
    expect(await shown('drover_looked_records', { providers })).toEqual([]);
  });
});

describe('gauges from rows', () => {
  it('tell how many records of each kind are in each state', async () => {
    const { shown } = aMeter();
    const counts = async (kind: string) => ({ state: kind === 'lamp' ? { lit: 3, dark: 1 } : {} });
    const area = {
      name: 'lamps',
      kinds: { lamp: { prefix: 'lmp', schema: 1 }, socket: { prefix: 'soc', schema: 1 } },
    };
    expect(await shown('drover_records', { providers: [recordCountsOf(area, { counts })] })).toEqual([
      'drover_records{area="lamps",kind="lamp",state="lit"} 3',
      'drover_records{area="lamps",kind="lamp",state="dark"} 1',
    ]);
  });
});
