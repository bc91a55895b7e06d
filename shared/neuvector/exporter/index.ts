export { type Collected, type CollectedFamily, type CollectOptions, collect } from './collect.ts';
export { enforcerStatsOf } from './enforcerStatsOf.ts';
export { headText, labelsText, sampleText } from './exposition.ts';
export type { Failure } from './failure.ts';
export { ownSeries, type Scraped } from './ownSeries.ts';
