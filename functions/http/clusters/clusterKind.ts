import { isInReach } from '#auth';
import { type ClusterData, type ClustersData, clustersArea, present, sayCause } from '#clusters';
import { createEngine, type Engine, type Listed, type Records, type Row } from '#reconcile';
import { day, type Instant, minute } from '#time';
import type { Api } from '../api.ts';
import { Beats } from '../beats.ts';
import { httpError } from '../errors.ts';
import type { Kind } from '../kind.ts';
import { type Presented, presentRecord } from '../record.ts';
import { queryInt } from '../schemas.ts';
import { clusterSchema } from './answers.ts';
import { listedAsSeen, presentedAsSeen } from './asSeen.ts';

/** What all routes about clusters share: one engine, one listing, one set of pulses. */
export interface Clusters {
  engine: Engine<ClustersData>;
  kind: Kind<ClustersData>;
  /** Every cluster as lists tell it. */
  told(): Promise<Listed[]>;
}

export function clustersOf({ ports }: Api): Clusters {
  const { clock, table } = ports;
  const engine = createEngine(clustersArea, ports);
  const { records } = engine;
  const beats = new Beats(table, clock, clustersArea.name);
  const asTold = async () => {
    const known = await beats.all();
    const now = clock.now();
    return (entry: Listed) => listedAsSeen(entry, known.get(entry.id), now);
  };
  const kind: Kind<ClustersData> = {
    path: '/api/v1/clusters',
    tag: 'Clusters',
    kind: 'cluster',
    plural: 'clusters',
    area: clustersArea,
    records,
    schema: clusterSchema,
    roles: { read: 'viewer', write: 'operator' },
    filters: ['kubernetesVersion', 'uid'],
    sorts: ['kubernetesVersion', 'nodes', 'pods', 'latencyMs', 'checkedAt', 'expiresAt'],
    ranges: expiringWithin(() => clock.now()),
    told: asTold,
    async presentMany(rows, language, caller) {
      const [known, twins] = await Promise.all([beats.of(rows), twinsOf(records, rows)]);
      const now = clock.now();
      return rows.map((row) => {
        const shown = presentRecord({ present: (one) => present(one, language) }, row);
        const others = twins(row).filter((other) => isInReach(caller, other.labels));
        const warnings = [...((shown.warnings as Presented[] | undefined) ?? [])];
        if (others.length > 0) {
          const code = 'DUPLICATE_CLUSTER';
          const names = others.map(({ name }) => name).join(', ');
          warnings.push({ code, ...sayCause({ code, values: { clusters: names } }, language) });
        }
        return presentedAsSeen(row, { ...shown, warnings }, known.get(row.id), now, language);
      });
    },
  };
  return {
    engine,
    kind,
    async told() {
      const [entries, tell] = await Promise.all([records.entries('cluster'), asTold()]);
      return entries.map(tell);
    },
  };
}

const expiringWithin = (now: () => Instant): NonNullable<Kind<ClustersData>['ranges']> => ({
  query: {
    expiringWithinDays: queryInt(0, 3650).optional().openapi({
      description: 'Those with a token or certificate that ends within so many days, or has ended.',
    }),
  },
  where({ expiringWithinDays: days }) {
    if (typeof days !== 'number') return () => true;
    const end = now() + days * day;
    return ({ summary: { expiresAt } }) => typeof expiresAt === 'number' && expiresAt <= end;
  },
});

/** Who reads one record must not wait for all of them each time. */
const twinsFor = 5 * minute;

/** By UID, the same cluster registered again. */
async function twinsOf(
  { entries }: Pick<Records<ClustersData>, 'entries'>,
  rows: readonly Row<ClustersData>[],
): Promise<(row: Row<ClustersData>) => Listed[]> {
  const wanted = new Set(rows.map((row) => uidOf(row)).filter((uid) => uid !== null));
  const byUid = Map.groupBy(
    (wanted.size === 0 ? [] : await entries('cluster', twinsFor)).filter(
      ({ summary: { uid } }) => typeof uid === 'string' && wanted.has(uid),
    ),
    ({ summary: { uid } }) => uid as string,
  );
  return (row) => (byUid.get(uidOf(row) ?? '') ?? []).filter(({ id }) => id !== row.id);
}

const uidOf = ({ data }: Row<ClustersData>): string | null => (data.kind === 'cluster' ? data.uid : null);

export function clusterIn({ data }: Row<ClustersData>): ClusterData {
  if (data.kind !== 'cluster') throw httpError('RECORD_UNKNOWN', { kind: 'cluster' });
  return data;
}
