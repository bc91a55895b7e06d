import { clustersArea } from '#clusters';
import type { ClusterCall, ClustersWorker } from '#clusters/worker';
import { createEngine } from '#reconcile';
import { type AreaEngine, areaHandlers } from './areaHandlers.ts';
import { ownAwsIdentity } from './ownAwsIdentity.ts';
import { type Drover, drover } from './ports.ts';
import { vaultOf } from './vault.ts';

let worker: Promise<ClustersWorker> | undefined;

/** Loaded when a cluster is to be reached: the tick never needs it. */
function workerOf(ports: Drover): Promise<ClustersWorker> {
  worker ??= makeWorker(ports);
  return worker;
}

async function makeWorker(ports: Drover): Promise<ClustersWorker> {
  const [{ createWorker }, { netOf }] = await Promise.all([import('#clusters/worker'), import('./net.ts')]);
  const { allowInsecureTls, knownGood, version } = ports.settings;
  return createWorker({
    ...ports,
    vault: vaultOf(ports),
    net: netOf(ports),
    allowInsecureTls,
    knownGood,
    version,
    environment: ownAwsIdentity,
  });
}

const engineOf = (ports: Drover): AreaEngine => {
  const { tick } = createEngine(clustersArea, ports);
  return {
    area: clustersArea,
    tick,
    work: async (handOver) => (await workerOf(ports)).engine.work(handOver),
    async drain() {
      const made = await worker;
      await made?.engine.drain();
      await made?.close();
    },
  };
};

export const { tick, work } = areaHandlers(drover, engineOf, async (request, ports) =>
  // Only the HTTP function asks, by the same types.
  (await workerOf(ports)).answer(request as unknown as ClusterCall),
);
