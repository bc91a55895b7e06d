import { z } from '@hono/zod-openapi';
import { type ClustersData, identityConfirmed, paused, resumed, type Wished } from '#clusters';
import type { Language } from '#errors';
import type { Edit, Row } from '#reconcile';
import type { Api } from '../api.ts';
import { refusedField } from '../issues.ts';
import type { Kind } from '../kind.ts';
import { manyIds, manyRoute } from '../manyRoute.ts';
import { actionRoute } from '../recordRoutes.ts';
import { pauseSchema, pauseShape } from './bodies.ts';
import { clusterIn } from './clusterKind.ts';

const pauseMany = z.strictObject({ ...manyIds, ...pauseShape }).openapi('ClusterPauses');

/** What a person says of a cluster without touching how it is reached. */
export function pauseRoutes(api: Api, kind: Kind<ClustersData>): void {
  const { clock } = api.ports;
  const pause = (row: Row<ClustersData>, { until, reason }: z.output<typeof pauseSchema>) =>
    paused(
      clusterIn(row),
      until === null ? null : Date.parse(until),
      reason,
      clock.now(),
    ) satisfies Edit<ClustersData>;
  const resume = (row: Row<ClustersData>): Wished | undefined => resumed(clusterIn(row), clock.now());
  const refusePast = (until: string | null, language: Language) => {
    if (until !== null && Date.parse(until) <= clock.now())
      throw refusedField('until', 'value', over, language);
  };

  actionRoute(api, kind, {
    verb: 'pause',
    summary: 'Look at it no more, until then or until somebody resumes it',
    body: pauseSchema,
    status: 200,
    async act({ c, body }, change) {
      refusePast(body.until, c.get('language'));
      return { row: await change((row) => pause(row, body)) };
    },
  });
  manyRoute(api, kind, {
    verb: 'pause',
    summary: 'Look at many no more',
    body: pauseMany,
    begin: ({ c, body }) => refusePast(body.until, c.get('language')),
    edit: pause,
  });
  actionRoute(api, kind, {
    verb: 'resume',
    summary: 'Look at it again, now and from now on',
    status: 200,
    act: async (_call, change) => ({ row: await change(resume) }),
  });
  manyRoute(api, kind, { verb: 'resume', summary: 'Look at many again', edit: resume });
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

const over = { en: 'must lie ahead', zh: '必须是将来的时间' };
