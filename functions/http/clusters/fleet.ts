import { z } from '@hono/zod-openapi';
import { isInReach } from '#auth';
import type { ClustersData } from '#clusters';
import { matchesSelector, parseSelector } from '#labels';
import type { Listed, Row } from '#reconcile';
import { day, type Instant, iso } from '#time';
import type { Api } from '../api.ts';
import { endpoint } from '../endpoint.ts';
import { queryInt, timeSchema } from '../schemas.ts';
import { type Clusters, clusterIn } from './clusterKind.ts';
import { countFleet, countNamespaces } from './countFleet.ts';

const tally = z.record(z.string(), z.int());
const soonestShown = 20;

const fleetSchema = z
  .object({
    clusters: z.int(),
    states: tally,
    causes: tally,
    kubernetesVersions: tally,
    labels: z.record(z.string(), tally).openapi({
      description: 'How many have which value; of every key at most 50 values, the most frequent first.',
    }),
    nodes: z.object({ total: z.int(), ready: z.int() }),
    pods: z.object({ total: z.int(), running: z.int() }),
    namespaces: z.object({
      total: z.int(),
      clusters: z.int().openapi({ description: 'In so many clusters, which are those that are synced.' }),
    }),
    uncounted: z.int().openapi({ description: 'Clusters that have told no number of nodes yet.' }),
    expiring: z.object({
      withinDays: z.int(),
      count: z.int(),
      expired: z.int(),
      soonest: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          of: z.enum(['token', 'certificate', 'ca', 'serverCertificate']),
          subject: z.string(),
          expiresAt: timeSchema,
        }),
      ),
    }),
    oldestCheckedAt: timeSchema.nullable(),
  })
  .openapi('Fleet', {
    example: {
      clusters: 3,
      states: { healthy: 2, unreachable: 1 },
      causes: { TCP_TIMEOUT: 1 },
      kubernetesVersions: { 'v1.34.1': 3 },
      labels: { region: { eu: 2, us: 1 } },
      nodes: { total: 9, ready: 8 },
      pods: { total: 300, running: 290 },
      namespaces: { total: 24, clusters: 3 },
      uncounted: 0,
      expiring: { withinDays: 30, count: 0, expired: 0, soonest: [] },
      oldestCheckedAt: '2026-03-01T10:00:00.000Z',
    },
  });

export function fleetRoute(api: Api, { kind, told }: Clusters): void {
  const { clock } = api.ports;
  endpoint(
    api,
    {
      method: 'get',
      path: '/api/v1/fleet',
      role: kind.roles.read,
      tag: kind.tag,
      summary: 'All clusters in numbers, and the credentials that expire soon',
      query: z.strictObject({
        labels: z.string().max(1000).optional().openapi({ description: 'Of those that this selects.' }),
        by: z.string().max(500).optional().openapi({ description: 'Only these label keys, with commas.' }),
        expiringWithinDays: queryInt(0, 3650).optional(),
      }),
      problems: [422],
      answers: { 200: { description: 'In numbers, as of some seconds ago.', schema: fleetSchema } },
    },
    async ({ c, caller, query: { labels, by, expiringWithinDays = 30 } }) => {
      const selector = labels === undefined ? undefined : parseSelector(labels);
      const isMeant = (entry: Listed) =>
        isInReach(caller, entry.labels) && (!selector || matchesSelector(selector, entry.labels));
      const now = clock.now();
      const [clusters, syncs] = await Promise.all([told(), kind.records.entries('sync')]);
      const entries = clusters.filter(isMeant);
      const { expiring, oldestCheckedAt, ...counts } = countFleet(
        entries,
        { by: by?.split(','), expiringWithinDays },
        now,
      );
      const soonest = await kind.records.list({
        kind: kind.kind,
        where: (entry) => typeof entry.summary.expiresAt === 'number' && isMeant(entry),
        sort: 'expiresAt',
        limit: soonestShown,
      });
      const end = now + expiringWithinDays * day;
      return c.json({
        ...counts,
        namespaces: countNamespaces(entries, syncs),
        expiring: {
          withinDays: expiringWithinDays,
          ...expiring,
          soonest: soonest.rows.flatMap((row) => firstEnd(row, end)),
        },
        oldestCheckedAt: oldestCheckedAt === null ? null : iso(oldestCheckedAt),
      });
    },
  );
}

function firstEnd(row: Row<ClustersData>, end: Instant) {
  const [first] = clusterIn(row).expiries.toSorted((a, b) => a.at - b.at);
  if (!first || first.at > end) return [];
  const { of, subject, at } = first;
  return [{ id: row.id, name: row.name, of, subject, expiresAt: iso(at) }];
}
