import { withFields } from '#log';
import { recordTick, takeTick } from '#metrics';
import type { HandOver, Json } from '#reconcile';
import { second } from '#time';
import { answerCall, askedTick, type CallAnswer, type Delivery } from './couriers.ts';
import { onLocalEnd } from './drain.ts';
import type { Drover } from './ports.ts';

/** Each a little less than serverless.yml gives the function: it must end by itself, never be ended. */
const tickLimit = 58 * second;
const workLimit = 325 * second;

/** What the handlers ask of an area's engine. */
export interface AreaEngine {
  readonly area: { readonly name: string };
  tick(): Promise<unknown>;
  work(handOver: HandOver): Promise<unknown>;
  drain(): Promise<void>;
}

export interface AreaHandlers {
  /** From the schedule, and from whoever made something due. */
  tick(event?: unknown): Promise<void>;
  work(delivery: Delivery): Promise<CallAnswer | undefined>;
}

/**
 * The two functions of an area. They never throw: an asynchronous call that fails would be tried again by Lambda,
 * and would end the emulator.
 */
export function areaHandlers(
  makeDrover: () => Drover,
  makeEngine: (drover: Drover) => AreaEngine,
  answer?: (request: { [name: string]: Json }, drover: Drover) => Promise<Json>,
): AreaHandlers {
  let made: { drover: Drover; engine: AreaEngine } | undefined;
  const make = () => {
    if (!made) {
      const drover = makeDrover();
      const engine = makeEngine(drover);
      onLocalEnd(() => engine.drain());
      made = { drover, engine };
    }
    return made;
  };

  async function within(limit: number, what: string, run: () => Promise<void>): Promise<void> {
    try {
      const { drover, engine } = make();
      const finished = new AbortController();
      await withFields({ area: engine.area.name }, async () => {
        const countFailure = (outcome: string) =>
          drover.meter.count('drover_calls_failed_total', { area: engine.area.name, what, outcome });
        const overtime = drover.clock.sleep(limit, finished.signal).then(() => {
          if (finished.signal.aborted) return;
          countFailure('outOfTime');
          drover.log.error('out of time', { what });
        });
        try {
          await Promise.race([run(), overtime]);
        } catch (error) {
          countFailure('failed');
          throw error;
        } finally {
          finished.abort();
          await drover.flush();
        }
      });
    } catch (error) {
      // Without ports there is no log of ours either.
      (made?.drover.log ?? console).error(`${what} failed`, { error });
    }
  }

  return {
    tick: (event) =>
      within(tickLimit, 'tick', async () => {
        const { drover, engine } = make();
        drover.meter.count('drover_ticks_total', { area: engine.area.name });
        const now = drover.clock.now();
        if (!askedTick(event)) await recordTick(drover.table, engine.area.name, now);
        else if (!(await takeTick(drover.table, engine.area.name, now))) return;
        await engine.tick();
      }),
    async work(delivery) {
      let answered: CallAnswer | undefined;
      await within(workLimit, 'work', async () => {
        const { drover, engine } = make();
        if (delivery.kind !== 'call') {
          await engine.work(delivery satisfies HandOver);
        } else if (answer) {
          answered = await answerCall(drover.settings, engine.area.name, drover.log, () =>
            answer(delivery.request, drover),
          );
        }
      });
      return answered;
    },
  };
}
