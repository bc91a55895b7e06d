import { expect, test } from 'vitest';
import { type CoreData, coreArea } from '#core';
import { createNotify } from '#notify';
import { createEngine, type HandOver } from '#reconcile';
import { MemoryTable } from '#store';
import { subscriptions } from '../../functions/subscriptions.ts';
import { SteppedClock } from '../fixtures/steppedClock.ts';
import { secret } from '../shared/notify/aNotify.ts';

const by = { actor: { kind: 'system' as const, id: 'test', name: 'test' }, action: 'webhook.create' };

/** The real engine over core rows, the real delivery; only the way out and the seal are doubles. */
function aSystem() {
  const clock = new SteppedClock();
  const table = new MemoryTable(() => clock.now());
  const sent: { url: string; type: string; name: string }[] = [];
  const logged: string[] = [];
  const handOvers: [string, HandOver][] = [];
  let byte = 0;
  const note = (message: string) => void logged.push(message);
  const ports = {
    clock,
    table,
    random: (bytes: number) => Uint8Array.from({ length: bytes }, () => (byte = (byte * 5 + 7) % 251)),
    log: { debug: note, info: note, warn: note, error: note },
    meter: { count: () => undefined, observe: () => undefined },
    couriers: {
      work: async (area: string, handOver: HandOver) => void handOvers.push([area, handOver]),
      tick: async () => undefined,
      call: () => Promise.reject(new Error('not used')),
    },
  };
  const core = createEngine<CoreData>(coreArea, ports);
  const notify = createNotify({
    ...ports,
    vault: {
      seal: async () => '',
      open: async (sealed) => Buffer.from(sealed),
      rotate: async () => undefined,
    },
    net: {
      send: async (_policy, { url, body }) => {
        const { type, record } = JSON.parse(String(body));
        sent.push({ url, type, name: record.name });
        return { status: 200, headers: {}, body: new Uint8Array() };
      },
    },
    subscriptions: { list: () => subscriptions(ports) },
  });
  const settle = async () => {
    for (let i = 0; i < 3; i++) {
      for (const engine of [core, notify]) {
        const ticking = engine.tick();
        await clock.step(60_000);
        await ticking;
        for (const [area, handOver] of handOvers.splice(0)) {
          const working = (area === 'core' ? core : notify).work({ ...handOver, at: clock.now() });
          await clock.step(20_000);
          await working;
        }
      }
    }
  };
  const webhook = (name: string, more: Partial<Extract<CoreData, { kind: 'webhook' }>> = {}) =>
    core.records.create(
      {
        kind: 'webhook',
        name,
        labels: {},
        data: {
          kind: 'webhook',
          state: 'active',
          since: clock.now(),
          url: `https://${name}.example/`,
          events: ['*'],
          selector: null,
          secrets: [{ sealed: secret, expiresAt: null }],
          rotatedAt: null,
          ...more,
        },
      },
      by,
    );
  return { ports, core, webhook, settle, sent, logged };
}

test('an event of a record reaches the active webhooks that are stored, and them alone', async () => {
  const { webhook, settle, sent, logged } = aSystem();
  await webhook('all');
  await webhook('paused', { state: 'paused' });
  await webhook('tokens-only', { events: ['token.*'] });
  await webhook('labelled', { selector: 'region=eu' });
  await webhook('broken', { selector: 'region in' });
  await settle();
  sent.length = 0;
  await webhook('late');
  await settle();
  expect(sent.map(({ url, type, name }) => [url, type, name]).sort()).toEqual([
    ['https://all.example/', 'webhook.created', 'late'],
    ['https://late.example/', 'webhook.created', 'late'],
  ]);
  expect(logged).toContain('a webhook has a selector that cannot be read');
});

test('one that is being deleted gets nothing more', async () => {
  const { ports, core, webhook, settle } = aSystem();
  await webhook('one');
  await settle();
  expect((await subscriptions(ports)).map(({ name }) => name)).toEqual(['one']);
  await core.records.remove('one', 'webhook', by);
  expect(await subscriptions(ports)).toEqual([]);
});
