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
export { sayCause } from './texts.ts';
