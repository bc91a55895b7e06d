import { z } from 'zod';
import { userSchema } from './accounts.ts';

/** What of a controller's settings can be changed from outside while it runs. */
export const settingsChange = z.strictObject({
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/)
    .optional(),
  replicas: z.int().min(1).max(9).optional(),
  fixedJoinToken: z.string().optional(),
  allowsSameUidRejoin: z.boolean().optional(),
  leftovers: z.array(z.string()).optional(),
  isUpgrading: z.boolean().optional(),
  cleanupMillis: z.int().min(0).optional(),
  acceptsDirectJoin: z.boolean().optional(),
});

/** Of a user; one that is not there yet is made. */
export const userChange = userSchema.omit({ username: true }).partial();
