import type { Cause } from '#errors';
import { keys, type Table } from '#store';
import type { Instant } from '#time';
import type { ItemOf, Placed } from './items.ts';
import type { SyncKind } from './kinds.ts';
import { type SyncData, syncData, syncIdOf } from './model.ts';
import { type Head, type Outcome, Shelf } from './shelf.ts';
import { type SyncState, syncCauseOf, syncStateOf } from './state.ts';

/** How a list came out, beside its items. */
export interface ListInfo {
  total: number;
  /** When it was listed; null where that never came to its end. */
  at: Instant | null;
  /** Not all there is, or no longer how it is: why. */
  partial: Cause | null;
  trouble: { cause: Cause; at: Instant } | null;
  /** Sums over its items: `ready`, `running`, what nodes offer. */
  tally: Record<string, number>;
}

export interface InventoryPage<K extends SyncKind> extends ListInfo {
  items: ItemOf<K>[];
  /** The place to go on after; null at the end. It holds across syncs: nothing is told twice, and nothing skipped. */
  next: string | null;
}

export interface InventoryQuery {
  limit: number;
  /** `next` of the page before. */
  after?: string | undefined;
  /** Only of this one. */
  namespace?: string | undefined;
}

/** Undefined where nothing of this kind was ever to be listed. */
export async function readInventory<K extends SyncKind>(
  table: Table,
  clusterId: string,
  kind: K,
  query: InventoryQuery,
): Promise<InventoryPage<K> | undefined> {
  const shelf = new Shelf(table, clusterId);
  return readWhole(table, clusterId, async (_sync, head) => {
    const outcome = head.kinds[kind];
    if (!outcome) return undefined;
    const { items, next } = await readPage(shelf, kind, outcome, query);
    return { items: items as ItemOf<K>[], next, ...infoOf(outcome) };
  });
}

export interface InventorySummary {
  state: SyncState;
  cause: Cause | null;
  /** A run is under way. */
  isRunning: boolean;
  startedAt: Instant | null;
  finishedAt: Instant | null;
  kinds: Partial<Record<SyncKind, ListInfo>>;
  /** What all nodes offer to pods. */
  capacity: { cpuMillis: number; memoryBytes: number; pods: number } | null;
  usage: Head['usage'];
  usageCause: Cause | null;
}

/** Undefined where the cluster has no sync. */
export async function inventorySummary(
  table: Table,
  clusterId: string,
): Promise<InventorySummary | undefined> {
  return readWhole(table, clusterId, async (sync, { kinds, usage, usageTrouble }) => {
    const { cpuMillis = 0, memoryBytes = 0, pods = 0 } = kinds.nodes?.tally ?? {};
    return {
      state: syncStateOf(sync),
      cause: syncCauseOf(sync),
      isRunning: sync.run !== null,
      startedAt: sync.ran?.startedAt ?? null,
      finishedAt: sync.ran?.finishedAt ?? null,
      kinds: Object.fromEntries(Object.entries(kinds).map(([kind, outcome]) => [kind, infoOf(outcome)])),
      capacity: kinds.nodes ? { cpuMillis, memoryBytes, pods } : null,
      usage,
      usageCause: usageTrouble,
    };
  });
}

export interface NamespacesQuery {
  limit: number;
  after?: { cluster: string; place: string } | undefined;
  where?: ((namespace: ItemOf<'namespaces'>) => boolean) | undefined;
}

export interface NamespacesPage {
  items: (ItemOf<'namespaces'> & { cluster: string; at: Instant | null })[];
  next: { cluster: string; place: string } | null;
}

/** So many clusters are read for one page: a filter that finds little ends it short, with a place to go on from. */
const mostClusters = 400;
const clustersAtOnce = 16;

/** The namespaces of many clusters, cluster by cluster in the order given. */
export async function namespacesOver(
  table: Table,
  clusters: readonly string[],
  { limit, after, where }: NamespacesQuery,
): Promise<NamespacesPage> {
  const items: NamespacesPage['items'] = [];
  const first = after ? Math.max(0, clusters.indexOf(after.cluster)) : 0;
  const last = Math.min(clusters.length, first + mostClusters);
  for (let start = first; start < last; start += clustersAtOnce) {
    const ids = clusters.slice(start, Math.min(last, start + clustersAtOnce));
    const found = await Promise.all(
      ids.map((id) => matching(table, id, limit + 1, where, id === after?.cluster ? after.place : undefined)),
    );
    for (const [index, { placed, at }] of found.entries()) {
      const cluster = ids[index]!;
      for (const { name, ...rest } of placed) {
        if (items.length === limit) {
          const { cluster: of, name: place } = items.at(-1)!;
          return { items, next: { cluster: of, place } };
        }
        items.push({ name, ...rest, cluster, at });
      }
    }
  }
  const isEnd = last === clusters.length;
  return { items, next: isEnd ? null : { cluster: clusters[last]!, place: '' } };
}

async function matching(
  table: Table,
  cluster: string,
  limit: number,
  where: NamespacesQuery['where'],
  after: string | undefined,
): Promise<{ placed: ItemOf<'namespaces'>[]; at: Instant | null }> {
  const placed: ItemOf<'namespaces'>[] = [];
  for (let place = after; ; ) {
    const page = await readInventory(table, cluster, 'namespaces', { limit: 500, after: place });
    for (const item of page?.items ?? []) if (!where || where(item)) placed.push(item);
    if (!page?.next || placed.length >= limit)
      return { placed: placed.slice(0, limit), at: page?.at ?? null };
    place = page.next;
  }
}

const mostTries = 4;

/** A new list takes the old one's place between two reads: then all is read again. */
async function readWhole<T>(
  table: Table,
  clusterId: string,
  use: (sync: SyncData, head: Head) => Promise<T>,
): Promise<T | undefined> {
  let sync = await readSync(table, clusterId);
  for (let tries = 1; sync; tries++) {
    const found = await use(sync, await new Shelf(table, clusterId).readHead(sync.head));
    const now = await readSync(table, clusterId);
    if (now?.head === sync.head || tries === mostTries) return found;
    sync = now;
  }
  return undefined;
}

async function readSync(table: Table, clusterId: string): Promise<SyncData | undefined> {
  const item = await table.get(keys.rowKey('clusters', syncIdOf(clusterId)));
  return item && item.goneAt === undefined ? syncData.parse(item.data) : undefined;
}

async function readPage(
  shelf: Shelf,
  kind: SyncKind,
  outcome: Outcome,
  { limit, after, namespace }: InventoryQuery,
): Promise<{ items: Placed[1][]; next: string | null }> {
  const prefix = namespace === undefined ? '' : `${namespace}/`;
  const isEvents = kind === 'events';
  const from = after ?? (isEvents ? '' : prefix);
  const items: Placed[1][] = [];
  let last: string | null = null;
  for await (const [place, item] of shelf.items(kind, outcome, from)) {
    if (place === after) continue;
    if (prefix !== '' && !isEvents && !place.startsWith(prefix)) break;
    if (prefix !== '' && isEvents && 'namespace' in item && item.namespace !== namespace) continue;
    if (items.length === limit) return { items, next: last };
    items.push(item);
    last = place;
  }
  return { items, next: null };
}

const infoOf = ({ items, at, partial, trouble, tally }: Outcome): ListInfo => ({
  total: items,
  at,
  partial,
  trouble,
  tally,
});
