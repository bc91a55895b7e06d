import type { DecideContext, Json, Plan, Row, WorkContext } from '#reconcile';
import { type Instant, iso } from '#time';
import { decide, type SyncSeen } from './decide.ts';
import type { SyncAction, SyncData, SyncDid } from './model.ts';
import { readCluster } from './parent.ts';
import { syncCauseOf, syncStateOf } from './state.ts';

/** What the area asks of records of this kind; to act takes the world: `actOnSync`. */
export const syncPart = {
  async observe({ data }: Row<SyncData>, { table }: WorkContext): Promise<SyncSeen> {
    return { cluster: (await readCluster(table, data.cluster))?.data ?? null };
  },
  decide: (
    row: Row<SyncData>,
    seen: SyncSeen,
    did: SyncDid[],
    context: DecideContext,
  ): Plan<SyncData, SyncAction> => decide(row, seen, did, context),
  summarise: ({ data }: Row<SyncData>) => ({
    state: syncStateOf(data),
    cause: syncCauseOf(data)?.code ?? null,
    cluster: data.cluster,
    namespaces: data.namespaces,
    syncedAt: data.completeAt,
  }),
  /** Pages and attempts are progress. */
  told: ({ data: { wanted, asked, ran, waiting } }: Row<SyncData>): Json => ({
    wanted,
    askedAt: asked?.at ?? null,
    ran,
    waiting: waiting?.code ?? null,
  }),
  present: ({ data }: Row<SyncData>): Record<string, Json> => ({
    state: syncStateOf(data),
    cause: syncCauseOf(data)?.code ?? null,
    cluster: data.cluster,
    kinds: data.wanted,
    running: data.run !== null,
    startedAt: time(data.ran?.startedAt),
    finishedAt: time(data.ran?.finishedAt),
    failed: data.ran?.failed ?? [],
    partial: data.ran?.partial ?? [],
  }),
};

const time = (at: Instant | undefined): string | null => (at === undefined ? null : iso(at));
