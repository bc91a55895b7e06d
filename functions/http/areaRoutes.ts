import type { Routes } from './api.ts';
import { clusterRoutes } from './clusters/clusters.ts';
import { joinRoutes } from './joins/joins.ts';

/** One file of routes per area, beside this one. What an area needs, it makes from `api.ports`. */
export const areaRoutes: readonly Routes[] = [clusterRoutes, joinRoutes];
