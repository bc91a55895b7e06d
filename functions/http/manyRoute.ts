import { z } from '@hono/zod-openapi';
import { type Caller, isInReach } from '#auth';
import { DroverError, type Language } from '#errors';
import { matchesSelector, parseSelector } from '#labels';
import type { Edit, ListPlace, Row } from '#reconcile';
import type { Api } from './api.ts';
import { type Call, endpoint } from './endpoint.ts';
import { httpError } from './errors.ts';
import { refusedField } from './issues.ts';
import type { Kind } from './kind.ts';
import { problemOf } from './problem.ts';
import type { Presented } from './record.ts';
import { changeRow, pathOf, takesNothing } from './recordRoutes.ts';
import { problemSchema } from './schemas.ts';

export const mostAtOnce = 200;
const sideBySide = 16;

const one = {
  id: z.string(),
  name: z.string().nullable(),
  version: z.int().nullable(),
  problem: z.union([problemSchema, z.null()]),
};

const resultSchema = z
  .object({ results: z.array(z.object(one)) })
  .openapi('ManyResults', { description: 'Each for itself; where problem is null, it was done.' });

/** What is answered of each, beside its id, name, version and problem. */
export const resultsWith = <S extends z.ZodRawShape>(more: S) =>
  z.object({ results: z.array(z.object({ ...one, ...more })) });

/** Which: these, or those that ?labels= selects. */
export const manyIds = {
  ids: z.array(z.string().min(1).max(100)).min(1).max(mostAtOnce).optional(),
};

const bodySchema = z.strictObject(manyIds).openapi('ManyIds');

type Ids = z.output<typeof bodySchema>;

/** POST collection/verb: the same action on many, by label selector or ids, each answered for itself. */
export function manyRoute<D, B extends z.ZodType<Ids> = typeof bodySchema, S = unknown>(
  api: Api,
  kind: Kind<D>,
  spec: {
    verb: string;
    summary: string;
    /** Where more is asked for than which: has the members of `manyIds`. */
    body?: B;
    problems?: readonly number[];
    /** Once, before all of them: may refuse. */
    begin?(call: Call<object, object, z.output<B>>): S;
  } & (
    | { edit(row: Row<D>, body: z.output<B>): Edit<D> | undefined }
    /** Where a record is not changed; `more` stands beside its id, name and version. */
    | {
        schema: z.ZodType;
        act(
          id: string,
          call: Call<object, object, z.output<B>>,
          begun: S,
        ): Promise<{ row: Row<D>; more: Presented }>;
      }
  ),
): void {
  const body = (spec.body ?? bodySchema) as B;
  endpoint(
    api,
    {
      method: 'post',
      path: pathOf(kind, `/${spec.verb}`),
      role: kind.roles.write,
      tag: kind.tag,
      summary: spec.summary,
      description: `On at most ${mostAtOnce}: those that ?labels= selects, or those of "ids".`,
      query: z.strictObject({ labels: z.string().min(1).max(1000).optional() }),
      body,
      bodyOptional: takesNothing(body),
      ...(spec.problems ? { problems: spec.problems } : {}),
      answers: {
        200: { description: 'What came of each.', schema: 'schema' in spec ? spec.schema : resultSchema },
      },
    },
    async (call) => {
      const { c, caller, query } = call;
      const language = c.get('language');
      const begun = spec.begin?.(call) as S;
      const ids = await chosen(kind, caller, { labels: query.labels, ids: call.body.ids, language });
      const action = `${kind.kind}.${spec.verb}`;
      const actOn = async (id: string): Promise<{ row: Row<D>; more?: Presented }> => {
        if ('act' in spec) return spec.act(id, call, begun);
        const edit = (row: Row<D>) => spec.edit(row, call.body);
        return { row: await changeRow(kind, { ...call, params: { id } }, action, edit) };
      };
      const results = await inTurns(ids, async (id) => {
        try {
          const { row, more } = await actOn(id);
          return { id: row.id, name: row.name, version: row.version, problem: null, ...more };
        } catch (error) {
          if (!(error instanceof DroverError)) throw error;
          const problem = problemOf(error, c.get('requestId'), language);
          return { id, name: null, version: null, problem };
        }
      });
      return c.json({ results });
    },
  );
}

async function chosen<D>(
  kind: Kind<D>,
  caller: Caller,
  { labels, ids, language }: { labels: string | undefined; ids: string[] | undefined; language: Language },
): Promise<string[]> {
  if ((labels === undefined) === (ids === undefined)) throw refusedField('ids', 'value', oneOfTwo, language);
  if (ids) return [...new Set(ids)];
  const selector = parseSelector(labels ?? '');
  const found: string[] = [];
  let after: ListPlace | undefined;
  do {
    const page = await kind.records.list({
      kind: kind.kind,
      where: (entry) => isInReach(caller, entry.labels) && matchesSelector(selector, entry.labels),
      limit: mostAtOnce + 1,
      ...(after ? { after } : {}),
    });
    found.push(...page.rows.map((row) => row.id));
    if (found.length > mostAtOnce) throw httpError('TOO_MANY_SELECTED', { limit: mostAtOnce });
    after = page.next;
  } while (after);
  return found;
}

/** Nothing given must not come to mean everything. */
const oneOfTwo = {
  en: 'or ?labels= must be given, and not both',
  zh: '与 ?labels= 必须且只能给出其一',
};

/** So many at a time, each as soon as one before it is done; the results in their order. */
export async function inTurns<T, R>(all: readonly T[], one: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = all.entries();
  const takeTurns = async () => {
    for (const [index, item] of left) results[index] = await one(item);
  };
  await Promise.all(Array.from({ length: sideBySide }, takeTurns));
  return results;
}
