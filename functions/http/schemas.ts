import { z } from '@hono/zod-openapi';

/** The parts that requests and answers of all areas are made of. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().openapi({ description: 'Stable; made for programs.' }),
    remedy: z.string().openapi({ description: 'What to do next.' }),
    requestId: z.string(),
    errors: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })),
  })
  .openapi('Problem', { description: 'RFC 9457, in English or (Accept-Language: zh) Chinese.' });

const dnsLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
export const nameSchema = z
  .string()
  .regex(dnsLabel)
  .openapi({ description: 'A DNS label, unique in its kind, never changed.', example: 'store-0412' });

const labelName = /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)?$/;
const isFew = (labels: object) => Object.keys(labels).length <= 20;
const isSmall = (labels: object) => JSON.stringify(labels).length <= 1024;
export const labelsSchema = z
  .record(z.string().regex(labelName), z.string().regex(labelValue))
  .refine(isFew, {
    error: 'may hold 20 labels at most',
    params: { zh: '最多只能有 20 个标签' },
  })
  .refine(isSmall, {
    error: 'may take 1 kB at most',
    params: { zh: '总大小不得超过 1 kB' },
  })
  .openapi('Labels', {
    description: 'Kubernetes labels: at most 20, 1 kB in all.',
    example: { env: 'prod' },
  });

/** In a merge patch: null removes. Whether what comes of it is not too much, `mergedLabels` says. */
export const labelsPatchSchema = z.record(
  z.string().regex(labelName),
  z.string().regex(labelValue).nullable(),
);
export const areLabelsBounded = (labels: object): boolean => isFew(labels) && isSmall(labels);

export const timeSchema = z.iso.datetime().openapi({ description: 'RFC 3339, UTC.' });

/** What every record answers with; an area extends it by its own fields. */
export const recordSchema = z.object({
  id: z.string(),
  name: z.string(),
  labels: z.record(z.string(), z.string()),
  version: z.int().openapi({ description: 'Rises with what a user wants or is told; the ETag.' }),
  createdAt: timeSchema,
  updatedAt: timeSchema,
  state: z.string(),
  cause: z.string().nullable(),
  message: z.string().nullable(),
  remedy: z.string().nullable(),
  since: timeSchema.nullable(),
  checkedAt: timeSchema.nullable(),
});

export const eventSchema = z
  .object({
    id: z.string(),
    type: z.string(),
    at: timeSchema,
    record: z.object({
      kind: z.string(),
      id: z.string(),
      name: z.string(),
      labels: z.record(z.string(), z.string()),
      version: z.int(),
    }),
    from: z.string().nullable(),
    to: z.string().nullable(),
    cause: z.string().nullable(),
    message: z.string().nullable(),
    data: z.unknown(),
  })
  .openapi('Event');

export const listOf = <S extends z.ZodType>(item: S) =>
  z.object({ items: z.array(item), next: z.string().nullable() });

export const idParams = z.strictObject({
  id: z.string().min(1).max(100).openapi({ description: 'The record’s id or its name.' }),
});

/** Numbers in a query come as text. */
export const queryInt = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .openapi({ type: 'integer', minimum: min, maximum: max });

export const queryFlag = z.enum(['true', 'false']).transform((text) => text === 'true');
