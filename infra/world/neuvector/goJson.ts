import { z } from 'zod';
import { isObject } from '../kubernetes/json.ts';
import { wrongFormat } from './codes.ts';

/** As Go reads JSON into a struct: unknown fields are not looked at, letters' case does not matter, `null` says nothing. */
export function readGoJson<Shape extends z.ZodRawShape>(
  body: Uint8Array,
  schema: z.ZodObject<Shape>,
): z.infer<z.ZodObject<Shape>> {
  let given: unknown;
  try {
    given = JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    throw wrongFormat();
  }
  const read = schema.safeParse(given === null ? {} : renamed(given, schema));
  if (!read.success) throw wrongFormat();
  return read.data;
}

function renamed(given: unknown, schema: z.ZodType): unknown {
  const within = schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema;
  if (!(within instanceof z.ZodObject) || !isObject(given)) return given;
  const names = Object.keys(given);
  const found = Object.entries(within.shape as Record<string, z.ZodType>).flatMap(([name, field]) => {
    const named = names.includes(name) ? name : names.find((one) => one.toLowerCase() === name);
    const value = named === undefined ? null : given[named];
    return value === null || value === undefined ? [] : [[name, renamed(value, field)]];
  });
  return Object.fromEntries(found);
}
