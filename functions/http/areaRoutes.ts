import type { Routes } from './api.ts';
import { clusterRoutes } from './clusters/clusters.ts';

/** One file of routes per area, beside this one. What an area needs, it makes from `api.ports`. */
export const areaRoutes: readonly Routes[] = [clusterRoutes];
