import type { Net } from '#net';
import type { HandOver, Json, Ports } from '#reconcile';
import type { Vault } from '#secrets';
import type { Table } from '#store';
import { answerNotifyCall } from './calls.ts';
import type { Parts } from './parts.ts';
import { Receivers } from './receivers.ts';
import { KnownSubscriptions, type Subscriptions } from './subscription.ts';
import { type TickReport, tick } from './tick.ts';
import { newShared, type WorkReport, work } from './work.ts';

/** Delivery of events to webhooks: its tick, its worker, and what is asked of that worker. */
export interface Notify {
  readonly area: { readonly name: 'notify' };
  tick(): Promise<TickReport>;
  work(handOver: HandOver): Promise<WorkReport>;
  answer(request: { [name: string]: Json }): Promise<Json>;
  /** Begins nothing new; what is being sent is given up and stays due. */
  drain(): Promise<void>;
}

export interface NotifyPorts extends Ports {
  table: Table;
  vault: Vault;
  net: Pick<Net, 'send'>;
  subscriptions: Subscriptions;
}

export function createNotify(
  { subscriptions, ...ports }: NotifyPorts,
  receivers: Receivers = new Receivers(),
): Notify {
  const parts: Parts = { ...ports, known: new KnownSubscriptions(subscriptions, ports.clock) };
  const shared = newShared(receivers);
  const draining = new AbortController();
  const working = new Set<Promise<unknown>>();
  return {
    area: { name: 'notify' },
    tick: () => tick(parts, draining.signal),
    work: (handOver) => {
      const done = work(parts, shared, handOver, draining.signal).finally(() => working.delete(done));
      working.add(done);
      return done;
    },
    answer: (request) => answerNotifyCall(parts, request),
    drain: async () => {
      draining.abort();
      await Promise.allSettled(working);
    },
  };
}
