import { coreArea } from '#core';
import { createEngine } from '#reconcile';
import { buildDrover } from '../../functions/ports.ts';

/** `node dyingWorker.ts <record>`: claims a record of a running Drover, says so, and waits to be killed. */
const id = process.argv[2]!;
const ports = buildDrover(process.env);
const engine = createEngine(
  {
    ...coreArea,
    observe: () => {
      console.log('claimed');
      return new Promise<never>(() => {});
    },
  },
  // What it is to do itself, nobody else is asked to do; the tick that comes with every hand-over is.
  { ...ports, couriers: { ...ports.couriers, work: async () => {} } },
);
await engine.wake(id);
await ports.couriers.tick(coreArea.name);
await engine.work({ kind: 'step', ids: [id], at: ports.clock.now() });
