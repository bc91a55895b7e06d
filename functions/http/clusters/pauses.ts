import { type ClustersData, identityConfirmed, paused, resumed } from '#clusters';
import type { Api } from '../api.ts';
import type { Kind } from '../kind.ts';
import { pauseRoutes } from '../pauseRoutes.ts';
import { actionRoute } from '../recordRoutes.ts';
import { clusterIn } from './clusterKind.ts';

/** What a person says of a cluster without touching how it is reached. */
export function clusterPauseRoutes(api: Api, kind: Kind<ClustersData>): void {
  const { clock } = api.ports;
  pauseRoutes(api, kind, {
    named: 'ClusterPause',
    pause: (row, ...wish) => paused(clusterIn(row), ...wish),
    resume: (row, now) => resumed(clusterIn(row), now),
  });
  actionRoute(api, kind, {
    verb: 'confirm-identity',
    summary: 'The cluster that answers there now is the one that is meant',
    description:
      'Only for one that is held, because another kube-system UID answered; "heldUid" is that one.',
    status: 200,
    ifMatch: 'required',
    act: async (_call, change) => ({
      row: await change((row) => identityConfirmed(clusterIn(row), row.name, clock.now())),
    }),
  });
}
