import { z } from '@hono/zod-openapi';
import type { Language } from '#errors';
import type { Edit, Row } from '#reconcile';
import type { Instant } from '#time';
import type { Api } from './api.ts';
import { refusedField } from './issues.ts';
import type { Kind } from './kind.ts';
import { manyIds, manyRoute } from './manyRoute.ts';
import { actionRoute } from './recordRoutes.ts';
import { timeSchema } from './schemas.ts';

const shape = {
  until: timeSchema.nullable().default(null).openapi({ description: 'Null: until somebody resumes it.' }),
  reason: z.string().min(1).max(200),
};

/** `/{id}/pause` and `/{id}/resume`, and the same on many. */
export function pauseRoutes<D>(
  api: Api,
  kind: Kind<D>,
  spec: {
    /** What the bodies are called in the document: `ClusterPause`. */
    named: string;
    problems?: readonly number[];
    pause(row: Row<D>, until: Instant | null, reason: string, now: Instant): Edit<D>;
    resume(row: Row<D>, now: Instant): Edit<D> | undefined;
  },
): void {
  const { clock } = api.ports;
  const one = z
    .strictObject(shape)
    .openapi(spec.named, { example: { until: '2027-01-01T06:00:00Z', reason: 'moving the data centre' } });
  const many = z.strictObject({ ...manyIds, ...shape }).openapi(`${spec.named}s`);
  const problems = spec.problems ? { problems: spec.problems } : {};
  const pause = (row: Row<D>, { until, reason }: z.output<typeof one>) =>
    spec.pause(row, until === null ? null : Date.parse(until), reason, clock.now());
  const resume = (row: Row<D>) => spec.resume(row, clock.now());
  const refusePast = (until: string | null, language: Language) => {
    if (until !== null && Date.parse(until) <= clock.now())
      throw refusedField('until', 'value', over, language);
  };

  actionRoute(api, kind, {
    verb: 'pause',
    summary: 'Look at it no more, until then or until somebody resumes it',
    body: one,
    status: 200,
    ...problems,
    async act({ c, body }, change) {
      refusePast(body.until, c.get('language'));
      return { row: await change((row) => pause(row, body)) };
    },
  });
  manyRoute(api, kind, {
    verb: 'pause',
    summary: 'Look at many no more',
    body: many,
    begin: ({ c, body }) => refusePast(body.until, c.get('language')),
    edit: pause,
  });
  actionRoute(api, kind, {
    verb: 'resume',
    summary: 'Look at it again, now and from now on',
    status: 200,
    ...problems,
    act: async (_call, change) => ({ row: await change(resume) }),
  });
  manyRoute(api, kind, { verb: 'resume', summary: 'Look at many again', edit: resume });
}

const over = { en: 'must lie ahead', zh: '必须是将来的时间' };
