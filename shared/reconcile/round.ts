import PQueue from 'p-queue';
import { type Instant, second } from '#time';
import { chance, type Parts } from './engineParts.ts';
import { overdueFor, roundLimit } from './limits.ts';
import { type Beat, type Pulse, packPulse } from './pulse.ts';
import { readSlice } from './readSlice.ts';
import { isAtRest, isUnreadable, type Stored, viewOf } from './row.ts';
import { finishTurn, takeTurn, writePulse } from './sliceTurn.ts';
import { workContextOf } from './untilLimit.ts';
import { wake, wakeFaultRow } from './wake.ts';

export type RoundOutcome = 'done' | 'passed' | 'cutShort';

const looksAtOnce = 16;
/** What is left of a round's limit for its pulse and for waking. */
const forTheEnd = 15 * second;

/**
 * One worker looks at the records at rest of one slice and interval (rule 7). It decides nothing: it writes what it
 * saw, then wakes those that differ; a healthy, unchanged record costs no write.
 */
export async function round<D>(
  parts: Parts<D>,
  everySeconds: number,
  slice: number,
  limits: { signal: AbortSignal; draining: AbortSignal },
): Promise<RoundOutcome> {
  const taken = await takeTurn(parts, everySeconds, slice);
  if (!taken) return 'passed';
  const deadline = taken.attempt + roundLimit - forTheEnd;
  const { resting, working, isEmpty } = sort(await readableOf(parts, slice), everySeconds);
  const { beats, differing, isComplete } = await lookAtAll(
    parts,
    rotated(resting, chance(parts)),
    deadline,
    limits,
  );
  const now = parts.clock.now();
  const overdue = working.some((row) => row.dueAt !== undefined && row.dueAt < now - overdueFor);
  const pulse: Pulse = {
    everySeconds,
    slice,
    at: now,
    beats,
    failing: failing(parts, working, everySeconds),
  };
  const hasFailures = beats.some((beat) => !beat.ok);
  const isDone = differing.length === 0 && !hasFailures && isComplete;
  const told = await writePulse(parts, taken, { pulse: packPulse(pulse), isDone, isEmpty });
  let isAnyDue = overdue || (hasFailures && (await wakeFaultRow(parts)));
  for (const row of differing) isAnyDue = (await wake(parts, row)) || isAnyDue;
  // A worker never calls its own kind: the tick hands over what is due.
  if (isAnyDue) await parts.couriers.tick(parts.area.name);
  if (!isComplete) return 'cutShort';
  if (told && !isDone) await finishTurn(parts, told);
  return 'done';
}

async function readableOf<D>(parts: Parts<D>, slice: number): Promise<Stored<D>[]> {
  const { area, log, meter } = parts;
  // An older view of a row is harmless: whatever is written is conditional on the revision seen here.
  return (await readSlice(parts, slice)).flatMap((row) => {
    if (!isUnreadable(row)) return [row];
    meter.count('drover_unreadable_records_total', { area: area.name });
    log.error('a stored record cannot be read', {
      record: row.id,
      key: `${row.key.pk} ${row.key.sk}`,
      reason: row.reason,
    });
    return [];
  });
}

function sort<D>(rows: Stored<D>[], everySeconds: number) {
  const ours = rows.filter((row) => row.everySeconds === everySeconds && row.deletedAt === undefined);
  return {
    isEmpty: ours.length === 0,
    resting: ours.filter(isAtRest),
    /** Of every interval: whoever finds one overdue sees to it. */
    working: rows.filter((row) => !isAtRest(row)),
  };
}

/** Starts elsewhere each time, so that a round cut short does not always miss the same records. */
function rotated<R>(rows: R[], random: number): R[] {
  const start = Math.floor(random * rows.length);
  return [...rows.slice(start), ...rows.slice(0, start)];
}

async function lookAtAll<D>(
  parts: Parts<D>,
  rows: Stored<D>[],
  deadline: Instant,
  limits: { signal: AbortSignal; draining: AbortSignal },
) {
  const { area, clock, log } = parts;
  const beats: Beat[] = [];
  const differing: Stored<D>[] = [];
  const work = workContextOf(parts, { signal: limits.signal, deadline });
  let isComplete = true;
  const lookAt = async (row: Stored<D>) => {
    if (clock.now() >= deadline || limits.signal.aborted || limits.draining.aborted) {
      isComplete = false;
      return;
    }
    try {
      const look = await area.look!(viewOf(row), work);
      const { ok, cause, latency, counts } = look;
      beats.push({ id: row.id, at: clock.now(), ok, ...plainBeat({ cause, latency, counts }) });
      if (look.differs || (row.wakeAt !== undefined && row.wakeAt <= clock.now())) differing.push(row);
    } catch (error) {
      // The look itself broke: a step meets the same and says so in the record.
      log.error('look failed', { record: row.id, error });
      beats.push({ id: row.id, at: clock.now(), ok: false, cause: 'LOOK_FAILED' });
      differing.push(row);
    }
  };
  const queue = new PQueue({ concurrency: looksAtOnce });
  await queue.addAll(rows.map((row) => () => lookAt(row)));
  return { beats, differing, isComplete };
}

const plainBeat = (beat: { [K in 'cause' | 'latency' | 'counts']: Beat[K] | undefined }) =>
  Object.fromEntries(Object.entries(beat).filter(([, value]) => value !== undefined));

function failing<D>({ area }: Parts<D>, working: Stored<D>[], everySeconds: number): Pulse['failing'] {
  return working
    .filter((row) => row.everySeconds === everySeconds)
    .map((row) => ({ id: row.id, cause: area.summarise(viewOf(row)).cause }))
    .filter((entry): entry is { id: string; cause: string } => entry.cause !== null);
}
