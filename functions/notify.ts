import { createNotify, type Notify } from '#notify';
import { areaHandlers } from './areaHandlers.ts';
import { type Drover, drover } from './ports.ts';
import { subscriptions } from './subscriptions.ts';
import { vaultOf } from './vault.ts';

let notify: Notify | undefined;

const notifyOf = (ports: Drover): Notify => {
  notify ??= createNotify({
    ...ports,
    vault: vaultOf(ports),
    // Loaded when the first event is to be sent: the tick never needs it.
    net: { send: async (...all) => (await import('./net.ts')).netOf(ports).send(...all) },
    subscriptions: { list: () => subscriptions(ports) },
  });
  return notify;
};

/** Deliver events to webhooks. */
export const { tick, work } = areaHandlers(drover, notifyOf, (request, ports) =>
  notifyOf(ports).answer(request),
);
