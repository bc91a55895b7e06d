import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { coreFamilies, lastTicks, TableMeter } from '#metrics';
import { MemoryTable } from '#store';
import { type AreaEngine, areaHandlers } from '../../functions/areaHandlers.ts';
import type { Drover } from '../../functions/ports.ts';
import { aMeter } from '../shared/metrics/aMeter.ts';

/** The handlers of an area over a table in memory; `sleep` says when a call's limit has passed. */
function aFunction(engine: Partial<AreaEngine>, sleep: () => Promise<void> = () => new Promise(() => {})) {
  const table = new MemoryTable();
  const { log, lines, shown } = aMeter({ table });
  const meter = new TableMeter({ table, families: coreFamilies, log });
  const drover = {
    clock: { now: () => 5_000, sleep },
    random: randomBytes,
    log,
    meter,
    table,
    flush: () => meter.flush(),
  } as unknown as Drover;
  const whole: AreaEngine = {
    area: { name: 'lamps' },
    tick: async () => {},
    work: async () => {},
    drain: async () => {},
    ...engine,
  };
  return {
    ...areaHandlers(
      () => drover,
      () => whole,
    ),
    table,
    lines,
    shown,
  };
}

describe('a tick', () => {
  it('is noted and counted', async () => {
    const { tick, table, shown } = aFunction({});
    await tick();
    expect(await lastTicks(table)).toEqual({ lamps: 5_000 });
    expect(await shown('drover_ticks_total')).toEqual(['drover_ticks_total{area="lamps"} 1']);
    expect(await shown('drover_calls_failed_total')).toEqual([]);
  });
});

describe('a tick that was asked for', () => {
  it('runs, unless one began a moment ago: of many at once, one', async () => {
    let ran = 0;
    const { tick } = aFunction({
      tick: async () => {
        ran++;
      },
    });
    await Promise.all(Array.from({ length: 5 }, () => tick({ kind: 'asked' })));
    expect(ran).toBe(1);
    await tick({ kind: 'asked' });
    expect(ran).toBe(1);
    await tick({ 'detail-type': 'Scheduled Event' });
    expect(ran).toBe(2);
  });
});

describe('a call that fails', () => {
  const breakDown = async () => {
    throw new Error('broken');
  };

  it('ends quietly, logged and counted', async () => {
    const { tick, work, lines, shown } = aFunction({ tick: breakDown, work: breakDown });
    await tick();
    await work({ kind: 'step', ids: ['a'], at: 5_000 });
    expect(lines).toMatchObject([
      { level: 'error', message: 'tick failed' },
      { level: 'error', message: 'work failed' },
    ]);
    expect((await shown('drover_calls_failed_total')).sort()).toEqual([
      'drover_calls_failed_total{area="lamps",outcome="failed",what="tick"} 1',
      'drover_calls_failed_total{area="lamps",outcome="failed",what="work"} 1',
    ]);
  });

  it('by running out of time is let go, logged and counted', async () => {
    const { work, lines, shown } = aFunction({ work: () => new Promise(() => {}) }, async () => {});
    await work({ kind: 'step', ids: ['a'], at: 5_000 });
    expect(lines).toMatchObject([{ level: 'error', message: 'out of time', fields: { what: 'work' } }]);
    expect(await shown('drover_calls_failed_total')).toEqual([
      'drover_calls_failed_total{area="lamps",outcome="outOfTime",what="work"} 1',
    ]);
  });
});
