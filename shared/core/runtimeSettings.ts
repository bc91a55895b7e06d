import { z } from 'zod';

/**
 * What an administrator may change while Drover runs; everything else is set where it is deployed. A setting without
 * a record has its default. Names are those of their records.
 */
export const runtimeSettings = {
  tokenMaxDays: {
    name: 'token-max-days',
    schema: z.int().min(1).max(3650).nullable(),
    default: null,
    help: 'The longest life a new or rotated API token may have, in days. null: no limit.',
  },
  sessionHours: {
    name: 'session-hours',
    schema: z.int().min(1).max(168),
    default: 12,
    help: 'How long a browser stays signed in, in hours.',
  },
} as const;

export type RuntimeSettingKey = keyof typeof runtimeSettings;
export type RuntimeSettings = { tokenMaxDays: number | null; sessionHours: number };

export const runtimeSettingsSchema = z.strictObject({
  tokenMaxDays: runtimeSettings.tokenMaxDays.schema,
  sessionHours: runtimeSettings.sessionHours.schema,
});
