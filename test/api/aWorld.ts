import { type ClustersData, clustersArea } from '#clusters';
import { errorsOf } from '#errors';
import { joinArea } from '#join';
import { netErrors } from '#net';
import { createEngine, type Row } from '#reconcile';
import type { Table } from '#store';
import { areaRoutes } from '../../functions/http/areaRoutes.ts';
import { anAdministrator, anApp, start, type TestApp } from '../functions/http/anApp.ts';
import { aBody, accessIn, ClusterWorker } from '../functions/http/clusters/aHerd.ts';
import { aNamespace, listed } from '../functions/http/clusters/aListing.ts';
import { aBody as aMembership, JoinWorker } from '../functions/http/joins/aFederation.ts';
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
  const worker = new ClusterWorker(accessIn(() => clusters));
  const joinWorker = new JoinWorker(() => ({ ports: at.ports, records: joins, clusters }));
  const at = anApp({
    areas: (ports) => [...areaRoutes, lampRoutes(ports)],
    answer: async (area, request) => {
      if (area === 'clusters') return worker.answer(request);
      if (area === 'join') return joinWorker.answer(request);
      return request.do === 'sendTest'
        ? { ok: true, code: null, status: 204, ms: 12, message: null, remedy: null }
        : { secret: `whsec_plain${++made}`, sealed: `v1.sealed${made}` };
    },
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
  const { records: clusters } = createEngine(clustersArea, at.ports);
  const { records: joins } = createEngine(joinArea, at.ports);
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
  for (const [name, region] of Object.entries({ alpha: 'eu', 'store-0007': 'us' })) {
    await at.call(admin, 'POST', '/api/v1/clusters', { ...aBody(name), labels: { region } });
  }
  await clusters.change('store-0007', 'cluster', (row) => ({ data: held(row) }), aStep);
  for (const [name, region] of Object.entries({ alpha: 'eu', 'store-0412': 'us' })) {
    await at.call(admin, 'POST', '/api/v1/joins', { ...aMembership(name), labels: { region } });
  }
  await at.call(admin, 'POST', '/api/v1/namespaces', { cluster: 'alpha', name: 'shop' });
  const alpha = await clusters.get('alpha', 'cluster');
  await listed(at.table, clusters, alpha?.id ?? '', 'namespaces', [aNamespace('shop')]);
  const ids = new Map([
    ['/api/v1/tokens/', ['operator-0', 'viewer-1']],
    ['/api/v1/lamps/', ['hall', 'shed']],
    ['/api/v1/webhooks/', ['pager']],
    ['/api/v1/clusters/', ['alpha', 'store-0007']],
    ['/api/v1/joins/', ['alpha', 'store-0412']],
    ['/api/v1/namespaces/', [alpha?.id ?? '']],
    ['/api/v1/namespaces/{cluster}/', ['shop']],
    ['/api/v1/clusters/{id}/inventory/', ['namespaces']],
    ['/api/kubernetes/clusters/', ['alpha', 'store-0007']],
    ['/api/v1/webhooks/{id}/deliveries/', ['dlv_1']],
  ]);
  return { at, credential, known: { ids, cursors: [] } };
}

const aStep = { actor: { kind: 'system', id: 'step', name: 'step' }, action: 'test' } as const;

function held({ data }: Row<ClustersData>): ClustersData {
  if (data.kind !== 'cluster') throw new Error('No cluster.');
  return { ...data, state: { is: 'held', since: start, uid: 'another' } };
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
