import { z } from '@hono/zod-openapi';
import { roles } from '#auth';
import {
  type CoreData,
  coreArea,
  coreErrors,
  lastUses,
  newToken,
  readRuntimeSettings,
  rotated,
  usedSide,
} from '#core';
import { errorsOf } from '#errors';
import { parseSelector } from '#labels';
import type { Row } from '#reconcile';
import { iso } from '#time';
import type { Api, Routes } from './api.ts';
import type { Kind } from './kind.ts';
import { presentRecord } from './record.ts';
import { actionRoute, createRoute, getRoute, historyRoute, listRoute, removeRoute } from './recordRoutes.ts';
import { labelsSchema, nameSchema, recordSchema, timeSchema } from './schemas.ts';

const fail = errorsOf(coreErrors);

const tokenSchema = recordSchema
  .extend({
    description: z.string(),
    role: z.enum(roles),
    selector: z.string().nullable(),
    expiresAt: timeSchema.nullable(),
    rotatedAt: timeSchema.nullable(),
    overlapEndsAt: timeSchema.nullable(),
    lastUsedAt: timeSchema.nullable().openapi({ description: 'To the hour.' }),
  })
  .openapi('Token');

const shownOnce = tokenSchema
  .extend({ token: z.string().openapi({ description: 'Shown this once, and kept nowhere.' }) })
  .openapi('NewToken');

const expiry = timeSchema
  .nullable()
  .transform((at) => (at === null ? null : Date.parse(at)))
  .openapi({ type: ['string', 'null'], format: 'date-time' });

const createSchema = z
  .strictObject({
    name: nameSchema,
    labels: labelsSchema.default({}),
    description: z.string().max(200).default(''),
    role: z.enum(roles),
    selector: z.string().min(1).max(500).nullable().default(null).openapi({
      description:
        'A label selector: the token sees and touches only records that match. Not for administrators.',
    }),
    expiresAt: expiry.default(null),
  })
  .openapi('TokenCreate');

const rotateSchema = z
  .strictObject({
    overlapSeconds: z
      .int()
      .min(0)
      .max(7 * 86_400)
      .default(3600)
      .openapi({
        description: 'How long the secret in use goes on working; 0 where it has leaked.',
      }),
    expiresAt: expiry.optional(),
  })
  .openapi('TokenRotate');

export const tokenRoutes: Routes = (api) => {
  const { clock, random, core } = api.ports;
  const kind = tokenKind(api);
  listRoute(api, kind);
  getRoute(api, kind);
  historyRoute(api, kind);
  createRoute(api, kind, {
    body: createSchema,
    schema: shownOnce,
    async draft({ body: { name, labels, ...wish } }) {
      if (wish.selector !== null) parseSelector(wish.selector);
      const id = core.newId('token');
      const { tokenMaxDays } = await readRuntimeSettings(core);
      const { data, text } = newToken({ id, ...wish }, tokenMaxDays, clock.now(), random);
      return { draft: { kind: 'token', id, name, labels, data, sides: usedSide }, once: { token: text } };
    },
  });
  removeRoute(api, kind, {
    query: z.strictObject({ force: z.enum(['true']).optional() }),
    problems: [409],
    check: (row, { query }) => requireAnotherAdmin(api, row, 'force' in query),
  });
  actionRoute(api, kind, {
    verb: 'rotate',
    summary: 'Give it a new secret; the one in use goes on for a while',
    body: rotateSchema,
    status: 200,
    schema: shownOnce,
    async act({ body: { overlapSeconds, expiresAt } }, change) {
      const { tokenMaxDays } = await readRuntimeSettings(core);
      let token = '';
      const row = await change((row) => {
        if (row.data.kind !== 'token') return undefined;
        const wish = { overlapSeconds, ...(expiresAt === undefined ? {} : { expiresAt }) };
        const made = rotated(row, row.data, wish, tokenMaxDays, clock.now(), random);
        token = made.text;
        return { data: made.data, events: [{ type: 'token.rotated' }] };
      });
      return { row, once: { token } };
    },
  });
};

function tokenKind({ ports }: Api): Kind<CoreData> {
  return {
    path: '/api/v1/tokens',
    tag: 'Tokens',
    kind: 'token',
    plural: 'API tokens',
    area: coreArea,
    records: ports.core,
    schema: tokenSchema,
    roles: { read: 'admin', write: 'admin' },
    filters: ['role'],
    sorts: ['role'],
    async presentMany(rows) {
      const uses = await lastUses(
        ports.table,
        rows.map((row) => row.id),
      );
      return rows.map((row) => {
        const at = uses.get(row.id);
        return { ...presentRecord(coreArea, row), lastUsedAt: at === undefined ? null : iso(at) };
      });
    },
  };
}

/** Who revokes the last administrator's token by mistake has locked everyone out. */
async function requireAnotherAdmin({ ports }: Api, row: Row<CoreData>, isForced: boolean): Promise<void> {
  if (isForced || row.data.kind !== 'token' || row.data.role !== 'admin') return;
  const { rows } = await ports.core.list({
    kind: 'token',
    where: ({ id, summary }) => id !== row.id && summary.role === 'admin' && summary.state === 'active',
    limit: 1,
  });
  if (rows.length === 0) throw fail('TOKEN_LAST_ADMIN');
}
