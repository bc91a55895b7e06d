import { badRequest, StatusError, unforeseen } from '../status.ts';
import type { Objects } from '../store/objects.ts';

/** A list refuses what is no number as the caller's mistake; other verbs only find out when they use it. */
export function revisionIn(text: string, verb: 'list' | 'other' = 'other'): number {
  if (/^\d{1,20}$/.test(text)) return Number(text);
  const why = `resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`;
  throw verb === 'list' ? badRequest(`invalid resource version: ${why}`) : unforeseen(why);
}

/** A reader that has seen more than there is: it asks again, of a server that has caught up. */
export function atLeast(objects: Objects, revision: number): void {
  if (revision <= objects.revision) return;
  throw new StatusError(
    504,
    'Timeout',
    `Timeout: Too large resource version: ${revision}, current: ${objects.revision}`,
    {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
    { headers: { 'retry-after': '1' } },
  );
}

/** What is forgotten of the past would look deleted: a stale reader sees the oldest state that is still known. */
export const pastOf = ({ compacted }: Objects, revision: number | undefined): number | undefined =>
  revision === undefined ? undefined : Math.max(revision, compacted);
