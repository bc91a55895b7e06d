import { z } from 'zod';

const text = z.union([z.string(), z.number(), z.object({ en: z.string(), zh: z.string() })]);

/** A code of one of the catalogues and what its sentences are filled with. */
export const cause = z.object({ code: z.string(), values: z.record(z.string(), text) });
export type Cause = z.infer<typeof cause>;
