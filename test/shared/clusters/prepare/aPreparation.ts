import type { Row } from '#reconcile';
import { slotsOf } from '#reconcile';
import { keys, MemoryTable } from '#store';
import type { Prepared } from '../../../../shared/clusters/calls.ts';
import { createEksBearers } from '../../../../shared/clusters/eks/eksBearer.ts';
import type { ClusterData, ClustersData } from '../../../../shared/clusters/model.ts';
import type { PrepareParts } from '../../../../shared/clusters/prepare/tryConnection.ts';
import { createSecrets } from '../../../../shared/clusters/secret/secrets.ts';
import { SteppedClock } from '../../../fixtures/steppedClock.ts';
import { portsAt } from '../../kubernetes/aWorldCluster.ts';
import { aCluster } from '../aCluster.ts';
import { aVault } from '../secret/aVault.ts';

/** What preparing works with, over a table in memory and a few records that are there. */
export function aPreparation({ allowInsecureTls = false } = {}) {
  // It stands still, so that a busy machine is no slow cluster.
  const clock = new SteppedClock(Date.now());
  const ports = portsAt(clock);
  const table = new MemoryTable(() => clock.now());
  const rows = new Map<string, Row<ClustersData>>();
  const woken: string[] = [];
  let drawn = 0;
  const secrets = createSecrets({
    vault: aVault(table, clock),
    table,
    clock,
    random: (bytes) => new Uint8Array(bytes).fill(++drawn % 256),
    meter: { count: () => undefined, observe: () => undefined },
  });
  const eks = createEksBearers({ ...ports, environment: () => undefined });
  const engine = {
    records: {
      get: async (id: string) => rows.get(id),
      entries: async () =>
        [...rows.values()].map(({ data, ...row }) => ({
          ...row,
          summary: { state: '', cause: null, uid: data.kind === 'cluster' ? data.uid : null },
        })),
    },
    wake: async (id: string) => woken.push(id) > 0,
  } as unknown as PrepareParts['engine'];
  const parts: PrepareParts = { ...ports, eks, secrets, engine, allowInsecureTls };

  /** Stores what was prepared, as the HTTP function does. */
  async function store(id: string, { access, secret, uid }: Prepared, more: Partial<ClusterData> = {}) {
    const slot = `s0_${access!.credential.version}`;
    await table.put({ ...keys.sideKey(id, 'slots'), ...slotsOf(id, slot, secret!).slots });
    const row = aCluster({ access: access!, slot, uid, ...more }, { id, name: id });
    rows.set(id, row);
    return row;
  }
  const open = (row: Row<ClusterData>) => secrets.open(row, { visit: 'call', within: {} });
  return { table, parts, secrets, store, open, woken, rows };
}
