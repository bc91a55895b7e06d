import type { EventEntry } from '#reconcile';
import { iso } from '#time';

/** The body of a delivery: the event as the API tells it. The same event gives the same bytes at every try. */
export const bodyOf = ({ id, type, at, record, from, to, cause, message, data }: EventEntry): string =>
  JSON.stringify({ id, type, at: iso(at), record, from, to, cause, message, data });
