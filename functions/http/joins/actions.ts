import { z } from '@hono/zod-openapi';
import { joinError, leaving, leavingAtEnd, type MembershipData, paused, resumed, retried } from '#join';
import type { Row } from '#reconcile';
import type { Api } from '../api.ts';
import type { Kind } from '../kind.ts';
import { manyRoute } from '../manyRoute.ts';
import { pauseRoutes } from '../pauseRoutes.ts';
import { actionRoute, removeRoute } from '../recordRoutes.ts';
import { queryFlag } from '../schemas.ts';
import { refuseInUse, refuseOwned } from './owned.ts';

export function retryRoutes(api: Api, kind: Kind<MembershipData>): void {
  const { clock } = api.ports;
  const retry = ({ data, name }: Row<MembershipData>) => retried(data, name, clock.now());
  actionRoute(api, kind, {
    verb: 'retry',
    summary: 'Try it at once, with all its tries before it',
    description:
      'After a refused sign-in only with another credential (409): NeuVector locks an account after five failures. One that was put out of its federation, or left it, joins again; one that is joined or watching is looked at.',
    status: 202,
    act: async (_call, change) => ({ row: await change(retry) }),
  });
  manyRoute(api, kind, { verb: 'retry', summary: 'Try many at once', edit: retry });
}

export function leaveRoute(api: Api, kind: Kind<MembershipData>): void {
  const { clock } = api.ports;
  actionRoute(api, kind, {
    verb: 'leave',
    summary: 'Take the cluster out of its federation; the record stays',
    status: 202,
    act: async (_call, change) => ({
      row: await change(({ data, name }) => leaving(data, name, clock.now())),
    }),
  });
}

export function joinPauseRoutes(api: Api, kind: Kind<MembershipData>): void {
  pauseRoutes(api, kind, {
    named: 'JoinPause',
    pause(row, ...wish) {
      refuseOwned(row);
      return paused(row.data, ...wish);
    },
    resume(row, now) {
      refuseOwned(row);
      return resumed(row.data, now);
    },
  });
}

export function removeJoinRoute(api: Api, kind: Kind<MembershipData>): void {
  removeRoute(api, kind, {
    description: 'The federation is left alone, unless leave=true: then the cluster leaves it first.',
    query: z.strictObject({
      leave: queryFlag.optional().openapi({ description: 'true: the cluster leaves its federation first.' }),
    }),
    problems: [409],
    end(row, { query }) {
      refuseInUse(row);
      if (!query.leave) return row.data;
      if (!row.data.wish) throw joinError('NOT_JOINING', { name: row.name });
      return leavingAtEnd(row.data);
    },
  });
}
