import type { Routes } from '../api.ts';
import { getRoute, historyRoute, listRoute } from '../recordRoutes.ts';
import { joinPauseRoutes, leaveRoute, removeJoinRoute, retryRoutes } from './actions.ts';
import { ControllerClusters } from './controllerCluster.ts';
import { createJoinRoute } from './create.ts';
import { patchJoinRoute } from './edit.ts';
import { joinKindOf } from './joinKind.ts';
import { joinTokenRoute } from './joinTokens.ts';
import { preflightRoutes } from './preflights.ts';
import { scrapeRoutes } from './scrapes.ts';

export const joinRoutes: Routes = (api) => {
  const kind = joinKindOf(api);
  const clusters = new ControllerClusters(api);
  listRoute(api, kind);
  getRoute(api, kind);
  historyRoute(api, kind);
  createJoinRoute(api, kind, clusters);
  patchJoinRoute(api, kind, clusters);
  removeJoinRoute(api, kind);
  retryRoutes(api, kind);
  leaveRoute(api, kind);
  joinPauseRoutes(api, kind);
  preflightRoutes(api, kind);
  joinTokenRoute(api);
  scrapeRoutes(api, kind);
};
