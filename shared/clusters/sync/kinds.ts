/** What a sync can list. `secrets` (names and types) only where it is asked for by name. */
export const syncKinds = [
  'namespaces',
  'nodes',
  'deployments',
  'statefulsets',
  'daemonsets',
  'services',
  'pods',
  'configmaps',
  'quotas',
  'events',
  'secrets',
] as const;
export type SyncKind = (typeof syncKinds)[number];

/** What somebody gets who says nothing: all but secrets. */
export const usualSyncKinds: readonly SyncKind[] = syncKinds.filter((kind) => kind !== 'secrets');
