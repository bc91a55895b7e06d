import type { Table } from '#store';
import { coreFamilies } from './families.ts';
import type { Gauge, Reading } from './family.ts';
import { lastTicks } from './ticks.ts';

/**
 * Where gauges come from: read anew for every scrape, so that the series of what is gone end. Those of the fleet
 * are few; those per record (a cluster's nodes, its last look) can be fetched slice by slice.
 */
export type GaugeProvider = { readonly name: string } & (
  | { readonly per: 'fleet'; read(): Promise<Reading[]> }
  | { readonly per: 'record'; read(slices: readonly number[]): Promise<Reading[]> }
);

const gauge = (name: string): Gauge => {
  const found = coreFamilies.find((family) => family.name === name);
  if (found?.type !== 'gauge') throw new Error(`${name} is not a gauge`);
  return found;
};

export const buildInfo = (version: string, node = process.version): GaugeProvider => ({
  name: 'build',
  per: 'fleet',
  read: async () => [{ family: gauge('drover_build_info'), labels: { version, node }, value: 1 }],
});

/** Only of the areas there are: one that was taken out would look stalled for ever. */
export const ticksOf = (table: Table, areas: readonly string[]): GaugeProvider => ({
  name: 'ticks',
  per: 'fleet',
  read: async () =>
    Object.entries(await lastTicks(table))
      .filter(([area]) => areas.includes(area))
      .map(([area, at]) => ({
        family: gauge('drover_last_tick_timestamp_seconds'),
        labels: { area },
        value: at / 1000,
      })),
});

export const providerUp = (source: string, isUp: boolean): Reading => ({
  family: gauge('drover_gauges_up'),
  labels: { source },
  value: isUp ? 1 : 0,
});
