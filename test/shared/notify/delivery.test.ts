import { describe, expect, test } from 'vitest';
import type { Net } from '#net';
import { listDeliveries, resend } from '#notify';
import { keys, type Table } from '#store';
import { netError } from '../../../shared/net/errors.ts';
import { delayAfterTry, deliveryKey } from '../../../shared/notify/delivery.ts';
import { secretError } from '../../../shared/secrets/errors.ts';
import { settle } from '../../fixtures/steppedClock.ts';
import { anEvent, aSubscription, aWorld, tableWith, type World } from './aNotify.ts';

const deliveriesOf = async (world: World, webhookId = 'whk_1') =>
  (await listDeliveries({ table: world.table, log: console as never }, webhookId, { limit: 50 })).deliveries;

const dueCopies = async (world: World) =>
  (
    await Promise.all(
      [0, 1, 2, 3].map((shard) =>
        world.table.query({ index: 'due', partition: keys.duePartition('events', 'near', shard) }),
      ),
    )
  ).flatMap((page) => page.items);

describe('an event', () => {
  test('comes to every webhook that wants it, and to no other, and stays as history', async () => {
    const world = aWorld([
      aSubscription('whk_all'),
      aSubscription('whk_kind', { types: ['cluster.*'] }),
      aSubscription('whk_exact', { types: ['task.failed', 'cluster.unreachable'] }),
      aSubscription('whk_eu', { selector: 'region=eu' }),
      aSubscription('whk_other', { types: ['task.*'] }),
      aSubscription('whk_prefix', { types: ['cluster.unreach', 'clu*', 'cluster'] }),
      aSubscription('whk_us', { selector: 'region=us' }),
    ]);
    const event = anEvent({ labels: { region: 'eu' } });
    await world.put(event);
    await world.round(world.notify());

    expect(world.received.map(({ url }) => url).sort()).toEqual(
      ['all', 'eu', 'exact', 'kind'].map((name) => `https://whk_${name}.example/`),
    );
    expect(await dueCopies(world)).toEqual([]);
    expect((await world.table.get(keys.historyKey('clu_1', event.id)))?.event).toEqual(event);
    expect(world.counted.filter((name) => name.includes('deliveries'))).toEqual(
      Array(4).fill('drover_webhook_deliveries_total delivered'),
    );
  });

  test('is told as the API tells it', async () => {
    const world = aWorld();
    const event = anEvent({ labels: { region: 'eu' } });
    await world.put(event);
    await world.round(world.notify());
    expect(world.received[0]!.headers['content-type']).toBe('application/json');
    expect(JSON.parse(world.received[0]!.body)).toEqual({ ...event, at: '2026-03-01T10:00:00.000Z' });
  });

  test('that nobody wants is done with at once', async () => {
    const world = aWorld([]);
    await world.put(anEvent());
    await world.round(world.notify());
    expect(await dueCopies(world)).toEqual([]);
  });

  test('is not missed by a webhook that was made after the list was last read', async () => {
    const world = aWorld([]);
    const notify = world.notify();
    await world.put(anEvent({ at: world.clock.now() }));
    await world.round(notify);
    world.subscriptions.push(aSubscription('whk_new'));
    const event = anEvent({ at: world.clock.now() });
    await world.put(event);
    await notify.work({ kind: 'step', ids: [`history#clu_1\n${event.id}`], at: world.clock.now() });
    expect(world.received.map(({ id }) => id)).toEqual([event.id]);
  });

  test('fanned out by many at once, and again later, makes one delivery', async () => {
    const world = aWorld();
    const event = anEvent();
    await world.put(event);
    const ids = [`history#clu_1\n${event.id}`];
    const processes = Array.from({ length: 5 }, () => world.notify());
    await Promise.all(processes.map((notify) => notify.work({ kind: 'step', ids, at: world.clock.now() })));
    await processes[0]!.work({ kind: 'step', ids, at: world.clock.now() });
    expect(world.received.length).toBe(1);
    expect((await deliveriesOf(world)).map(({ id, state, tries }) => ({ id, state, tries }))).toEqual([
      { id: event.id.replace('evt', 'dlv'), state: 'delivered', tries: 1 },
    ]);
  });

  test('that cannot be read is put off and reported, and holds up no other', async () => {
    const world = aWorld();
    const [bad, good] = [anEvent(), anEvent()];
    await world.put(bad, good);
    await world.table.update(keys.historyKey('clu_1', bad.id), { set: { event: 'nonsense' } });
    await world.round(world.notify());
    expect(world.received.map(({ id }) => id)).toEqual([good.id]);
    expect(world.logged.map(({ message }) => message)).toContain('an event cannot be read and is put off');
    const [left] = await dueCopies(world);
    expect(keys.dueTimeOf(left!)).toBe(world.clock.now() + 15 * 60_000);
  });
});

describe('a receiver that fails', () => {
  test('is tried three times, later each time, under the same id; then the delivery is a dead letter', async () => {
    const world = aWorld();
    world.behave.set('https://whk_1.example/', () => 500);
    const event = anEvent();
    await world.put(event);
    const notify = world.notify();
    for (let i = 0; i < 8; i++) await world.round(notify);

    expect(world.received.map(({ id }) => id)).toEqual(Array(3).fill(event.id));
    expect(world.received.map(({ body }) => body)).toEqual(Array(3).fill(world.received[0]!.body));
    expect(await deliveriesOf(world)).toMatchObject([
      { state: 'dead', tries: 3, nextTryAt: null, last: { code: 'RECEIVER_REFUSED', status: 500 } },
    ]);
    expect(
      world.counted.filter((name) => name.includes('deliveries')).map((name) => name.split(' ')[1]),
    ).toEqual(['failed', 'failed', 'dead']);
  });

  test('that comes back gets the event', async () => {
    const world = aWorld();
    const answers = [503, 503, 200];
    world.behave.set('https://whk_1.example/', () => answers.shift()!);
    await world.put(anEvent());
    const notify = world.notify();
    for (let i = 0; i < 8; i++) await world.round(notify);
    expect(await deliveriesOf(world)).toMatchObject([
      { state: 'delivered', tries: 3, last: { code: null, status: 200 } },
    ]);
  });

  test('gets a dead letter again when it is sent again, with all its tries', async () => {
    const world = aWorld();
    world.behave.set('https://whk_1.example/', () => 500);
    const event = anEvent();
    await world.put(event);
    const notify = world.notify();
    for (let i = 0; i < 8; i++) await world.round(notify);
    world.received.length = 0;
    world.behave.set('https://whk_1.example/', () => 200);

    const couriers = {
      work: async (_: string, handOver: never) => void world.handedOver.push(handOver),
    } as never;
    const id = event.id.replace('evt', 'dlv');
    expect(await resend({ table: world.table, clock: world.clock, couriers }, 'whk_1', id)).toMatchObject({
      state: 'pending',
      tries: 0,
    });
    await notify.work(world.handedOver.pop()!);
    expect(world.received.map((request) => request.id)).toEqual([event.id]);
    expect(await deliveriesOf(world)).toMatchObject([{ state: 'delivered', tries: 1 }]);
    await expect(
      resend({ table: world.table, clock: world.clock, couriers }, 'whk_1', 'dlv_none'),
    ).rejects.toMatchObject({ code: 'DELIVERY_NOT_FOUND' });
  });

  test('waits 30 s, then two minutes, each give or take a quarter', () => {
    expect([0, 0.5, 1].map((random) => delayAfterTry(1, random))).toEqual([22_500, 30_000, 37_500]);
    expect([0, 0.5, 1].map((random) => delayAfterTry(2, random))).toEqual([90_000, 120_000, 150_000]);
  });

  test.each([
    ['the webhook', 'WEBHOOK_NOT_FOUND'],
    ['the event', 'EVENT_GONE'],
  ])('where %s is gone, the delivery is a dead letter at once', async (what, code) => {
    const world = aWorld();
    world.behave.set('https://whk_1.example/', () => 500);
    const event = anEvent();
    await world.put(event);
    const notify = world.notify();
    await world.round(notify);
    if (what === 'the webhook') world.subscriptions.length = 0;
    else await world.table.delete(keys.historyKey('clu_1', event.id));
    await world.round(notify);
    expect(await deliveriesOf(world)).toMatchObject([{ state: 'dead', tries: 2, last: { code } }]);
    expect(world.received.length).toBe(1);
  });

  test('to a webhook that was paused meanwhile says so, and can be sent once it is no longer', async () => {
    const world = aWorld();
    world.behave.set('https://whk_1.example/', () => 500);
    await world.put(anEvent());
    const notify = world.notify();
    await world.round(notify);
    world.subscriptions[0]!.isPaused = true;
    await world.round(notify);
    const [dead] = await deliveriesOf(world);
    expect(dead).toMatchObject({ state: 'dead', last: { code: 'WEBHOOK_PAUSED' } });

    world.subscriptions[0]!.isPaused = false;
    world.behave.delete('https://whk_1.example/');
    const couriers = { work: async () => undefined } as never;
    await resend({ table: world.table, clock: world.clock, couriers }, 'whk_1', dead!.id);
    await world.round(notify);
    expect(await deliveriesOf(world)).toMatchObject([{ state: 'delivered' }]);
  });
});

describe('trouble of our own', () => {
  const sealedBy = (code: 'KEY_SERVICE_UNANSWERED' | 'SECRET_UNREADABLE') => ({
    vault: {
      seal: async () => '',
      open: () =>
        Promise.reject(secretError(code, { operation: 'Decrypt', reason: 'down', id: 'whk_1', version: 1 })),
      rotate: async () => undefined,
    },
  });

  test('with the key service puts deliveries off, however long it takes, and counts no try', async () => {
    const world = aWorld();
    await world.put(anEvent());
    const without = world.notify(sealedBy('KEY_SERVICE_UNANSWERED'));
    for (let i = 0; i < 10; i++) await world.round(without);
    expect(await deliveriesOf(world)).toMatchObject([{ state: 'pending', tries: 0 }]);
    await world.round(world.notify());
    await world.round(world.notify());
    expect(await deliveriesOf(world)).toMatchObject([{ state: 'delivered', tries: 1 }]);
    expect(world.received.length).toBe(1);
  });

  test('with a secret that does not open ends as a dead letter that says so', async () => {
    const world = aWorld();
    await world.put(anEvent());
    const notify = world.notify(sealedBy('SECRET_UNREADABLE'));
    for (let i = 0; i < 8; i++) await world.round(notify);
    expect(await deliveriesOf(world)).toMatchObject([
      { state: 'dead', tries: 3, last: { code: 'SECRET_UNREADABLE' } },
    ]);
  });

  test('a drain gives up what is being sent; it is due at once and not counted', async () => {
    const world = aWorld();
    const net: Net = {
      ...world.net,
      send: (_policy, { signal }) =>
        new Promise((_, reject) => {
          signal!.addEventListener('abort', () => reject(netError('CALL_ABORTED', { host: 'a', port: 443 })));
        }),
    };
    const event = anEvent();
    await world.put(event);
    const notify = world.notify({ net });
    const sending = notify.work({ kind: 'step', ids: [`history#clu_1\n${event.id}`], at: world.clock.now() });
    await settle();
    await notify.drain();
    expect(await sending).toMatchObject({ deliveries: { released: 1 } });
    expect(await deliveriesOf(world)).toMatchObject([
      { state: 'pending', tries: 0, nextTryAt: world.clock.now() },
    ]);
  });
});

describe('deliveries are listed', () => {
  test('where few of many match, a call looks at a bounded number and the next one goes on', async () => {
    const world = aWorld();
    const count = 2_100;
    for (let i = 0; i < count; i++) {
      const id = `dlv_${String(i).padStart(6, '0')}`;
      await world.table.put({
        ...deliveryKey('whk_1', id),
        delivery: { id, webhookId: 'whk_1', event: { id: id.replace('dlv', 'evt') }, createdAt: 0 } as never,
        rev: 1,
        state: i === 0 ? 'dead' : 'delivered',
        tries: 1,
        last: null,
      });
    }
    const parts = { table: world.table, log: console as never };
    const first = await listDeliveries(parts, 'whk_1', { state: 'dead', limit: 50 });
    expect(first).toEqual({ deliveries: [], next: expect.any(String) });
    const second = await listDeliveries(parts, 'whk_1', { state: 'dead', limit: 50, after: first.next });
    expect(second.deliveries.map(({ id }) => id)).toEqual(['dlv_000000']);
    expect(second.next).toBeUndefined();
  });

  test('newest first, page by page, by state', async () => {
    const world = aWorld();
    world.behave.set('https://whk_1.example/', ({ id }) => (Number(id.slice(-1)) % 2 ? 200 : 500));
    const all = Array.from({ length: 12 }, () => anEvent());
    await world.put(...all);
    const notify = world.notify();
    for (let i = 0; i < 8; i++) await world.round(notify);

    const ids = all.map(({ id }) => id.replace('evt', 'dlv')).reverse();
    const parts = { table: world.table, log: console as never };
    const first = await listDeliveries(parts, 'whk_1', { limit: 5 });
    const second = await listDeliveries(parts, 'whk_1', { limit: 50, after: first.next });
    expect([...first.deliveries, ...second.deliveries].map(({ id }) => id)).toEqual(ids);
    expect(second.next).toBeUndefined();

    const dead = ids.filter((id) => Number(id.slice(-1)) % 2 === 0);
    const found: string[] = [];
    let after: string | undefined;
    do {
      const page = await listDeliveries(parts, 'whk_1', { state: 'dead', limit: 2, after });
      found.push(...page.deliveries.map(({ id }) => id));
      after = page.next;
    } while (after);
    expect(found).toEqual(dead);
    expect((await listDeliveries(parts, 'whk_2', { limit: 5 })).deliveries).toEqual([]);
  });
});

describe('two workers', () => {
  test('one that slept between reading an event and fanning it out brings back neither delivery nor event', async () => {
    const world = aWorld();
    const event = anEvent();
    await world.put(event);
    const key = keys.historyKey('clu_1', event.id);
    const ids = [`history#clu_1\n${event.id}`];
    const asleep = Promise.withResolvers<void>();
    const sleepy = tableWith(world.table, {
      get: async (...all: Parameters<Table['get']>) => {
        const item = await world.table.get(...all);
        await asleep.promise;
        return item;
      },
    });
    const sleeper = world.notify({ table: sleepy }).work({ kind: 'step', ids, at: world.clock.now() });
    await settle();
    await world.notify().work({ kind: 'step', ids, at: world.clock.now() });
    await world.table.delete(key);
    asleep.resolve();
    await sleeper;
    expect(world.received.length).toBe(1);
    expect(await deliveriesOf(world)).toMatchObject([{ state: 'delivered', tries: 1 }]);
    expect(await world.table.get(key)).toBeUndefined();
  });

  test('while one is sending, the other passes on', async () => {
    const world = aWorld();
    const answer = Promise.withResolvers<number>();
    world.behave.set('https://whk_1.example/', () => answer.promise);
    const event = anEvent();
    await world.put(event);
    const sending = world
      .notify()
      .work({ kind: 'step', ids: [`history#clu_1\n${event.id}`], at: world.clock.now() });
    await settle();
    await world.clock.step(29_000);
    const ids = [`delivery#whk_1\n${event.id.replace('evt', 'dlv')}`];
    expect(await world.notify().work({ kind: 'step', ids, at: world.clock.now() })).toMatchObject({
      deliveries: { passed: 1 },
    });
    answer.resolve(200);
    await sending;
    expect(world.received.length).toBe(1);
    expect(await deliveriesOf(world)).toMatchObject([{ state: 'delivered', tries: 1 }]);
  });

  test('of one process do not queue the same delivery twice', async () => {
    const world = aWorld();
    const busy = Promise.withResolvers<number>();
    world.behave.set('https://whk_1.example/', () => busy.promise);
    const [first, second] = [anEvent(), anEvent()];
    await world.put(first, second);
    const notify = world.notify();
    const at = world.clock.now();
    const sending = notify.work({
      kind: 'step',
      ids: [first, second].map(({ id }) => `history#clu_1\n${id}`),
      at,
    });
    await settle();
    const again = { kind: 'step' as const, ids: [`delivery#whk_1\n${second.id.replace('evt', 'dlv')}`], at };
    expect(await notify.work(again)).toEqual({ events: 0, deliveries: {} });
    busy.resolve(200);
    expect(await sending).toEqual({ events: 2, deliveries: { delivered: 2 } });
  });

  test('one that slept past its lease records nothing over the other’s result', async () => {
    const world = aWorld();
    const asleep = Promise.withResolvers<number>();
    let calls = 0;
    world.behave.set('https://whk_1.example/', () => (++calls === 1 ? asleep.promise : 200));
    const event = anEvent();
    await world.put(event);
    const sleeper = world
      .notify()
      .work({ kind: 'step', ids: [`history#clu_1\n${event.id}`], at: world.clock.now() });
    await settle();
    await world.round(world.notify());
    expect(await deliveriesOf(world)).toMatchObject([{ state: 'delivered', tries: 1 }]);
    asleep.resolve(500);
    await sleeper;
    expect(await deliveriesOf(world)).toMatchObject([{ state: 'delivered', tries: 1 }]);
    expect(world.received.map(({ id }) => id)).toEqual([event.id, event.id]);
  });

  test('handed the same delivery at once send it once', async () => {
    const world = aWorld();
    world.behave.set('https://whk_1.example/', () => 500);
    await world.put(anEvent());
    await world.round(world.notify());
    world.received.length = 0;
    await world.clock.step(60_000);
    const id = (await deliveriesOf(world))[0]!.id;
    const handOver = {
      kind: 'step' as const,
      ids: Array(3).fill(`delivery#whk_1\n${id}`),
      at: world.clock.now(),
    };
    const same = world.notify();
    await Promise.all([same.work(handOver), same.work(handOver), world.notify().work(handOver)]);
    expect(world.received.length).toBe(1);
  });
});

test('a hand-over that is too old is dropped', async () => {
  const world = aWorld();
  const event = anEvent();
  await world.put(event);
  const at = world.clock.now() - 90_001;
  const report = await world.notify().work({ kind: 'step', ids: [`history#clu_1\n${event.id}`], at });
  expect(report).toMatchObject({ isDropped: true });
  expect(world.received).toEqual([]);
});

test('on drain nothing new is begun, and what is left stays due', async () => {
  const world = aWorld();
  const event = anEvent();
  await world.put(event);
  const notify = world.notify();
  await notify.drain();
  await notify.work({ kind: 'step', ids: [`history#clu_1\n${event.id}`], at: world.clock.now() });
  expect(world.received).toEqual([]);
  expect((await dueCopies(world)).length).toBe(1);
});
