import type { Listed } from '#reconcile';
import { day, type Instant } from '#time';

/** Names by how often they stand there, the most frequent first. */
export type Tally = Record<string, number>;

export interface FleetCounts {
  clusters: number;
  states: Tally;
  causes: Tally;
  kubernetesVersions: Tally;
  labels: Record<string, Tally>;
  nodes: { total: number; ready: number };
  pods: { total: number; running: number };
  /** How many clusters have not told theirs: the sums are without them. */
  uncounted: number;
  expiring: { count: number; expired: number };
  /** When the one was looked at that was not for longest. */
  oldestCheckedAt: Instant | null;
}

/** A label may have a value of its own for every cluster. */
const valuesShown = 50;
const keysShown = 50;

/** The herd in numbers, from what lists know of each cluster. */
export function countFleet(
  entries: readonly Listed[],
  { by, expiringWithinDays }: { by?: readonly string[] | undefined; expiringWithinDays: number },
  now: Instant,
): FleetCounts {
  const [states, causes, versions] = [new Counter(), new Counter(), new Counter()];
  const labels = new Map<string, Counter>();
  const sums = { nodes: 0, nodesReady: 0, pods: 0, podsRunning: 0 };
  let [uncounted, expiring, expired] = [0, 0, 0];
  let oldest: Instant | null = null;
  for (const { summary, labels: own } of entries) {
    states.add(String(summary.state));
    if (summary.cause !== null) causes.add(String(summary.cause));
    if (typeof summary.kubernetesVersion === 'string') versions.add(summary.kubernetesVersion);
    for (const [key, value] of Object.entries(own)) {
      if (by && !by.includes(key)) continue;
      const counter = labels.get(key) ?? new Counter();
      labels.set(key, counter);
      counter.add(value);
    }
    if (typeof summary.nodes !== 'number') uncounted++;
    for (const name of Object.keys(sums) as (keyof typeof sums)[]) sums[name] += Number(summary[name] ?? 0);
    const { expiresAt, checkedAt } = summary;
    if (typeof expiresAt === 'number' && expiresAt <= now + expiringWithinDays * day) expiring++;
    if (typeof expiresAt === 'number' && expiresAt <= now) expired++;
    // Nobody is to look at one that is paused.
    const isLooked = summary.state !== 'paused' && typeof checkedAt === 'number';
    if (isLooked && checkedAt < (oldest ?? Number.POSITIVE_INFINITY)) oldest = checkedAt;
  }
  const keys = [...labels].sort(([a, one], [b, other]) => other.total - one.total || (a < b ? -1 : 1));
  return {
    clusters: entries.length,
    states: states.tally(),
    causes: causes.tally(),
    kubernetesVersions: versions.tally(),
    labels: Object.fromEntries(
      keys.slice(0, keysShown).map(([key, counter]) => [key, counter.tally(valuesShown)]),
    ),
    nodes: { total: sums.nodes, ready: sums.nodesReady },
    pods: { total: sums.pods, running: sums.podsRunning },
    uncounted,
    expiring: { count: expiring, expired },
    oldestCheckedAt: oldest,
  };
}

/** Of these clusters, as far as their syncs have listed any. */
export function countNamespaces(
  clusters: readonly Listed[],
  syncs: readonly Listed[],
): { total: number; clusters: number } {
  const meant = new Set(clusters.map(({ id }) => id));
  let [total, counted] = [0, 0];
  for (const { summary } of syncs) {
    if (typeof summary.namespaces !== 'number' || !meant.has(String(summary.cluster))) continue;
    total += summary.namespaces;
    counted++;
  }
  return { total, clusters: counted };
}

class Counter {
  readonly #counts = new Map<string, number>();
  total = 0;

  add(name: string): void {
    this.total++;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  tally(most = Number.POSITIVE_INFINITY): Tally {
    const sorted = [...this.#counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
    return Object.fromEntries(sorted.slice(0, most));
  }
}
