import { z } from '@hono/zod-openapi';
import { noteDone } from '#auth';
import { type CoreData, changedWebhook, coreArea, newWebhook, rotatedWebhook, type WebhookData } from '#core';
import { parseSelector } from '#labels';
import { askForSecret, askForTest, type Delivery, listDeliveries, resend } from '#notify';
import type { Row } from '#reconcile';
import { iso } from '#time';
import { answerPage } from './answerPage.ts';
import type { Api, Routes } from './api.ts';
import { endpoint } from './endpoint.ts';
import { httpError } from './errors.ts';
import type { Kind } from './kind.ts';
import { mergedLabels } from './record.ts';
import {
  actionRoute,
  createRoute,
  editRoute,
  findRow,
  getRoute,
  historyRoute,
  listRoute,
  removeRoute,
} from './recordRoutes.ts';
import {
  idParams,
  labelsPatchSchema,
  labelsSchema,
  listOf,
  nameSchema,
  queryInt,
  recordSchema,
  timeSchema,
} from './schemas.ts';

const fields = {
  url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .openapi({ description: 'Where events are posted to: https, public.' }),
  events: z
    .array(
      z
        .string()
        .max(100)
        .regex(/^(\*|[a-z]+\.(\*|[a-zA-Z]+(-[a-zA-Z]+)*))$/),
    )
    .min(1)
    .max(50)
    .openapi({
      description: 'Types of event: cluster.unreachable, cluster.*, or * for all.',
      example: ['cluster.*'],
    }),
  selector: z
    .string()
    .min(1)
    .max(500)
    .nullable()
    .openapi({ description: 'Only events of records with these labels.' }),
  paused: z.boolean().openapi({ description: 'Nothing is sent; what happens meanwhile is not sent later.' }),
};

const webhookSchema = recordSchema
  .extend({
    ...fields,
    url: z.string(),
    rotatedAt: timeSchema.nullable(),
    overlapEndsAt: timeSchema.nullable(),
  })
  .openapi('Webhook');

const shownOnce = webhookSchema
  .extend({
    secret: z.string().openapi({ description: 'whsec_…, to check signatures with; shown this once.' }),
  })
  .openapi('NewWebhook');

const createSchema = z
  .strictObject({
    name: nameSchema,
    labels: labelsSchema.default({}),
    ...fields,
    events: fields.events.default(['*']),
    selector: fields.selector.default(null),
    paused: fields.paused.default(false),
  })
  .openapi('WebhookCreate');

const replaceSchema = z.strictObject({ labels: labelsSchema, ...fields }).openapi('WebhookReplace');
const patchSchema = z
  .strictObject({ labels: labelsPatchSchema, ...fields })
  .partial()
  .openapi('WebhookPatch');

const rotateSchema = z
  .strictObject({
    overlapSeconds: z
      .int()
      .min(0)
      .max(7 * 86_400)
      .default(86_400),
  })
  .openapi('WebhookRotate');

const testSchema = z
  .object({
    ok: z.boolean(),
    code: z.string().nullable(),
    status: z.int().nullable().openapi({ description: 'What the receiver answered.' }),
    ms: z.number(),
    message: z.string().nullable(),
    remedy: z.string().nullable(),
  })
  .openapi('WebhookTest');

const deliverySchema = z
  .object({
    id: z.string(),
    event: z.object({
      id: z.string(),
      type: z.string(),
      at: timeSchema,
      record: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
    }),
    state: z.enum(['pending', 'delivered', 'dead']),
    tries: z.int(),
    last: z
      .object({ at: timeSchema, code: z.string().nullable(), status: z.int().nullable(), ms: z.number() })
      .nullable(),
    nextTryAt: timeSchema.nullable(),
    createdAt: timeSchema,
  })
  .openapi('Delivery');

/** What a worker's or a name server's silence, and an address that may not be dialled, are answered with. */
const outward = [422, 502, 504];

export const webhookRoutes: Routes = (api) => {
  const { clock, core, couriers } = api.ports;
  const kind = webhookKind(api);
  listRoute(api, kind);
  getRoute(api, kind);
  historyRoute(api, kind);
  createRoute(api, kind, {
    body: createSchema,
    schema: shownOnce,
    problems: outward,
    async draft({ body: { name, labels, ...wish } }) {
      await requireUsable(api, wish);
      const id = core.newId('webhook');
      const { secret, sealed } = await askForSecret(couriers, id);
      const data = newWebhook(wish, sealed, clock.now());
      return { draft: { kind: 'webhook', id, name, labels, data }, once: { secret } };
    },
  });
  editRoute(api, kind, {
    method: 'put',
    body: replaceSchema,
    problems: outward,
    prepare: ({ body }) => requireUsable(api, body),
    edit: (row, { labels, ...wish }) => ({ labels, data: changedWebhook(webhookIn(row), wish, clock.now()) }),
  });
  editRoute(api, kind, {
    method: 'patch',
    body: patchSchema,
    problems: outward,
    prepare: ({ body }) => requireUsable(api, body),
    edit: (row, { labels, ...wish }) => ({
      labels: mergedLabels(row.labels, labels),
      data: changedWebhook(webhookIn(row), wish, clock.now()),
    }),
  });
  removeRoute(api, kind);
  actionRoute(api, kind, {
    verb: 'rotate',
    summary: 'Give it a new secret; deliveries are signed with both for a while',
    body: rotateSchema,
    status: 200,
    schema: shownOnce,
    problems: outward,
    async act({ params, caller, body: { overlapSeconds } }, change) {
      const { id } = await findRow(kind, params.id, caller);
      const { secret, sealed } = await askForSecret(couriers, id);
      const row = await change((row) => ({
        data: rotatedWebhook(webhookIn(row), sealed, overlapSeconds, clock.now()),
        events: [{ type: 'webhook.rotated' }],
      }));
      return { row, once: { secret } };
    },
  });
  testRoute(api, kind);
  deliveryRoutes(api, kind);
};

function webhookKind({ ports }: Api): Kind<CoreData> {
  return {
    path: '/api/v1/webhooks',
    tag: 'Webhooks',
    kind: 'webhook',
    plural: 'webhooks',
    area: coreArea,
    records: ports.core,
    schema: webhookSchema,
    roles: { read: 'admin', write: 'admin' },
  };
}

function webhookIn({ data }: Row<CoreData>): WebhookData {
  if (data.kind !== 'webhook') throw httpError('RECORD_UNKNOWN', { kind: 'webhook' });
  return data;
}

/** A selector that is none, or an address that may not be dialled, is told now and not at the first event. */
async function requireUsable(
  { ports }: Api,
  { selector, url }: { selector?: string | null | undefined; url?: string | undefined },
): Promise<void> {
  if (selector) parseSelector(selector);
  if (url !== undefined) await ports.vetWebhook(url);
}

function testRoute(api: Api, kind: Kind<CoreData>): void {
  endpoint(
    api,
    {
      method: 'post',
      path: `${kind.path}/{id}/test`,
      role: 'admin',
      tag: kind.tag,
      summary: 'Send it an event of type webhook.test, and say what came of it',
      params: idParams,
      answers: { 200: { description: 'Sent, whatever the receiver said to it.', schema: testSchema } },
      problems: outward,
    },
    async ({ c, params, caller }) => {
      const { id, name } = await findRow(kind, params.id, caller);
      const { message, remedy, ...result } = await askForTest(api.ports.couriers, id);
      await noteDone(api.ports, {
        actor: caller.actor,
        action: 'webhook.test',
        target: { kind: 'webhook', id, name },
        after: { ok: result.ok, code: result.code },
        requestId: c.get('requestId'),
      });
      const language = c.get('language');
      return c.json({ ...result, message: message?.[language] ?? null, remedy: remedy?.[language] ?? null });
    },
  );
}

function deliveryRoutes(api: Api, kind: Kind<CoreData>): void {
  const { table, log, clock, couriers } = api.ports;
  endpoint(
    api,
    {
      method: 'get',
      path: `${kind.path}/{id}/deliveries`,
      role: 'admin',
      tag: kind.tag,
      summary: 'What was sent to it, newest first; dead ones are those that were given up',
      params: idParams,
      query: z.strictObject({
        state: z.enum(['pending', 'delivered', 'dead']).optional(),
        limit: queryInt(1, 200).optional(),
        cursor: z.string().max(2000).optional(),
      }),
      answers: { 200: { description: 'One page of deliveries.', schema: listOf(deliverySchema) } },
    },
    async ({ c, params, caller, query: { state, limit = 50, cursor } }) => {
      const { id } = await findRow(kind, params.id, caller);
      const bound = JSON.stringify(['deliveries', id, state]);
      const after = cursor === undefined ? undefined : await api.cursors.open(cursor, bound);
      if (cursor !== undefined && typeof after !== 'string') throw httpError('CURSOR_INVALID');
      const place = typeof after === 'string' ? { after } : {};
      const page = await listDeliveries({ table, log }, id, { state, limit, ...place });
      const next = page.next === undefined ? null : await api.cursors.seal(page.next, bound);
      return answerPage(c, page.deliveries.map(shown), next);
    },
  );
  endpoint(
    api,
    {
      method: 'post',
      path: `${kind.path}/{id}/deliveries/{delivery}/resend`,
      role: 'admin',
      tag: kind.tag,
      summary: 'Send it again, with all its tries',
      params: idParams.extend({ delivery: z.string().min(1).max(100) }),
      answers: { 202: { description: 'On its way.', schema: deliverySchema } },
    },
    async ({ c, params, caller }) => {
      const { id, name } = await findRow(kind, params.id, caller);
      const delivery = await resend({ table, clock, couriers }, id, params.delivery);
      await noteDone(api.ports, {
        actor: caller.actor,
        action: 'webhook.resend',
        target: { kind: 'webhook', id, name },
        after: { delivery: delivery.id },
        requestId: c.get('requestId'),
      });
      return c.json(shown(delivery), 202);
    },
  );
}

function shown({ id, event, state, tries, last, nextTryAt, createdAt }: Delivery) {
  return {
    id,
    event: { ...event, at: iso(event.at) },
    state,
    tries,
    last: last && { ...last, at: iso(last.at) },
    nextTryAt: nextTryAt === null ? null : iso(nextTryAt),
    createdAt: iso(createdAt),
  };
}
