import { randomBytes } from 'node:crypto';
import { parseSelector } from '#labels';
import type { Answer, Net, Outgoing } from '#net';
import { createNotify, type Notify, type Subscription } from '#notify';
import type { EventEntry, HandOver, Log } from '#reconcile';
import type { Vault } from '#secrets';
import { keys, MemoryTable, type Table } from '#store';
import { Receivers } from '../../../shared/notify/receivers.ts';
import { SteppedClock } from '../../fixtures/steppedClock.ts';

export interface Received {
  url: string;
  id: string;
  at: number;
  headers: Record<string, string>;
  body: string;
}

/** What a receiver does with a delivery: the status it answers, or a promise of one. */
export type Behaviour = (request: Received) => number | Promise<number>;

/** No sealing: what is tested here is the delivery. */
const plainVault: Vault = {
  seal: async (secret) => `sealed:${secret}`,
  open: async (sealed) => Buffer.from(sealed.replace(/^sealed:/, '')),
  rotate: async () => undefined,
};

export const secret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;

export const aSubscription = (
  id: string,
  more: Partial<Subscription> & { selector?: string } = {},
): Subscription => {
  const { selector = '', ...rest } = more;
  return {
    id,
    name: id,
    url: `https://${id}.example/`,
    types: ['*'],
    labels: parseSelector(selector),
    isPaused: false,
    secrets: [{ sealed: `sealed:${secret}`, expiresAt: null }],
    ...rest,
  };
};

let events = 0;
export const anEvent = (more: Partial<EventEntry> & { labels?: Record<string, string> } = {}): EventEntry => {
  const { labels = {}, ...rest } = more;
  return {
    id: `evt_${String(++events).padStart(6, '0')}`,
    type: 'cluster.unreachable',
    at: Date.parse('2026-03-01T10:00:00Z'),
    record: { kind: 'cluster', id: 'clu_1', name: 'berlin', labels, version: 7 },
    from: 'healthy',
    to: 'unreachable',
    cause: 'TCP_TIMEOUT',
    message: 'It did not answer.',
    data: { state: 'unreachable' },
    ...rest,
  };
};

/** As the engine copies an event that goes to webhooks. */
export const eventItem = (event: EventEntry) => ({
  ...keys.historyKey(event.record.id, event.id),
  ...keys.dueAttributes('events', 'near', event.id, event.at),
  event: event as never,
  expiresAt: Math.ceil(event.at / 1000) + 90 * 86_400,
});

/** The table with some of its calls replaced. */
export const tableWith = (table: Table, calls: Partial<Table>): Table => ({
  units: table.units,
  get: (...all) => table.get(...all),
  getMany: (...all) => table.getMany(...all),
  put: (...all) => table.put(...all),
  update: (...all) => table.update(...all),
  delete: (...all) => table.delete(...all),
  add: (...all) => table.add(...all),
  query: (...all) => table.query(...all),
  ...calls,
});

export interface World {
  clock: SteppedClock;
  table: MemoryTable;
  received: Received[];
  logged: { message: string; fields: Record<string, unknown> | undefined }[];
  counted: string[];
  handedOver: HandOver[];
  subscriptions: Subscription[];
  behave: Map<string, Behaviour>;
  net: Net;
  /** A process: all of them share table, clock and receivers. */
  notify(more?: { table?: Table; net?: Net; receivers?: Receivers; vault?: Vault }): Notify;
  put(...list: EventEntry[]): Promise<void>;
  /** Ticks once and works off what it hands over, in the given process. */
  round(notify: Notify): Promise<void>;
}

export function aWorld(subscriptions: Subscription[] = [aSubscription('whk_1')]): World {
  const clock = new SteppedClock();
  const received: Received[] = [];
  const logged: World['logged'] = [];
  const counted: string[] = [];
  const handedOver: HandOver[] = [];
  const behave = new Map<string, Behaviour>();
  const table = new MemoryTable(() => clock.now());
  const say = (message: string, fields?: Record<string, unknown>) => void logged.push({ message, fields });
  const log: Log = { debug: say, info: say, warn: say, error: say };

  const net: Net = {
    vet: () => Promise.reject(new Error('not used')),
    check: () => {
      throw new Error('not used');
    },
    agentFor: () => Promise.reject(new Error('not used')),
    probeTcp: () => Promise.reject(new Error('not used')),
    probeTls: () => Promise.reject(new Error('not used')),
    async send(_policy, outgoing: Outgoing): Promise<Answer> {
      const headers = outgoing.headers ?? {};
      const request = {
        url: outgoing.url,
        id: headers['webhook-id']!,
        at: clock.now(),
        headers,
        body: String(outgoing.body),
      };
      received.push(request);
      const status = await (behave.get(outgoing.url) ?? (() => 204))(request);
      return { status, headers: {}, body: new Uint8Array() };
    },
  };

  const world: World = {
    clock,
    table,
    received,
    logged,
    counted,
    handedOver,
    subscriptions,
    behave,
    net,
    notify: (more = {}) =>
      createNotify(
        {
          clock,
          table: more.table ?? table,
          random: (bytes) => randomBytes(bytes),
          log,
          meter: {
            count: (family, labels) => void counted.push(`${family} ${Object.values(labels).join()}`),
            observe: () => undefined,
          },
          couriers: {
            work: async (_area, handOver) => void handedOver.push(handOver),
            tick: async () => undefined,
            call: () => Promise.reject(new Error('not used')),
          },
          net: more.net ?? net,
          vault: more.vault ?? plainVault,
          subscriptions: { list: async () => subscriptions },
        },
        more.receivers ?? new Receivers(),
      ),
    put: async (...list) => {
      for (const event of list) await table.put(eventItem(event), 'absent');
    },
    round: async (notify) => {
      const ticking = notify.tick();
      await clock.step(60_000);
      await ticking;
      await Promise.all(handedOver.splice(0).map((one) => notify.work({ ...one, at: clock.now() })));
    },
  };
  return world;
}
