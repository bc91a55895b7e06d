import { defineCounter, defineHistogram, type Family, matching, oneOf } from '#metrics';

export const scrapeFamilies: readonly Family[] = [
  defineCounter({
    name: 'drover_scrapes_total',
    help: 'Scrapes of NeuVector controllers: collected, failed, or shared (answered with what another collected).',
    labels: { outcome: oneOf('collected', 'failed', 'shared') },
  }),
  defineCounter({
    name: 'drover_scrape_failures_total',
    help: 'Collections that came to nothing, by the code of why.',
    labels: { cause: matching(/^[A-Z][A-Z0-9_]*$/) },
  }),
  defineHistogram({
    name: 'drover_scrape_duration_seconds',
    help: 'How long a collection took, signing in included.',
    labels: {},
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
  }),
];
