import { clusterFamilies } from '#clusters';
import { joinFamilies } from '#join';
import { coreFamilies, type Family } from '#metrics';

/** All that is counted and shown here. An area adds its own, from its `metrics.ts`. */
export const families: readonly Family[] = [...coreFamilies, ...clusterFamilies, ...joinFamilies];
