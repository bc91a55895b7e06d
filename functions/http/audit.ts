import { z } from '@hono/zod-openapi';
import { type KeptAudit, readAudit } from '#core';
import { day, iso } from '#time';
import { answerPage } from './answerPage.ts';
import type { Routes } from './api.ts';
import { endpoint } from './endpoint.ts';
import { httpError } from './errors.ts';
import { listOf, queryInt, timeSchema } from './schemas.ts';

const kept = 90 * day;

const who = z.object({ kind: z.string(), id: z.string(), name: z.string() });

const auditSchema = z
  .object({
    id: z.string(),
    at: timeSchema,
    actor: who.extend({ address: z.string().nullable() }),
    action: z.string(),
    target: who.nullable(),
    result: z.enum(['done', 'denied', 'failed']),
    before: z.unknown(),
    after: z.unknown(),
    requestId: z.string().nullable(),
    count: z
      .int()
      .openapi({ description: 'Equal denials within ten minutes are one entry: how many they were.' }),
  })
  .openapi('AuditEntry');

const filter = (description: string) => z.string().min(1).max(300).optional().openapi({ description });
const time = timeSchema
  .transform((text) => Date.parse(text))
  .openapi({ type: 'string', format: 'date-time' });

const querySchema = z.strictObject({
  limit: queryInt(1, 200).optional(),
  cursor: z.string().max(2000).optional(),
  actor: filter('Id or name of who did it.'),
  action: filter('What was done: cluster.create; cluster.* for all of a kind.'),
  target: filter('Id, name or kind of what it was done to.'),
  result: z.enum(['done', 'denied', 'failed']).optional(),
  from: time.optional(),
  until: time.optional(),
});

export const auditRoutes: Routes = (api) => {
  const { table, clock } = api.ports;
  endpoint(
    api,
    {
      method: 'get',
      path: '/api/v1/audit',
      role: 'admin',
      tag: 'Audit',
      summary: 'Who did what, and what was refused; newest first, kept 90 days',
      description: 'A page may be short, or empty, and still have a next: the filters then matched little.',
      query: querySchema,
      answers: { 200: { description: 'One page of entries.', schema: listOf(auditSchema) } },
    },
    async ({ c, query: { limit = 50, cursor, from, until, ...wanted } }) => {
      const now = clock.now();
      const bound = JSON.stringify(['audit', from, until, wanted]);
      const after =
        cursor === undefined ? undefined : placeSchema.safeParse(await api.cursors.open(cursor, bound));
      if (after && !after.success) throw httpError('CURSOR_INVALID');
      const page = await readAudit(table, {
        from: Math.max(from ?? 0, now - kept),
        until: Math.min(until ?? now, now),
        limit,
        where: (entry) => matches(entry, wanted),
        ...(after ? { after: after.data } : {}),
      });
      const next = page.next ? await api.cursors.seal({ ...page.next }, bound) : null;
      return answerPage(c, page.entries.map(shown), next);
    },
  );
};

const placeSchema = z.object({ day: z.number(), id: z.string() });

type Wanted = Pick<z.output<typeof querySchema>, 'actor' | 'action' | 'target' | 'result'>;

function matches(entry: KeptAudit, { actor, action, target, result }: Wanted): boolean {
  const { actor: by, target: to } = entry;
  return (
    (actor === undefined || [by.id, by.name].includes(actor)) &&
    (action === undefined || isAction(entry.action, action)) &&
    (target === undefined || (to !== undefined && [to.id, to.name, to.kind].includes(target))) &&
    (result === undefined || entry.result === result)
  );
}

const isAction = (action: string, wanted: string): boolean =>
  wanted.endsWith('*') ? action.startsWith(wanted.slice(0, -1)) : action === wanted;

function shown({ id, at, actor, action, target, result, before, after, requestId, count }: KeptAudit) {
  return {
    id,
    at: iso(at),
    actor: { kind: actor.kind, id: actor.id, name: actor.name, address: actor.address ?? null },
    action,
    target: target ?? null,
    result,
    before: before ?? null,
    after: after ?? null,
    requestId: requestId ?? null,
    count,
  };
}
