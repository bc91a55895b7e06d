import { z } from '@hono/zod-openapi';
import { type Caller, isInReach } from '#auth';
import type { DroverError } from '#errors';
import { matchesSelector, parseSelector } from '#labels';
import type { Listed, ListPlace } from '#reconcile';
import { answerPage } from './answerPage.ts';
import type { Api } from './api.ts';
import { endpoint } from './endpoint.ts';
import { httpError } from './errors.ts';
import type { Kind } from './kind.ts';
import { presentRecord } from './record.ts';
import { pathOf } from './recordRoutes.ts';
import { listOf, queryInt } from './schemas.ts';

const places = ['name', 'createdAt', 'updatedAt', 'state'];

/** GET collection: one page, filtered and sorted; what is outside the caller's labels is not there. */
export function listRoute<D>(api: Api, kind: Kind<D>): void {
  const filters = ['state', 'cause', ...(kind.filters ?? [])];
  const sorts = [...places, ...(kind.sorts ?? [])];
  const query = z.strictObject({
    limit: queryInt(1, 200).optional(),
    cursor: z.string().max(2000).optional(),
    sort: z.enum(sorts.flatMap((name) => [name, `-${name}`])).optional(),
    labels: z
      .string()
      .max(1000)
      .optional()
      .openapi({ description: 'A label selector, as kubectl takes it.' }),
    q: z.string().max(63).optional().openapi({ description: 'Part of the name.' }),
    ...Object.fromEntries(filters.map((name) => [name, filterSchema])),
    ...kind.ranges?.query,
  });
  endpoint(
    api,
    {
      method: 'get',
      path: pathOf(kind),
      role: kind.roles.read,
      tag: kind.tag,
      summary: `List ${kind.plural}`,
      query,
      problems: [422],
      answers: {
        200: { description: 'One page; "next" is the cursor of the one after.', schema: listOf(kind.schema) },
      },
    },
    async ({ c, query: { limit = 50, cursor, sort = 'name', labels, q, ...rest }, caller }) => {
      const given = rest as Record<string, unknown>;
      const wanted = Object.fromEntries(filters.map((name) => [name, given[name] as string | undefined]));
      const bound = JSON.stringify([kind.kind, sort, labels, q, given, caller.reach?.selector]);
      const after = cursor === undefined ? undefined : await openPlace(api, cursor, bound);
      const isWanted = filterOf(caller, { labels, q, wanted });
      const isInRange = kind.ranges?.where(given);
      const told = await kind.told?.();
      const page = await kind.records.list({
        kind: kind.kind,
        where: isInRange ? (entry) => isWanted(entry) && isInRange(entry) : isWanted,
        ...(told ? { told } : {}),
        sort,
        limit,
        ...(after ? { after } : {}),
      });
      const next = page.next ? await api.cursors.seal({ ...page.next }, bound) : null;
      for (const key of page.unreadable) api.ports.log.error('a stored record cannot be read', { key });
      const rows = page.rows.filter((row) => isInReach(caller, row.labels));
      const present = kind.presentMany ?? ((all) => all.map((row) => presentRecord(kind.area, row)));
      const items = await present(rows, c.get('language'), caller);
      return answerPage(c, items, next);
    },
  );
}

const filterSchema = z
  .string()
  .max(200)
  .optional()
  .openapi({ description: 'One value, or several with commas.' });

function filterOf(
  caller: Caller,
  {
    labels,
    q,
    wanted,
  }: { labels: string | undefined; q: string | undefined; wanted: Record<string, string | undefined> },
): (entry: Listed) => boolean {
  const selector = labels === undefined ? undefined : parseSelector(labels);
  const fields = Object.entries(wanted).flatMap(([name, text]) =>
    text === undefined ? [] : [{ name, values: text.split(',') }],
  );
  return (entry) =>
    isInReach(caller, entry.labels) &&
    (!selector || matchesSelector(selector, entry.labels)) &&
    (q === undefined || entry.name.includes(q.toLowerCase())) &&
    fields.every(({ name, values }) => values.includes(String(entry.summary[name] ?? '')));
}

const placeSchema = z.object({
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  id: z.string(),
});

async function openPlace(api: Api, cursor: string, bound: string): Promise<ListPlace> {
  const place = placeSchema.safeParse(await api.cursors.open(cursor, bound));
  if (!place.success) throw invalidCursor();
  return place.data;
}

const invalidCursor = (): DroverError => httpError('CURSOR_INVALID');
