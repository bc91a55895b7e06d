import PQueue from 'p-queue';
import type { HandOver } from '#reconcile';
import type { Key } from '#store';
import { second } from '#time';
import { type AttemptOutcome, attempt } from './attempt.ts';
import { isDeliveryKey } from './delivery.ts';
import { fanOut } from './fanOut.ts';
import { keyOfRef, type Parts, refOf } from './parts.ts';
import type { Receivers } from './receivers.ts';

const handOverFor = 90 * second;
const workerLimit = 300 * second;
/** No try begins that could not end in time: look-ups of keys, ten seconds of sending, and its record. */
const reserve = 25 * second;

export interface WorkReport {
  events: number;
  deliveries: Partial<Record<AttemptOutcome, number>>;
  isDropped?: true;
}

/** What the workers of one process share. */
export interface Shared {
  receivers: Receivers;
  fanOuts: PQueue;
  /** Deliveries that wait for a place or are under way here. */
  held: Set<string>;
}

export const newShared = (receivers: Receivers): Shared => ({
  receivers,
  fanOuts: new PQueue({ concurrency: 16 }),
  held: new Set(),
});

/** Fans out the events of a hand-over and tries its deliveries, those that just came to be included. */
export async function work(
  parts: Parts,
  { receivers, fanOuts, held }: Shared,
  handOver: HandOver,
  draining: AbortSignal,
): Promise<WorkReport> {
  const { clock, log, meter } = parts;
  const report: WorkReport = { events: 0, deliveries: {} };
  if (handOver.kind !== 'step') return report;
  if (clock.now() - handOver.at > handOverFor) {
    meter.count('drover_handovers_dropped_total', { area: 'notify' });
    return { ...report, isDropped: true };
  }
  const lastStart = clock.now() + workerLimit - reserve;
  const mayStart = () => !draining.aborted && clock.now() <= lastStart;

  const deliver = async (key: Key): Promise<void> => {
    const ref = refOf(key);
    if (held.has(ref)) return;
    held.add(ref);
    await receivers
      .run(key.pk, async () => {
        if (!mayStart()) return undefined;
        const outcome = await attempt(parts, key, draining);
        report.deliveries[outcome] = (report.deliveries[outcome] ?? 0) + 1;
        return outcome === 'passed' || outcome === 'released' ? undefined : outcome === 'delivered';
      })
      // It stays due: when its lease ends, if it was claimed, the next tick finds it.
      .catch((error: unknown) => log.error('a delivery was not tried', { item: ref, error }))
      .finally(() => held.delete(ref));
  };

  const deliverNew = async (key: Key): Promise<void> => {
    const made = await fanOuts
      .add(() => (mayStart() ? fanOut(parts, key) : []))
      .catch((error: unknown) => {
        log.error('an event was not fanned out', { item: refOf(key), error });
        return [];
      });
    report.events++;
    await Promise.all(made.map(deliver));
  };

  await Promise.all(
    handOver.ids.map(keyOfRef).map((key) => (isDeliveryKey(key) ? deliver(key) : deliverNew(key))),
  );
  return report;
}
