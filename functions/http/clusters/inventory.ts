import { z } from '@hono/zod-openapi';
import {
  askSync,
  type Cause,
  type ClustersData,
  inventoryItems,
  inventorySummary,
  type ListInfo,
  readInventory,
  sayCause,
  syncError,
  syncKinds,
} from '#clusters';
import type { Language } from '#errors';
import { type Instant, iso, second } from '#time';
import { answerPage } from '../answerPage.ts';
import type { Api } from '../api.ts';
import { endpoint } from '../endpoint.ts';
import { httpError } from '../errors.ts';
import type { Kind } from '../kind.ts';
import { answerRecord } from '../record.ts';
import { findRow, findWritable, pathOf, presentOne } from '../recordRoutes.ts';
import { idParams, queryInt, timeSchema } from '../schemas.ts';

const causeSchema = z.object({ code: z.string(), message: z.string(), remedy: z.string() });
const orNone = <S extends z.ZodType>(schema: S) => z.union([schema, z.null()]);

const listInfo = {
  total: z.int(),
  listedAt: timeSchema.nullable().openapi({ description: 'Null: it never came to its end.' }),
  ageSeconds: z.int().nullable(),
  partial: orNone(causeSchema).openapi({
    description: 'Not all there is, or no longer how it is, and why; what was last listed well stays.',
  }),
  trouble: orNone(causeSchema.extend({ at: timeSchema })),
};

/** Times are told as everywhere; the rest is as it was listed. */
const told = (shape: Record<string, unknown>) =>
  z.object(
    Object.fromEntries(
      Object.entries(shape).map(([name, schema]) => [
        name,
        name === 'createdAt' || name === 'lastAt' ? timeSchema.nullable() : (schema as z.ZodType),
      ]),
    ),
  );
const itemSchema = z.union(syncKinds.map((kind) => told(inventoryItems[kind].shape)));

const pageSchema = z
  .object({ ...listInfo, items: z.array(itemSchema), next: z.string().nullable() })
  .openapi('Inventory', { description: 'One page of what the last sync listed of a kind.' });

const summarySchema = z
  .object({
    state: z.enum(['none', 'pending', 'waiting', 'synced', 'partial', 'failed']),
    cause: orNone(causeSchema),
    running: z.boolean(),
    startedAt: timeSchema.nullable(),
    finishedAt: timeSchema.nullable(),
    kinds: z.record(z.string(), z.object(listInfo)),
    capacity: orNone(z.object({ cpuMillis: z.number(), memoryBytes: z.number(), pods: z.number() })),
    usage: orNone(z.record(z.string(), z.unknown())),
    usageCause: orNone(causeSchema),
  })
  .openapi('InventorySummary', {
    description: 'What was listed, how old it is, what all nodes offer and, where metrics are there, use.',
  });

/** 202: what comes of it is in the inventory. */
export function syncRoute(api: Api, kind: Kind<ClustersData>): void {
  endpoint(
    api,
    {
      method: 'post',
      path: pathOf(kind, '/{id}/sync-resources'),
      role: kind.roles.write,
      tag: kind.tag,
      summary: 'List what is in a cluster, now',
      description:
        'Also of one that is not synced by itself: then all kinds but secrets. See its inventory for what comes of it.',
      params: idParams,
      ifMatch: 'honoured',
      problems: [409],
      answers: { 202: { description: 'Begun; the cluster as it is.', schema: kind.schema } },
    },
    async (call) => {
      const row = await findWritable(kind, call);
      await askSync(kind.records, row.id, call.by('cluster.sync-resources'), api.ports.clock.now());
      return answerRecord(call.c, row.version, await presentOne(kind, row, call), 202, {
        location: `/api/v1/clusters/${row.id}/inventory`,
      });
    },
  );
}

export function inventoryRoutes(api: Api, kind: Kind<ClustersData>): void {
  const { table, clock } = api.ports;
  endpoint(
    api,
    {
      method: 'get',
      path: pathOf(kind, '/{id}/inventory'),
      role: kind.roles.read,
      tag: kind.tag,
      summary: 'What the last sync listed, in numbers',
      params: idParams,
      answers: { 200: { description: 'By kind, with its age.', schema: summarySchema } },
    },
    async ({ c, params, caller }) => {
      const { id } = await findRow(kind, params.id, caller);
      const found = await inventorySummary(table, id);
      const language = c.get('language');
      const now = clock.now();
      return c.json({
        state: found?.state ?? 'none',
        cause: said(found?.cause, language),
        running: found?.isRunning ?? false,
        startedAt: time(found?.startedAt),
        finishedAt: time(found?.finishedAt),
        kinds: Object.fromEntries(
          Object.entries(found?.kinds ?? {}).map(([name, info]) => [name, infoOf(info, now, language)]),
        ),
        capacity: found?.capacity ?? null,
        usage: usageOf(found?.usage),
        usageCause: said(found?.usageCause, language),
      });
    },
  );
  endpoint(
    api,
    {
      method: 'get',
      path: pathOf(kind, '/{id}/inventory/{kind}'),
      role: kind.roles.read,
      tag: kind.tag,
      summary: 'What there is of a kind, as it was last listed',
      params: idParams.extend({ kind: z.enum(syncKinds) }),
      query: z.strictObject({
        limit: queryInt(1, 500).optional(),
        cursor: z.string().max(2000).optional(),
        namespace: z.string().min(1).max(63).optional(),
      }),
      answers: { 200: { description: 'One page, with the age of it all.', schema: pageSchema } },
    },
    async ({ c, params, caller, query: { limit = 100, cursor, namespace } }) => {
      const { id } = await findRow(kind, params.id, caller);
      const bound = JSON.stringify(['inventory', id, params.kind, namespace]);
      const after = cursor === undefined ? undefined : await api.cursors.open(cursor, bound);
      if (cursor !== undefined && typeof after !== 'string') throw httpError('CURSOR_INVALID');
      const place = typeof after === 'string' ? { after } : {};
      const page = await readInventory(table, id, params.kind, { limit, namespace, ...place });
      if (!page) throw syncError('INVENTORY_MISSING', { kind: params.kind });
      const next = page.next === null ? null : await api.cursors.seal(page.next, bound);
      const info = infoOf(page, clock.now(), c.get('language'));
      return answerPage(c, page.items.map(itemOf), next, info);
    },
  );
}

type Info = Omit<ListInfo, 'tally'>;

const infoOf = ({ total, at, partial, trouble }: Info, now: Instant, language: Language) => ({
  total,
  listedAt: time(at),
  ageSeconds: at === null ? null : Math.max(0, Math.floor((now - at) / second)),
  partial: said(partial, language),
  trouble: trouble && { ...said(trouble.cause, language), at: iso(trouble.at) },
});

/** Instants of what was listed, as times. */
export function itemOf<I extends { createdAt: Instant | null }>(item: I) {
  const lastAt = 'lastAt' in item && typeof item.lastAt === 'number' ? { lastAt: iso(item.lastAt) } : {};
  return { ...item, createdAt: time(item.createdAt), ...lastAt };
}

const usageOf = (usage: { at: Instant } | null | undefined) =>
  usage ? { ...usage, at: iso(usage.at) } : null;

export const said = (cause: Cause | null | undefined, language: Language) =>
  cause ? { code: cause.code, ...sayCause(cause, language) } : null;

export const time = (at: Instant | null | undefined): string | null => (at == null ? null : iso(at));
