import { clusterErrors, isLate, type LookedAt } from '#clusters';
import { type Language, say } from '#errors';
import type { Beat, Listed, Row, Summary } from '#reconcile';
import { type Instant, iso, second } from '#time';
import type { Presented } from '../record.ts';

/**
 * Rows tell what changed, pulses what was seen since of those that did not. Put together here, with the one thing that
 * no row can tell of itself: that nobody has looked for too long.
 */
export const lateCause = 'CHECKER_LATE';

/** Of a pulse; by the same names as in the summary. */
const counts = ['nodes', 'nodesReady', 'pods', 'podsRunning'] as const;

/** What lists filter, sort and count by. */
export function listedAsSeen(entry: Listed, given: Beat | undefined, now: Instant): Listed {
  const { summary } = entry;
  const beat = lookIn(given, summary.state);
  const checkedAt = lastLook(summary.checkedAt, beat);
  const fresh = isNewer(beat, summary.checkedAt) && beat.ok ? seenIn(beat) : undefined;
  const isUnknown = isLate(
    {
      state: summary.state as LookedAt['state'],
      at: Math.max(checkedAt ?? 0, entry.updatedAt),
      everySeconds: Number(summary.everySeconds),
    },
    now,
  );
  if (!fresh && !isUnknown && checkedAt === summary.checkedAt) return entry;
  return {
    ...entry,
    summary: {
      ...summary,
      ...fresh,
      checkedAt,
      ...(isUnknown && { state: 'unknown', cause: lateCause }),
    },
  };
}

/** The same of a record as it is answered. */
export function presentedAsSeen(
  row: Row<unknown>,
  shown: Presented,
  given: Beat | undefined,
  now: Instant,
  language: Language,
): Presented {
  const beat = lookIn(given, shown.state);
  const storedAt = timeOf(shown.checkedAt);
  const checkedAt = lastLook(storedAt, beat);
  const successAt = beat?.ok ? lastLook(timeOf(shown.lastSuccessAt), beat) : timeOf(shown.lastSuccessAt);
  const at = Math.max(checkedAt ?? 0, row.updatedAt);
  const isUnknown = isLate(
    { state: shown.state as LookedAt['state'], at, everySeconds: row.everySeconds },
    now,
  );
  return {
    ...shown,
    ...(isNewer(beat, storedAt) && beat.ok && countsIn(beat, shown)),
    checkedAt: time(checkedAt),
    lastSuccessAt: time(successAt),
    ageSeconds: successAt === null ? null : Math.max(0, Math.floor((now - successAt) / second)),
    ...(isUnknown && unknownSince(at, language)),
  };
}

function unknownSince(at: Instant, language: Language): Presented {
  const { message, remedy } = clusterErrors[lateCause];
  const when = iso(at);
  return {
    state: 'unknown',
    cause: lateCause,
    message: say(message, language, { when }),
    remedy: say(remedy, language),
    since: when,
  };
}

/**
 * A round passes over one that is paused, and says that it went well; of one that is held it sees a stranger, whose
 * counts are not this cluster's.
 */
function lookIn(beat: Beat | undefined, state: unknown): Beat | undefined {
  if (state === 'paused') return undefined;
  return beat && state === 'held' ? { id: beat.id, at: beat.at, ok: false } : beat;
}

const isNewer = (beat: Beat | undefined, storedAt: unknown): beat is Beat =>
  beat !== undefined && beat.at > Number(storedAt ?? 0);

function lastLook(storedAt: unknown, beat: Beat | undefined): Instant | null {
  if (isNewer(beat, storedAt)) return beat.at;
  return typeof storedAt === 'number' ? storedAt : null;
}

function seenIn({ latency, counts: counted = {} }: Beat): Summary {
  const found = counts.flatMap((name) =>
    counted[name] === undefined ? [] : [[name, counted[name]] as const],
  );
  return { ...Object.fromEntries(found), ...(latency !== undefined && { latencyMs: latency }) };
}

/** A count that this look did not have stays as it was. */
function countsIn(beat: Beat, shown: Presented): Presented {
  const { nodes, nodesReady, pods, podsRunning, latencyMs } = seenIn(beat);
  const part = (of: unknown, name: string, fresh: unknown) =>
    fresh ?? (of as Record<string, number> | null)?.[name] ?? null;
  return {
    ...(nodes !== undefined && { nodes: { total: nodes, ready: part(shown.nodes, 'ready', nodesReady) } }),
    ...(pods !== undefined && { pods: { total: pods, running: part(shown.pods, 'running', podsRunning) } }),
    ...(latencyMs !== undefined && { latencyMs }),
  } as Presented;
}

const timeOf = (text: unknown): Instant | null => (typeof text === 'string' ? Date.parse(text) : null);
const time = (at: Instant | null): string | null => (at === null ? null : iso(at));
