import {
  anyText,
  defineCounter,
  defineGauge,
  defineHistogram,
  type Family,
  type Gauge,
  matching,
  oneOf,
} from './family.ts';

const area = matching(/^[a-z][a-z0-9-]*$/);
const outcome = matching(/^[a-zA-Z][a-zA-Z0-9-]*$/);
/** A pattern such as `/api/v1/tokens/{id}`, or `unmatched`. */
const route = matching(/^[\w\-/{}.:*]+$/);
const method = oneOf('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS');
const status = matching(/^[1-5]\d\d$/);

const shortSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const longSeconds = [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** What the engine and the services count. Each area adds its own, from its `metrics.ts`. */
export const coreFamilies: readonly Family[] = [
  defineGauge({
    name: 'drover_build_info',
    help: 'Always 1; its labels say which version of Drover answers, on which Node.',
    labels: { version: matching(/./), node: matching(/./) },
  }),
  defineGauge({
    name: 'drover_last_tick_timestamp_seconds',
    help: "When an area's tick last ran, in seconds since 1970.",
    labels: { area },
  }),
  defineGauge({
    name: 'drover_due_age_seconds',
    help: 'How long the most overdue record or round has been waiting for a worker; 0 where none is due.',
    labels: { area, kind: oneOf('step', 'round') },
  }),
  defineGauge({
    name: 'drover_records',
    help: 'Records by kind and state.',
    labels: { area, kind: outcome, state: outcome },
  }),
  defineGauge({
    name: 'drover_looked_records',
    help: 'Records by what rounds saw of them: ok or failed.',
    labels: { area, outcome: oneOf('ok', 'failed') },
  }),
  defineGauge({
    name: 'drover_record_up',
    help: 'Whether the last look at a record went well: 1 or 0.',
    labels: { area, record: anyText },
  }),
  defineGauge({
    name: 'drover_record_last_look_timestamp_seconds',
    help: 'When a record was last looked at, in seconds since 1970.',
    labels: { area, record: anyText },
  }),
  defineGauge({
    name: 'drover_record_look_latency_seconds',
    help: 'How long the last look at a record waited for its answer.',
    labels: { area, record: anyText },
  }),
  defineGauge({
    name: 'drover_gauges_up',
    help: 'Whether the gauges of a source could be read: 1 or 0.',
    labels: { source: matching(/^[\w-]+$/) },
  }),
  defineCounter({ name: 'drover_ticks_total', help: 'Ticks that ran.', labels: { area } }),
  defineCounter({
    name: 'drover_calls_failed_total',
    help: 'Ticks and worker calls that ended with an error, or ran out of time.',
    labels: { area, what: oneOf('tick', 'work'), outcome: oneOf('failed', 'outOfTime') },
  }),
  defineHistogram({
    name: 'drover_tick_duration_seconds',
    help: 'How long a tick stayed; while something is near it stays up to 55 s.',
    labels: { area },
    buckets: longSeconds,
  }),
  defineHistogram({
    name: 'drover_due_lag_seconds',
    help: 'How late a record was claimed after it had become due.',
    labels: { area },
    buckets: [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600],
  }),
  defineCounter({
    name: 'drover_lease_steals_total',
    help: 'Records taken over from a worker that let its lease run out.',
    labels: { area },
  }),
  defineCounter({
    name: 'drover_steps_total',
    help: "Steps: one worker's time with one record.",
    labels: { area, outcome },
  }),
  defineHistogram({
    name: 'drover_step_duration_seconds',
    help: 'How long a worker stayed with one record.',
    labels: { area },
    buckets: longSeconds,
  }),
  defineCounter({
    name: 'drover_rounds_total',
    help: 'Rounds: one look at the resting records of a slice.',
    labels: { area, outcome },
  }),
  defineHistogram({
    name: 'drover_round_duration_seconds',
    help: 'How long a round took.',
    labels: { area },
    buckets: longSeconds,
  }),
  defineCounter({
    name: 'drover_handovers_dropped_total',
    help: 'Hand-overs that reached a worker too late and were left to the next tick.',
    labels: { area },
  }),
  defineCounter({
    name: 'drover_unreadable_records_total',
    help: 'Stored records that could not be read and were put off.',
    labels: { area },
  }),
  defineCounter({
    name: 'drover_store_units_total',
    help: "What the store's calls cost, in its own read and write units.",
    labels: { kind: oneOf('read', 'write') },
  }),
  defineCounter({
    name: 'drover_store_errors_total',
    help: 'Calls that the store did not answer, or refused for another reason than a condition.',
    labels: { kind: oneOf('unanswered', 'refused') },
  }),
  defineCounter({
    name: 'drover_webhook_deliveries_total',
    help: 'Attempts to deliver an event to a webhook: delivered, failed (it is tried again), or dead (given up).',
    labels: { outcome: oneOf('delivered', 'failed', 'dead') },
  }),
  defineHistogram({
    name: 'drover_webhook_duration_seconds',
    help: "How long a webhook's receiver took to answer.",
    labels: {},
    buckets: shortSeconds,
  }),
  defineCounter({
    name: 'drover_http_requests_total',
    help: 'HTTP requests answered, by route pattern.',
    labels: { route, method, status },
  }),
  defineHistogram({
    name: 'drover_http_request_duration_seconds',
    help: 'How long an HTTP request took.',
    labels: { route, method },
    buckets: shortSeconds,
  }),
];

export function coreGauge(name: string): Gauge {
  const found = coreFamilies.find((family) => family.name === name);
  if (found?.type !== 'gauge') throw new Error(`${name} is not a gauge`);
  return found;
}
