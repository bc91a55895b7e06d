import type { Key, Lane } from '#store';
import { type Cursor, keys } from '#store';
import { type Instant, minute, second } from '#time';
import { chance } from './chance.ts';
import { notifyDueAreas } from './delivery.ts';
import { type Parts, refOf } from './parts.ts';

/** ENGINE rule 11, as the engine keeps it for records. */
const horizon = minute;
const tickLimit = 55 * second;
const groupSize = 50;
/** What was handed over is not handed over again before a worker has had this long to claim it. */
const handedOverFor = 20 * second;

export interface TickReport {
  looks: number;
  handedOver: number;
}

/**
 * Finds events to fan out and deliveries to try, and hands them to workers.
 *
 *   look ─5–10 s─► look ─► … as long as something is due or leased within the next minute, at most 55 s
 */
export async function tick(parts: Parts, draining: AbortSignal): Promise<TickReport> {
  const { clock } = parts;
  const started = clock.now();
  const report: TickReport = { looks: 0, handedOver: 0 };
  const handedOver = new Map<string, Instant>();
  while (!draining.aborted) {
    const found = await Promise.all(
      notifyDueAreas.flatMap((area) => keys.lanes.map((lane) => look(parts, area, lane))),
    );
    for (const { ready } of found) {
      const fresh = ready
        .map(refOf)
        .filter((ref) => clock.now() - (handedOver.get(ref) ?? -handedOverFor) >= handedOverFor);
      for (const ref of fresh) handedOver.set(ref, clock.now());
      await handOver(parts, fresh);
      report.handedOver += fresh.length;
    }
    report.looks++;
    const pause = (5 + 5 * chance(parts)) * second;
    const mayStay = clock.now() + pause - started <= tickLimit;
    if (!mayStay || (report.looks >= 2 && !found.some(({ isNear }) => isNear))) break;
    await clock.sleep(pause, draining);
  }
  parts.meter.observe('drover_tick_duration_seconds', { area: 'notify' }, (clock.now() - started) / 1000);
  return report;
}

/** One lane of one kind, each shard paged through to now: what cannot be read hides nothing behind it. */
async function look(parts: Parts, area: string, lane: Lane): Promise<{ ready: Key[]; isNear: boolean }> {
  const now = parts.clock.now();
  const shards = await Promise.all(
    Array.from({ length: keys.dueShards }, async (_, shard) => {
      const found = [];
      let after: Cursor | undefined;
      do {
        const page = await parts.table.query({
          index: 'due',
          partition: keys.duePartition(area, lane, shard),
          to: keys.dueUpTo(now + horizon),
          ...(after ? { after } : {}),
        });
        found.push(...page.items);
        after = page.next;
      } while (after);
      return found;
    }),
  );
  const near = shards.flat();
  const ready = near.filter((item) => String(item.dueSk) <= keys.dueUpTo(now));
  // One receiver's deliveries go to one worker, which keeps its order of places.
  ready.sort((a, b) => (a.pk < b.pk ? -1 : a.pk > b.pk ? 1 : 0));
  return { ready, isNear: near.length > 0 };
}

/** The lanes never share a group, so that receivers that fail delay nobody. */
async function handOver({ couriers, clock }: Parts, ids: string[]): Promise<void> {
  for (let start = 0; start < ids.length; start += groupSize) {
    await couriers.work('notify', {
      kind: 'step',
      ids: ids.slice(start, start + groupSize),
      at: clock.now(),
    });
  }
}
