import { errorsOf } from '#errors';
import { netErrors } from '#net';
import type { Table } from '#store';
import { anAdministrator, anApp, type TestApp } from '../functions/http/anApp.ts';
import { lampRoutes } from '../functions/http/lampRoutes.ts';
import type { Known } from './aRequest.ts';

const bearer = (token: string) => `Bearer ${token}`;

/** The API with the example area, something of every kind in it, and a delivery worker that answers. */
export async function aWorld(table?: Table): Promise<{
  at: TestApp;
  credential: Record<string, string | undefined>;
  known: Known;
}> {
  let made = 0;
  const at = anApp({
    areas: (ports) => [lampRoutes(ports)],
    answer: async (_area, { do: what }) =>
      what === 'sendTest'
        ? { ok: true, code: null, status: 204, ms: 12, message: null, remedy: null }
        : { secret: `whsec_plain${++made}`, sealed: `v1.sealed${made}` },
    ports: {
      ...(table && { table }),
      vetWebhook: async (url) => {
        if (/169\.254|\[::1\]/.test(url)) {
          const values = { host: 'h', address: 'a', class: 'link-local', setting: 'DROVER_WEBHOOK_TARGETS' };
          throw errorsOf(netErrors)('TARGET_FORBIDDEN', values);
        }
      },
    },
  });
  const admin = await anAdministrator(at);
  const credential = {
    admin: bearer(admin),
    operator: bearer(await at.token('operator')),
    viewer: bearer(await at.token('viewer')),
    bound: bearer(await at.token('operator', { selector: 'region=eu' })),
    nobody: undefined,
    revoked: bearer(`${admin.slice(0, -8)}AAAAAAAA`),
    forged: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJyb290In0.',
    basic: 'Basic YTpi',
  };
  await at.call(admin, 'POST', '/api/v1/lamps', { name: 'hall', wants: 'on', labels: { region: 'eu' } });
  await at.call(admin, 'POST', '/api/v1/lamps', { name: 'shed', wants: 'off' });
  const { body } = await at.call(admin, 'POST', '/api/v1/webhooks', {
    name: 'pager',
    url: 'https://a.example/',
  });
  await at.table.put(aDeadDelivery(body.id));
  const ids = new Map([
    ['/api/v1/tokens/', ['operator-0', 'viewer-1']],
    ['/api/v1/lamps/', ['hall', 'shed']],
    ['/api/v1/webhooks/', ['pager']],
    ['/api/v1/webhooks/{id}/deliveries/', ['dlv_1']],
  ]);
  return { at, credential, known: { ids, cursors: [] } };
}

const aDeadDelivery = (webhookId: string) => ({
  pk: `delivery#${webhookId}`,
  sk: 'dlv_1',
  rev: 1,
  state: 'dead',
  tries: 3,
  last: { at: 0, code: 'RECEIVER_REFUSED', status: 500, ms: 3 },
  delivery: {
    id: 'dlv_1',
    webhookId,
    event: { id: 'evt_1', type: 'lamp.lost', at: 0, record: { kind: 'lamp', id: 'lmp_1', name: 'hall' } },
    createdAt: 0,
  },
});
