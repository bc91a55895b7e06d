import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Metric, RegistryContentType } from 'prom-client';
import type { Log } from '#reconcile';
import type { Table } from '#store';
import { type Counted, readCounted } from './counted.ts';
import { allLabels, type Family, type Histogram, labelsOf, type Reading } from './family.ts';
import { type GaugeProvider, providerUp } from './gauges.ts';
import { acceptsGzip, prefersOpenMetrics } from './negotiate.ts';
import { boundOf, counterAttribute, seriesKey, sumAttribute } from './series.ts';
import type { View } from './view.ts';

export interface Exposition {
  body: string | Uint8Array<ArrayBuffer>;
  headers: Record<string, string>;
}

interface Sample {
  labels: Record<string, string | number>;
  value: number;
  metricName?: string;
}

/**
 * The answer to a scrape. Throws where counts cannot be read, since half of them would be worse than none; a source
 * of gauges that fails is left out, and `drover_gauges_up` says so.
 */
export async function renderMetrics(options: {
  table: Table;
  families: readonly Family[];
  providers: readonly GaugeProvider[];
  view: View;
  log: Log;
  accept?: string | undefined;
  acceptEncoding?: string | undefined;
}): Promise<Exposition> {
  const { table, families, providers, view, log, accept, acceptEncoding } = options;
  // Loaded here because it is wanted by this one route, and costs 26 ms of every cold start.
  // Of a CommonJS module a bundle gives the default export alone.
  const [{ default: prom }, counted, readings] = await Promise.all([
    import('prom-client'),
    view.fleet ? readCounted(table) : [],
    readGauges(providers, view, log),
  ]);
  const registry = new prom.Registry<RegistryContentType>();
  registry.setContentType(
    prefersOpenMetrics(accept)
      ? prom.Registry.OPENMETRICS_CONTENT_TYPE
      : prom.Registry.PROMETHEUS_CONTENT_TYPE,
  );
  for (const family of families) {
    const samples =
      family.type === 'gauge'
        ? gaugeSamples(family, readings)
        : view.fleet
          ? countedSamples(family, counted)
          : [];
    if (samples.length > 0) registry.registerMetric(rendered(family, samples));
  }
  // Without a metric it begins with an empty line, which OpenMetrics does not allow.
  const text = (await registry.metrics()).trimStart();
  const headers = { 'content-type': registry.contentType, vary: 'accept, accept-encoding' };
  if (!acceptsGzip(acceptEncoding)) return { body: text, headers };
  return { body: await promisify(gzip)(text), headers: { ...headers, 'content-encoding': 'gzip' } };
}

async function readGauges(providers: readonly GaugeProvider[], view: View, log: Log): Promise<Reading[]> {
  const asked = providers.filter(({ per }) => (per === 'fleet' ? view.fleet : view.slices.length > 0));
  const answers = await Promise.allSettled(
    asked.map(async (provider) => (provider.per === 'fleet' ? provider.read() : provider.read(view.slices))),
  );
  return answers.flatMap((answer, i) => {
    const { name } = asked[i]!;
    if (answer.status === 'rejected') log.error('gauges not read', { source: name, error: answer.reason });
    const up = providerUp(name, answer.status === 'fulfilled');
    return answer.status === 'fulfilled' ? [...answer.value, up] : [up];
  });
}

/** Two readings of one series would make the whole answer unreadable; the later one holds. */
function gaugeSamples(family: Family, readings: readonly Reading[]): Sample[] {
  const samples = new Map<string, Sample>();
  for (const reading of readings) {
    const labels = reading.family.name === family.name ? labelsOf(family, reading.labels) : undefined;
    if (labels) samples.set(seriesKey(family.name, labels), { labels, value: reading.value });
  }
  return [...samples.values()];
}

/**
 * Counters whose series are all known start at 0: Prometheus sees no increase in a series that begins at 1. What an
 * earlier version counted under other labels is left out.
 */
function countedSamples(family: Exclude<Family, { type: 'gauge' }>, counted: readonly Counted[]): Sample[] {
  const names = Object.keys(family.labels).sort().join();
  const series = new Map<string, Counted>();
  for (const labels of allLabels(family) ?? []) {
    series.set(seriesKey(family.name, labels), { family: family.name, labels, numbers: new Map() });
  }
  for (const one of counted) {
    if (one.family === family.name && Object.keys(one.labels).sort().join() === names) {
      series.set(seriesKey(one.family, one.labels), one);
    }
  }
  return [...series.values()].flatMap(({ labels, numbers }): Sample[] =>
    family.type === 'counter'
      ? [{ labels, value: numbers.get(counterAttribute) ?? 0 }]
      : histogramSamples(family, labels, numbers),
  );
}

function histogramSamples(
  family: Histogram,
  labels: Record<string, string>,
  numbers: ReadonlyMap<string, number>,
): Sample[] {
  const upTo = (bound: number): number =>
    [...numbers].reduce(
      (sum, [name, count]) => ((boundOf(name) ?? Number.NaN) <= bound ? sum + count : sum),
      0,
    );
  const count = upTo(Number.POSITIVE_INFINITY);
  return [
    ...family.buckets.map((bound) => ({ labels: { ...labels, le: bound }, value: upTo(bound) })),
    { labels: { ...labels, le: '+Inf' }, value: count },
  ]
    .map((sample): Sample => ({ ...sample, metricName: `${family.name}_bucket` }))
    .concat([
      { labels, value: numbers.get(sumAttribute) ?? 0, metricName: `${family.name}_sum` },
      { labels, value: count, metricName: `${family.name}_count` },
    ]);
}

/**
 * A registry asks its metrics for nothing but `get`; its own classes can only be counted up, not given sums. For
 * OpenMetrics it takes `_total` off the name, and puts it back behind each sample's.
 */
const rendered = ({ name, help, type }: Family, values: Sample[]): Metric => {
  const metric = {
    name,
    type,
    get: async () => ({ name: metric.name, help, type, values, aggregator: 'sum' }),
  };
  return metric as unknown as Metric;
};
