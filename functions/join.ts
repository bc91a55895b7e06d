import { type JoinCall, joinArea } from '#join';
import type { JoinWorker } from '#join/worker';
import { createEngine, type Json } from '#reconcile';
import { type AreaEngine, areaHandlers } from './areaHandlers.ts';
import { ownAwsIdentity } from './ownAwsIdentity.ts';
import { type Drover, drover } from './ports.ts';
import { vaultOf } from './vault.ts';

let worker: Promise<JoinWorker> | undefined;

/** Loaded when a controller is to be reached: the tick never needs it. */
function workerOf(ports: Drover): Promise<JoinWorker> {
  worker ??= makeWorker(ports);
  return worker;
}

async function makeWorker(ports: Drover): Promise<JoinWorker> {
  const [{ createWorker }, { netOf }] = await Promise.all([import('#join/worker'), import('./net.ts')]);
  const { allowInsecureTls, controller, version } = ports.settings;
  return createWorker({
    ...ports,
    vault: vaultOf(ports),
    net: netOf(ports),
    allowInsecureTls,
    version,
    controller,
    environment: ownAwsIdentity,
  });
}

const engineOf = (ports: Drover): AreaEngine => {
  const { tick } = createEngine(joinArea, ports);
  const follow = settingsFollowed(ports);
  return {
    area: joinArea,
    async tick() {
      await follow();
      await tick();
    },
    work: async (handOver) => (await workerOf(ports)).engine.work(handOver),
    async drain() {
      const made = await worker;
      await made?.engine.drain();
      await made?.close();
    },
  };
};

/**
 * The membership that the environment describes is made and changed by the worker. Settings do not change while a
 * process lives, but what they refer to may: so it is asked once, and each minute where there are some.
 */
function settingsFollowed({ couriers, log, settings }: Drover): () => Promise<void> {
  let isDone = false;
  return async () => {
    if (isDone && settings.controller.CTRL_API_SERVICE === undefined) return;
    try {
      await couriers.call('join', { do: 'settings' } satisfies JoinCall as { [name: string]: Json });
      isDone = true;
    } catch (error) {
      log.warn('the settings of the environment were not taken over; the next tick tries again', { error });
    }
  };
}

export const { tick, work } = areaHandlers(drover, engineOf, async (request, ports) =>
  // Only the HTTP function asks, by the same types.
  (await workerOf(ports)).answer(request as unknown as JoinCall),
);
