export type { AccessWish } from './accessManifest/accessManifest.ts';
export {
  type Capability,
  type ControllerService,
  capabilities,
  type Permission,
  permissionsOf,
  type ServiceAccount,
} from './accessManifest/permissions.ts';
export { type ClustersArea, type ClusterWorld, clustersArea, clustersIn } from './area.ts';
export type { ClusterCall, ConnectionBody, CredentialBody, Prepared } from './calls.ts';
export { clusterGauges, fleetGauges } from './clusterGauges.ts';
export { clusterError, clusterErrors } from './errors.ts';
export { sayValidation } from './ladder/sayValidation.ts';
export { type SaidValidation, saidValidation, type Validation } from './ladder/validation.ts';
export { isLate, type LookedAt } from './late.ts';
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
export { type ConnectionWish, refuseMoved } from './moved.ts';
export type { NamespaceCall } from './namespaces/calls.ts';
export type { LiveNamespace } from './namespaces/view.ts';
export { causeOf, present } from './present.ts';
export { syncError } from './sync/errors.ts';
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
export {
  identityConfirmed,
  newCluster,
  paused,
  reconnected,
  resumed,
  type SyncWish,
  synced,
  type Usable,
  type Wished,
} from './wishes.ts';
