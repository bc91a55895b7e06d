import type { GaugeProvider, Reading } from '#metrics';
import { type Area, type Beat, type Records, type Row, readPulses } from '#reconcile';
import type { Table } from '#store';
import { type Clock, type Instant, minute, second } from '#time';
import { isLate } from './late.ts';
import { gauges } from './metrics.ts';
import { type ClusterData, type ClustersData, fleetId } from './model.ts';
import { isSimulated } from './present.ts';
import { isRenewed } from './renewal/renewalDue.ts';

/** Dead clusters wait no longer than this for their next look. */
const longestBackOff = 15 * minute;

type Shown = Pick<Records<ClustersData>, 'get' | 'counts' | 'inSlice' | 'entries'>;
type ShownArea = Pick<Area<ClustersData>, 'name' | 'summarise'>;

/** Of the whole fleet: few series, for whoever does not scrape clusters one by one. */
export const fleetGauges = (records: Shown): GaugeProvider => ({
  name: 'fleet',
  per: 'fleet',
  async read() {
    const [{ cause: causes = {} }, fleet] = await Promise.all([
      records.counts('cluster', ['cause']),
      records.get(fleetId, 'fleet'),
    ]);
    const isSuspected = fleet?.data.kind === 'fleet' && fleet.data.suspected !== null;
    return [
      ...Object.entries(causes).map(([cause, value]) => ({
        family: gauges.byCause,
        labels: { cause: nameOf(cause) },
        value,
      })),
      { family: gauges.suspected, labels: {}, value: isSuspected ? 1 : 0 },
    ];
  },
});

/** Of each cluster: what its row tells, and what rounds have seen since. */
export const clusterGauges = (
  area: ShownArea,
  records: Shown,
  table: Table,
  clock: Clock,
): GaugeProvider => ({
  name: 'clusters',
  per: 'record',
  async read(slices) {
    const now = clock.now();
    const [pulses, syncs, ...rows] = await Promise.all([
      readPulses(table, area.name),
      records.entries('sync'),
      ...slices.map((slice) => records.inSlice('cluster', slice)),
    ]);
    const syncedAt = new Map(syncs.map(({ summary }) => [summary.cluster, summary.syncedAt]));
    const beats = latestOf(pulses.flatMap((pulse) => pulse.beats));
    return rows.flat().flatMap((row) => {
      if (row.deletedAt !== undefined || !isCluster(row)) return [];
      const { state, cause } = area.summarise(row);
      const readings = readingsOf(row, { state, cause: nameOf(cause) }, beats.get(row.id), now);
      const synced = syncedAt.get(row.id);
      if (typeof synced !== 'number') return readings;
      return [...readings, { family: gauges.sync, labels: { cluster: row.name }, value: synced / second }];
    });
  },
});

/** Where nothing is the matter. */
const nameOf = (cause: string | null): string => (cause === null || cause === 'null' ? 'none' : cause);

const isCluster = (row: Row<ClustersData>): row is Row<ClusterData> => row.data.kind === 'cluster';

/** A record whose interval was changed stands in two pulses for a while. */
function latestOf(beats: readonly Beat[]): Map<string, Beat> {
  const latest = new Map<string, Beat>();
  for (const beat of beats) {
    const before = latest.get(beat.id);
    if (!before || before.at <= beat.at) latest.set(beat.id, beat);
  }
  return latest;
}

function readingsOf(
  row: Row<ClusterData>,
  told: { state: string; cause: string },
  beat: Beat | undefined,
  now: Instant,
): Reading[] {
  const { data, name, id } = row;
  const cluster = { cluster: name };
  const { seen } = data;
  // A round passes over one that is paused, and says that it went well.
  const isLooked = data.state.is !== 'paused';
  const lastLook = Math.max(data.checkedAt ?? 0, isLooked ? (beat?.at ?? 0) : 0) || undefined;
  const readings: Reading[] = [
    { family: gauges.state, labels: { ...cluster, ...stateOf(row, told, lastLook, now) }, value: 1 },
    {
      family: gauges.info,
      labels: {
        ...cluster,
        id,
        kubernetes_version: seen?.kubernetesVersion ?? '',
        simulated: String(isSimulated(row) ?? false),
      },
      value: 1,
    },
    ...expiriesOf(data).map(({ of, at, renewed }) => ({
      family: gauges.expiry,
      labels: { ...cluster, of, renewed },
      value: at / second,
    })),
  ];
  const add = (family: Reading['family'], value: number | null | undefined) => {
    if (value !== null && value !== undefined) readings.push({ family, labels: cluster, value });
  };
  if (isRenewed(data.access.credential)) add(gauges.renewalFailures, data.renewal?.attempt ?? 0);
  add(gauges.lastCheck, lastLook && lastLook / second);
  add(gauges.checkLag, lagOf(row, lastLook, now));
  const isFresher = isLooked && beat?.ok === true && beat.at > (seen?.at ?? 0);
  const counts: Partial<Record<string, number | null>> = isFresher
    ? (beat.counts ?? {})
    : {
        nodes: seen?.nodes?.total,
        nodesReady: seen?.nodes?.part,
        pods: seen?.pods?.total,
        podsRunning: seen?.pods?.part,
      };
  add(gauges.nodes, counts.nodes);
  add(gauges.nodesReady, counts.nodesReady);
  add(gauges.pods, counts.pods);
  add(gauges.podsRunning, counts.podsRunning);
  const latency = isFresher ? beat.latency : seen?.latencyMs;
  add(gauges.latency, latency === undefined ? undefined : latency / second);
  return readings;
}

/** What nobody has looked at for too long is as unknown here as it is in lists. */
function stateOf(
  { data, updatedAt, everySeconds }: Row<ClusterData>,
  told: { state: string; cause: string },
  lastLook: Instant | undefined,
  now: Instant,
) {
  const at = Math.max(lastLook ?? 0, updatedAt);
  return isLate({ state: data.state.is, at, everySeconds }, now)
    ? { state: 'unknown', cause: 'CHECKER_LATE' }
    : told;
}

/** Of each kind the first that ends. */
function expiriesOf({ expiries, access }: ClusterData) {
  return [...Map.groupBy(expiries, ({ of }) => of)].map(([of, ends]) => ({
    of,
    at: Math.min(...ends.map(({ at }) => at)),
    renewed: String(of === 'token' && isRenewed(access.credential)),
  }));
}

/** One that is paused waits for nothing; one in trouble may wait out its back-off. */
function lagOf(
  { data, everySeconds, createdAt }: Row<ClusterData>,
  lastLook: Instant | undefined,
  now: Instant,
): number | undefined {
  if (data.state.is === 'paused') return undefined;
  const isInBackOff = data.state.is === 'unreachable' || data.state.is === 'unauthorized';
  const patience = Math.max(everySeconds * second, isInBackOff ? longestBackOff : 0);
  return Math.max(0, now - (lastLook ?? createdAt) - patience) / second;
}
