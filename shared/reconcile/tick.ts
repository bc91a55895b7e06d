import { type Cursor, keys } from '#store';
import { type Instant, second } from '#time';
import { chance, type Parts } from './engineParts.ts';
import { handOverGroup, tickHorizon, tickLimit } from './limits.ts';
import { sweepNames } from './names.ts';
import { parseTurnName, turnsList } from './sliceTurn.ts';

export interface TickReport {
  looks: number;
  handedOver: number;
  rounds: number;
  /** Names taken back from creators that died. */
  freedNames: number;
}

/** A record handed over is not handed over again by this tick before its worker has had this long to claim it. */
const handedOverFor = 20 * second;

/**
 * Rule 11. Finds what is due and hands it to workers; does no work itself.
 *
 *   look ─5–10 s─► look ─► … as long as something is due or leased within the next minute, at most 55 s
 */
export async function tick<D>(parts: Parts<D>, draining: AbortSignal): Promise<TickReport> {
  const { clock, area } = parts;
  const started = clock.now();
  const report: TickReport = { looks: 0, handedOver: 0, rounds: 0, freedNames: 0 };
  const handedOver = new Map<string, Instant>();
  while (!draining.aborted) {
    const { ready, isNear } = await lookForDue(parts);
    const fresh = ready.filter(
      ({ id }) => clock.now() - (handedOver.get(id) ?? -handedOverFor) >= handedOverFor,
    );
    for (const { id } of fresh) handedOver.set(id, clock.now());
    await handOver(parts, fresh);
    report.handedOver += fresh.length;
    if (report.looks === 0) {
      report.rounds = await startRounds(parts);
      report.freedNames = await sweepNames(parts);
    }
    report.looks++;
    const pause = (5 + 5 * chance(parts)) * second;
    const mayStay = clock.now() + pause - started <= tickLimit;
    if (!mayStay || (report.looks >= 2 && !isNear)) break;
    await clock.sleep(pause, draining);
  }
  parts.meter.observe('drover_tick_duration_seconds', { area: area.name }, (clock.now() - started) / 1000);
  return report;
}

interface Due {
  id: string;
  lane: string;
}

/** Pages each shard through to now (rule 10), so that old rows which nobody can read hide nothing behind them. */
async function lookForDue<D>(parts: Parts<D>): Promise<{ ready: Due[]; isNear: boolean }> {
  const now = parts.clock.now();
  const shards = keys.lanes.flatMap((lane) =>
    Array.from({ length: keys.dueShards }, (_, shard) => ({ lane, shard })),
  );
  const found = await Promise.all(shards.map(({ lane, shard }) => pageShard(parts, lane, shard, now)));
  return { ready: found.flatMap(({ ready }) => ready), isNear: found.some(({ isNear }) => isNear) };
}

async function pageShard<D>({ table, area }: Parts<D>, lane: string, shard: number, now: Instant) {
  const partition = keys.duePartition(area.name, lane, shard);
  const ready: Due[] = [];
  let isNear = false;
  let after: Cursor | undefined;
  do {
    const to = keys.dueUpTo(now + tickHorizon);
    const page = await table.query({ index: 'due', partition, to, ...(after ? { after } : {}) });
    for (const item of page.items) {
      isNear = true;
      if (String(item.dueSk) <= keys.dueUpTo(now)) ready.push({ id: keys.idOfRowKey(item), lane });
    }
    after = page.next;
  } while (after);
  return { ready, isNear };
}

/** In groups, the near lane's first; the lanes never share a group, so that dead ones delay nobody. */
async function handOver<D>({ couriers, area, clock }: Parts<D>, due: Due[]): Promise<void> {
  for (const lane of keys.lanes) {
    const ids = due.filter((entry) => entry.lane === lane).map(({ id }) => id);
    for (let start = 0; start < ids.length; start += handOverGroup) {
      await couriers.work(area.name, {
        kind: 'step',
        ids: ids.slice(start, start + handOverGroup),
        at: clock.now(),
      });
    }
  }
}

async function startRounds<D>({ table, area, couriers, clock }: Parts<D>): Promise<number> {
  let started = 0;
  if (!area.look) return started;
  const partition = keys.shortListPartition(area.name, turnsList);
  let after: Cursor | undefined;
  do {
    const to = keys.dueUpTo(clock.now());
    const page = await table.query({ index: 'due', partition, to, ...(after ? { after } : {}) });
    for (const item of page.items) {
      const turn = parseTurnName(String(item.dueSk).slice(keys.dueTimeLength));
      await couriers.work(area.name, { kind: 'round', ...turn, at: clock.now() });
      started++;
    }
    after = page.next;
  } while (after);
  return started;
}
