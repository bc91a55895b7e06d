/**
 * Who owns which field. Per request, in the order of a real server: decode and default, `trackUpdate` (or for an apply
 * `applyConfiguration`, then decode and default), admission and the kind's own rules, then `withSettledTimes` before
 * the object is compared with the one stored.
 */
export { type Apply, applyConfiguration } from './applyConfiguration.ts';
export { managerNamed } from './managerNamed.ts';
export { type ResetFields, resetFieldsOf } from './resetFields.ts';
export { scaleVersion, withScaledManagers, withScaleManagers } from './scaled.ts';
export { withSettledTimes } from './settledTimes.ts';
export { type Change, trackUpdate } from './trackUpdate.ts';
