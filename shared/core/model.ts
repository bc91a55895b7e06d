import { z } from 'zod';

/**
 * What Drover keeps about itself: API tokens, webhooks, runtime settings. They are records like any other, so their
 * events and audit entries travel in the same conditional write.
 */
const instant = z.number();
const role = z.enum(['viewer', 'operator', 'admin']);

const tokenData = z.object({
  kind: z.literal('token'),
  state: z.enum(['active', 'expired']),
  since: instant,
  description: z.string(),
  role,
  /** A label selector: the token sees and touches only records that match. */
  selector: z.string().nullable(),
  /** The newest first; the others overlap until they expire. */
  secrets: z.array(z.object({ sha256: z.string(), expiresAt: instant.nullable() })),
  expiresAt: instant.nullable(),
  rotatedAt: instant.nullable(),
  /** How often it was rotated, and until when what came of the secret before goes on. */
  rotations: z.int(),
  overlapEndsAt: instant.nullable(),
});

const webhookData = z.object({
  kind: z.literal('webhook'),
  state: z.enum(['active', 'paused']),
  since: instant,
  url: z.string(),
  /** Types of event, or `*` for all that go to webhooks. */
  events: z.array(z.string()),
  /** A label selector over the records that events are about. */
  selector: z.string().nullable(),
  /** Sealed; opened only by the function that delivers. */
  secrets: z.array(z.object({ sealed: z.string(), expiresAt: instant.nullable() })),
  rotatedAt: instant.nullable(),
});

const settingData = z.object({
  kind: z.literal('setting'),
  state: z.literal('active'),
  since: instant,
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
});

const coreData = z.discriminatedUnion('kind', [tokenData, webhookData, settingData]);

export type TokenData = z.infer<typeof tokenData>;
export type WebhookData = z.infer<typeof webhookData>;
export type SettingData = z.infer<typeof settingData>;
export type CoreData = z.infer<typeof coreData>;

export const kinds = {
  token: { prefix: 'tok', schema: 1 },
  webhook: { prefix: 'whk', schema: 1 },
  setting: { prefix: 'set', schema: 1 },
} as const;
export type CoreKind = keyof typeof kinds;

/** Throws on what is no record of this kind: the engine reports such a row and leaves it alone. */
export function read(stored: unknown, _schema: number, kind: string): CoreData {
  const data = coreData.parse(stored);
  if (data.kind !== kind) throw new Error(`A ${kind} holds the data of a ${data.kind}.`);
  return data;
}
