import { beforeEach, describe, expect, test } from 'vitest';
import { clustersArea } from '#clusters';
import { errorsOf } from '#errors';
import { joinArea } from '#join';
import { netErrors } from '#net';
import type { Json } from '#reconcile';
import { anAdministrator, anApp, type TestApp } from './anApp.ts';

let world: TestApp;
let admin: string;
let asked: Json[];
let answer: Json;
beforeEach(async () => {
  asked = [];
  answer = { ok: true, code: null, status: 204, ms: 12, message: null, remedy: null };
  let made = 0;
  world = anApp({
    answer: async (area, request) => {
      asked.push({ area, ...request });
      if (request.do === 'sendTest') return answer;
      return { secret: `whsec_plain${++made}`, sealed: `v1.sealed${made}` };
    },
    ports: {
      vetWebhook: async (url) => {
        if (url.includes('169.254')) throw errorsOf(netErrors)('TARGET_FORBIDDEN');
      },
    },
  });
  admin = await anAdministrator(world);
});

const create = (body: object) => world.call(admin, 'POST', '/api/v1/webhooks', body);
const hook = { name: 'pager', url: 'https://pager.example/hook', events: ['cluster.*'] };

describe('webhooks', () => {
  test('do not tell each other’s addresses: what goes out names the host alone', async () => {
    await create({ ...hook, url: 'https://chat.example/services/T0/secret-path?key=secret-query' });
    await world.settle();
    const { items } = (await world.call(admin, 'GET', '/api/v1/webhooks/pager/history')).body;
    expect(items).toMatchObject([{ type: 'webhook.created', data: { url: 'https://chat.example' } }]);
    expect(JSON.stringify(items)).not.toContain('secret-');
  });

  test('are created by the worker’s hand: the plain secret is shown once, the sealed one never', async () => {
    const made = await create(hook);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      name: 'pager',
      secret: 'whsec_plain1',
      paused: false,
      state: 'active',
    });
    expect(asked).toEqual([{ area: 'notify', do: 'makeSecret', webhookId: made.body.id }]);
    await world.settle();
    for (const path of ['', '/pager', '/pager/history']) {
      const text = JSON.stringify((await world.call(admin, 'GET', `/api/v1/webhooks${path}`)).body);
      expect(text).toContain('pager');
      expect(text).not.toMatch(/whsec_|sealed/);
    }
    const audit = await world.call(admin, 'GET', '/api/v1/audit?action=webhook.*');
    expect(JSON.stringify(audit.body)).not.toMatch(/whsec_|sealed/);
  });

  test('take every type of event that is sent, each by its own name', async () => {
    const events = [clustersArea, joinArea].flatMap(({ webhookEvents }) => webhookEvents);
    const { status, body } = await create({ ...hook, events });
    expect({ status, events: body.events }).toEqual({ status: 201, events });
  });

  test('are changed by merge patch, replaced, paused and deleted', async () => {
    await create({ ...hook, selector: 'env=prod' });
    const paused = await world.call(admin, 'PATCH', '/api/v1/webhooks/pager', { paused: true });
    expect(paused.body).toMatchObject({ state: 'paused', paused: true, selector: 'env=prod' });
    const bare = await world.call(admin, 'PATCH', '/api/v1/webhooks/pager', {
      selector: null,
      paused: false,
    });
    expect(bare.body).toMatchObject({ state: 'active', selector: null, url: hook.url });
    const { name: _, ...wanted } = { ...hook, labels: {}, selector: null, paused: true, events: ['*'] };
    expect((await world.call(admin, 'PUT', '/api/v1/webhooks/pager', wanted)).body.events).toEqual(['*']);
    expect((await world.call(admin, 'DELETE', '/api/v1/webhooks/pager')).status).toBe(202);
  });

  test('are rotated with overlap', async () => {
    await create(hook);
    const turned = await world.call(admin, 'POST', '/api/v1/webhooks/pager/rotate', { overlapSeconds: 60 });
    expect(turned.body).toMatchObject({ secret: 'whsec_plain2', overlapEndsAt: '2026-03-01T10:01:00.000Z' });
    const row = await world.core.records.get('pager', 'webhook');
    expect(row?.data).toMatchObject({
      secrets: [
        { sealed: 'v1.sealed2', expiresAt: null },
        { sealed: 'v1.sealed1', expiresAt: Date.parse('2026-03-01T10:01:00Z') },
      ],
    });
  });

  test.each([
    [{ ...hook, url: 'not a url' }, 400],
    [{ ...hook, url: 'ftp://pager.example' }, 400],
    [{ ...hook, url: 'https://169.254.169.254/latest' }, 422],
    [{ ...hook, events: [] }, 400],
    [{ ...hook, events: ['Cluster.*'] }, 400],
    [{ ...hook, selector: 'a in (' }, 422],
    [{ ...hook, secret: 'whsec_mine' }, 400],
  ])('refuses %j', async (body, status) => {
    const refused = await create(body);
    expect(refused.status).toBe(status);
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(asked).toEqual([]);
  });

  test('are tested: 200 whatever the receiver said, in the reader’s language', async () => {
    await create(hook);
    expect((await world.call(admin, 'POST', '/api/v1/webhooks/pager/test')).body).toMatchObject({ ok: true });
    const sentences = { en: 'It answered 500.', zh: '它返回 500。' };
    answer = {
      ok: false,
      code: 'RECEIVER_REFUSED',
      status: 500,
      ms: 3,
      message: sentences,
      remedy: sentences,
    };
    const failed = await world.call(admin, 'POST', '/api/v1/webhooks/pager/test', undefined, {
      'accept-language': 'zh',
    });
    expect([failed.status, failed.body.message]).toEqual([200, '它返回 500。']);
    const { items } = (await world.call(admin, 'GET', '/api/v1/audit?action=webhook.test')).body;
    expect(items).toContainEqual(
      expect.objectContaining({
        target: expect.objectContaining({ kind: 'webhook', name: 'pager' }),
        after: { ok: false, code: 'RECEIVER_REFUSED' },
        requestId: failed.headers.get('x-request-id'),
      }),
    );
    expect((await world.call(admin, 'POST', '/api/v1/webhooks/none/test')).status).toBe(404);
  });

  test('their deliveries are listed and sent again', async () => {
    const { body } = await create(hook);
    await world.table.put({
      pk: `delivery#${body.id}`,
      sk: 'dlv_1',
      rev: 1,
      state: 'dead',
      tries: 3,
      last: { at: 0, code: 'RECEIVER_REFUSED', status: 500, ms: 3 },
      delivery: {
        id: 'dlv_1',
        webhookId: body.id,
        event: {
          id: 'evt_1',
          type: 'cluster.lost',
          at: 0,
          record: { kind: 'cluster', id: 'clu_1', name: 'a' },
        },
        createdAt: 0,
      },
    });
    const listed = await world.call(admin, 'GET', '/api/v1/webhooks/pager/deliveries?state=dead');
    expect(listed.body.items).toMatchObject([{ id: 'dlv_1', state: 'dead', last: { status: 500 } }]);
    const again = await world.call(admin, 'POST', '/api/v1/webhooks/pager/deliveries/dlv_1/resend');
    expect([again.status, again.body.state]).toEqual([202, 'pending']);
    const { items } = (await world.call(admin, 'GET', '/api/v1/audit?action=webhook.resend')).body;
    expect(items).toMatchObject([
      {
        actor: { kind: 'token', name: 'administrator' },
        target: { kind: 'webhook', id: body.id, name: 'pager' },
        after: { delivery: 'dlv_1' },
        requestId: again.headers.get('x-request-id'),
      },
    ]);
    const none = await world.call(admin, 'POST', '/api/v1/webhooks/pager/deliveries/dlv_9/resend');
    expect([none.status, none.body.code]).toEqual([404, 'DELIVERY_NOT_FOUND']);
  });
});
