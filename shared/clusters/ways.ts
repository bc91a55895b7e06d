import { Connections, type KubeConnection } from '#kubernetes';
import type { Net } from '#net';
import { createEngine, type Ports, type Row } from '#reconcile';
import type { Opening, Vault } from '#secrets';
import type { Table } from '#store';
import { iso } from '#time';
import { clustersArea } from './area.ts';
import { createEksBearers } from './eks/eksBearer.ts';
import type { AwsCredentials } from './eks/presign.ts';
import { clusterError } from './errors.ts';
import type { ClusterData } from './model.ts';
import { Reach } from './reach.ts';
import { createSecrets } from './secret/secrets.ts';

export interface ClusterWayPorts extends Ports {
  table: Table;
  vault: Vault;
  net: Net;
  allowInsecureTls: boolean;
  /** Drover's own AWS identity, where it has one. */
  environment: () => AwsCredentials | undefined;
  version: string;
}

/** The way into registered clusters for the workers of other areas. */
export interface ClusterWays {
  /** By id or name; undefined where none is registered so. */
  find(idOrName: string): Promise<{ id: string; name: string } | undefined>;
  /** Throws a DroverError where the cluster is gone, paused or not the one that was registered. */
  with<T>(
    id: string,
    opening: Opening,
    use: (connection: KubeConnection, name: string) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T>;
  close(): Promise<void>;
}

export function createClusterWays(ports: ClusterWayPorts): ClusterWays {
  const { records } = createEngine(clustersArea, ports);
  const reach = new Reach({
    secrets: createSecrets(ports),
    connections: new Connections(ports),
    eks: createEksBearers(ports),
    allowInsecureTls: ports.allowInsecureTls,
  });
  const found = async (idOrName: string): Promise<Row<ClusterData> | undefined> => {
    const row = await records.get(idOrName, 'cluster');
    return row?.data.kind === 'cluster' ? { ...row, data: row.data } : undefined;
  };
  return {
    async find(idOrName) {
      const row = await found(idOrName);
      return row && { id: row.id, name: row.name };
    },
    async with(id, opening, use, signal) {
      const row = await found(id);
      if (!row || row.deletedAt !== undefined) throw clusterError('CLUSTER_GONE', { id });
      requireOpen(row);
      return reach.to(row, opening, (connection) => use(connection, row.name), signal);
    },
    close: () => reach.close(),
  };
}

/** Whoever paused a cluster wants no calls there; one that is held may be somebody else's. */
function requireOpen({ name, data: { state, uid } }: Row<ClusterData>): void {
  if (state.is === 'paused') throw clusterError('CLUSTER_PAUSED', { name, since: iso(state.since) });
  if (state.is === 'held')
    throw clusterError('CLUSTER_IDENTITY_CHANGED', { uid: state.uid, before: uid ?? '–' });
}
