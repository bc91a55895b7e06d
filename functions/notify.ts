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
    net: { send: async (...all) => (await wayOut(ports)).send(...all) },
    subscriptions: { list: () => subscriptions(ports) },
  });
  return notify;
};

let net: ReturnType<typeof import('./net.ts').netOf> | undefined;

/** Loaded when the first event is to be sent: the tick never needs it. */
async function wayOut(ports: Drover) {
  const { netOf } = await import('./net.ts');
  net ??= netOf(ports);
  return net;
}

/** Deliver events to webhooks. */
export const { tick, work } = areaHandlers(drover, notifyOf, (request, ports) =>
  notifyOf(ports).answer(request),
);
