import { z } from '@hono/zod-openapi';
import type { ClustersData } from '#clusters';
import { DroverError } from '#errors';
import { second } from '#time';
import type { Api } from '../api.ts';
import { type Call, endpoint } from '../endpoint.ts';
import type { Kind } from '../kind.ts';
import { inTurns } from '../manyRoute.ts';
import { outward } from '../outside.ts';
import { problemOf } from '../problem.ts';
import { createRecord, pathOf } from '../recordRoutes.ts';
import { clusterSchema, refusedSchema } from './answers.ts';
import { importSchema, uncheckedQuery } from './bodies.ts';
import { draftOf } from './create.ts';
import { clusterHttpError } from './errors.ts';
import type { Entry } from './importEntries.ts';

/** None is begun later: it takes up to 15 s, and a gateway waits for 29. */
const timeToBegin = 12 * second;

const resultSchema = z
  .object({
    imported: z.int(),
    failed: z.int(),
    results: z.array(
      z.object({
        context: z.string().nullable(),
        name: z.string().nullable(),
        cluster: z.union([clusterSchema, z.null()]),
        problem: z.union([refusedSchema, z.null()]),
      }),
    ),
  })
  .openapi('ClusterImported', { description: 'Each for itself, in the order in which they came.' });

export function importRoute(api: Api, kind: Kind<ClustersData>): void {
  const { clock, settings } = api.ports;
  endpoint(
    api,
    {
      method: 'post',
      path: pathOf(kind, '/import'),
      role: kind.roles.write,
      tag: kind.tag,
      summary: 'Create many at once: the contexts of a kubeconfig, or a list',
      description:
        'At most 200, several side by side, each tried and answered for itself. Those for which there was no time say CHECK_NOT_DONE and can be sent again.',
      query: uncheckedQuery,
      body: importSchema,
      problems: outward,
      answers: { 200: { description: 'What came of each.', schema: resultSchema } },
    },
    async (call) => {
      const { c, body, query } = call;
      const language = c.get('language');
      const end = clock.now() + timeToBegin;
      const { importEntries } = await import('./importEntries.ts');
      const entries = importEntries(body, settings.allowInsecureTls, language);
      const results = await inTurns(entries, async (entry) => {
        const { context, name } = entry;
        try {
          if (clock.now() >= end) throw clusterHttpError('CHECK_NOT_DONE');
          const cluster = await imported(api, kind, call, entry, query.unchecked ?? false);
          return { context, name, cluster, problem: null };
        } catch (error) {
          if (!(error instanceof DroverError)) throw error;
          const problem = problemOf(error, c.get('requestId'), language);
          return { context, name, cluster: null, problem };
        }
      });
      const failed = results.filter(({ problem }) => problem !== null).length;
      return c.json({ imported: results.length - failed, failed, results });
    },
  );
}

async function imported(
  api: Api,
  kind: Kind<ClustersData>,
  call: Call<object, object, unknown>,
  entry: Entry,
  unchecked: boolean,
) {
  if ('error' in entry) throw entry.error;
  const draft = await draftOf(api, kind, call, entry.create, unchecked);
  return (await createRecord(kind, draft, call)).record;
}
