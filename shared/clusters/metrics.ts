import { anyText, defineCounter, defineGauge, defineHistogram, type Family, matching, oneOf } from '#metrics';
import type { Meter } from '#reconcile';
import { type Millis, second } from '#time';
import type { Look } from './model.ts';

/** A code of a catalogue, or `none`. */
const cause = matching(/^(none|[A-Z][A-Z0-9_]*)$/);
const state = oneOf(
  ...['pending', 'healthy', 'degraded', 'unreachable', 'unauthorized'],
  ...['paused', 'held', 'unknown', 'deleting'],
);
const outcome = oneOf('ok', 'degraded', 'unreachable', 'unauthorized');
/** Names of clusters, which are unique and never change: as many series as there are clusters. */
const cluster = anyText;

/** Each cluster's own series carry its name, so that alerts can say it. They end when it is deleted. */
export const gauges = {
  byCause: defineGauge({
    name: 'drover_clusters_by_cause',
    help: 'Clusters by the code of what is the matter with them; none where nothing is.',
    labels: { cause },
  }),
  suspected: defineGauge({
    name: 'drover_fleet_own_fault_suspected',
    help: "Whether so many clusters fail alike that the fault may be on Drover's own side: 1 or 0.",
    labels: {},
  }),
  info: defineGauge({
    name: 'drover_cluster_info',
    help: 'Always 1; its labels say which Kubernetes a cluster runs, and whether it is only simulated.',
    labels: { cluster, id: anyText, kubernetes_version: anyText, simulated: oneOf('true', 'false') },
  }),
  state: defineGauge({
    name: 'drover_cluster_state',
    help: 'Always 1; its labels say in which state a cluster is, and what is the matter.',
    labels: { cluster, state, cause },
  }),
  lastCheck: defineGauge({
    name: 'drover_cluster_last_check_timestamp_seconds',
    help: 'When a cluster was last looked at, in seconds since 1970.',
    labels: { cluster },
  }),
  checkLag: defineGauge({
    name: 'drover_cluster_check_lag_seconds',
    help: "By how much a cluster's next look is late; 0 while it is not. None while it is paused.",
    labels: { cluster },
  }),
  latency: defineGauge({
    name: 'drover_cluster_latency_seconds',
    help: 'How long the API server took to answer when it last did.',
    labels: { cluster },
  }),
  nodes: defineGauge({
    name: 'drover_cluster_nodes',
    help: 'Nodes of a cluster, when it last answered.',
    labels: { cluster },
  }),
  nodesReady: defineGauge({
    name: 'drover_cluster_nodes_ready',
    help: 'Nodes of a cluster that were ready when it last answered.',
    labels: { cluster },
  }),
  pods: defineGauge({
    name: 'drover_cluster_pods',
    help: 'Pods of a cluster, when it last answered.',
    labels: { cluster },
  }),
  podsRunning: defineGauge({
    name: 'drover_cluster_pods_running',
    help: 'Pods of a cluster that ran when it last answered.',
    labels: { cluster },
  }),
  expiry: defineGauge({
    name: 'drover_cluster_expiry_timestamp_seconds',
    help: 'When the first of its tokens or certificates of that kind ends, in seconds since 1970; and whether Drover renews it.',
    labels: {
      cluster,
      of: oneOf('token', 'certificate', 'ca', 'serverCertificate'),
      renewed: oneOf('true', 'false'),
    },
  }),
  renewalFailures: defineGauge({
    name: 'drover_cluster_token_renewal_failures',
    help: "Attempts in a row to renew a cluster's token that came to nothing.",
    labels: { cluster },
  }),
  sync: defineGauge({
    name: 'drover_cluster_last_sync_timestamp_seconds',
    help: "When a cluster's inventory was last complete, in seconds since 1970.",
    labels: { cluster },
  }),
} as const;

export const clusterFamilies: readonly Family[] = [
  ...Object.values(gauges),
  defineHistogram({
    name: 'drover_cluster_check_duration_seconds',
    help: 'How long a look at a cluster took, by what came of it.',
    labels: { outcome },
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15],
  }),
  defineCounter({
    name: 'drover_cluster_check_failures_total',
    help: 'Looks at clusters that did not go well, by the code of why.',
    labels: { cause },
  }),
  defineCounter({
    name: 'drover_credentials_opened_total',
    help: "Stored credentials that were opened, by what for: a round's looks, a step, a call that waits, or a scrape.",
    labels: { visit: oneOf('round', 'step', 'call', 'scrape') },
  }),
];

export function countLook(meter: Meter, look: Look, took: Millis): void {
  meter.observe('drover_cluster_check_duration_seconds', { outcome: look.outcome }, took / second);
  if (look.outcome !== 'ok') meter.count('drover_cluster_check_failures_total', { cause: look.cause.code });
}
