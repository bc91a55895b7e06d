import type PQueue from 'p-queue';
import type { Instant } from '#time';
import type { Parts } from './engineParts.ts';
import { handOverFor, roundLimit, workerLimit } from './limits.ts';
import type { HandOver } from './ports.ts';
import { readTogether } from './readTogether.ts';
import { type RoundOutcome, round } from './round.ts';
import { type StepOutcome, step } from './step.ts';
import { untilLimit } from './untilLimit.ts';

export interface WorkReport {
  steps: Partial<Record<StepOutcome, number>>;
  round?: RoundOutcome;
  /** Older than 90 s when it came: the tick has found the work again by then. */
  isDropped?: true;
}

/**
 * Steps under way at once in one process. In a function of its own a hand-over never comes near it. Where many
 * workers share a process (the emulator, a container) it bounds memory; it is wide, because a step that stays with
 * its record holds a place while it waits. The store bounds its own calls.
 */
export const stepsAtOnce = 256;

export async function work<D>(
  unlimited: Parts<D>,
  queue: PQueue,
  handOver: HandOver,
  draining: AbortSignal,
): Promise<WorkReport> {
  const { clock, area, meter } = unlimited;
  const received = clock.now();
  if (received - handOver.at > handOverFor) {
    meter.count('drover_handovers_dropped_total', { area: area.name });
    return { steps: {}, isDropped: true };
  }
  const limit = new AbortController();
  const deadline: Instant = received + (handOver.kind === 'round' ? roundLimit : workerLimit);
  const parts = untilLimit(unlimited, deadline);
  const finished = new AbortController();
  const overtime = clock.sleep(deadline - received, finished.signal).then(() => limit.abort('limit'));
  const limits = { signal: limit.signal, deadline, draining };
  try {
    if (handOver.kind === 'round') return await oneRound(parts, handOver, limits);
    const all = steps(parts, queue, handOver.ids, limits);
    return { steps: (await Promise.race([all, overtime.then(() => undefined)])) ?? {} };
  } finally {
    finished.abort('finished');
  }
}

async function oneRound<D>(
  parts: Parts<D>,
  { everySeconds, slice }: HandOver & { kind: 'round' },
  limits: { signal: AbortSignal; draining: AbortSignal },
): Promise<WorkReport> {
  const { clock, area, meter, log } = parts;
  const started = clock.now();
  try {
    const outcome = await round(parts, everySeconds, slice, limits);
    meter.count('drover_rounds_total', { area: area.name, outcome });
    if (outcome !== 'passed') {
      meter.observe('drover_round_duration_seconds', { area: area.name }, (clock.now() - started) / 1000);
    }
    return { steps: {}, round: outcome };
  } catch (error) {
    log.error('round failed', { slice, everySeconds, error });
    meter.count('drover_rounds_total', { area: area.name, outcome: 'failed' });
    return { steps: {} };
  }
}

async function steps<D>(
  parts: Parts<D>,
  queue: PQueue,
  ids: string[],
  limits: { signal: AbortSignal; deadline: Instant; draining: AbortSignal },
): Promise<WorkReport['steps']> {
  const { clock, area, meter, log } = parts;
  const outcomes: Partial<Record<StepOutcome, number>> = {};
  const read = readTogether(parts, ids);
  const one = async (id: string) => {
    const started = clock.now();
    let outcome: StepOutcome;
    try {
      outcome = await step(parts, id, limits, read);
    } catch (error) {
      log.error('step failed before it held its record', { record: id, error });
      outcome = 'failed';
    }
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    meter.count('drover_steps_total', { area: area.name, outcome });
    meter.observe('drover_step_duration_seconds', { area: area.name }, (clock.now() - started) / 1000);
  };
  await queue.addAll(ids.map((id) => () => one(id)));
  return outcomes;
}
