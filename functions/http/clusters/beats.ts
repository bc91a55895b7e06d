import { clustersArea } from '#clusters';
import { type Beat, type Pulse, readPulses } from '#reconcile';
import type { Table } from '#store';
import { type Clock, type Instant, second } from '#time';

const freshFor = 10 * second;

export type Beats = ReadonlyMap<string, Beat>;

/** What rounds saw last of each cluster; as fresh as lists are, and read as seldom. */
export function beatsOf(table: Table, clock: Clock): () => Promise<Beats> {
  let read: { at: Instant; beats: Promise<Beats> } | undefined;
  return () => {
    const now = clock.now();
    if (!read || now - read.at >= freshFor) {
      const fresh = { at: now, beats: readPulses(table, clustersArea.name).then(latest) };
      read = fresh;
      fresh.beats.catch(() => {
        if (read === fresh) read = undefined;
      });
    }
    return read.beats;
  };
}

/** A cluster whose interval was changed stands in two pulses. */
function latest(pulses: readonly Pulse[]): Beats {
  const beats = new Map<string, Beat>();
  for (const beat of pulses.flatMap((pulse) => pulse.beats)) {
    const known = beats.get(beat.id);
    if (!known || known.at < beat.at) beats.set(beat.id, beat);
  }
  return beats;
}
