import { z } from 'zod';
import type { Values } from './droverError.ts';

const text = z.union([z.string(), z.number(), z.object({ en: z.string(), zh: z.string() })]);

/** A code of one of the catalogues and what its sentences are filled with. */
export const cause = z.object({ code: z.string(), values: z.record(z.string(), text) });
export type Cause = z.infer<typeof cause>;

/** A row has room for 4 kB in all: what a server says at length is cut. */
const longest = 120;

/** What was found or met, as a row keeps it. */
export function keptCause({ code, values }: { code: string; values: Values }): Cause {
  const kept = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'string' && value.length > longest ? `${value.slice(0, longest)}…` : value,
  ]);
  return { code, values: Object.fromEntries(kept) as Cause['values'] };
}
