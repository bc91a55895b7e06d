import type { z } from '@hono/zod-openapi';
import type { Role } from '#auth';
import type { Language } from '#errors';
import type { Area, Records, Row } from '#reconcile';
import type { Presented } from './record.ts';

/** One kind of record as its routes know it. An area's route file makes one and composes routes from it. */
export interface Kind<D> {
  /** `/api/v1/clusters` */
  path: string;
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
  /** Where an answer needs more than the row: other items, or sentences in the reader's language. */
  presentMany?(rows: readonly Row<D>[], language: Language): Promise<Presented[]>;
}
