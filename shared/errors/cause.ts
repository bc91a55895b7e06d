import { z } from 'zod';
import { type Catalogue, type ErrorEntry, type Language, say, type Values } from './droverError.ts';

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

/** Says causes that were kept, by these texts, in the language of whoever reads it. */
export function sayCauseBy(
  texts: Catalogue,
): (cause: Cause, language: Language) => { message: string; remedy: string } {
  return ({ code, values }, language) => {
    const entry: ErrorEntry | undefined = texts[code];
    // One that was kept by an older version and has gone since still has its code.
    if (!entry) return { message: code, remedy: '' };
    return { message: say(entry.message, language, values), remedy: say(entry.remedy, language, values) };
  };
}
