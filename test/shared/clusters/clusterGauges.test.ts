import { describe, expect, it } from 'vitest';
import type { Reading } from '#metrics';
import type { Beat, Records, Row } from '#reconcile';
import { keys, MemoryTable } from '#store';
import { day, minute, second } from '#time';
import { clusterGauges, fleetGauges } from '../../../shared/clusters/clusterGauges.ts';
import { type ClusterData, type ClustersData, fleetId } from '../../../shared/clusters/model.ts';
import { aCluster, aSeen, aView, clusterData } from './aCluster.ts';

const now = Date.parse('2026-03-01T10:00:00Z');
const clock = { now: () => now, sleep: async () => {} };

const someData: Partial<ClusterData> = {
  access: { ...clusterData().access, credential: aView({ serviceAccount: null }) },
  state: { is: 'healthy', since: now - day },
  checkedAt: now - minute,
  seen: aSeen({
    at: now - minute,
    kubernetesVersion: 'v1.37.0+simulated',
    nodes: { total: 5, part: 4 },
    pods: { total: 70, part: null },
    latencyMs: 20,
    isSimulated: true,
  }),
  expiries: [
    { of: 'ca', subject: 'CN=kubernetes', at: now + 300 * day },
    { of: 'token', subject: 'drover', at: now + 2 * day },
    { of: 'ca', subject: 'CN=older', at: now + 30 * day },
  ],
};

const aRow = (more: Partial<ClusterData> = {}, row: Partial<Row<ClusterData>> = {}): Row<ClusterData> =>
  aCluster({ ...someData, ...more }, { createdAt: now - day, ...row });

async function shown(
  row: Row<ClustersData>,
  { beat, slices = [7], syncedAt }: { beat?: Partial<Beat>; slices?: number[]; syncedAt?: number } = {},
) {
  const table = new MemoryTable();
  const beats = beat ? [{ id: row.id, at: now - 10 * second, ok: true, ...beat }] : [];
  const pulse = { everySeconds: 300, slice: 7, at: now, beats, failing: [] };
  await table.put({ ...keys.pulseKey('clusters', 300, 7), pulse: JSON.stringify(pulse) });
  const records = {
    inSlice: async (_: string, slice: number) => (slice === 7 ? [row] : []),
    entries: async () => [{ summary: { cluster: row.id, syncedAt: syncedAt ?? null } }],
  } as unknown as Records<ClustersData>;
  const area = {
    name: 'clusters',
    summarise: ({ data }: Row<ClustersData>) => ({
      state: data.kind === 'cluster' ? data.state.is : 'fleet',
      cause: data.kind === 'cluster' && 'cause' in data.state ? data.state.cause.code : null,
    }),
  };
  const provider = clusterGauges(area, records, table, clock);
  if (provider.per !== 'record') throw new Error('one per cluster');
  return valuesOf(await provider.read(slices));
}

/** `nodes{}`: without what all have, the prefix and the cluster's name. */
const valuesOf = (readings: readonly Reading[]): Record<string, number> =>
  Object.fromEntries(
    readings.map(({ family, labels, value }) => {
      const { cluster, ...others } = labels;
      const rest = Object.values(others).join(' ');
      return [`${family.name.replace('drover_cluster_', '')}${rest && ` ${rest}`}`, value];
    }),
  );

const ended = { code: 'TCP_TIMEOUT', values: {} };

describe('gauges of a cluster', () => {
  it('tell what its row says; a count that could not be had is left out', async () => {
    expect(await shown(aRow())).toEqual({
      'state healthy none': 1,
      'info clu_1 v1.37.0+simulated true': 1,
      'expiry_timestamp_seconds ca false': (now + 30 * day) / second,
      'expiry_timestamp_seconds token false': (now + 2 * day) / second,
      last_check_timestamp_seconds: (now - minute) / second,
      check_lag_seconds: 0,
      nodes: 5,
      nodes_ready: 4,
      pods: 70,
      latency_seconds: 0.02,
    });
  });

  it('tell what a round has seen since, for an unchanged row is not written', async () => {
    const counts = { nodes: 6, nodesReady: 6, pods: 80, podsRunning: 79 };
    expect(await shown(aRow(), { beat: { latency: 30, counts } })).toMatchObject({
      last_check_timestamp_seconds: (now - 10 * second) / second,
      nodes: 6,
      nodes_ready: 6,
      pods: 80,
      pods_running: 79,
      latency_seconds: 0.03,
    });
  });

  it('keep what was last seen while it does not answer', async () => {
    const row = aRow({ state: { is: 'unreachable', since: now - minute, cause: ended } });
    expect(await shown(row, { beat: { ok: false, cause: 'TCP_TIMEOUT' } })).toMatchObject({
      'state unreachable TCP_TIMEOUT': 1,
      last_check_timestamp_seconds: (now - 10 * second) / second,
      nodes: 5,
    });
  });

  it('tell of a token that Drover renews that it does, and how often in vain', async () => {
    const access = { ...clusterData().access, credential: aView({ expiresAt: now + 2 * day }) };
    const renewal = { attempt: 3, failedAt: now, cause: { code: 'PERMISSION_MISSING', values: {} } };
    expect(await shown(aRow({ access, renewal }))).toMatchObject({
      'expiry_timestamp_seconds token true': (now + 2 * day) / second,
      'expiry_timestamp_seconds ca false': (now + 30 * day) / second,
      token_renewal_failures: 3,
    });
    expect((await shown(aRow({ access }))).token_renewal_failures).toBe(0);
  });

  it('of one that is paused keep what was last seen, though rounds pass over it', async () => {
    const state = { is: 'paused' as const, since: now - day, until: null, reason: 'moving' };
    expect(await shown(aRow({ state }), { beat: {} })).toMatchObject({
      last_check_timestamp_seconds: (now - minute) / second,
      nodes: 5,
    });
  });

  it.each([
    ['within its interval', { checkedAt: now - 5 * minute }, 0],
    ['after its interval', { checkedAt: now - 8 * minute }, 180],
    ['never looked at', { checkedAt: null }, 86_400 - 300],
    [
      'waiting out its back-off',
      {
        checkedAt: now - 14 * minute,
        state: { is: 'unreachable' as const, since: now - day, cause: ended },
      },
      0,
    ],
    [
      'paused',
      {
        checkedAt: now - day,
        state: { is: 'paused' as const, since: now - day, until: null, reason: 'moving' },
      },
      undefined,
    ],
  ])('tell by how much its look is late: %s', async (_, more, lag) => {
    expect((await shown(aRow(more))).check_lag_seconds).toBe(lag);
  });

  it('tell when its inventory was last complete', async () => {
    expect(await shown(aRow(), { syncedAt: now - minute })).toMatchObject({
      last_sync_timestamp_seconds: (now - minute) / second,
    });
    expect(await shown(aRow({}, { deletedAt: now }), { syncedAt: now })).toEqual({});
  });

  it('9: say that nobody knows how it is, where nobody has looked for too long', async () => {
    const old = aRow({ checkedAt: now - day }, { updatedAt: now - day });
    expect(await shown(old)).toHaveProperty('state unknown CHECKER_LATE', 1);
    expect(await shown(old)).not.toHaveProperty('state healthy none');
    expect(await shown(old, { beat: {} })).toHaveProperty('state healthy none', 1);
    const state = { is: 'paused' as const, since: now - day, until: null, reason: 'moving' };
    expect(await shown(aRow({ state }, { updatedAt: now - day }))).toHaveProperty('state paused none', 1);
  });

  it('end when it is deleted, and are of the slices asked for alone', async () => {
    expect(await shown(aRow({}, { deletedAt: now }))).toEqual({});
    expect(await shown(aRow(), { slices: [6] })).toEqual({});
  });
});

describe('gauges of the fleet', () => {
  it.each([
    [null, 0],
    [{ since: now, cause: 'TCP_TIMEOUT' }, 1],
  ])('tell what is the matter with how many, and whether it may be us: %j', async (suspected, expected) => {
    const data: ClustersData = { kind: 'fleet', suspected };
    const records = {
      counts: async () => ({ cause: { null: 8, TCP_TIMEOUT: 2 } }),
      get: async (id: string) => (id === fleetId ? { ...aRow(), data } : undefined),
    } as unknown as Records<ClustersData>;
    const provider = fleetGauges(records);
    if (provider.per !== 'fleet') throw new Error('of the fleet');
    expect(valuesOf(await provider.read())).toEqual({
      'drover_clusters_by_cause none': 8,
      'drover_clusters_by_cause TCP_TIMEOUT': 2,
      drover_fleet_own_fault_suspected: expected,
    });
  });
});
