import { badRequest, StatusError } from '../status.ts';
import type { Objects } from '../store/objects.ts';

export function revisionIn(text: string): number {
  if (/^\d{1,20}$/.test(text)) return Number(text);
  throw badRequest(
    `invalid resource version "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`,
  );
}

/** A reader that has seen more than there is: it asks again, of a server that has caught up. */
export function atLeast(objects: Objects, revision: number): void {
  if (revision <= objects.revision) return;
  throw new StatusError(
    504,
    'Timeout',
    `Too large resource version: ${revision}, current: ${objects.revision}`,
    {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
    { headers: { 'retry-after': '1' } },
  );
}
