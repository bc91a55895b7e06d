import type { z } from '@hono/zod-openapi';
import type { Caller, Role } from '#auth';
import type { Language } from '#errors';
import type { Area, Listed, Records, Row } from '#reconcile';
import type { Presented } from './record.ts';

/** One kind of record as its routes know it. An area's route file makes one and composes routes from it. */
export interface Kind<D> {
  /** `/api/v1/clusters` */
  path: string;
  /** What its paths end in, where that is more than nothing: older paths do in a slash. */
  end?: '/';
  tag: string;
  kind: string;
  /** `clusters`, for sentences. */
  plural: string;
  area: Pick<Area<D>, 'present'>;
  records: Records<D>;
  /** What one answers with: `recordSchema` and its own fields. */
  schema: z.ZodType;
  roles: { read: Role; write: Role };
  /** Fields of the summary that lists filter by, beside state and cause; and sort by, beside name, times and state. */
  filters?: readonly string[];
  sorts?: readonly string[];
  /** Filters that are more than a value of the summary: their members of the query, and what they let through. */
  ranges?: { query: z.ZodRawShape; where(wanted: Record<string, unknown>): (entry: Listed) => boolean };
  /** What lists filter and sort by, where that is more than what is stored; asked once for each list. */
  told?(): Promise<(entry: Listed) => Listed>;
  /**
   * Where an answer needs more than the row: other items, or sentences in the reader's language. What it tells of
   * other records must be within the caller's reach.
   */
  presentMany?(rows: readonly Row<D>[], language: Language, caller: Caller): Promise<Presented[]>;
}
