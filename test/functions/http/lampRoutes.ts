import { z } from '@hono/zod-openapi';
import { createEngine, type Ports } from '#reconcile';
import type { Table } from '#store';
import type { Routes } from '../../../functions/http/api.ts';
import type { Kind } from '../../../functions/http/kind.ts';
import { mergedLabels } from '../../../functions/http/record.ts';
import {
  actionRoute,
  createRoute,
  editRoute,
  getRoute,
  historyRoute,
  listRoute,
  manyRoute,
  removeRoute,
} from '../../../functions/http/recordRoutes.ts';
import {
  labelsPatchSchema,
  labelsSchema,
  nameSchema,
  recordSchema,
} from '../../../functions/http/schemas.ts';
import { aLamp, type Lamp, lampsIn, wanting } from '../../example/lamps.ts';

const wants = z.enum(['on', 'off']);

/** The example area's routes: all that an area writes to be spoken to. */
export const lampRoutes =
  (ports: Ports & { table: Table }): Routes =>
  (api) => {
    const area = lampsIn({ look: async () => ({ isOn: false }), turn: async () => {} });
    const kind: Kind<Lamp> = {
      path: '/api/v1/lamps',
      tag: 'Lamps',
      kind: 'lamp',
      plural: 'lamps',
      area,
      records: createEngine(area, ports).records,
      schema: recordSchema.extend({ wants }).openapi('Lamp'),
      roles: { read: 'viewer', write: 'operator' },
      filters: ['wants'],
    };
    listRoute(api, kind);
    getRoute(api, kind);
    historyRoute(api, kind);
    createRoute(api, kind, {
      body: z
        .strictObject({ name: nameSchema, labels: labelsSchema.default({}), wants })
        .openapi('LampCreate'),
      draft: async ({ body }) => ({
        draft: {
          kind: 'lamp',
          name: body.name,
          labels: body.labels,
          data: aLamp(body.wants, ports.clock.now()),
        },
      }),
    });
    editRoute(api, kind, {
      method: 'patch',
      body: z
        .strictObject({ labels: labelsPatchSchema.optional(), wants: wants.optional() })
        .openapi('LampPatch'),
      edit: (row, patch) => ({
        labels: mergedLabels(row.labels, patch.labels),
        data: wanting(row.data, patch.wants ?? row.data.wants),
      }),
    });
    editRoute(api, kind, {
      method: 'put',
      body: z.strictObject({ labels: labelsSchema, wants }).openapi('LampReplace'),
      edit: (row, body) => ({ labels: body.labels, data: wanting(row.data, body.wants) }),
    });
    removeRoute(api, kind);
    manyRoute(api, kind, {
      verb: 'switch-off',
      summary: 'Switch many off',
      edit: (row) => ({ data: wanting(row.data, 'off') }),
    });
    actionRoute(api, kind, {
      verb: 'blink',
      summary: 'Blink a few times',
      body: z.strictObject({ times: z.int().min(1).max(9).default(3) }).openapi('LampBlink'),
      status: 202,
      ifMatch: 'required',
      act: async ({ body }, change) => ({
        row: await change((row) => ({ data: { ...row.data, blinks: body.times } })),
      }),
    });
  };
