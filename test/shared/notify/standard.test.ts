import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNet, type Net } from '#net';
import { listDeliveries } from '#notify';
import { createVault, keyFile } from '#secrets';
import { systemClock } from '#time';
import { ca, certificates, key } from '../../fixtures/tls/index.ts';
import { anEvent, aSubscription, aWorld, type World } from './aNotify.ts';

/** A receiver as the library's documentation writes one: the raw body and the headers go into `verify`. */
const got: { headers: Record<string, string>; body: string }[] = [];
const server = createServer({ key, cert: certificates.server }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    got.push({ headers: request.headers as Record<string, string>, body: Buffer.concat(chunks).toString() });
    response.writeHead(200).end();
  });
});
let url: string;
let folder: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `https://localhost:${(server.address() as { port: number }).port}/hooks?a=b`;
  folder = await mkdtemp(join(tmpdir(), 'drover-notify-'));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

const over = (net: Net): Net => ({
  ...net,
  send: (policy, outgoing) => net.send(policy, { ...outgoing, tls: { ca } }),
});
const localNet = () =>
  over(createNet({ clock: systemClock, allowLoopback: true, resolve: async () => ['127.0.0.1'] }));

/** A webhook whose secrets the worker itself makes, as HTTP asks it to. */
async function aRealOne(net = localNet()) {
  const world: World = aWorld([]);
  const vault = createVault(world.table, keyFile(join(folder, 'keys')), world.clock);
  const notify = world.notify({ net, vault });
  const make = async () =>
    (await notify.answer({ do: 'makeSecret', webhookId: 'whk_1' })) as { secret: string; sealed: string };
  return { world, notify, make };
}

describe('a receiver built on the standardwebhooks library', () => {
  test('accepts what it gets, and nothing that was changed', async () => {
    const { world, notify, make } = await aRealOne();
    const { secret, sealed } = await make();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(sealed).not.toContain(secret.slice(6));
    // The library checks the time stamp against the clock of the machine.
    await world.clock.step(Date.now() - world.clock.now());
    world.subscriptions.push(aSubscription('whk_1', { url, secrets: [{ sealed, expiresAt: null }] }));
    const event = anEvent({ at: world.clock.now(), message: 'naïve – 集群' });
    await world.put(event);
    await notify.work({ kind: 'step', ids: [`history#clu_1\n${event.id}`], at: world.clock.now() });

    const { headers, body } = got.pop()!;
    expect(headers['webhook-id']).toBe(event.id);
    expect(new Webhook(secret).verify(body, headers)).toMatchObject({
      id: event.id,
      type: event.type,
      message: 'naïve – 集群',
    });
    expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow();
    expect(() => new Webhook(secret).verify(body, { ...headers, 'webhook-id': 'evt_other' })).toThrow();
    expect(() => new Webhook(`whsec_${Buffer.alloc(32).toString('base64')}`).verify(body, headers)).toThrow();
    const { deliveries } = await listDeliveries({ table: world.table, log: console as never }, 'whk_1', {
      limit: 5,
    });
    expect(deliveries).toMatchObject([{ state: 'delivered', last: { status: 200, code: null } }]);
  });

  test('accepts with the old secret and with the new one while a rotation lasts, afterwards with the new one alone', async () => {
    const { world, notify, make } = await aRealOne();
    const [old, fresh] = [await make(), await make()];
    const overlapEnds = Date.now() + 60_000;
    await world.clock.step(Date.now() - world.clock.now());
    world.subscriptions.push(
      aSubscription('whk_1', {
        url,
        secrets: [
          { sealed: fresh.sealed, expiresAt: null },
          { sealed: old.sealed, expiresAt: overlapEnds },
        ],
      }),
    );
    const test = () => notify.answer({ do: 'sendTest', webhookId: 'whk_1' });
    expect(await test()).toMatchObject({ ok: true, status: 200, code: null });
    const during = got.pop()!;
    for (const { secret } of [old, fresh]) {
      expect(new Webhook(secret).verify(during.body, during.headers)).toMatchObject({ type: 'webhook.test' });
    }
    await world.clock.step(120_000);
    await test();
    const afterwards = got.pop()!;
    expect(new Webhook(fresh.secret).verify(afterwards.body, afterwards.headers)).toMatchObject({
      type: 'webhook.test',
    });
    expect(() => new Webhook(old.secret).verify(afterwards.body, afterwards.headers)).toThrow();
  });
});

describe('a test of a webhook', () => {
  test('that may not be dialled says why in both languages, and nothing is sent', async () => {
    const net = over(createNet({ clock: systemClock, resolve: async () => ['127.0.0.1'] }));
    const { world, notify, make } = await aRealOne(net);
    const { sealed } = await make();
    world.subscriptions.push(aSubscription('whk_1', { url, secrets: [{ sealed, expiresAt: null }] }));
    const result = await notify.answer({ do: 'sendTest', webhookId: 'whk_1' });
    expect(result).toMatchObject({
      ok: false,
      code: 'TARGET_FORBIDDEN',
      status: null,
      message: { en: expect.stringContaining('127.0.0.1'), zh: expect.stringContaining('127.0.0.1') },
      remedy: { en: expect.stringContaining('DROVER_WEBHOOK_TARGETS') },
    });
    expect(got).toEqual([]);
  });

  test('that is paused says how to have it sent', async () => {
    const { world, notify } = await aRealOne();
    world.subscriptions.push(aSubscription('whk_1', { url, isPaused: true }));
    await expect(notify.answer({ do: 'sendTest', webhookId: 'whk_1' })).rejects.toMatchObject({
      code: 'WEBHOOK_PAUSED',
      entry: { status: 409 },
    });
    expect(got).toEqual([]);
  });

  test('that does not exist', async () => {
    const { notify } = await aRealOne();
    await expect(notify.answer({ do: 'sendTest', webhookId: 'whk_0' })).rejects.toMatchObject({
      code: 'WEBHOOK_NOT_FOUND',
    });
  });
});
