export { countingErrors } from './countingErrors.ts';
export { coreFamilies } from './families.ts';
export {
  anyText,
  type Counter,
  defineCounter,
  defineGauge,
  defineHistogram,
  type Family,
  type Gauge,
  type Histogram,
  type LabelRule,
  matching,
  oneOf,
  type Reading,
} from './family.ts';
export { buildInfo, dueAgesOf, type GaugeProvider, ticksOf } from './gauges.ts';
export { TableMeter } from './meter.ts';
export { acceptsGzip } from './negotiate.ts';
export { looksOf, recordCountsOf, recordLooksOf } from './recordGauges.ts';
export { type Exposition, renderMetrics } from './renderMetrics.ts';
export { lastTicks, recordTick, takeTick } from './ticks.ts';
export { readView, type View } from './view.ts';
