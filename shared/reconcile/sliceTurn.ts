import { type Item, keys, type Table } from '#store';
import { type Instant, second } from '#time';
import { chance, type Parts } from './engineParts.ts';
import { emptySliceEvery, roundLimit } from './limits.ts';
import type { Stored } from './row.ts';

/**
 * The turns of one slice and interval (rule 8), and what its last round saw (rule 9), in one item:
 *
 *   start ─────────────── every ───────────────► start + every
 *   taken (attempt, not done) ─► pulse, done      a turn not done within a round's limit is taken again
 *
 * Its place in the due index says when it wants a worker next, so the tick reads keys and no items, and a slice
 * that never had a record of the interval has no item at all. (Decision 0050.)
 */
export interface SliceTurn {
  everySeconds: number;
  slice: number;
  rev: number;
  start: Instant;
  attempt: Instant;
  isDone: boolean;
  /** The last round found no record of the interval. */
  isEmpty: boolean;
  /** The pulse, packed, as the last finished round left it. */
  pulse: Item[string] | undefined;
}

/** A turn may come this much early, so that a tick each minute does not make every second one late. */
const early = 30 * second;
const lateAfter = 90 * second;

export const turnsList = 'rounds';
const turnName = (everySeconds: number, slice: number) => `${everySeconds}/${slice}`;

export function parseTurnName(name: string): { everySeconds: number; slice: number } {
  const [everySeconds = 0, slice = 0] = name.split('/').map(Number);
  return { everySeconds, slice };
}

const interval = (turn: SliceTurn): number =>
  turn.isEmpty ? Math.max(emptySliceEvery, turn.everySeconds * second) : turn.everySeconds * second;

export const allowedFrom = (turn: SliceTurn): Instant =>
  turn.isDone ? turn.start + interval(turn) - early : turn.attempt + roundLimit;

function itemOfTurn(area: string, turn: SliceTurn): Item {
  const { everySeconds, slice, pulse, ...fields } = turn;
  return {
    ...keys.pulseKey(area, everySeconds, slice),
    ...fields,
    ...(pulse === undefined ? {} : { pulse }),
    ...keys.shortListAttributes(area, turnsList, turnName(everySeconds, slice), allowedFrom(turn)),
  };
}

async function readTurn(
  table: Table,
  area: string,
  everySeconds: number,
  slice: number,
): Promise<SliceTurn | undefined> {
  const item = await table.get(keys.pulseKey(area, everySeconds, slice));
  if (!item) return undefined;
  const { rev, start, attempt, isDone, isEmpty, pulse } = item as unknown as SliceTurn;
  return { everySeconds, slice, rev, start, attempt, isDone, isEmpty, pulse };
}

async function writeTurn<D>(
  { table, area }: Parts<D>,
  seen: SliceTurn,
  next: Partial<SliceTurn>,
): Promise<SliceTurn | undefined> {
  const turn = { ...seen, ...next, rev: seen.rev + 1 };
  const written = await table.put(itemOfTurn(area.name, turn), { rev: seen.rev });
  return written === 'written' ? turn : undefined;
}

/** Undefined where it is not yet time, or another has it. */
export async function takeTurn<D>(
  parts: Parts<D>,
  everySeconds: number,
  slice: number,
): Promise<SliceTurn | undefined> {
  const seen = await readTurn(parts.table, parts.area.name, everySeconds, slice);
  const now = parts.clock.now();
  if (!seen || now < allowedFrom(seen)) return undefined;
  const next = seen.start + interval(seen);
  // On by the interval, so that the slices' phases stay spread; but what is late does not hurry after.
  const start = seen.isDone && now - next <= lateAfter ? next : now;
  return writeTurn(parts, seen, { start, attempt: now, isDone: false });
}

/**
 * Refused where a record came into the slice meanwhile, or the turn was taken again. In the first case what was
 * seen still counts, except that the slice was empty.
 */
export async function writePulse<D>(
  parts: Parts<D>,
  taken: SliceTurn,
  result: { pulse: string | Uint8Array; isDone: boolean; isEmpty: boolean },
): Promise<SliceTurn | undefined> {
  const written = await writeTurn(parts, taken, result);
  if (written) return written;
  const now = await readTurn(parts.table, parts.area.name, taken.everySeconds, taken.slice);
  if (!now || now.isDone || now.attempt !== taken.attempt) return undefined;
  return writeTurn(parts, now, { ...result, isEmpty: false });
}

export const finishTurn = <D>(parts: Parts<D>, turn: SliceTurn) => writeTurn(parts, turn, { isDone: true });

/**
 * Before a row goes to rest: sees to it that rounds of its interval visit its slice. Costs nothing once the row
 * knows (`inRound`).
 */
export async function markInRound<D>(parts: Parts<D>, row: Stored<D>): Promise<number | undefined> {
  const { area, table, clock } = parts;
  const { everySeconds } = row;
  if (!area.look || !area.intervals.includes(everySeconds)) return undefined;
  if (row.inRound === everySeconds) return everySeconds;
  const slice = keys.sliceOf(row.id);
  const now = clock.now();
  for (let tries = 0; tries < 5; tries++) {
    const seen = await readTurn(table, area.name, everySeconds, slice);
    if (!seen) {
      const start = now - Math.floor(chance(parts) * everySeconds * second);
      const first = {
        everySeconds,
        slice,
        rev: 1,
        start,
        attempt: start,
        isDone: true,
        isEmpty: false,
        pulse: undefined,
      };
      if ((await table.put(itemOfTurn(area.name, first), 'absent')) === 'written') return everySeconds;
    } else if (seen.isDone && !seen.isEmpty) {
      return everySeconds;
    } else if (await writeTurn(parts, seen, { isEmpty: false })) {
      // A round under way may have read the slice before this row was in it: its word that it is empty is refused now.
      return everySeconds;
    }
  }
  return undefined;
}
