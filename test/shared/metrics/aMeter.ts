import type { Family } from '#metrics';
import {
  coreFamilies,
  defineCounter,
  defineGauge,
  defineHistogram,
  type GaugeProvider,
  matching,
  readView,
  renderMetrics,
  TableMeter,
} from '#metrics';
import { MemoryTable, type Table } from '#store';

export const jobs = defineCounter({
  name: 'drover_jobs_total',
  help: 'Jobs done.',
  labels: { kind: matching(/^[a-z]+$/), place: matching(/./) },
});
export const waits = defineHistogram({
  name: 'drover_wait_seconds',
  help: 'Time waited.',
  labels: { kind: matching(/^[a-z]+$/) },
  buckets: [0.1, 1, 10],
});
export const nodes = defineGauge({
  name: 'drover_nodes',
  help: 'Nodes of a cluster.',
  labels: { cluster: matching(/./s) },
});
export const families: readonly Family[] = [...coreFamilies, jobs, waits, nodes];

export interface Line {
  level: string;
  message: string;
  fields: Record<string, unknown>;
}

export function aMeter({ table = new MemoryTable(), shard }: { table?: Table; shard?: () => number } = {}) {
  const lines: Line[] = [];
  const say =
    (level: string) =>
    (message: string, fields: Record<string, unknown> = {}) => {
      lines.push({ level, message, fields });
    };
  const log = { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
  const meter = new TableMeter({ table, families, log, ...(shard && { shard }) });
  const render = async (
    more: { providers?: GaugeProvider[]; slices?: string; accept?: string; acceptEncoding?: string } = {},
  ) => {
    const view = readView(more.slices);
    if (!view) throw new Error(`no such view: ${more.slices}`);
    return renderMetrics({ table, families, providers: [], log, ...more, view });
  };
  /** The samples of one family, as the text gives them. */
  const shown = async (family: string, more: Parameters<typeof render>[0] = {}) =>
    String((await render(more)).body)
      .split('\n')
      .filter((line) => line.startsWith(family));
  return { table, meter, log, lines, render, shown };
}
