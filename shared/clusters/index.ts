export { type ClustersArea, type ClusterWorld, clustersArea, clustersIn } from './area.ts';
export type { ClusterCall, ConnectionBody, CredentialBody, Prepared } from './calls.ts';
export { clusterGauges, fleetGauges } from './clusterGauges.ts';
export { clusterErrors } from './errors.ts';
export { clusterFamilies } from './metrics.ts';
export {
  type Cause,
  type ClusterAccess,
  type ClusterData,
  type ClusterState,
  type ClustersData,
  checkIntervals,
  type SyncKind,
  syncKinds,
  usualInterval,
} from './model.ts';
export { causeOf, present } from './present.ts';
export { type SyncWorld, syncActs } from './sync/act.ts';
export {
  type InventoryPage,
  type InventoryQuery,
  type InventorySummary,
  inventorySummary,
  type ListInfo,
  type NamespacesPage,
  type NamespacesQuery,
  namespacesOver,
  readInventory,
} from './sync/inventory.ts';
export { type ItemOf, items as inventoryItems } from './sync/items.ts';
export { usualSyncKinds } from './sync/kinds.ts';
export { syncIdOf } from './sync/model.ts';
export { askSync, tellSync } from './sync/tell.ts';
export { sayCause } from './texts.ts';
