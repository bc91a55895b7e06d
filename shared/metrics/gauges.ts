import { oldestDue } from '#reconcile';
import type { Table } from '#store';
import type { Clock } from '#time';
import { coreGauge } from './families.ts';
import type { Reading } from './family.ts';
import { lastTicks } from './ticks.ts';

/**
 * Where gauges come from: read anew for every scrape, so that the series of what is gone end. Those of the fleet
 * are few; those per record (a cluster's nodes, its last look) can be fetched slice by slice.
 */
export type GaugeProvider = { readonly name: string } & (
  | { readonly per: 'fleet'; read(): Promise<Reading[]> }
  | { readonly per: 'record'; read(slices: readonly number[]): Promise<Reading[]> }
);

export const buildInfo = (version: string, node = process.version): GaugeProvider => ({
  name: 'build',
  per: 'fleet',
  read: async () => [{ family: coreGauge('drover_build_info'), labels: { version, node }, value: 1 }],
});

/** Only of the areas there are: one that was taken out would look stalled for ever. */
export const ticksOf = (table: Table, areas: readonly string[]): GaugeProvider => ({
  name: 'ticks',
  per: 'fleet',
  read: async () =>
    Object.entries(await lastTicks(table))
      .filter(([area]) => areas.includes(area))
      .map(([area, at]) => ({
        family: coreGauge('drover_last_tick_timestamp_seconds'),
        labels: { area },
        value: at / 1000,
      })),
});

/** Rises where ticks run and workers do not: what nobody takes up makes no other number. */
export const dueAgesOf = (table: Table, areas: readonly string[], clock: Clock): GaugeProvider => ({
  name: 'due',
  per: 'fleet',
  read: async () => {
    const now = clock.now();
    const oldest = await Promise.all(
      areas.map(async (area) => ({ area, ...(await oldestDue(table, area, now)) })),
    );
    return oldest.flatMap(({ area, step, round }) =>
      Object.entries({ step, round }).map(([kind, since]) => ({
        family: coreGauge('drover_due_age_seconds'),
        labels: { area, kind },
        value: (now - (since ?? now)) / 1000,
      })),
    );
  },
});

export const providerUp = (source: string, isUp: boolean): Reading => ({
  family: coreGauge('drover_gauges_up'),
  labels: { source },
  value: isUp ? 1 : 0,
});
